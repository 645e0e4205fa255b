"""Overlaps, more carers than planned and what fits nothing with a browser, for both sides (RULES 16)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.journeys.api_council import DIAMOND, PEARL
from tests.journeys.test_api_overlaps import CARE, a_visit
from tests.support.builders.visit_files import a_file
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

OCTOBER = "?first=2022-10-03&last=2022-10-09"


def looks_at(visitor: Visitor, report: str, title: str) -> None:
    """A report of the week, wide and narrow."""
    visitor.opens(f"/reports/{report}{OCTOBER}")
    visitor.is_at(title)
    visitor.finds_no_fault()


def test_both_sides_follow_an_overlap_and_a_slip_to_their_visits(
    emptied: CouncilSite, visitors: Visitors
) -> None:
    council = emptied.council.council
    council.import_care(CARE)
    council.books()
    council.import_carers(DIAMOND, "CarerRef,Forename,Surname\nC1,Ann,Bell\nC2,Bob,Ray\n")
    council.import_carers(PEARL, "CarerRef,Forename,Surname\nX7,Ann,Bell\n")
    visits = a_file(
        a_visit("forgotten", "09:00", "11:00", CarerRef="C1"),
        a_visit("second carer", "09:00", "09:30", CarerRef="C2"),
        a_visit("next", "10:30", "11:05", SSRef="A2", CarerRef="C1"),
        a_visit("slip", "13:00", "13:30", SSRef="A132456"),
        a_visit("unknown level", "13:00", "13:30", ServiceLevel="Personnal Care"),
    )
    file = council.import_visits(DIAMOND, visits)
    council.import_visits(PEARL, a_file(a_visit("P1", "09:40", "10:10", SSRef="B1", CarerRef="X7")))
    council.books()

    officer = visitors(emptied.url)
    emptied.signs_in(officer, "finance")
    looks_at(officer, "overlapping-visits", "Overlapping Visits")
    expect(officer.page.get_by_role("row").filter(has_text="P1")).to_contain_text("Too long")
    expect(officer.page.get_by_role("row").filter(has_text="next")).to_contain_text("£10.00")
    officer.page.set_viewport_size({"width": 320, "height": 640})
    officer.has_in_sight(officer.page.get_by_text("£10.00").first)
    officer.page.set_viewport_size({"width": 1280, "height": 900})
    officer.follows("P1")
    officer.sees(PEARL)
    looks_at(officer, "more-carers", "More Carers than Planned")
    officer.sees("A123456, 3 Oct 2022 at 09:00: 2 carers at once, the plan wants 1 carer")
    officer.opens("/lists")
    officer.follows("What counts as an overlap of visits")
    officer.is_at("What counts as an overlap")
    officer.presses("Set")
    officer.is_told("Enter from when on it holds", "From visits delivered on")
    officer.fills("From visits delivered on", "3/10/2022")
    officer.fills("Minutes", "31")
    officer.presses("Set")
    officer.sees("31 minutes, for visits delivered on 3 Oct 2022 or later.")
    officer.finds_no_fault()
    officer.opens(f"/reports/overlapping-visits{OCTOBER}")
    officer.sees("No overlap was found.")

    manager = visitors(emptied.url)
    emptied.signs_in(manager, "home_manager", DIAMOND)
    manager.opens(f"/visits-files/{file['id']}")
    manager.follows("See what of this file fits nothing")
    manager.is_at("What Fits Nothing")
    manager.finds_no_fault()
    slip = manager.page.get_by_role("row").filter(has_text="A132456")
    expect(slip).to_contain_text("Mona Lee")
    expect(manager.page.get_by_role("row").filter(has_text="Personnal Care")).to_contain_text("Personal Care")
    slip.get_by_role("link").click()
    manager.is_at("Rows That Fit Nothing")
    manager.finds_no_fault()
    manager.follows("slip")
    manager.sees("A132456")
    looks_at(manager, "more-carers", "More Carers than Planned")
    looks_at(manager, "overlapping-visits", "Overlapping Visits")
