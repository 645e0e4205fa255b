"""Holding, adjusting, finalising, preparing and approving payments, with browsers (RULES 8)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied, rows_of
from tests.browser.test_visits_and_payments import CARE, DIAMOND, VISITS
from tests.support.builders.visit_files import a_file, a_row
from tests.support.portal.browsing import Visitor
from tests.support.portal.pdf_text import pdf_text

__all__ = ["council_site", "emptied"]

START = "/payments/2022-10-03"
PERIOD = "3 Oct 2022 to 30 Oct 2022"
SECOND_CLIENT = a_row(
    VisitRef="S1",
    SSRef="A200",
    PlannedVisitDate="10/10/2022",
    DeliveredVisitDate="10/10/2022",
    DeliveredEntryTime="09:00",
    DeliveredExitTime="10:00",
)


@pytest.fixture
def paid(emptied: CouncilSite) -> CouncilSite:
    """A provider's two clients: a week of £94.07, and one of £20.00."""
    council = emptied.council.council
    council.import_care(CARE)
    council.import_visits(DIAMOND, VISITS)
    council.import_visits(DIAMOND, a_file(SECOND_CLIENT))
    council.books()
    return emptied


def an_approver(site: CouncilSite, visitor: Visitor) -> None:
    """An approver signs in: password, digits, and the number of the authenticator app."""
    site.signs_in(visitor, "approver")


def totals(visitor: Visitor) -> tuple[str, str]:
    """What the period's page says is payable and what is not."""
    shown = visitor.page.locator("dl.portal-numbers dd")
    texts = [text.strip() for text in shown.all_text_contents()]
    return texts[-2], texts[-1]


def test_finance_holds_an_item_splits_another_and_posts_one_by_hand(
    paid: CouncilSite, visitors: Visitors
) -> None:
    officer = visitors(paid.url)
    paid.signs_in(officer, "finance")
    officer.opens(START)
    officer.is_at(f"Payment period {PERIOD}")
    assert totals(officer) == ("£114.07", "£0.00")
    officer.page.get_by_role("link", name="Hold or split the item of A200").click()
    officer.is_at("Diamond Home Care Ltd Payment item of £20.00")
    officer.sees("A hold covers the whole week")
    officer.follows("Split it (Payable, 3 Oct 2022)")
    officer.is_at("Hold, split or release £20.00")
    officer.follows("Payment item")
    officer.follows("Hold or release the week")
    officer.is_at("Care package line item 2 Mon 10 to Sun 16 Oct 2022")
    officer.finds_no_fault()
    officer.follows("Hold the week")
    officer.is_at("Hold a week of care")
    officer.sees("£20.00 that is not paid yet")
    officer.presses("Hold the week")
    officer.is_told("Enter a reason", "Reason")
    officer.page.get_by_label("Suspend: it waits").check()
    officer.fills("Reason", "The rate is being looked into")
    officer.fills("Owner", "Payments team")
    officer.presses("Hold the week")
    officer.sees("Suspended. The period’s totals have followed.")
    officer.finds_no_fault()
    officer.opens(START)
    assert totals(officer) == ("£94.07", "£20.00")
    officer.follows("Non-payable")
    row = officer.page.get_by_role("row").filter(has_text="A200")
    expect(row).to_contain_text("The rate is being looked into")
    officer.finds_no_fault()

    officer.follows("Post a manual adjustment")
    officer.page.get_by_label("Provider", exact=True).select_option(DIAMOND)
    officer.page.get_by_label("Contract", exact=True).select_option("DAPL")
    officer.fills("Amount", "ten")
    officer.fills("Reason", "Agreed on the telephone")
    officer.presses("Post the adjustment")
    officer.is_told("Enter an amount in pounds and pence, such as 25.00 or -25.00", "Amount")
    officer.fills("Amount", "-4.07")
    officer.fills("Care package line item", "77")
    officer.presses("Post the adjustment")
    officer.is_told("The provider has no care package line item of this number.", "Care package line item")
    officer.fills("Care package line item", "1")
    officer.presses("Post the adjustment")
    officer.sees("A manual adjustment of −£4.07 was posted for Diamond Home Care Ltd.")
    assert totals(officer) == ("£90.00", "£20.00")

    officer.follows("Post a manual adjustment")
    officer.page.get_by_label("Provider", exact=True).select_option(DIAMOND)
    officer.page.get_by_label("Contract", exact=True).select_option("DAPL")
    officer.fills("Amount", "1,000.00")
    officer.fills("Reason", "Agreed on the telephone too")
    officer.presses("Post the adjustment")
    officer.is_at(f"Proposal Manual adjustment of £1,000.00 for {DIAMOND}")
    officer.follows("Take it back")
    officer.fills("Reason", "A slip")
    officer.presses("Refuse it")
    officer.sees("The proposal is refused.")
    officer.finds_no_fault()
    officer.opens(START)
    officer.follows("View remittance advice")
    officer.is_at(f"Remittance Advice {PERIOD}")
    expect(officer.page.get_by_role("row").filter(has_text="Manual adjustment")).to_contain_text("−£4.07")
    officer.sees("1 payment item, £20.00 in all, suspended: held back for now, may be paid later.")
    officer.finds_no_fault()
    with officer.page.expect_download() as download:
        officer.follows("PDF of Remittance Advice")
    text = pdf_text(download.value.path().read_bytes())
    assert "Payable so far: £90.00" in text
    assert {"£94.07", "−£4.07"} <= set(text.splitlines())
    assert "£20.00" not in text.splitlines()
    assert paid.council.council.differences() == []


