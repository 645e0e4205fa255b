"""Pages say no more than what was asked: what became of a file's visits, what lies outside of dates, what was turned
down (RULES 4, 5, 10, 15)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.operations.apart import apart_id_of
from services.portal.visits.files import outcomes
from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.reported_council import pdf_words, words_of
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

CARE = a_care_file(a_care_row(1, SSRef="A100"), a_care_row(2, SSRef="A200", StartDate="08/08/2022"))
WEEK = a_file(
    a_row(VisitRef="V1", SSRef="A100"),
    a_row(VisitRef="V2", SSRef="A100", PlannedEntryTime="10:00", PlannedExitTime="10:30"),
    a_row(VisitRef="early", SSRef="A200"),
    a_row(VisitRef="lost", SSRef="A999"),
    a_row(VisitRef="unreadable", SSRef="A100", PlannedVisitDate="31/06/2022"),
)


@pytest.fixture
def council(shared: ApiCouncil) -> ApiCouncil:
    shared.empty()
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    return shared


@pytest.fixture
def manager(council: ApiCouncil) -> Browser:
    return council.browser("home_manager", DIAMOND)


def updated(council: ApiCouncil, content: str = WEEK) -> str:
    """The page of a file that was updated and that all services have gone through."""
    return f"/visits-files/{sent(council, content, 'applied', confirm='true')['id']}"


def sent(council: ApiCouncil, content: str, state: str, **query: str) -> Any:
    """The document of a file that has come to this state, however long that took."""
    provider = council.api(DIAMOND)
    answer = provider.send("/visits-files", content, **query)
    assert answer.status_code in (201, 202), answer.json
    place = f"/visits-files/{answer.json['id']}"
    wait_until(lambda: provider.get(place).json["state"] == state, 60)
    wait_until(council.council.is_settled, 60)
    return provider.get(place).json


def links_of(browser: Browser, path: str) -> dict[str, str]:
    """The words of a page's links, with where they lead."""
    found = re.findall(r'<a class="govuk-link" href="([^"]*)">(.*?)</a>', browser.get(path).text, re.DOTALL)
    return {" ".join(words.split()): href.replace("&amp;", "&") for href, words in found}


def test_after_an_update_the_page_says_what_became_of_each_visit(
    council: ApiCouncil, manager: Browser
) -> None:
    path = updated(council)
    said = words_of(manager, path)
    assert "All steps of matching and payment are done." in said
    assert "What became of the 4 visits" in said
    assert "Matched to a care package line item 2" in said
    assert "Unmatched: There is no care package for this client with the organisation 1" in said
    assert "Unmatched: The planned date is before the care package starts 1" in said
    assert "2 visits without a match" in said
    assert "Every visit" not in said
    assert "Set apart" not in said
    assert "Deleted: they pay nothing" not in said
    links = links_of(manager, path)
    for words, wanted, unwanted in (
        ("Matched to a care package line item", "V1", ">lost<"),
        ("Unmatched: There is no care package for this client with the organisation", ">lost<", "V1"),
        ("Unmatched: The planned date is before the care package starts", ">early<", "V1"),
        ("lost", "There is no care package for this client", "V1"),
    ):
        page = manager.get(links[words]).text
        assert wanted in page
        assert unwanted not in page
    officer = council.browser("finance")
    assert f"organisation={DIAMOND.replace(' ', '+')}" in links_of(officer, path)["lost"]


def test_it_says_so_of_visits_as_they_stand_now(council: ApiCouncil, manager: Browser) -> None:
    path = updated(council)
    updated(council, a_file(a_row(VisitRef="V2", Deleted="1"), a_row(VisitRef="lost", SSRef="A100")))
    said = words_of(manager, path)
    assert "Matched to a care package line item 2" in said
    assert "Deleted: they pay nothing 1" in said
    assert "There is no care package for this client" not in said


