"""A list is limited, saved as a filter, taken along; a client and a provider are each on one page (RULES 20)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.journeys.api_council import DIAMOND
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file

__all__ = ["council_site", "emptied"]


def test_both_sides_limit_a_list_take_it_along_and_look_at_one_page(
    emptied: CouncilSite, visitors: Visitors
) -> None:
    care = [a_care_row(number, SSRef=f"A12345{number}", UnitCost="20.00") for number in (1, 2, 6)]
    emptied.council.council.import_care(a_care_file(*care))
    emptied.council.api(DIAMOND).file(a_file(a_visit("V1", SSRef="A123456")), confirm="true")
    emptied.council.council.books()

    officer = visitors(emptied.url)
    emptied.signs_in(officer, "commissioning")
    officer.opens("/care")
    officer.sees("3 care package line items")
    officer.fills("Client: name or reference", "A123456")
    officer.presses("View")
    officer.sees("1 care package line item")
    with officer.page.expect_download() as taken:
        officer.follows("Download as CSV")
    text = Path(taken.value.path()).read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()] == ["Line item", "6"]

    officer.page.get_by_text("Save this filter").click()
    officer.presses("Save filter")
    officer.is_at("Save this filter")
    officer.is_told("Enter a name for the filter", "Name of the filter")
    officer.fills("Name of the filter", "Mrs A")
    officer.presses("Save filter")
    officer.sees("The filter “Mrs A” is saved.")
    officer.sees("1 care package line item")
    officer.opens("/care")
    officer.page.get_by_text("Saved filters (1)").click()
    officer.finds_no_fault()
    officer.follows("Mrs A")
    officer.sees("1 care package line item")
    officer.page.get_by_text("Saved filters (1)").click()
    officer.follows("Rename or remove saved filters")
    officer.is_at("Saved filters")
    officer.finds_no_fault()
    officer.page.get_by_role("button", name="Remove Mrs A").click()
    officer.sees("None is saved yet")

    officer.opens("/clients/A123456")
    for heading in ("Circumstances", "Visits", "Money", "Charges", "Disputes", "Concerns"):
        expect(officer.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    officer.finds_no_fault()
    officer.opens("/providers")
    officer.is_at("Providers")
    officer.follows(DIAMOND)
    officer.is_at(DIAMOND)
    officer.sees("Breach notices")
    officer.finds_no_fault()

    manager = visitors(emptied.url)
    emptied.signs_in(manager, "home_manager", DIAMOND)
    manager.follows("Your organisation")
    manager.is_at(DIAMOND)
    assert manager.page.get_by_role("heading", name="Concerns").count() == 0
    manager.finds_no_fault()
    manager.follows("All care package line items")
    manager.sees("3 care package line items")
