"""Weeks that a provider enters, with a browser: generated, edited, refused, saved, undone and deleted (RULES 13)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Carers Ltd"
WEEK = "2022-10-03"
HEADING = "Actuals Mon 3 to Sun 9 Oct 2022"
OF_ADA = "Actuals of Ada Mon 3 to Sun 9 Oct 2022"
DAILY = "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
BY_ACTUALS = {"PaymentMethod": "Actuals", "UnitCost": "23.226", "Timetable": DAILY, "Forename": "Ada"}
SUSPENDED = {"Suspensions": "03/10/2022-30/10/2022 holiday"}
OF_PEARL = {"OrganisationName": PEARL, "ServiceName": "Pearl - APL", "Contract": "APL", "SSRef": "B1"}
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", **BY_ACTUALS),
    a_care_row(2, SSRef="A200", **BY_ACTUALS | {"Forename": "Ben"} | SUSPENDED),
    a_care_row(3, **BY_ACTUALS | OF_PEARL),
)
MORE_THAN_PLANNED = (
    "More than planned: extra hours need a new care plan, agreed between you and the social worker."
    " Lower the hours of the week, or ask by an action."
)


@pytest.fixture
def planned(emptied: CouncilSite) -> CouncilSite:
    """Two providers with care that is paid by actuals; of the first, one client is suspended."""
    emptied.council.council.import_care(CARE)
    return emptied


@pytest.fixture
def clerk(planned: CouncilSite, visitors: Visitors) -> Visitor:
    """The accounts clerk of the first provider, signed in."""
    visitor = visitors(planned.url)
    planned.signs_in(visitor, "home_manager", DIAMOND)
    return visitor


def generates(clerk: Visitor) -> None:
    """Have the week generated, and go to its client's page."""
    clerk.opens(f"/actuals?week={WEEK}")
    clerk.is_at(HEADING)
    clerk.presses("Generate Actuals")
    clerk.sees("1 actual generated as planned.")


def test_a_week_is_generated_edited_refused_saved_undone_and_deleted(
    planned: CouncilSite, clerk: Visitor, visitors: Visitors
) -> None:
    generates(clerk)
    rows = clerk.page.get_by_role("table", name=HEADING).get_by_role("row")
    expect(rows.filter(has_text="Personal Care").first).to_contain_text("£162.58")
    expect(rows.filter(has_text="There are no actuals for this week")).to_contain_text("3 Oct 2022 to")
    clerk.finds_no_fault()
    clerk.follows("Add/Edit Ada, Diamond Home Care - DAPL Oxford, Personal Care")
    clerk.is_at(OF_ADA)
    clerk.fills("Delivered, Mon 3 Oct", "7.75")
    clerk.presses("Save")
    clerk.is_told(
        "Delivered, Mon 3 Oct: “7.75” is no time: write hours and minutes, as 7:45 for seven and three quarter hours",
        "Delivered, Mon 3 Oct",
    )
    clerk.fills("Delivered, Mon 3 Oct", "2:00")
    clerk.fills("Comment, Mon 3 Oct", "She had a fall")
    clerk.presses("Save")
    clerk.is_told(MORE_THAN_PLANNED)
    clerk.sees("8 h are entered, 7 h are planned.")
    expect(clerk.page.get_by_label("Comment, Mon 3 Oct", exact=True)).to_have_value("She had a fall")
    clerk.fills("Delivered, Mon 3 Oct", "1:00")
    clerk.presses("Mark as Frustrated Tue 4 Oct")
    clerk.sees("The week was saved and is submitted. Its Total Cost is £162.59.")
    expect(clerk.page.get_by_label("Frustrated, Tue 4 Oct", exact=True)).to_have_value("1:00")
    clerk.finds_no_fault()
    clerk.presses("Remove Hours Wed 5 Oct")
    clerk.sees("Its Total Cost is £139.36.")
    assert planned.council.council.books()["total_payable"] == "139.36"
    clerk.fills("Delivered, Thu 6 Oct", "0:15")
    clerk.follows("Undo")
    expect(clerk.page.get_by_label("Delivered, Thu 6 Oct", exact=True)).to_have_value("1:00")
    clerk.follows("Back")
    clerk.is_at(HEADING)
    expect(rows.filter(has_text="Week Total")).to_contain_text("£139.36")
    clerk.follows("Add/Edit Ada, Diamond Home Care - DAPL Oxford, Personal Care")
    clerk.follows("Delete Week")
    clerk.presses("Delete Week")
    clerk.is_told("Say why nothing was delivered", "Why was nothing delivered?")
    clerk.fills("Why was nothing delivered?", "Entered for the wrong client")
    clerk.presses("Delete Week")
    clerk.sees("The week was deleted: that nothing was delivered is submitted.")
    clerk.sees("Entered for the wrong client")
    assert planned.council.council.books()["total_payable"] == "0.00"
    assert planned.council.council.differences() == []
    council_sees(planned, visitors)