def test_a_deletion_and_a_visit_that_is_set_apart_are_counted_as_such(
    council: ApiCouncil, manager: Browser
) -> None:
    updated(council)
    path = updated(
        council, a_file(a_row(VisitRef="lost", Deleted="1"), a_row(VisitRef="V1", SSRef="A100", Comments="x"))
    )
    set_apart = text(
        "INSERT INTO set_apart (apart_id, kind, key, organisation_id, event, body, reason, version, cause_id)"
        " SELECT gen_random_uuid(), 'visit', organisation_id || '/V1', organisation_id, 'rematch_wanted', '{}',"
        " 'a test', version, gen_random_uuid() FROM visits WHERE visit_ref = 'V1'"
    )
    with council.council.sessions["matching"].begin() as session:
        session.execute(set_apart)
    try:
        said = words_of(manager, path)
        assert "What became of the 2 visits" in said
        assert "Set apart: could not be matched, and operations look at it 1" in said
        assert "Deleted: they pay nothing 1" in said
        assert "Matched to" not in said
        assert "/set-apart" not in manager.get(path).text
        assert 'href="/set-apart"' in council.browser("finance").get(path).text
    finally:
        with council.council.sessions["matching"].begin() as session:
            session.execute(text("DELETE FROM set_apart"))


def test_a_week_that_could_not_be_priced_is_told_of(council: ApiCouncil, manager: Browser) -> None:
    path = updated(council)
    set_apart = text(
        "INSERT INTO set_apart (apart_id, kind, key, organisation_id, event, body, reason, version, cause_id)"
        " VALUES (:id, 'week', '1/2022-08-01', (SELECT organisation_id FROM weeks LIMIT 1), 'weeks_matched', '{}',"
        " 'a test', 1, gen_random_uuid())"
    )

    with council.council.sessions["payments"].begin() as session:
        session.execute(set_apart, {"id": apart_id_of("week", "1/2022-08-01")})
    try:
        assert "2 visits are in weeks that could not be priced" in words_of(manager, path)
    finally:
        with council.council.sessions["payments"].begin() as session:
            session.execute(text("DELETE FROM set_apart"))


