"""Pages say what is so, and lead to it: a file's visits, a provider's answer, a period that is closed in parts."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from services.ingest.rows.headings import HEADINGS
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied, sends, updates
from tests.browser.money_columns import find_hidden_money
from tests.browser.test_payment_runs import an_approver
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.portal.browsing import WIDE, Visitor

__all__ = ["council_site", "emptied"]

DIAMOND = "Diamond Home Care Ltd"
START = "/payments/2022-10-03"
PERIOD = "3 Oct 2022 to 30 Oct 2022"
NEXT_PERIOD = "31 Oct 2022 to 27 Nov 2022"
CARE = a_care_file(
    a_care_row(1, SSRef="A100"),
    a_care_row(2, SSRef="A200", ServiceName="Diamond Home Care - Spot", Contract="Spot"),
)
AT_NINE = {"PlannedEntryTime": "09:00", "PlannedExitTime": "10:00"}


def a_visit(ref: str, on: str = "03/10/2022", **cells: str) -> tuple[str, ...]:
    """An hour at nine."""
    delivered = {"DeliveredVisitDate": on, "DeliveredEntryTime": "09:00", "DeliveredExitTime": "10:00"}
    return a_row(
        **{"VisitRef": ref, "SSRef": "A100", "PlannedVisitDate": on, **AT_NINE, **delivered, **cells}
    )


def not_delivered(ref: str, **cells: str) -> tuple[str, ...]:
    return an_undelivered_row(**{"VisitRef": ref, "PlannedVisitDate": "03/10/2022", **AT_NINE, **cells})


WEEK = a_file(
    a_visit("V1", DeliveredExitTime="12:03", Comments="Fell in the bathroom"),
    a_visit("V2", SSRef="A200", ServiceName="Diamond Home Care - Spot"),
    not_delivered("lost", SSRef="A999"),
    not_delivered("strange", SSRef="A100", ServiceName="O’Brien Care - EAST Side"),
)


@pytest.fixture
def site(emptied: CouncilSite) -> CouncilSite:
    """A provider with two contracts that has sent nothing."""
    emptied.council.council.import_care(CARE)
    emptied.council.council.books()
    return emptied


@pytest.fixture
def manager(site: CouncilSite, visitors: Visitors) -> Visitor:
    visitor = visitors(site.url)
    site.signs_in(visitor, "home_manager", DIAMOND)
    return visitor


@pytest.fixture
def paid(site: CouncilSite) -> CouncilSite:
    """The same with its week: £61.00 under DAPL, £20.00 under Spot."""
    site.council.council.import_visits(DIAMOND, WEEK)
    assert site.council.council.books()["total_payable"] == "81.00"
    return site


def keeps_money_in_sight(visitor: Visitor) -> None:
    """At every width; then the page is as wide again as it was."""
    assert find_hidden_money(visitor.page) == []
    visitor.page.set_viewport_size(WIDE)


def test_a_file_leads_to_what_became_of_each_visit(manager: Visitor) -> None:
    sends(manager, ("week.csv", WEEK))
    issue = manager.page.get_by_role("row").filter(has_text="The visit took 123 minutes longer than planned")
    expect(issue).to_contain_text("12:03")
    updates(manager)
    manager.sees("What became of the 4 visits")
    expect(manager.page.get_by_text("Every visit has been matched")).to_have_count(0)
    manager.finds_no_fault()
    manager.follows("lost")
    manager.sees("There is no care package for this client")
    manager.finds_no_fault()
    manager.opens("/unmatched")
    manager.sees("O’Brien Care - EAST Side")
    manager.opens("/reports/unmatched-visits")
    expect(manager.page.get_by_role("row").filter(has_text="lost")).to_have_count(1)
    manager.opens("/reports/unmatched-visits?first=2022-10-31&last=2022-11-27")
    manager.sees("2 more lie outside of these dates")
    manager.follows("look at the newest of them")
    expect(manager.page.get_by_role("row").filter(has_text="lost")).to_have_count(1)
    manager.finds_no_fault()
    sends(manager, ("week.csv", WEEK))
    manager.sees("The file was imported before")
    expect(manager.page.get_by_text("can’t be read")).to_have_count(0)


def test_versions_of_a_visit_show_what_a_correction_changed(manager: Visitor) -> None:
    sends(manager, ("week.csv", WEEK))
    updates(manager)
    sends(manager, ("again.csv", a_file(a_visit("V1", ServiceName="", Comments="Late: traffic"))))
    updates(manager)
    manager.opens("/visits/V1")
    newest = manager.page.get_by_role("table", name="Versions").get_by_role("row").nth(1)
    expect(newest).to_contain_text("Comments: Fell in the bathroom → Late: traffic")
    expect(newest).to_contain_text(re.compile("Service name: .+ → empty"))
    manager.finds_no_fault()
    keeps_money_in_sight(manager)


def test_a_payment_is_answered_once_and_by_what_the_page_offers(paid: CouncilSite, manager: Visitor) -> None:
    confirm = manager.page.get_by_role("button", name=re.compile("^Confirm "))
    manager.opens(START)
    manager.sees("Is the scheduled payment of £81.00 right? You can confirm it, or reject it with a reason.")
    expect(confirm).to_have_count(1)
    manager.opens(f"{START}?contract=DAPL")
    manager.sees("You answer for all contracts of this payment period at once.")
    expect(confirm).to_have_count(0)
    expect(manager.page.get_by_role("link", name="Reject the payment")).to_have_count(0)
    manager.follows("Look at all contracts")
    manager.presses("Confirm £81.00")
    manager.sees("If something is wrong after all, you can still reject it with a reason.")
    expect(confirm).to_have_count(0)
    expect(manager.page.get_by_text("has changed since then")).to_have_count(0)
    manager.finds_no_fault()
    paid.council.council.finalise(dt.date(2022, 10, 3))
    manager.opens(START)
    manager.sees("Finalised")
    expect(manager.page.get_by_text("has changed since then")).to_have_count(0)


def test_a_period_is_closed_after_its_checklist_and_says_for_which_contracts(
    paid: CouncilSite, manager: Visitor, visitors: Visitors
) -> None:
    officer = visitors(paid.url)
    paid.signs_in(officer, "finance")
    manager.opens(f"{START}/remittance")
    manager.sees("Not final: the payment period is current")
    manager.sees("Payable so far")
    expect(manager.page.get_by_text("Remitted in all")).to_have_count(0)
    keeps_money_in_sight(manager)
    officer.opens(f"{START}?contract=DAPL")
    officer.follows("Finalise the period")
    officer.is_at(f"Finalise {PERIOD}")
    officer.sees("Finalising freezes DAPL.")
    checklist = officer.page.get_by_role("table", name="What to look at before").get_by_role("row")
    expect(checklist.filter(has_text="Unmatched visits")).to_contain_text("2")
    keeps_money_in_sight(officer)
    checklist.filter(has_text="Unmatched visits").get_by_role("link").click()
    expect(officer.page.get_by_role("row").filter(has_text="lost")).to_have_count(1)
    officer.page.go_back()
    officer.presses("Finalise")
    officer.sees("The period is partially finalised: £61.00 payable, £0.00 not. Frozen: DAPL.")
    officer.opens(START)
    officer.sees("Partially finalised")
    officer.sees("Finalised: DAPL")
    officer.sees("Open: Spot")
    officer.finds_no_fault()
    officer.opens("/payments")
    expect(officer.page.get_by_role("row").filter(has_text="3 Oct 2022")).to_contain_text("Open: Spot")
    keeps_money_in_sight(officer)
    manager.opens(f"{START}/remittance")
    manager.sees("Not final: Spot can still change in this payment period.")


def test_what_is_left_of_instalments_is_no_first_payment(paid: CouncilSite, visitors: Visitors) -> None:
    officer, approver = visitors(paid.url), visitors(paid.url)
    paid.signs_in(officer, "finance")
    officer.opens(START)
    officer.page.get_by_role("link", name="Hold or split the item of A200").click()
    officer.follows("Split it (Payable, 3 Oct 2022)")
    officer.page.get_by_label("Split into instalments").check()
    officer.fills("Number of instalments", "2")
    officer.fills("Reason", "Agreed with the provider")
    officer.fills("Owner", "Payments team")
    officer.presses("Save")
    officer.sees("Split into instalments.")
    officer.opens(f"{START}/finalise")
    officer.presses("Finalise")
    officer.opens(f"{START}/run")
    officer.presses("Prepare the payment run")
    officer.sees("First payment")
    an_approver(paid, approver)
    approver.opens(officer.page.url.removeprefix(paid.url))
    approver.presses("Approve £71.00")
    approver.sees("The payment run is approved.")
    officer.opens("/payments/2022-10-31/finalise")
    officer.presses("Finalise")
    officer.opens("/payments/2022-10-31/run")
    officer.presses("Prepare the payment run")
    officer.is_at(f"Payment run {NEXT_PERIOD}")
    expect(officer.page.get_by_text("First payment")).to_have_count(0)
    keeps_money_in_sight(officer)


@pytest.mark.parametrize(
    ("damaged", "told"),
    [
        ("sep=,\r\n" + WEEK, None),
        ("\ufeff\ufeff" + WEEK, None),
        (WEEK + WEEK.splitlines()[0] + "\r\n", "heading"),
        (WEEK.replace(HEADINGS[0], HEADINGS[0].lower(), 1), None),
    ],
    ids=["sep-line", "double-bom", "second-header-row", "mis-cased heading"],
)
def test_what_spreadsheets_do_to_files_is_read_or_named_once(
    manager: Visitor, damaged: str, told: str | None
) -> None:
    sends(manager, ("damaged.csv", damaged))
    if told is None:
        expect(manager.page.get_by_role("button", name="Update 4 visits")).to_be_visible()
    else:
        reasons = manager.page.locator("main tbody tr")
        expect(reasons.filter(has_text=re.compile(told, re.IGNORECASE))).to_have_count(1)
    manager.finds_no_fault()
