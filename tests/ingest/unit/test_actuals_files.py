"""The rows of a file of actuals: read, put together week by week, taken or rejected together (RULES 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from libs.common.care.actuals import ActualLine, PlannedLine
from libs.common.files.actual_files import (
    HEADINGS,
    day_text,
    hours_text,
    parse_day,
    parse_hours,
    rows_of_week,
)
from services.ingest.actuals.file_rules import JudgedWeek, Key, RawRow, judge_rows, together
from services.ingest.actuals.rules import Fault, WeekAsked
from services.ingest.rows.reading import FileRefused, read_actuals_csv

MONDAY = dt.date(2022, 10, 3)
TUESDAY, SUNDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=6)
HOUR = 3600
PLANNED = (PlannedLine(MONDAY, MONDAY, HOUR), PlannedLine(TUESDAY, TUESDAY, HOUR))
A_RUN = (PlannedLine(MONDAY, SUNDAY, 7 * HOUR),)


def a_row(number: int, **cells: str) -> RawRow:
    row = dict.fromkeys(HEADINGS, "") | {
        "CpliId": "1",
        "Week": "2022-10-03",
        "Day": "Mon",
        "Delivered": "1:00",
    }
    return number, tuple((row | cells).values())


def judged(*rows: RawRow, planned: Iterable[PlannedLine] = PLANNED, **facts: Any) -> list[JudgedWeek]:
    def asked_of(keys: Iterable[Key]) -> Mapping[Key, WeekAsked | Fault]:
        return {key: WeekAsked(tuple(planned), **facts) for key in keys}

    return judge_rows(rows, asked_of)


def errors(*weeks: JudgedWeek) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for week in weeks for error in week.errors]


def test_a_day_that_is_there_ten_thousand_times_is_said_once_of_each_row() -> None:
    (week,) = judged(*(a_row(number, Delivered="30:00") for number in range(2, 10_002)))
    codes = [code for _, _, code in errors(week)]
    assert {code: codes.count(code) for code in set(codes)} == {"named_twice": 10_000, "too_long": 10_000}


def test_rows_of_a_week_become_its_lines_and_others_stay_as_planned() -> None:
    (week,) = judged(a_row(2, Delivered="0:30", Frustrated="0:15", Visits="2", Comment=" Left  early "))
    assert week.errors == ()
    assert week.key == (1, MONDAY)
    assert week.lines == (
        ActualLine(MONDAY, MONDAY, 1800, 900, 2, "Left  early"),
        ActualLine(TUESDAY, TUESDAY, HOUR),
    )


def test_a_run_of_days_is_named_by_its_first() -> None:
    (week,) = judged(a_row(2, Day="from 03/10/2022", Delivered="5:15"), planned=A_RUN)
    assert (week.errors, week.lines) == ((), (ActualLine(MONDAY, SUNDAY, 18_900),))


def test_lines_that_are_not_named_stay_as_they_were_saved() -> None:
    saved = (ActualLine(MONDAY, MONDAY, 0), ActualLine(TUESDAY, TUESDAY, 60))
    (week,) = judged(a_row(2), saved=saved)
    assert week.lines == (ActualLine(MONDAY, MONDAY, HOUR), saved[1])


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"CpliId": "1.0"}, ("CpliId", "unreadable")),
        ({"CpliId": "0"}, ("CpliId", "unreadable")),
        ({"CpliId": ""}, ("CpliId", "unreadable")),
        ({"CpliId": "9" * 19}, ("CpliId", "unreadable")),
        ({"Week": "3rd October"}, ("Week", "unreadable")),
        ({"Week": "2022-10-04"}, ("Week", "not_a_monday")),
        ({"Day": "Someday"}, ("Day", "unreadable")),
        ({"Day": "From 2022-10-10"}, ("Day", "unreadable")),
        ({"Day": "Wed"}, ("Day", "no_such_line")),
        ({"Day": "From 2022-10-05"}, ("Day", "no_such_line")),
        ({"Delivered": ""}, ("Delivered", "unreadable")),
        ({"Delivered": "7.75"}, ("Delivered", "unreadable")),
        ({"Delivered": "-1:00"}, ("Delivered", "unreadable")),
        ({"Delivered": "1:60"}, ("Delivered", "unreadable")),
        ({"Delivered": "1:00:00"}, ("Delivered", "unreadable")),
        ({"Delivered": "25:00"}, ("Delivered", "too_long")),
        ({"Delivered": "3:00"}, ("Delivered", "more_than_planned")),
        ({"Frustrated": "1 hour"}, ("Frustrated", "unreadable")),
        ({"Frustrated": "0:01"}, ("Delivered", "more_than_planned")),
        ({"Visits": "two"}, ("Visits", "unreadable")),
        ({"Visits": "-1"}, ("Visits", "unreadable")),
        ({"Comment": "a\0b"}, ("Comment", "control_character")),
        ({"Comment": "x" * 8001}, ("Comment", "too_long")),
    ],
)
def test_what_a_row_is_rejected_for(cells: dict[str, str], error: tuple[str, str]) -> None:
    weeks = judged(a_row(7, **cells))
    assert errors(*weeks) == [(7, *error)]


def test_the_sentence_says_how_to_write_a_time() -> None:
    (week,) = judged(a_row(2, Delivered="7.75"))
    assert "7:45 for seven and three quarter hours" in week.errors[0].message


def test_every_reason_of_every_row_is_given_and_the_week_is_rejected_together() -> None:
    weeks = judged(
        a_row(2, Delivered="x", Frustrated="y"),
        a_row(3, Day="Tue"),
        a_row(4, CpliId="2"),
        a_row(5, Day="Fri"),
    )
    assert errors(*weeks) == [(2, "Delivered", "unreadable"), (2, "Frustrated", "unreadable")]
    assert [week.key for week in weeks if not week.errors] == [(2, MONDAY)]
    assert [(error.row, error.code) for error in together(weeks)] == [
        (3, "rejected_together"),
        (5, "rejected_together"),
    ]


def test_a_line_that_is_named_twice_is_rejected_in_both_rows() -> None:
    weeks = judged(a_row(2), a_row(3, Delivered="0:30"))
    assert errors(*weeks) == [(2, "Day", "named_twice"), (3, "Day", "named_twice")]


def test_a_fault_of_the_whole_week_is_said_once_beside_what_cannot_be_read() -> None:
    fault = Fault(None, "CpliId", "not_yours", "It is somebody else's.")
    weeks = judge_rows(
        [a_row(2), a_row(3, Day="Tue", Delivered="?")], lambda keys: dict.fromkeys(keys, fault)
    )
    assert errors(*weeks) == [(2, "CpliId", "not_yours"), (3, "Delivered", "unreadable")]


def test_a_week_is_written_as_it_is_read() -> None:
    lines = [
        {"first_on": "2022-10-03", "last_on": "2022-10-03", "planned_seconds": HOUR, "delivered_seconds": 1800,
         "frustrated_seconds": 900, "visits": 1, "comment": "=1+1"},
        {"first_on": "2022-10-04", "last_on": "2022-10-09", "planned_seconds": 99_900, "delivered_seconds": 0,
         "frustrated_seconds": 0, "visits": None, "comment": ""},
    ]  # fmt: skip
    actual: Any = {
        "cpli_id": 7, "ssref": "A1", "client_reference": "A1", "service": "Zone 6", "service_level": "Personal Care",
        "week": "2022-10-03", "lines": lines,
    }  # fmt: skip
    assert list(rows_of_week([actual], {"A1": "Ada Bell"})) == [
        ["7", "A1", "Ada Bell", "Zone 6", "Personal Care", "2022-10-03", "Mon", "1:00", "0:30", "0:15", "1", "'=1+1"],
        ["7", "A1", "Ada Bell", "Zone 6", "Personal Care", "2022-10-03", "From 2022-10-04", "27:45", "0:00", "0:00", "", ""],
    ]  # fmt: skip


@pytest.mark.parametrize("seconds", [0, 60, 3540, HOUR, 99_900, 602_340])
def test_a_time_is_read_as_it_is_written(seconds: int) -> None:
    assert parse_hours(hours_text(seconds)) == seconds


@pytest.mark.parametrize("days", [(MONDAY, MONDAY), (SUNDAY, SUNDAY), (TUESDAY, SUNDAY)])
def test_a_day_is_read_as_it_is_written(days: tuple[dt.date, dt.date]) -> None:
    assert parse_day(day_text(*days), MONDAY) == (days[0], days[0] != days[1])


@pytest.mark.parametrize(
    ("line", "lines", "code"),
    [("1" + "," * 11, 200_001, "too_many_rows"), ("1" * 1_000, 20_001, "too_large")],
)
def test_a_file_of_actuals_is_small_since_it_is_judged_as_one_piece(line: str, lines: int, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_actuals_csv((",".join(HEADINGS) + "\n" + (line + "\n") * lines).encode())
    assert refused.value.code == code
