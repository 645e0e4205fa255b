"""Looking at a week's visits and at what they pay, with a browser (RULES 5, 6, 8)."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied, rows_of
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Carers Ltd"
OCTOBER = {"PlannedVisitDate": "03/10/2022"}
DELIVERED = {"DeliveredVisitDate": "03/10/2022", "DeliveredEntryTime": "09:00", "DeliveredExitTime": "12:03"}
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", UnitCost="23.226", AssessedContribution="35.00"),
    a_care_row(2, SSRef="A200", UnitCost="20.00", StartDate="10/10/2022"),
    a_care_row(3, SSRef="A300", OrganisationName=PEARL, ServiceName="Pearl Carers - DAPL South"),
)
VISITS = a_file(
    a_row(VisitRef="V1", PlannedEntryTime="09:00", PlannedExitTime="12:00", **OCTOBER, **DELIVERED),
    an_undelivered_row(
        VisitRef="V2", VisitType="U", PlannedEntryTime="14:00", PlannedExitTime="15:00", **OCTOBER
    ),
    an_undelivered_row(VisitRef="early/1", SSRef="A200", **OCTOBER),
    an_undelivered_row(VisitRef="V4", SSRef="A999", **OCTOBER),
)


@pytest.fixture
def paid(emptied: CouncilSite) -> CouncilSite:
    """Two providers; the first has sent a week: 3.05 hours delivered, 1 frustrated, two visits unmatched."""
    council = emptied.council.council
    council.import_care(CARE)
    council.import_visits(DIAMOND, VISITS)
    assert council.books()["total_payable"] == "94.07"
    return emptied


@pytest.fixture
def manager(paid: CouncilSite, visitors: Visitors) -> Visitor:
    """The office manager of the first provider, signed in."""
    visitor = visitors(paid.url)
    paid.signs_in(visitor, "home_manager", DIAMOND)
    return visitor


def test_a_weeks_visits_with_status_and_reason(manager: Visitor) -> None:
    manager.opens("/visits")
    manager.is_at("Visits Mon 3 to Sun 9 Oct 2022")
    rows = manager.page.get_by_role("row")
    expect(rows.filter(has_text="V1")).to_contain_text("Matched")
    expect(rows.filter(has_text="V1")).to_contain_text("£70.84")
    expect(rows.filter(has_text="early/1")).to_contain_text(
        "The planned date is before the care package starts"
    )
    expect(rows.filter(has_text="V4")).to_contain_text("There is no care package for this client")
    manager.page.get_by_label("Status", exact=True).select_option("Unmatched")
    manager.page.get_by_label("Client: name or reference", exact=True).fill("A999")
    manager.presses("View")
    expect(manager.page.get_by_role("link", name="V4")).to_be_visible()
    expect(manager.page.get_by_role("link", name="early/1")).to_have_count(0)
    manager.follows("Week before")
    manager.sees("There are no such visits in this week.")
    manager.opens("/visits?week=31-02-2022")
    manager.sees("Enter any day of the week as a date")


def test_a_visit_says_why_it_has_no_match_and_what_to_do(manager: Visitor) -> None:
    manager.opens("/visits")
    manager.follows("early/1")
    manager.is_at("Visit early/1")
    manager.sees("The planned date is before the care package starts.")
    manager.sees("Check the date against the start of the care package line item")
    manager.follows("Visits of the week")
    manager.is_at("Visits Mon 3 to Sun 9 Oct 2022")


def test_a_visit_says_what_it_pays_and_how_that_came_about(manager: Visitor) -> None:
    manager.opens("/visits/V1")
    manager.is_at("Visit V1")
    expect(manager.page.get_by_role("row", name="Actual")).to_have_text(
        re.compile(r"Actual\s+3 h 3 min\s+£23.226\s+£70.84")
    )
    manager.sees("pays £94.07: £70.84 actual and £23.23 frustrated")


def test_a_visit_shows_each_version_with_who_changed_it(paid: CouncilSite, manager: Visitor) -> None:
    changed = a_row(VisitRef="V1", PlannedEntryTime="09:00", PlannedExitTime="12:00", **OCTOBER, **DELIVERED)
    paid.council.council.import_visits(DIAMOND, a_file(changed).replace("12:03", "12:30"))
    paid.council.council.books()
    manager.opens("/visits/V1")
    versions = manager.page.get_by_role("table", name="Versions").get_by_role("row")
    expect(versions).to_have_count(3)
    expect(versions.nth(1)).to_contain_text("09:00 to 12:30")
    expect(versions.nth(2)).to_contain_text("09:00 to 12:03")


def test_a_periods_items_explain_themselves_and_its_remittance_can_be_taken_along(manager: Visitor) -> None:
    manager.opens("/payments")
    manager.is_at("Payment periods")
    manager.follows("3 Oct 2022 to 30 Oct 2022")
    manager.is_at("Payment period 3 Oct 2022 to 30 Oct 2022")
    manager.page.get_by_text("3 h 3 min actual, 1 h frustrated").click()
    item = manager.page.get_by_role("row").filter(has_text="A123456").first
    expect(item).to_contain_text(re.compile(r"Actual\s+3 h 3 min\s+£23.226\s+£70.84"))
    expect(item).to_contain_text(re.compile(r"Frustrated\s+1 h\s+£23.226\s+£23.23"))
    expect(item).to_contain_text("Owed for the week £94.07, less £0.00 posted before: £94.07.")
    with manager.page.expect_download() as download:
        manager.follows("Download remittance advice as CSV")
    (line,) = rows_of(download.value.path().read_text(encoding="utf-8-sig"))
    assert (line["Client"], line["Value"]) == ("A123456", "94.07")
    with manager.page.expect_download() as download:
        manager.follows("Download remittance advice as PDF")
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_what_changes_after_a_period_is_finalised_is_an_adjustment_that_says_so(
    paid: CouncilSite, manager: Visitor
) -> None:
    council = paid.council.council
    council.finalise(dt.date(2022, 10, 3))
    late = a_row(VisitRef="V9", PlannedVisitDate="04/10/2022", DeliveredVisitDate="04/10/2022")
    council.import_visits(DIAMOND, a_file(late))
    council.books()
    manager.opens("/payments")
    expect(manager.page.get_by_role("row").filter(has_text="3 Oct 2022")).to_contain_text("Finalised")
    manager.follows("31 Oct 2022 to 27 Nov 2022")
    item = manager.page.get_by_role("row").filter(has_text="A123456").first
    expect(item).to_contain_text("Mon 3 to Sun 9 Oct 2022")
    expect(item).to_contain_text("Retrospective change to visits data")


def test_the_council_sees_all_providers_and_chooses_one(paid: CouncilSite, visitors: Visitors) -> None:
    officer = visitors(paid.url)
    paid.signs_in(officer, "finance")
    officer.opens("/visits")
    officer.is_at("Visits Mon 3 to Sun 9 Oct 2022")
    expect(officer.page.get_by_role("row").filter(has_text="V1")).to_contain_text(DIAMOND)
    officer.page.get_by_label("Provider", exact=True).select_option(PEARL)
    officer.presses("View")
    officer.sees("There are no such visits in this week.")
    officer.opens("/payments/2022-10-03")
    expect(officer.page.get_by_role("row").filter(has_text="A123456")).to_contain_text(DIAMOND)
    officer.page.get_by_label("Provider", exact=True).select_option(PEARL)
    officer.presses("View")
    officer.sees(f"Nothing is payable in this period for {PEARL}.")
    officer.opens("/payments")
    officer.sees("Charged to clients")
    officer.sees("£35.00")


def test_another_provider_sees_none_of_it(paid: CouncilSite, visitors: Visitors) -> None:
    stranger = visitors(paid.url)
    paid.signs_in(stranger, "home_manager", PEARL)
    stranger.opens("/visits/V1")
    stranger.is_at("Page not found")
    stranger.opens("/payments")
    stranger.sees("Nothing has been paid yet.")
    stranger.opens("/visits?week=2022-10-03")
    stranger.sees("There are no visits in this week.")
    stranger.opens("/unmatched")
    stranger.sees("No visit, of whatever date, is unmatched.")
