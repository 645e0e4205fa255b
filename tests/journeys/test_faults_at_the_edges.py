"""Small inputs that once stopped payment or pages, with what must come of them (RULES 2, 3)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from libs.common.care.clock import london_day, now
from tests.journeys.api_council import ApiCouncil, shared
from tests.support.builders.visit_files import a_file, an_undelivered_row
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

FAULTS = Path(__file__).parents[1] / "cases" / "faults"
PROVIDER = "Test Care Ltd"


def content(case: str, name: str) -> bytes:
    return (FAULTS / case / name).read_bytes()


def import_case(council: ApiCouncil, case: str) -> dict[str, Any]:
    """The case's care and then its visits, applied; the document of the visits file."""
    council.empty()
    council.council.import_care(content(case, "care.csv"))
    wait_until(council.council.is_settled, 30)
    found: dict[str, Any] = council.api(PROVIDER).file(content(case, "visits.csv"), confirm="true")
    wait_until(council.council.is_settled, 30)
    return found


def reasons(found: dict[str, Any]) -> dict[str, set[str]]:
    """The codes of each rejected visit, by its VisitRef."""
    refs = {error["ref"] for error in found["errors"]}
    return {ref: {error["code"] for error in found["errors"] if error["ref"] == ref} for ref in refs}


def test_an_impossible_date_is_rejected_and_its_neighbour_is_paid(shared: ApiCouncil) -> None:
    found = import_case(shared, "far-date-poison")
    assert reasons(found) == {"P2": {"planned_date_unreadable"}}
    assert (found["counts"]["new"], found["counts"]["rejected"]) == (1, 1)
    assert shared.council.books()["total_payable"] == "20.00"
    assert shared.council.differences() == []


def test_no_page_fails_for_a_visit_that_was_sent_with_an_impossible_date(shared: ApiCouncil) -> None:
    found = import_case(shared, "far-date-pages")
    assert reasons(found) == {"F1": {"planned_date_unreadable"}}
    browser = shared.browser("finance")
    for page in (
        "/visits",
        "/reports/commissioned-actuals",
        "/reports/overlapping-visits",
        "/reports/unmatched-visits",
        f"/visits-files/{found['id']}",
    ):
        assert browser.get(page).status_code == 200, page


def test_what_was_not_delivered_yet_is_not_paid(shared: ApiCouncil) -> None:
    found = import_case(shared, "not-delivered-in-future")
    assert reasons(found) == {
        "FU1": {"planned_in_future"},
        "FU2": {"planned_in_future"},
        "FU3": {"planned_date_unreadable"},
    }
    assert shared.council.books()["total_payable"] in ("0", "0.00")


def test_the_form_and_the_api_take_no_undelivered_visit_of_a_day_to_come(shared: ApiCouncil) -> None:
    import_case(shared, "not-delivered-in-future")
    cells = {
        "PlannedVisitDate": "01/08/2098",
        "PlannedEntryTime": "09:00",
        "PlannedExitTime": "10:00",
        "VisitType": "U",
        "SSRef": "T1",
        "ServiceLevel": "Personal Care",
        "Comments": "No answer",
    }
    refused = shared.api(PROVIDER).put("FU9", cells, {"If-None-Match": "*"})
    assert (refused.status_code, [e["code"] for e in refused.json["errors"]]) == (  # type: ignore[index]
        422,
        ["planned_in_future"],
    )
    browser = shared.browser("home_manager", PROVIDER)
    page = browser.post("/add-visit", VisitRef="FU9", version="0", **cells)
    assert page.status_code in (400, 422)
    assert "is after today" in page.text


def test_what_can_not_be_seen_makes_no_second_visit(shared: ApiCouncil) -> None:
    found = import_case(shared, "invisible-in-reference")
    assert reasons(found) == {"W1": {"visit_ref_repeated"}}
    books = shared.council.books()
    assert (found["counts"]["new"], found["counts"]["rejected"]) == (2, 2)
    assert books["unmatched"] == {}
    assert books["total_payable"] == "40.00"


def test_a_hard_space_in_a_date_is_a_space(shared: ApiCouncil) -> None:
    found = import_case(shared, "hard-space-in-date")
    assert (found["errors"], found["counts"]["new"]) == ([], 1)
    visit = shared.api(PROVIDER).get("/visits", week="2022-08-03").json["items"]  # type: ignore[index]
    assert [one["values"]["PlannedVisitDate"] for one in visit] == ["2022-08-03"]


def test_an_identifier_of_care_that_is_too_long_rejects_its_row_alone(shared: ApiCouncil) -> None:
    shared.empty()
    found = shared.council.import_care(content("care-long-identifier", "care.csv"))
    assert found["state"] == "imported"
    assert [(error["row"], error["column"], error["code"]) for error in found["errors"]] == [
        (2, "SSRef", "too_long")
    ]
    assert (found["counts"]["new"], found["counts"]["rejected"]) == (1, 1)


