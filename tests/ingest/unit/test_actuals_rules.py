"""Whether a week of actuals may be saved as it was entered (RULES 13)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from libs.common.care.actuals import ActualLine, PlannedLine
from services.ingest.actuals.rules import (
    DatedExtraRules,
    ExtraRules,
    Fault,
    WeekAsked,
    as_frustrated,
    comes_to_an_end_on,
    faults_of_week,
    is_more_than_planned,
    rules_on,
    without_hours,
)
from services.ingest.doubts.rules import doubts_of_actual

MONDAY = dt.date(2022, 10, 3)
TUESDAY, SUNDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=6)
HOUR, QUARTER, MINUTE = 3600, 900, 60
PLANNED = (PlannedLine(MONDAY, MONDAY, 2 * HOUR), PlannedLine(TUESDAY, TUESDAY, HOUR + 10 * MINUTE))


def a_line(day: dt.date, delivered: int, frustrated: int = 0, **facts: object) -> ActualLine:
    return ActualLine(day, day, delivered, frustrated, **facts)


def codes(faults: list[Fault]) -> list[tuple[str, str]]:
    return [(fault.column, fault.code) for fault in faults]


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ([a_line(MONDAY, 2 * HOUR), a_line(TUESDAY, HOUR + 10 * MINUTE)], []),
        ([a_line(MONDAY, 0), a_line(TUESDAY, 0)], []),
        # a single day may be more than its plan
        ([a_line(MONDAY, 3 * HOUR), a_line(TUESDAY, 10 * MINUTE)], []),
        (
            [a_line(MONDAY, 2 * HOUR), a_line(TUESDAY, HOUR + 11 * MINUTE)],
            [("Delivered", "more_than_planned")],
        ),
        (
            [a_line(MONDAY, HOUR, HOUR + MINUTE), a_line(TUESDAY, HOUR + 10 * MINUTE)],
            [("Delivered", "more_than_planned")],
        ),
        ([a_line(MONDAY, 25 * HOUR)], [("Delivered", "too_long")]),
        ([a_line(MONDAY, HOUR, 25 * HOUR)], [("Frustrated", "too_long")]),
        ([a_line(SUNDAY, HOUR)], [("Day", "no_such_line")]),
        ([a_line(SUNDAY, 0)], [("Day", "no_such_line")]),
        ([ActualLine(MONDAY, TUESDAY, HOUR)], [("Day", "no_such_line")]),
        ([a_line(MONDAY, HOUR), a_line(MONDAY, HOUR)], [("Day", "named_twice")]),
    ],
)
def test_what_stands_against_a_week(lines: list[ActualLine], faults: list[tuple[str, str]]) -> None:
    assert codes(faults_of_week(lines, WeekAsked(PLANNED))) == faults


def test_a_suspended_day_is_said_to_be_one() -> None:
    asked = WeekAsked(PLANNED, suspensions=[(SUNDAY, SUNDAY + dt.timedelta(days=3))])
    (fault,) = faults_of_week([a_line(SUNDAY, HOUR)], asked)
    assert fault == Fault(
        (SUNDAY, SUNDAY),
        "Day",
        "suspended",
        "Sun 9 Oct: the client is suspended; ask by an action if care was delivered.",
    )


@pytest.mark.parametrize(
    ("hours", "faults"), [(2, []), (1, []), (0, []), (3, [("Delivered", "no_such_line")])]
)
def test_a_saved_line_that_the_plan_has_no_more_can_only_be_lowered(
    hours: int, faults: list[tuple[str, str]]
) -> None:
    asked = WeekAsked((PlannedLine(MONDAY, MONDAY, 9 * HOUR),), saved=[a_line(SUNDAY, HOUR, HOUR)])
    assert codes(faults_of_week([a_line(SUNDAY, hours * HOUR)], asked)) == faults


@pytest.mark.parametrize(
    ("rules", "line", "faults"),
    [
        (ExtraRules(unit_minutes=15), a_line(TUESDAY, QUARTER), []),
        (ExtraRules(unit_minutes=15), a_line(TUESDAY, QUARTER + MINUTE), [("Delivered", "not_in_units")]),
        (ExtraRules(unit_minutes=15), a_line(TUESDAY, 0, MINUTE), [("Frustrated", "not_in_units")]),
        # the planned time is always allowed
        (ExtraRules(unit_minutes=15), a_line(TUESDAY, HOUR + 10 * MINUTE), []),
        (ExtraRules(unit_minutes=15), a_line(TUESDAY, 0, HOUR + 10 * MINUTE), []),
        (ExtraRules(wants_comment=True), a_line(TUESDAY, HOUR + 10 * MINUTE), []),
        (ExtraRules(wants_comment=True), a_line(TUESDAY, HOUR), [("Comment", "comment_missing")]),
        (
            ExtraRules(wants_comment=True),
            a_line(TUESDAY, HOUR, comment="  "),
            [("Comment", "comment_missing")],
        ),
        (ExtraRules(wants_comment=True), a_line(TUESDAY, HOUR, comment="Left early"), []),
        (ExtraRules(wants_visits=True), a_line(TUESDAY, HOUR), [("Visits", "visits_missing")]),
        (ExtraRules(wants_visits=True), a_line(TUESDAY, HOUR, visits=2), []),
        (ExtraRules(wants_visits=True), a_line(TUESDAY, 0), []),
    ],
)
def test_what_a_contract_asks_beside(
    rules: ExtraRules, line: ActualLine, faults: list[tuple[str, str]]
) -> None:
    assert codes(faults_of_week([line], WeekAsked(PLANNED, rules=rules))) == faults


@pytest.mark.parametrize(
    ("minutes", "is_more"), [(190, False), (191, True), (199, True)], ids=["as planned", "a minute", "nine"]
)
def test_more_than_planned_is_judged_over_the_week(minutes: int, is_more: bool) -> None:
    assert is_more_than_planned([a_line(MONDAY, minutes * MINUTE)], PLANNED) is is_more


def test_within_the_tolerance_is_accepted() -> None:
    rules = ExtraRules(tolerance_percent=Decimal(10))
    assert faults_of_week([a_line(MONDAY, 209 * MINUTE)], WeekAsked(PLANNED, rules=rules)) == []
    assert codes(faults_of_week([a_line(MONDAY, 210 * MINUTE)], WeekAsked(PLANNED, rules=rules))) == [
        ("Delivered", "more_than_planned")
    ]


def test_the_rules_of_a_week_are_those_in_force_on_its_monday() -> None:
    first, second = ExtraRules(unit_minutes=15), ExtraRules(wants_comment=True)
    dated = [DatedExtraRules(TUESDAY, second), DatedExtraRules(MONDAY, first)]
    assert rules_on(dated, MONDAY) == first
    assert rules_on(dated, MONDAY + dt.timedelta(days=7)) == second
    assert rules_on(dated, MONDAY - dt.timedelta(days=7)) == ExtraRules()


def test_a_week_is_to_be_confirmed_on_a_weekday_and_hour_of_the_next_in_london() -> None:
    rules = ExtraRules(confirm_weekday=2, confirm_hour=12)
    confirm_by = rules.confirm_by(dt.date(2022, 10, 24))  # summer time ends on 30 October
    assert confirm_by is not None
    assert confirm_by.isoformat() == "2022-11-02T12:00:00+00:00"
    assert ExtraRules().confirm_by(MONDAY) is None


def test_lines_that_are_left_out_stay_as_they_were_saved_else_as_planned() -> None:
    new = WeekAsked(PLANNED).filled([a_line(TUESDAY, HOUR)])
    assert new == (a_line(MONDAY, 2 * HOUR), a_line(TUESDAY, HOUR))
    again = WeekAsked(PLANNED, saved=new).filled([a_line(MONDAY, 0, HOUR)])
    assert again == (a_line(MONDAY, 0, HOUR), a_line(TUESDAY, HOUR))


def test_removing_hours_and_marking_them_frustrated() -> None:
    line = a_line(MONDAY, HOUR, QUARTER, visits=2, comment="Late")
    assert without_hours(line) == a_line(MONDAY, 0, visits=0, comment="Late")
    assert as_frustrated(line, "Nobody at home") == a_line(
        MONDAY, 0, HOUR + QUARTER, visits=2, comment="Nobody at home"
    )


def test_a_week_comes_to_an_end_on_its_last_planned_day() -> None:
    assert comes_to_an_end_on(PLANNED) == TUESDAY
    assert comes_to_an_end_on(()) is None


@pytest.mark.parametrize(
    ("lines", "evidence"),
    [
        ([a_line(MONDAY, 2 * HOUR), a_line(TUESDAY, HOUR + 10 * MINUTE)], None),
        ([a_line(MONDAY, HOUR), a_line(TUESDAY, HOUR + 10 * MINUTE)], (190, 130, 0, False)),
        ([a_line(MONDAY, 0, 2 * HOUR), a_line(TUESDAY, HOUR + 10 * MINUTE)], (190, 70, 120, False)),
        # as much in all, and otherwise than planned
        ([a_line(MONDAY, 190 * MINUTE), a_line(TUESDAY, 0)], (190, 190, 0, False)),
        # the plan was lowered since
        (
            [a_line(MONDAY, 2 * HOUR), a_line(TUESDAY, HOUR + 10 * MINUTE), a_line(SUNDAY, HOUR)],
            (190, 250, 0, True),
        ),
    ],
)
def test_an_actual_that_differs_from_plan_goes_to_the_worklist(
    lines: list[ActualLine], evidence: tuple[int, int, int, bool] | None
) -> None:
    found = list(doubts_of_actual("A100", 7, MONDAY, PLANNED, lines))
    assert [(doubt.kind, doubt.client, doubt.cpli_id, doubt.visits) for doubt in found] == (
        [] if evidence is None else [("actual_differs", "A100", 7, ())]
    )
    for doubt in found:
        planned, delivered, frustrated, is_more = evidence or (0, 0, 0, False)
        assert doubt.evidence == {
            "planned_seconds": planned * MINUTE,
            "delivered_seconds": delivered * MINUTE,
            "frustrated_seconds": frustrated * MINUTE,
            "is_more_than_planned": is_more,
        }