def test_finance_sees_the_weeks_that_are_held_decides_about_the_charge_and_releases_one(
    paid: CouncilSite, visitors: Visitors
) -> None:
    officer = visitors(paid.url)
    paid.signs_in(officer, "finance")
    officer.opens("/payments/holds/2/2022-10-10/hold")
    officer.page.get_by_label("Cancel: it will not be paid").check()
    officer.page.get_by_label("Charge the client as before").check()
    officer.fills("Reason", "Delivered by nobody")
    officer.fills("Owner", "finance@council.example")
    officer.presses("Hold the week")
    officer.sees("Cancelled. The period’s totals have followed.")
    assert paid.council.council.books()["total_charges"] == "55.00"
    officer.follows("Weeks that are held")
    officer.is_at("Weeks that are held")
    row = officer.page.get_by_role("row").filter(has_text="A200")
    expect(row).to_contain_text("Delivered by nobody")
    expect(row).to_contain_text("£20.00")
    officer.finds_no_fault()
    officer.follows("Mon 10 to Sun 16 Oct 2022, care package line item 2")
    officer.follows("Change the client’s charge")
    officer.page.get_by_label("Charge nothing").check()
    officer.fills("Reason", "Not the client’s fault")
    officer.finds_no_fault()
    officer.presses("Save")
    officer.sees("Decided. The client’s charge follows in a moment.")
    assert paid.council.council.books()["total_charges"] == "35.00"
    officer.follows("Release the week")
    officer.is_at("Release a week of care")
    officer.sees("£20.00 is held.")
    officer.fills("Reason", "Delivered after all")
    officer.finds_no_fault()
    officer.presses("Release the week")
    officer.sees("Released. It is paid in the earliest open period.")
    assert paid.council.council.books()["total_charges"] == "55.00"
    officer.opens(START)
    assert totals(officer) == ("£114.07", "£0.00")
    assert paid.council.council.differences() == []