@pytest.mark.parametrize("column", ["OrganisationName", "ServiceName", "ServiceLevel"])
def test_the_same_holds_for_names(shared: ApiCouncil, column: str) -> None:
    shared.empty()
    lines = content("far-date-poison", "care.csv").decode().splitlines()
    headings = lines[0].split(",")
    cells = lines[1].split(",")
    cells[headings.index("CpliId")] = "9901"
    cells[headings.index(column)] = "x" * 6_000
    found = shared.council.import_care("\n".join([lines[0], ",".join(cells), *lines[1:]]))
    assert [(error["row"], error["column"]) for error in found["errors"]] == [(2, column)]
    assert found["counts"]["new"] == len(lines) - 1


def test_an_end_after_2099_is_none_with_a_note(shared: ApiCouncil) -> None:
    shared.empty()
    lines = content("far-date-poison", "care.csv").decode().splitlines()
    headings, cells = lines[0].split(","), lines[1].split(",")
    cells[headings.index("EndDate")] = "31/12/9999"
    found = shared.council.import_care("\n".join([lines[0], ",".join(cells)]))
    assert (found["errors"], [(note["code"], note["rows"], note["row"]) for note in found["notes"]]) == (
        [],
        [("end_is_open", 1, 2)],
    )
    (item,) = shared.api(PROVIDER).get("/care-package-line-items").json["items"]  # type: ignore[index]
    assert item["end_on"] is None
    page = shared.browser("finance").get(f"/care-imports/{found['id']}")
    assert "so the package has no end" in page.text


def test_half_a_character_is_422_and_says_where_it_stands(shared: ApiCouncil) -> None:
    shared.empty()
    shared.council.import_care(content("api-half-emoji", "care.csv"))
    wait_until(shared.council.is_settled, 30)
    cells = json.loads(content("api-half-emoji", "visit.json"))
    refused = shared.api(PROVIDER).put("E1", cells, {"If-None-Match": "*"})
    assert refused.status_code == 422
    assert refused.json["detail"].startswith("Comments holds half a character")  # type: ignore[index]
    whole = cells | {"Comments": "Well 👩🏽\u200d⚕️"}
    assert shared.api(PROVIDER).put("E1\u200b", whole, {"If-None-Match": "*"}).status_code == 201
    assert shared.api(PROVIDER).visit("E1")["values"]["Comments"] == "Well 👩🏽\u200d⚕️"


def test_visits_open_at_a_week_that_people_work_on_and_not_at_absences_to_come(shared: ApiCouncil) -> None:
    import_case(shared, "hard-space-in-date")
    ahead = london_day(now()) + dt.timedelta(days=30)
    absent = {"VisitRef": "H1", "VisitType": "H", "PlannedVisitDate": f"{ahead:%d/%m/%Y}"}
    row = an_undelivered_row(SSRef="T1", ServiceName="Test Care - North", **absent)
    assert shared.api(PROVIDER).file(a_file(row), confirm="true")["counts"]["new"] == 1
    wait_until(shared.council.is_settled, 30)
    for browser in (shared.browser("finance"), shared.browser("home_manager", PROVIDER)):
        page = browser.get("/visits").text
        assert 'value="2022-08-01"' in page
    assert "H1" in shared.browser("finance").get(f"/visits?week={ahead}").text


def test_carers_named_twice_are_rejected_and_a_renamed_one_is_shown_before(shared: ApiCouncil) -> None:
    import_case(shared, "hard-space-in-date")
    api = shared.api(PROVIDER)
    twice = "CarerRef,Forename,Surname\nC1,Ada,Fox\nC2,Bert,Gill\nC1\u200b,Ada,Hall\n"
    sent: Any = api.send("/carers-files", twice).json
    assert sent["counts"] == {"read": 3, "new": 1, "rejected": 2}
    assert {(error["row"], error["code"]) for error in sent["errors"]} == {
        (2, "carer_ref_repeated"),
        (4, "carer_ref_repeated"),
    }
    renaming = "CarerRef,Forename,Surname\nC2,Bertha,Gill\n"
    change = [{"ref": "C2", "before": "Bert Gill", "after": "Bertha Gill"}]
    looked_at = api.send("/carers-files", renaming, preview="true")
    assert (looked_at.status_code, looked_at.json["changes"]) == (200, change)  # type: ignore[index]
    made = api.send("/carers-files", renaming)
    assert (made.status_code, made.json["changes"]) == (201, change)  # type: ignore[index]
    assert api.send("/carers-files", renaming, preview="true").json["changes"] == []  # type: ignore[index]
