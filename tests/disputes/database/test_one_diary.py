"""One diary: what is monitored by total hours raises no doubt about single visits, whoever says so (RULES 16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from services.matching.measured_visits import views as visits
from services.matching.measures import settings_views
from services.matching.measures.steps import set_one_diary
from tests.disputes.database.test_doubts import (
    NAME,
    NOW,
    OFFICER,
    Do,
    a_look,
    a_silent_visit,
    cells_on,
    do,
)
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import WHO, Council

__all__ = ["do"]

SLOTS = "Mon 09:00-10:00; Tue 09:00-10:00!"
FIRST: dict[str, Any] = {"SSRef": "A1", "Quantity": "2.00", "Timetable": SLOTS}
SECOND: dict[str, Any] = {
    "SSRef": "A2",
    "Contract": "Spot",
    "ServiceName": "Diamond - Spot",
    "Quantity": "2.00",
}
SINGLY = {("far_from_plan", "LATE"), ("missing_comment", "SILENT"), ("extra_visit", "EXTRA")}
OF = {"SSRef": "A1", "ServiceName": ""}


def import_care(council: Council, **cells: str) -> Mapping[str, int]:
    found = council.import_care(a_care_file(a_care_row(1, **FIRST | cells), a_care_row(2, **SECOND)))
    council.books()
    counts: Mapping[str, int] = found["counts"]
    return counts


def say_of(council: Council, **about: Any) -> None:
    with council.sessions["matching"].begin() as session:
        set_one_diary(session, OFFICER, **{"contract": None, "cpli_id": None} | about)


def made(council: Council, measure: str, **more: Any) -> list[tuple[str, ...]]:
    """What made a measure of October 2022, page by page."""
    found: list[tuple[str, ...]] = []
    asked: dict[str, Any] = {
        "organisation": NAME,
        "first": NOW.date().replace(day=1),
        "last": NOW.date(),
        "is_rest": False,
    }
    after: dt.date | None = None
    while True:
        with council.sessions["matching"].begin() as session:
            page = visits.measured_visits(
                session, OFFICER, NOW, **asked | {"measure": measure, "after": after} | more
            )
        found += [(one["visit_ref"], one["client"]) for one in page["visits"]]
        found += [(one["day"], str(one["missed"]), one["client"]) for one in page["missed"]]
        found += [(one["day"], *one["visits"], str(one["is_kept"])) for one in page["critical"]]
        found += [(str(one["cpli_id"]), one["hours"]) for one in page["commissioned"]]
        if page["after"] is None:
            return found
        after = dt.date.fromisoformat(page["after"])


def test_doubts_of_single_visits_are_silent_as_long_as_it_is_one_diary(council: Council, do: Do) -> None:
    assert import_care(council)["new"] == 2
    council.import_visits(
        NAME,
        a_file(
            a_row(VisitRef="LATE", **cells_on(3, DeliveredEntryTime="12:00", DeliveredExitTime="13:00"), **OF),
            a_silent_visit("SILENT", 4, "09:00-10:00", "C", **OF),
            a_row(VisitRef="EXTRA", VisitType="E", **cells_on(5, "20:00-21:00", Comments="Asked for"), **OF),
            a_row(VisitRef="TOO-FAR", **cells_on(3, "09:00-11:00", DeliveredEntryTime="13:00", DeliveredExitTime="15:00"), **OF | {"SSRef": "A2"}),
        ),
    )  # fmt: skip
    others = {("far_from_plan", "TOO-FAR")}
    assert set(a_look(council, do)) == SINGLY | others
    assert made(council, "late") == [("LATE", "A1"), ("TOO-FAR", "A2")]

    assert import_care(council, OneDiary="Y") == {"new": 0, "changed": 1, "unchanged": 1, "rejected": 0}
    assert import_care(council, OneDiary="Y")["unchanged"] == 2
    assert set(a_look(council, do)) == others
    assert made(council, "late") == [("TOO-FAR", "A2")]
    assert import_care(council)["unchanged"] == 2  # an empty column says nothing
    assert set(a_look(council, do)) == others

    assert import_care(council, OneDiary="N")["changed"] == 1
    assert set(a_look(council, do)) == SINGLY | others
    say_of(council, contract="spot", is_one_diary=True)
    assert set(a_look(council, do)) == SINGLY
    say_of(council, cpli_id=2, is_one_diary=False)
    assert set(a_look(council, do)) == SINGLY | others
    with council.sessions["matching"].begin() as session:
        told = settings_views.one_diaries(session, OFFICER)
    assert [(one["contract"], one["cpli_id"], one["is_one_diary"]) for one in told] == [
        ("spot", None, True),
        (None, 1, False),
        (None, 2, False),
    ]
    assert [one["set_by"] for one in told] == ["officer", WHO, "officer"]


def test_what_made_a_measure_comes_day_by_day_and_page_by_page(
    council: Council, do: Do, monkeypatch: Any
) -> None:
    import_care(council)
    council.import_visits(
        NAME,
        a_file(
            a_row(VisitRef="V1", **cells_on(3), **OF),
            a_row(VisitRef="V2", **cells_on(4, DeliveredEntryTime="09:16", DeliveredExitTime="10:10"), **OF),
            a_silent_visit("C1", 10, "09:00-10:00", "C", **OF),
        ),
    )
    council.books()
    monkeypatch.setattr(visits, "ROWS_IN_AN_ANSWER", 1)
    assert made(council, "delivered") == [("V1", "A1"), ("V2", "A1")]
    assert made(council, "late") == [("V2", "A1")]
    assert made(council, "frustrated") == [("C1", "A1")]
    assert made(council, "missed") == [("2022-10-11", "1", "A1")]
    assert made(council, "time_critical_share") == []
    rest = [("2022-10-04", "V2", "False"), ("2022-10-11", "False")]
    assert made(council, "time_critical_share", is_rest=True) == rest
    assert made(council, "hours_commissioned") == [("1", "4.00"), ("2", "2.86")]


def test_thresholds_that_are_tried_stand_beside_those_that_hold_and_are_not_kept(
    council: Council, do: Do
) -> None:
    import_care(council)
    late = cells_on(3, DeliveredEntryTime="09:20", DeliveredExitTime="10:00")
    council.import_visits(NAME, a_file(a_row(VisitRef="V1", **late, **OF)))
    council.books()
    days: dict[str, Any] = {"first": dt.date(2022, 10, 1), "last": dt.date(2022, 10, 31), "after": None}
    tried = {"late_minutes": 20, "short_per_cent": 50, "early_minutes": 0}
    with council.sessions["matching"].begin() as session:
        page = settings_views.try_thresholds(session, OFFICER, NOW, organisation=NAME, values=tried, **days)
        told = settings_views.measure_thresholds(session, OFFICER, NOW)
    both = page["organisations"][NAME]
    assert (both["held"]["late"], both["tried"]["late"]) == (1, 0)
    assert (both["held"]["short"], both["tried"]["short"]) == (1, 0)
    assert both["held"]["missed"] == both["tried"]["missed"]
    assert {one["name"]: one["changes"] for one in told}["late_minutes"] == []