def test_one_person_prepares_a_run_and_another_approves_it(paid: CouncilSite, visitors: Visitors) -> None:
    officer, approver = visitors(paid.url), visitors(paid.url)
    paid.signs_in(officer, "finance")
    officer.opens(f"{START}/run")
    officer.is_at(f"Prepare a payment run for {PERIOD}")
    officer.presses("Prepare the payment run")
    officer.is_at(f"Payment run {PERIOD}")
    officer.sees("The period is not finalised yet.")
    run = officer.page.url.removeprefix(paid.url)
    expect(officer.page.get_by_role("button", name="Approve")).to_have_count(0)
    an_approver(paid, approver)
    approver.opens(run)
    expect(approver.page.get_by_role("button", name="Approve")).to_have_count(0)

    officer.opens(f"{START}/finalise")
    officer.is_at(f"Finalise {PERIOD}")
    officer.sees("No work is under way")
    officer.sees("Finalising freezes DAPL.")
    checklist = officer.page.get_by_role("table", name="What to look at before").get_by_role("row")
    expect(checklist.filter(has_text="Holds")).to_contain_text("None")
    expect(checklist.filter(has_text="Difference from last period")).to_contain_text("+£114.07")
    officer.finds_no_fault()
    officer.presses("Finalise")
    officer.sees("The period is finalised: £114.07 payable, £0.00 not.")
    officer.opens(run)
    expect(officer.page.get_by_role("button", name="Approve")).to_have_count(0)

    approver.opens("/payments/runs")
    approver.is_at("Payment runs")
    approver.follows("Change from when on a change is large")
    approver.is_at("Large changes in payment runs")
    approver.fills("Pounds", "lots")
    approver.presses("Save the limits")
    approver.is_told("Enter an amount in pounds and pence, such as 500.00", "Pounds")
    approver.fills("Pounds", "100.00")
    approver.presses("Save the limits")
    approver.sees("The limits are saved.")
    officer.follows("Prepare it anew")
    officer.presses("Prepare the payment run")
    officer.sees("A change is large from 20% or £100.00 on.")
    officer.sees("First payment")
    officer.finds_no_fault()
    approver.opens(officer.page.url.removeprefix(paid.url))
    approver.is_at(f"Payment run {PERIOD}")
    approver.presses("Approve £114.07")
    approver.sees("The payment run is approved.")
    expect(approver.page.get_by_role("button", name="Approve")).to_have_count(0)
    officer.opens(f"{START}/run")
    officer.presses("Prepare the payment run")
    officer.sees("A payment run for this was approved already.")


def test_a_provider_rejects_a_payment_with_a_reason_and_sees_its_purchase_order(
    paid: CouncilSite, visitors: Visitors
) -> None:
    manager, officer = visitors(paid.url), visitors(paid.url)
    paid.signs_in(manager, "home_manager", DIAMOND)
    manager.opens(START)
    manager.follows("Reject the payment")
    manager.is_at(f"Reject the payment of {PERIOD}")
    manager.presses("Reject the payment")
    manager.is_told("Enter a reason", "Reason")
    manager.fills("Reason", "A200 had two visits that week")
    manager.presses("Reject the payment")
    manager.sees("You have rejected the payment.")
    manager.sees("Your reason: A200 had two visits that week")
    paid.signs_in(officer, "finance")
    officer.opens(START)
    row = officer.page.get_by_role("table", name="Answers of providers").get_by_role("row").nth(1)
    expect(row).to_contain_text("A200 had two visits that week")
    expect(row).to_contain_text("£114.07")
    manager.presses("Confirm £114.07")
    manager.sees("You have confirmed the payment.")
    expect(manager.page.get_by_role("button", name="Confirm £114.07")).to_have_count(0)
    manager.sees("you can still reject it with a reason")

    manager.follows("View purchase orders")
    manager.is_at(f"Purchase orders {PERIOD}")
    manager.page.get_by_role("link", name=re.compile("^PO-20221003-")).click()
    expect(manager.page.get_by_role("row").filter(has_text="CPLI 1")).to_contain_text("£162.58")
    manager.finds_no_fault()
    manager.follows("Purchase orders")
    with manager.page.expect_download() as download:
        manager.follows("Download all line items as CSV")
    found = rows_of(download.value.path().read_text(encoding="utf-8-sig"))
    assert [(row["CpliId"], row["WeeklyQuantity"], row["WeeklyCost"]) for row in found] == [
        ("1", "7", "162.58"),
        ("2", "7", "140.00"),
    ]