def test_what_is_not_known_is_not_claimed(
    council: ApiCouncil, manager: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = updated(council)
    monkeypatch.setattr(outcomes, "A_PAGE", 3)  # page by page it comes to the same
    assert "What became of the 4 visits" in words_of(manager, path)
    monkeypatch.setattr(outcomes, "MOST", 3)
    said = words_of(manager, path)
    assert (
        "too many to be looked through for this page. What of your organisation has no care package" in said
    )
    assert "What became of" not in said
    monkeypatch.undo()
    with council.council.sessions["ingest"].begin() as session:
        session.execute(text("DELETE FROM staged_visits"))
    assert "Which visits the file changed is kept for seven days after its update." in words_of(manager, path)


def test_the_report_of_unmatched_visits_opens_where_there_are_some(
    council: ApiCouncil, manager: Browser
) -> None:
    weeks = [a_row(VisitRef=f"new {n}", PlannedVisitDate=f"{n}/11/2022", **NOVEMBER) for n in range(1, 4)]
    old = [an_undelivered_row(VisitRef=f"old {n}", SSRef="A999") for n in range(3)]
    updated(council, a_file(*weeks, *old))
    found = words_of(manager, "/reports/unmatched-visits")
    assert "old 2" in found
    assert "outside of these dates" not in found
    dates = {"first": "2022-10-31", "last": "2022-11-27"}
    found = words_of(manager, "/reports/unmatched-visits", **dates)
    assert "None of the visits that were looked at is unmatched." in found
    assert "Any reason; All services; Date from: 31 Oct 2022; Date to: 27 Nov 2022." in found
    assert "3 more lie outside of these dates: look at the newest of them ." in found
    assert "Outside of these dates: 3 more." in pdf_words(manager, "/reports/unmatched-visits.pdf", **dates)
    query = "?first=2022-10-31&last=2022-11-27"
    there = links_of(manager, f"/reports/unmatched-visits{query}")["look at the newest of them"]
    assert "old 2" in manager.get(there).text
    officer = council.browser("finance")
    found = words_of(officer, "/reports/unmatched-visits", organisation=PEARL, **dates)
    assert f"Provider: {PEARL}" in found or "choose one of the list" in found
    assert "old" not in found.split("Looked at")[-1]
    found = words_of(officer, "/reports/unmatched-visits", reason="after_end", **dates)
    assert "All providers" in found
    assert "outside of these dates" not in found


NOVEMBER = {"SSRef": "A100", "DeliveredVisitDate": "01/11/2022"}


def test_a_page_without_unmatched_visits_says_of_whom_and_why(council: ApiCouncil, manager: Browser) -> None:
    assert "No visit, of whatever date, is unmatched." in words_of(manager, "/unmatched")
    updated(council)
    assert "These visits pay nothing as they stand." in words_of(manager, "/unmatched")
    found = words_of(manager, "/unmatched", reason="after_end")
    assert (
        "No visit, of whatever date, is unmatched for this reason; 2 visits are unmatched for others" in found
    )
    assert "These visits pay nothing" not in found


def test_an_empty_week_leads_to_where_there_are_visits(council: ApiCouncil, manager: Browser) -> None:
    updated(council)
    found = words_of(manager, "/visits", week="2022-09-05")
    assert (
        "There are no visits in this week. Look at the newest that holds any, Mon 1 to Sun 7 Aug 2022"
        in found
    )
    found = words_of(manager, "/visits", week="2022-08-01", client="A200", visit_type="H")
    assert "There are no such visits in this week. Look at all visits of this week" in found


def test_an_empty_list_of_cases_says_what_was_looked_at(council: ApiCouncil, manager: Browser) -> None:
    officer = council.browser("finance")
    assert "Looked at: In Dispute or Resolution Requested; All providers." in words_of(officer, "/disputes")
    found = words_of(manager, "/disputes", client="Z1", first="2022-08-01", overdue="y")
    assert "Client’s SSRef: Z1; Actuals/Visits from: 1 Aug 2022; Overdue alone." in found
    for path in ("/actions", "/enquiries", "/reviews"):
        assert "Looked at: Open. Look at the historic ones" in words_of(manager, path)
        found = words_of(officer, path, which="historic", client="Z1")
        assert "Looked at: Historic; All providers; Client’s SSRef: Z1. Look at the open ones" in found


def test_a_file_that_was_imported_before_is_not_said_to_be_unreadable(
    council: ApiCouncil, manager: Browser
) -> None:
    whole = a_file(a_row(VisitRef="V1", SSRef="A100"))
    updated(council, whole)
    again = sent(council, whole, "refused")
    assert [error["code"] for error in again["errors"]] == ["already_imported"]
    assert "This very file was already imported" in again["errors"][0]["message"]
    page = manager.get(f"/visits-files/{again['id']}").text
    assert "The file was imported before" in page
    assert "can’t be read" not in page
    assert "can’t be read" not in manager.get("/visits-files").text
    unreadable = sent(council, "VisitRef\r\nV1\r\n", "refused")
    assert "The file can’t be read" in manager.get(f"/visits-files/{unreadable['id']}").text


def test_versions_of_a_visit_show_service_and_comments(council: ApiCouncil, manager: Browser) -> None:
    updated(council, a_file(a_row(VisitRef="V1", SSRef="A100")))
    changed = {"Comments": "Late: traffic", "ServiceName": "Diamond Home Care - Spot", "CarerRef": ""}
    overridden = {"DeliveredEntryTimeIsOverridden": "Y", "DeliveredEntryTimeOverrideReason": "No signal"}
    updated(council, a_file(a_row(VisitRef="V1", SSRef="A100", **changed, **overridden)))
    found = words_of(manager, "/visits/V1")
    assert "Service name: Diamond Home Care - DAPL Oxford → Diamond Home Care - Spot" in found
    assert "Comments: empty → Late: traffic" in found
    assert "Why the entry time is overridden: empty → No signal" in found
    assert "The earliest version shown" in found
    assert "Why the entry time is overridden No signal" in found


def test_what_was_not_done_stands_under_no_green_banner(council: ApiCouncil, manager: Browser) -> None:
    place = f"/visits-files/{sent(council, WEEK, 'checked')['id']}"
    assert manager.post(f"{place}/confirm", at=place, check_version="99").status_code == 303
    page = manager.get(place).text
    assert "Nothing was updated: visits, carers or care changed after the check" in page
    assert "govuk-notification-banner--success" not in page
    assert "Nothing was updated" not in manager.get("/visits-files").text
    assert manager.post(f"{place}/cancel", at=place).status_code == 303
    assert "govuk-notification-banner--success" in manager.get("/visits-files").text
