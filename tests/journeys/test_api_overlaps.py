"""Overlaps, more carers than planned, and what fits nothing, through the JSON API and as CSV (RULES 16)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.reported_council import rows_of, words_of
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

WEEK = {"from": "2022-10-03", "to": "2022-10-09"}
DAYS = {"first": "2022-10-03", "last": "2022-10-09"}
DAILY = "; ".join(f"{day} 09:00-09:30" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", Forename="Mona", Surname="Lee", Quantity="3.5", Timetable=DAILY),
    a_care_row(2, SSRef="A2", UnitCost="23.226"),
    a_care_row(3, SSRef="B1", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL"),
)


def a_visit(ref: str, entry: str, exit_: str, **cells: str) -> tuple[str, ...]:
    """A visit of Monday, planned from 09:00 to 09:30."""
    day = {"PlannedVisitDate": "03/10/2022", "DeliveredVisitDate": "03/10/2022"}
    times = {"DeliveredEntryTime": entry, "DeliveredExitTime": exit_}
    return a_row(**{"VisitRef": ref, "SSRef": "A123456", "ServiceName": "", **day, **times, **cells})


@pytest.fixture(scope="module")
def overlapping(shared: ApiCouncil) -> ApiCouncil:
    """A carer who forgot to log out and went to the next client, also for another provider; and a slip in an SSRef."""
    council = shared.council
    council.import_care(CARE)
    wait_until(council.is_settled, 30)
    council.import_carers(DIAMOND, "CarerRef,Forename,Surname\nC1,Ann,Bell\nC2,Bob,Ray\n")
    council.import_carers(PEARL, "CarerRef,Forename,Surname\nX7,Ann,Bell\n")
    council.import_visits(
        DIAMOND,
        a_file(
            a_visit("forgotten", "09:00", "11:00", CarerRef="C1"),
            a_visit("second carer", "09:00", "09:30", CarerRef="C2"),
            a_visit("next", "10:30", "11:05", SSRef="A2", CarerRef="C1"),
            a_visit("slip", "13:00", "13:30", SSRef="A132456"),
        ),
    )
    council.import_visits(PEARL, a_file(a_visit("P1", "09:40", "10:10", SSRef="B1", CarerRef="X7")))
    council.books()
    return shared


def refs_of(pair: Any) -> list[str]:
    return [visit["ref"] for visit in pair["visits"]]


def test_the_council_sees_overlaps_across_providers_and_a_provider_its_own(overlapping: ApiCouncil) -> None:
    found = overlapping.api(COUNCIL).get("/overlaps", **WEEK).json
    assert [(refs_of(pair), pair["is_across"], pair["seconds"]) for pair in found["items"]] == [
        (["forgotten", "next"], False, 1800),
        (["forgotten", "P1"], True, 1800),
    ]
    within, across = found["items"]
    assert across["left_running"] == ["too_long"]
    assert within["left_running"] == ["ended_together", "too_long"]
    assert within["at_stake"] == {"amount": "10.00", "unit_cost": "20.00", "by_first": True}
    assert found["next_cursor"] is None

    own = overlapping.api(DIAMOND).get("/overlaps", **WEEK).json
    assert own["items"] == [within]
    assert overlapping.api(PEARL).get("/overlaps", **WEEK).json["items"] == []
    assert overlapping.api(PEARL).get("/overlaps", **WEEK, organisation=DIAMOND).status_code == 404


def test_overlaps_come_page_by_page(overlapping: ApiCouncil) -> None:
    api = overlapping.api(COUNCIL)
    first = api.get("/overlaps", **WEEK, limit=1).json
    second = api.get("/overlaps", **WEEK, limit=1, cursor=first["next_cursor"]).json
    assert [refs_of(page["items"][0])[1] for page in (first, second)] == ["next", "P1"]
    assert api.get("/overlaps", **WEEK, cursor="no cursor").status_code == 400


def test_more_carers_than_planned_are_told_to_whom_they_concern(overlapping: ApiCouncil) -> None:
    (one,) = overlapping.api(COUNCIL).get("/more-carers", **WEEK).json["items"]
    assert (one["client"], one["at"], one["carers"], one["wanted"]) == ("A123456", "09:00", 2, 1)
    assert sorted(refs_of(one)) == ["forgotten", "second carer"]
    assert overlapping.api(DIAMOND).get("/more-carers", **WEEK).json["items"] == [one]
    assert overlapping.api(PEARL).get("/more-carers", **WEEK).json["items"] == []


def test_what_fits_nothing_has_the_nearest_and_opens_its_rows(overlapping: ApiCouncil) -> None:
    (one,) = overlapping.api(COUNCIL).get("/cleansing", **WEEK, organisation=DIAMOND).json["items"]
    assert one == {
        "kind": "clients",
        "written": "A132456",
        "visits": 1,
        "nearest": [{"reference": "A123456", "name": "Mona Lee"}],
        "is_elsewhere": False,
    }
    assert overlapping.api(DIAMOND).get("/cleansing", **WEEK).json["items"] == [one]
    assert overlapping.api(PEARL).get("/cleansing", **WEEK).json["items"] == []
    assert overlapping.api(COUNCIL).get("/cleansing", **WEEK).status_code == 422

    officer = overlapping.browser("finance")
    (line,) = rows_of(officer, "/reports/what-fits-nothing.csv", **DAYS)
    assert (line["Written"], line["Nearest that exists"], line["Client"]) == (
        "A132456",
        "A123456",
        "Mona Lee",
    )
    about = {"kind": "clients", "written": "A132456", "organisation": DIAMOND}
    (row,) = rows_of(officer, "/reports/rows-that-fit-nothing.csv", **about, **DAYS)
    assert (row["Visit"], row["Row is"]) == ("slip", "Stored")
    assert "Choose what the rows name" in words_of(officer, "/reports/rows-that-fit-nothing", **DAYS)


@pytest.mark.parametrize("path", ["/overlaps", "/more-carers", "/cleansing"])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": "2022-10-03"},
        {"from": "2022-10-09", "to": "2022-10-03"},
        {"from": "2022-01-01", "to": "2022-10-03"},
    ],
)
def test_a_span_that_is_none_is_refused(overlapping: ApiCouncil, path: str, query: dict[str, str]) -> None:
    assert overlapping.api(COUNCIL).get(path, **query).status_code == 400


def test_a_limit_of_the_council_holds_from_its_day_on(overlapping: ApiCouncil) -> None:
    officer = overlapping.browser("commissioning")
    given = {"name": "least_minutes", "effective_from": "2022-10-03", "value": "31"}
    answer = officer.post("/overlap-limits", at="/overlap-limits", **given)
    assert answer.status_code == 303
    assert overlapping.api(COUNCIL).get("/overlaps", **WEEK).json["items"] == []
    assert "Visits overlap that run at once for so many minutes or more 31 minutes" in words_of(
        officer, "/overlap-limits"
    )
