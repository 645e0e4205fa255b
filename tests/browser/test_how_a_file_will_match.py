"""A file whose visits match in part, by its provider and by the council: the check, the correction, the end (RULES 4)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied, sends, updates
from tests.browser.test_visits_files import CARE, CHECK, DIAMOND, a_visit
from tests.support.builders.visit_files import a_file

__all__ = ["council_site", "emptied"]

CARERS = "CarerRef,Forename,Surname\nC1,Ann,Bell\n"
WEEK = a_file(
    a_visit("V1", CarerRef="C1"),
    a_visit("V2", CarerRef="C1"),
    a_visit("V3", SSRef="Z999999"),
    a_visit("V4", ServiceName="Diamond of Another Zone"),
    a_visit("V5", VisitType="DSH"),
)


@pytest.mark.parametrize("role", ["home_manager", "finance"])
def test_how_a_file_will_match_is_seen_mended_and_comes_true(
    emptied: CouncilSite, visitors: Visitors, role: str
) -> None:
    council = emptied.council.council
    council.import_care(CARE)
    council.import_carers(DIAMOND, CARERS)
    visitor = visitors(emptied.url)
    provider = DIAMOND if role == "home_manager" else None
    emptied.signs_in(visitor, role, provider)
    sends(visitor, ("week.csv", WEEK), None if provider else DIAMOND)
    visitor.is_at(CHECK)
    numbers = visitor.page.get_by_role("table", name="How its visits will match")
    expect(numbers).to_be_visible(timeout=30_000)
    expect(numbers.get_by_role("row").last).to_contain_text("£60.00")
    visitor.finds_no_fault()
    address = visitor.page.url
    visitor.follows("Will not match: The client has no care package of this service")
    rows = visitor.page.get_by_role("table", name="Rows that will not match").get_by_role("row")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("V4")
    visitor.narrows()
    visitor.has_in_sight(rows.last.get_by_text("£30.00"))
    visitor.finds_no_fault()
    rows.last.get_by_role("link", name="See the client’s care").click()
    visitor.is_at("Care package line items")
    visitor.page.goto(address)
    expect(visitor.page.get_by_role("table", name="Possible duplicates")).to_contain_text("row 2")
    visitor.follows("correct them here")
    visitor.is_at("Correct rejected rows")
    visitor.finds_no_fault()
    visitor.finds_no_fault()
    visitor.page.get_by_label("Visit type", exact=True).fill("DHS")
    visitor.presses("Check the corrected rows")
    visitor.is_at(CHECK)
    visitor.sees("corrected rows of week.csv")
    updates(visitor)
    visitor.page.goto(address)
    updates(visitor)
    visitor.follows("See what became of each visit")
    visitor.is_at("What became of each visit")
    became = visitor.page.get_by_role("table", name="What became of each visit").get_by_role("row")
    expect(became).to_have_count(5)
    expect(became.nth(3)).to_contain_text("Unmatched")
    visitor.finds_no_fault()
    visitor.narrows()
    visitor.finds_no_fault()
    assert (council.books()["total_payable"], council.differences()) == ("90.00", [])