def council_sees(planned: CouncilSite, visitors: Visitors) -> None:
    """All providers of the week, and what is missing."""
    officer = visitors(planned.url)
    planned.signs_in(officer, "commissioning")
    officer.opens(f"/actuals?week={WEEK}")
    officer.is_at(HEADING)
    officer.sees("1 actual is not submitted.")
    rows = officer.page.get_by_role("table", name=HEADING).get_by_role("row")
    expect(rows.filter(has_text=DIAMOND)).to_contain_text("£0.00")
    officer.follows("1 not submitted by Pearl Carers Ltd")
    officer.is_at(f"Actuals of {PEARL} Mon 3 to Sun 9 Oct 2022")
    officer.presses("Generate Actuals")
    officer.sees("1 actual generated as planned.")


def test_an_actual_is_disputed_corrected_and_answered(
    planned: CouncilSite, clerk: Visitor, visitors: Visitors
) -> None:
    generates(clerk)
    clerk.opens(f"/actuals/1/{WEEK}")
    clerk.presses("Save")
    clerk.sees("Its Total Cost is £162.58.")
    officer = visitors(planned.url)
    planned.signs_in(officer, "finance")
    officer.opens(f"/actuals/1/{WEEK}")
    officer.presses("Raise a dispute")
    officer.page.get_by_label("Client In Hospital", exact=True).check()
    officer.fills("What do you ask of the provider?", "She was away on Monday")
    officer.page.get_by_role("button", name=re.compile("^Raise")).click()
    officer.sees("The dispute is raised.")
    officer.follows("Add/Edit the actual")
    officer.is_at(OF_ADA)
    officer.sees("Disputed")
    clerk.opens(f"/actuals?week={WEEK}")
    expect(clerk.page.get_by_role("navigation", name="Weeks")).to_contain_text("Disputed")
    clerk.follows("Add/Edit Ada, Diamond Home Care - DAPL Oxford, Personal Care")
    clerk.sees("It is in dispute:")
    clerk.finds_no_fault()
    clerk.presses("Remove Hours Mon 3 Oct")
    clerk.sees("Its Total Cost is £139.36.")
    clerk.page.get_by_role("link", name=re.compile("^Client In Hospital, dispute")).click()
    clerk.sees("Actual of Mon 3 to Sun 9 Oct 2022")
    clerk.fills("Response", "Corrected: Monday is taken out")
    clerk.presses("Request Resolution")
    clerk.sees("The resolution request has been sent to the LA.")
    assert planned.council.council.differences() == []


def test_whoever_was_overtaken_keeps_what_was_typed(
    planned: CouncilSite, clerk: Visitor, visitors: Visitors
) -> None:
    generates(clerk)
    other = visitors(planned.url, javascript=False)
    planned.signs_in(other, "accounts_payable", DIAMOND)
    for somebody in (clerk, other):
        somebody.opens(f"/actuals/1/{WEEK}")
        somebody.sees("Actuals of Ada")
    other.fills("Delivered, Mon 3 Oct", "0:30")
    other.presses("Save")
    other.sees("Its Total Cost is £150.97.")
    clerk.fills("Delivered, Mon 3 Oct", "0:45")
    clerk.presses("Save")
    clerk.sees("after you had opened it.")
    clerk.sees("Delivered, Mon 3 Oct: 0:30")
    clerk.finds_no_fault()
    clerk.presses("Save")
    clerk.sees("Its Total Cost is £156.78.")
    assert planned.council.council.differences() == []


def test_entries_that_were_not_saved_are_not_left_without_a_question(clerk: Visitor) -> None:
    generates(clerk)
    clerk.opens(f"/actuals/1/{WEEK}")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    clerk.page.on("dialog", stay)
    clerk.fills("Delivered, Mon 3 Oct", "0:30")
    clerk.page.get_by_role("link", name="Back", exact=True).last.click()
    expect(clerk.page.get_by_label("Delivered, Mon 3 Oct", exact=True)).to_have_value("0:30")
    assert asked == ["beforeunload"]
    clerk.presses("Save")
    clerk.sees("Its Total Cost is £150.97.")
    clerk.page.get_by_role("link", name="Back", exact=True).last.click()
    clerk.is_at(HEADING)
    assert asked == ["beforeunload"]
