"""A provider's page of KPIs from both sides, with a browser (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from playwright.sync_api import Locator, expect

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.rpc import Caller
from services.disputes.cases import steps as cases_steps
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

DIAMOND = "Diamond Home Care Ltd"
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "manager", "role": "provider", "organisation": str(organisation_id_of(DIAMOND))}
AUTUMN = "October to December 2022"
PAGE = f"KPIs, {AUTUMN} {DIAMOND}"
MONDAY = "03/10/2022"


@pytest.fixture
def site(emptied: CouncilSite) -> CouncilSite:
    """A provider with a visit of 3 Oct 2022 that began half an hour late, and a dispute answered after two days."""
    council = emptied.council.council
    council.import_care(a_care_file(a_care_row(1, SSRef="A100")))
    council.books()
    days = {"PlannedVisitDate": MONDAY, "DeliveredVisitDate": MONDAY}
    late = a_row(VisitRef="V1", SSRef="A100", DeliveredEntryTime="09:31", DeliveredExitTime="10:01", **days)
    council.import_visits(DIAMOND, a_file(late))
    council.books()
    raised_at, case_id = dt.datetime(2022, 10, 4, 9, tzinfo=dt.UTC), uuid.uuid4()
    with council.sessions["disputes"].begin() as session:
        about = {"kind": "dispute", "case_id": case_id}
        whose = {
            "organisation_id": organisation_id_of(DIAMOND),
            "subject": "Missing Comment",
            "words": "Why?",
        }
        cases_steps.open_case(session, OFFICER, **about, **whose, now=raised_at)
        answered_at = raised_at + dt.timedelta(days=2)
        said = {"message_id": uuid.uuid4(), "move": "", "words": "A puncture"}
        cases_steps.say(session, MANAGER, **about, **said, now=answered_at)
    return emptied


def row_of(visitor: Visitor, figure: str) -> Locator:
    """The row of a figure, found by the words that open its meaning."""
    meaning = visitor.page.get_by_text(f"What it means: {figure}", exact=True)
    return visitor.page.get_by_role("row").filter(has=meaning)


def test_the_council_looks_at_a_provider_keeps_notes_and_shares_them(
    site: CouncilSite, visitors: Visitors
) -> None:
    officer, manager = visitors(site.url), visitors(site.url)
    site.signs_in(officer, "commissioning")
    site.signs_in(manager, "home_manager", DIAMOND)

    officer.opens("/kpis?span=2022-10")
    officer.is_at("KPIs of providers")
    officer.follows(DIAMOND)
    officer.is_at(PAGE)
    expect(row_of(officer, "Late").get_by_role("cell").first).to_contain_text("1")
    officer.page.get_by_text("What it means: Late", exact=True).click()
    officer.sees("began more than 15 minutes after the planned time")
    officer.finds_no_fault()
    row_of(officer, "Late").get_by_role("link", name="1").click()
    officer.sees("V1")
    officer.page.go_back()
    officer.is_at(PAGE)
    row_of(officer, "Days to answer disputes").get_by_role("link", name="2.0 days").click()
    officer.is_at(f"{DIAMOND}, {AUTUMN} Disputes raised")
    officer.sees("Missing Comment")
    officer.follows("KPIs")
    row_of(officer, "Late files").get_by_role("link", name="1").click()
    officer.is_at(f"{DIAMOND}, {AUTUMN} Visits files")
    officer.sees("Mon 3 to Sun 9 Oct 2022")
    officer.sees("No file updated the system")
    officer.page.get_by_role("main").get_by_role("link", name="visits.csv").click()
    officer.page.go_back()
    officer.page.get_by_role("navigation", name="Back").get_by_role("link", name="KPIs").click()
    row_of(officer, "Offers").get_by_role("link", name="0").first.click()
    officer.is_at(f"{DIAMOND}, {AUTUMN} Offers of care")
    officer.follows("KPIs")
    row_of(officer, "Concerns").get_by_role("link", name="0").first.click()
    officer.is_at("Concerns")
    expect(officer.page.get_by_label("Received from the month")).to_have_value("2022-10")
    expect(officer.page.get_by_label("To the month")).to_have_value("2022-12")
    officer.finds_no_fault()
    officer.page.go_back()
    officer.is_at(PAGE)

    officer.page.get_by_role("button", name="Keep notes of a meeting").click()
    officer.is_at("Keep notes of a meeting")
    officer.presses("Keep the notes")
    officer.is_told("Enter who met", "Who met")
    officer.fills("Day of the meeting", "5/10/2022")
    officer.fills("Who met", "Ann Archer and Bob Bell")
    officer.fills("Notes", "Visits began late.")
    officer.fills("Agreed actions (optional)", "A rota by Friday")
    officer.presses("Keep the notes")
    officer.sees("The notes of the meeting are kept.")
    officer.is_at(PAGE)
    officer.sees("A rota by Friday")

    manager.opens("/kpis?span=2022-10")
    manager.is_at(PAGE)
    manager.sees("that the council shared with you")
    officer.page.get_by_role("button", name="Share with the provider").click()
    officer.sees("The provider sees the notes of this meeting from now on.")
    officer.finds_no_fault()
    manager.opens("/kpis?span=2022-10")
    manager.sees("A rota by Friday")
    manager.finds_no_fault()
    with manager.page.expect_download() as download:
        manager.follows("Download as PDF")
    assert download.value.suggested_filename.startswith("kpis_Diamond-Home-Care-Ltd_2022-10-01-to-2022-12-31")


def test_the_council_sets_how_long_a_span_is(site: CouncilSite, visitors: Visitors) -> None:
    officer = visitors(site.url)
    site.signs_in(officer, "finance")
    officer.opens("/kpis/settings")
    officer.is_at("How long a span of KPIs is")
    officer.page.get_by_label("Length").select_option("6 months")
    officer.page.get_by_label("One begins in").select_option("April")
    officer.presses("Set it")
    officer.sees("A span of KPIs has 6 months, one from April on.")
    officer.finds_no_fault()
    officer.opens(f"/kpis?span=2022-10&organisation={DIAMOND.replace(' ', '+')}")
    officer.is_at(f"KPIs, October 2022 to March 2023 {DIAMOND}")
