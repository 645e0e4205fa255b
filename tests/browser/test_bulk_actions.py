"""Many rows at once with a browser: mended in a file's check, chosen on a list, looked at, done and told (RULES 4, 20)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied, sends, updates
from tests.browser.test_visits_files import CARE, CHECK, DIAMOND, a_visit
from tests.support.builders.visit_files import a_file

__all__ = ["council_site", "emptied"]

WRONG = "Diamond of Another Zone"
WEEK = a_file(
    a_visit("V1"),
    *(a_visit(f"S{n}", ServiceName=WRONG) for n in (1, 2)),
    *(a_visit(f"C{n}", SSRef="Z999999") for n in (1, 2, 3)),
)


def test_rows_are_mended_in_the_check_and_visits_deleted_from_the_list(
    emptied: CouncilSite, visitors: Visitors
) -> None:
    council = emptied.council.council
    council.import_care(CARE)
    manager = visitors(emptied.url)
    emptied.signs_in(manager, "home_manager", DIAMOND)
    sends(manager, ("week.csv", WEEK), None)
    kinds = manager.page.get_by_role("table", name="Rows that one other value may mend")
    expect(kinds).to_be_visible(timeout=30_000)
    expect(kinds.get_by_role("row").nth(2)).to_contain_text("£60.00")
    manager.finds_no_fault()
    kinds.get_by_role("link", name=re.compile(f"Service {WRONG}")).click()
    manager.is_at("Mend all rows of one kind")
    manager.sees("About £60.00")
    manager.finds_no_fault()
    manager.narrows()
    manager.finds_no_fault()
    manager.page.get_by_label("Service in all of these rows").select_option("Diamond Home Care - DAPL Oxford")
    manager.presses("Mend 2 rows and check again")
    manager.is_at(CHECK)
    manager.sees("mended week.csv")
    updates(manager)

    manager.opens("/unmatched?reason=no_package")
    manager.finds_no_fault()
    manager.page.get_by_label("Choose visit C1").check()
    manager.page.get_by_label("Choose visit C2").check()
    manager.presses("Delete the chosen visits")
    manager.is_at("Delete visits")
    manager.sees("Nothing has been done yet.")
    manager.finds_no_fault()
    manager.presses("Delete 2 visits")
    manager.is_told("Choose why the visit is deleted")
    manager.page.get_by_label("The client has died").check()
    manager.presses("Delete 2 visits")
    manager.sees("2 visits deleted.")
    expect(manager.page.get_by_role("table").get_by_role("row")).to_have_count(3)
    manager.finds_no_fault()

    officer = visitors(emptied.url)
    emptied.signs_in(officer, "finance")
    officer.opens("/bulk-actions")
    officer.finds_no_fault()
    officer.narrows()
    officer.finds_no_fault()
    officer.page.get_by_role("link", name=re.compile("^Delete visits")).click()
    officer.is_at("Delete visits")
    officer.sees("The client has died")
    officer.opens("/unmatched")
    officer.page.get_by_label("Choose visit C3").check()
    officer.presses("Correct the chosen visits")
    officer.is_at("Correct visits")
    officer.finds_no_fault()
    officer.fills("Client (optional)", "A123456")
    officer.presses("Check the correction of 1 visit")
    officer.is_at(CHECK)
