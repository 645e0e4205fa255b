"""Reports and charges with a browser: each is found, limited, read and taken along (RULES 7, 15)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied, rows_of
from tests.browser.test_visits_and_payments import DIAMOND, paid
from tests.support.portal.pdf_text import pages_of

__all__ = ["council_site", "emptied", "paid"]

TITLES = (
    "Commissioned v Actuals",
    "Pending Scheduled Payments",
    "Remittance Advice",
    "Unmatched Visits",
    "Overlapping Visits",
    "More Carers than Planned",
    "What Fits Nothing",
)


def test_a_manager_looks_through_all_reports_and_takes_one_along(
    paid: CouncilSite, visitors: Visitors
) -> None:
    manager = visitors(paid.url)
    paid.signs_in(manager, "home_manager", DIAMOND)
    manager.follows("Reports")
    manager.is_at("Reports")
    for title in TITLES:
        manager.follows(title)
        manager.is_at(title)
        manager.page.get_by_role("button", name="View", exact=True).click()
        manager.is_at(title)
        manager.follows("Reports")
    manager.follows("Commissioned v Actuals")
    picture = manager.page.get_by_role("img", name="Hours planned and delivered by week")
    expect(picture).to_have_accessible_description(
        "In 1 week, 7.00 hours were planned and 3.05 delivered. The table has each week’s hours."
    )
    manager.page.get_by_label("Differences only", exact=True).check()
    manager.presses("View")
    for ending, figure, read in (
        ("CSV", "-2.95", lambda content: rows_of(content.decode())[0]["Quantity Diff."]),
        ("PDF", "−2.95", lambda content: pages_of(content)[0]),
    ):
        with manager.page.expect_download() as download:
            manager.page.get_by_role("link", name=f"{ending} of Commissioned v Actuals").click()
        assert figure in read(download.value.path().read_bytes())
    manager.fills("Date to", "2001-01-01")
    manager.presses("View")
    manager.is_told("Date to must not be before date from", "Date to")


def test_finance_reads_a_statement_and_answers_a_query(paid: CouncilSite, visitors: Visitors) -> None:
    officer = visitors(paid.url)
    paid.signs_in(officer, "finance")
    officer.follows("Charges")
    officer.is_at("Charges")
    officer.follows("A123456")
    officer.is_at("Charge statement A123456")
    officer.sees("£35.00")
    officer.presses("Keep the query")
    officer.is_told("Enter the query", "The query")
    officer.fills("Who asks", "Her daughter")
    officer.fills("The query", "Why is the first week charged in full?")
    officer.presses("Keep the query")
    officer.sees("The query is kept, and finance sees it.")
    officer.finds_no_fault()
    statement = officer.page.url.removeprefix(paid.url)
    officer.opens("/")
    officer.sees("1 query of a charge to answer")
    officer.opens(statement)
    officer.fills("Answer", "It is less than the care cost.")
    officer.page.get_by_role("button", name="Answer the query").click()
    officer.sees("The answer is kept.")
    officer.sees("It is less than the care cost.")
