"""One visit corrected, added, deleted and found unmatched by its page, with a browser (RULES 3, 4, 5)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.browser.test_visits_and_payments import DIAMOND, manager, paid
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied", "manager", "paid"]

TAKEN = "There is a visit with this reference already: give this one another, or correct that one"


def test_an_unmatched_visit_is_corrected_by_form_and_paid(paid: CouncilSite, manager: Visitor) -> None:
    manager.opens("/unmatched")
    manager.is_at("Unmatched visits")
    manager.follows("The planned date is before the care package starts")
    manager.sees("1 visit, the latest planned first")
    manager.follows("early/1")
    manager.is_at("Visit early/1")
    care = manager.page.get_by_role("table", name="The client’s care").get_by_role("row")
    expect(care.filter(has_text="10 Oct 2022")).to_contain_text("10 Oct 2022, the visit differs")
    manager.presses("Correct")
    manager.is_at("Correct visit early/1")
    expect(manager.page.get_by_label("Planned date", exact=True)).to_have_value("03/10/2022")
    manager.fills("Planned date", "31/02/2022")
    manager.fills("Comments", "Moved to the week after")
    manager.presses("Save the visit")
    manager.is_told("Planned date '31/02/2022' is no day of the calendar: correct the day or the month.")
    expect(manager.page.get_by_label("Comments", exact=True)).to_have_value("Moved to the week after")
    manager.fills("Planned date", "10/10/2022")
    manager.page.get_by_label("Visit type", exact=True).select_option("DHS")
    for label, value in (("Delivered date", "10/10/2022"), ("Delivered entry time", "9:00")):
        manager.fills(label, value)
    manager.fills("Delivered exit time", "9:30")
    manager.presses("Save the visit")
    manager.sees("Visit early/1 was saved.")
    expect(manager.page.get_by_text("This visit adds £10.00 to its week.")).to_be_visible(timeout=30_000)
    versions = manager.page.get_by_role("table", name="Versions").get_by_role("row")
    expect(versions).to_have_count(3)
    assert paid.council.council.books()["total_payable"] == "104.07"


def test_whoever_was_overtaken_sees_what_the_visit_is_now(
    paid: CouncilSite, manager: Visitor, visitors: Visitors
) -> None:
    officer = visitors(paid.url)
    paid.signs_in(officer, "finance")
    for somebody in (manager, officer):
        somebody.opens("/edit-visit/V1")
        somebody.is_at("Correct visit V1")
    officer.fills("Delivered exit time", "12:30")
    officer.presses("Save the visit")
    officer.sees("Visit V1 was saved.")
    manager.fills("Delivered exit time", "12:15")
    manager.presses("Save the visit")
    manager.sees("Nothing was saved: the council changed this visit")
    manager.sees("Delivered exit time: 12:30")
    manager.finds_no_fault()
    manager.presses("Save the visit")
    manager.sees("Visit V1 was saved.")
    expect(manager.page.get_by_role("definition").filter(has_text="09:00 to 12:15")).to_be_visible()


def test_a_visit_is_deleted_with_a_reason_and_brought_back(paid: CouncilSite, manager: Visitor) -> None:
    manager.opens("/visits/V1")
    manager.presses("Delete")
    manager.is_at("Delete visit V1")
    manager.presses("Delete the visit")
    manager.is_told("Choose why the visit is deleted")
    manager.page.get_by_label("Other", exact=True).check()
    manager.presses("Delete the visit")
    manager.is_told("Say in a few words why the visit is deleted", "In a few words")
    manager.page.get_by_label("The client has gone private", exact=True).check()
    manager.fills("In a few words", "since 1 October")
    manager.presses("Delete the visit")
    manager.is_at("Visit V1")
    manager.sees("Reason: The client has gone private: since 1 October")
    expect(manager.page.get_by_text(re.compile("deleted this visit on"))).to_contain_text("@example.org")
    assert paid.council.council.books()["total_payable"] == "23.23"
    manager.presses("Bring it back")
    manager.presses("Save the visit")
    manager.sees("Visit V1 was saved.")
    assert paid.council.council.books()["total_payable"] == "94.07"
    assert paid.council.council.differences() == []


def test_the_council_adds_a_visit_for_a_provider(paid: CouncilSite, visitors: Visitors) -> None:
    officer = visitors(paid.url)
    paid.signs_in(officer, "commissioning")
    officer.opens("/add-visit")
    officer.is_at("Whose visit do you add?")
    officer.page.get_by_label("Provider", exact=True).select_option(DIAMOND)
    officer.presses("Continue")
    officer.is_at("Add a visit")
    cells = {
        "Visit reference": "V1",
        "Planned date": "4/10/2022",
        "Planned entry time": "9:00",
        "Planned exit time": "10:00",
        "SSRef": "A123456",
    }
    for label, value in cells.items():
        officer.fills(label, value)
    officer.page.get_by_label("Visit type", exact=True).select_option("U")
    officer.page.get_by_label("Service level", exact=True).select_option("Personal Care")
    officer.presses("Add the visit")
    officer.is_told(TAKEN, "Visit reference")
    officer.fills("Visit reference", "by form/1")
    officer.presses("Add the visit")
    officer.is_at("Visit by form/1")
    officer.sees("It needs a comment")
    assert paid.council.council.books()["total_payable"] == "117.29"


def test_a_week_is_chosen_by_service_level_and_type(paid: CouncilSite, manager: Visitor) -> None:
    manager.opens("/visits?week=2022-10-03")
    rows = manager.page.get_by_role("table", name="Visits").get_by_role("row")
    expect(rows).to_have_count(8)  # headings, three clients, four visits
    manager.page.get_by_label("Service", exact=True).select_option("Diamond Home Care - DAPL Oxford")
    manager.page.get_by_label("Visit type", exact=True).select_option("U")
    manager.presses("View")
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("Undeliverable")
    manager.page.get_by_label("Service level", exact=True).select_option("Home Support")
    manager.presses("View")
    manager.sees("There are no such visits in this week.")
    manager.follows("Reset")
    calendar = manager.page.get_by_role("table", name="October 2022")
    expect(calendar.get_by_role("row").filter(has_text="Mon 3 Oct")).to_contain_text("Visits")
    manager.follows("Mon 10 Oct to Sun 16 Oct")
    manager.is_at("Visits Mon 10 to Sun 16 Oct 2022")


def test_a_client_list_is_checked_without_importing_anything(paid: CouncilSite, visitors: Visitors) -> None:
    visitor = visitors(paid.url, javascript=False)
    paid.signs_in(visitor, "home_manager", DIAMOND)
    visitor.opens("/visits/client-list")
    visitor.presses("Check the list")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Choose a file, or paste the SSRefs")
    visitor.fills("Or paste SSRefs, one on each line", "A123456\nA300\nnobody")
    visitor.presses("Check the list")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("3 clients checked")
    unknown = visitor.page.get_by_role("table", name="No line item").get_by_role("row")
    expect(unknown).to_have_count(3)  # A300 is another provider's client
    in_force = visitor.page.get_by_role("table", name="In force").get_by_role("row")
    expect(in_force.last).to_contain_text(
        re.compile(r"A123456\s+Diamond Home Care - DAPL Oxford\s+Personal Care\s+7 h")
    )
    with visitor.page.expect_download() as download:
        visitor.presses("Download as CSV")
    assert download.value.path().read_text(encoding="utf-8-sig").count("\n") == 4
