"""What a week of actuals plans, line by line, and what of a saved one is paid (RULES 13, 17)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.actuals import (
    ActualLine,
    PlannedLine,
    cost_of,
    paid_times,
    planned_in_week,
    planned_lines,
    whole_seconds,
)
from libs.common.care.money import to_the_penny
from libs.common.care.plans import Plan
from tests.common.unit.test_plans import DAILY, HOUR, MONDAY, SUNDAY, UNEVEN, a_plan, a_term
from tests.support.builders.care import RATE

WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + dt.timedelta(days=number) for number in (2, 3, 4))
TUESDAY = MONDAY + dt.timedelta(days=1)


def test_a_timetable_plans_a_line_for_each_day_that_has_slots() -> None:
    lines = planned_lines(a_plan(UNEVEN, terms=(a_term("4"),)), MONDAY)
    assert lines == [PlannedLine(MONDAY, MONDAY, 3 * HOUR), PlannedLine(THURSDAY, THURSDAY, HOUR)]


def test_a_flexible_diary_plans_one_line_for_the_whole_week() -> None:
    assert planned_lines(a_plan(), MONDAY) == [PlannedLine(MONDAY, SUNDAY, 7 * HOUR)]


@pytest.mark.parametrize(
    ("plan", "lines"),
    [
        (
            a_plan(terms=(a_term("7"), a_term("14", THURSDAY))),
            [(MONDAY, WEDNESDAY, 3 * HOUR), (THURSDAY, SUNDAY, 8 * HOUR)],
        ),
        (
            a_plan(suspended=((WEDNESDAY, WEDNESDAY),)),
            [(MONDAY, TUESDAY, 2 * HOUR), (THURSDAY, SUNDAY, 4 * HOUR)],
        ),
        (a_plan(start_on=FRIDAY), [(FRIDAY, SUNDAY, 3 * HOUR)]),
        (a_plan(end_on=TUESDAY), [(MONDAY, TUESDAY, 2 * HOUR)]),
        (a_plan(start_on=SUNDAY + dt.timedelta(days=1)), []),
        (a_plan(suspended=((MONDAY, SUNDAY),)), []),
    ],
)
def test_lines_end_where_terms_change_and_where_care_does(
    plan: Plan, lines: list[tuple[dt.date, dt.date, int]]
) -> None:
    assert planned_lines(plan, MONDAY) == [PlannedLine(*line) for line in lines]


def test_a_suspended_day_of_seven_slots_leaves_six_hours() -> None:
    lines = planned_lines(a_plan(DAILY, suspended=((MONDAY, MONDAY),)), MONDAY)
    assert planned_in_week(lines) == 6 * HOUR


@pytest.mark.parametrize(("quantity", "minutes"), [("5", 43), ("3.5", 30), ("1.925", 17), ("0.058", 0)])
def test_a_day_of_a_timetable_is_rounded_half_up_to_the_minute(quantity: str, minutes: int) -> None:
    lines = planned_lines(a_plan(DAILY, terms=(a_term(quantity),)), MONDAY)
    assert {line.planned_seconds for line in lines} == {minutes * 60}


def price(line: ActualLine, plan: Plan, *, is_authorised: bool = True) -> tuple[Decimal, Decimal]:
    of_line = (
        paid_times([(line, line.delivered_seconds)], plan, is_authorised=is_authorised),
        paid_times([(line, line.frustrated_seconds)], plan, is_authorised=is_authorised),
    )
    delivered, frustrated = map(cost_of, of_line)
    return delivered, frustrated


def test_delivered_and_frustrated_time_are_priced_each_by_itself() -> None:
    line = ActualLine(MONDAY, SUNDAY, int(5.25 * HOUR), HOUR // 2)
    assert price(line, a_plan()) == (Decimal("121.94"), Decimal("11.61"))


@pytest.mark.parametrize(
    ("plan", "is_authorised", "pounds"),
    [
        (a_plan(terms=(a_term("7", rate=Decimal(20)),)), True, "140.00"),
        (
            a_plan(terms=(a_term("7", rate=Decimal(20)), a_term("7", THURSDAY, Decimal(30)))),
            True,
            "180.00",
        ),
        (a_plan(end_on=TUESDAY, terms=(a_term("7", rate=Decimal(20)),)), True, "40.00"),
        (
            a_plan(suspended=((MONDAY, TUESDAY),), terms=(a_term("7", rate=Decimal(20)),)),
            True,
            "100.00",
        ),
        (a_plan(terms=(a_term("7", rate=Decimal(20)),)), False, "0.00"),
        (a_plan(UNEVEN, terms=(a_term("7", rate=Decimal(20)),)), True, "140.00"),
    ],
)
def test_a_saved_line_pays_for_those_of_its_days_that_count_now(
    plan: Plan, is_authorised: bool, pounds: str
) -> None:
    line = ActualLine(MONDAY, SUNDAY, 7 * HOUR)
    assert price(line, plan, is_authorised=is_authorised)[0] == Decimal(pounds)


@given(
    st.integers(min_value=0, max_value=7 * 24 * HOUR),
    st.decimals(min_value=1, max_value=99, places=3),
    st.sampled_from(DAILY[:1] + UNEVEN),
)
def test_whole_weeks_are_paid_for_all_their_time(
    seconds: int, rate: Decimal, slot: tuple[int, int, int]
) -> None:
    plan = a_plan((slot,), terms=(a_term("7", rate=rate),))
    times = paid_times([(ActualLine(MONDAY, SUNDAY, seconds), seconds)], plan, is_authorised=True)
    assert whole_seconds(times) == seconds
    assert cost_of(times) == to_the_penny(Decimal(seconds) * rate / HOUR)


@given(st.integers(min_value=0, max_value=100_000), st.integers(min_value=0, max_value=7))
def test_what_is_paid_of_a_run_grows_with_its_days(seconds: int, days: int) -> None:
    end_on = MONDAY + dt.timedelta(days=days - 1)
    times = paid_times(
        [(ActualLine(MONDAY, SUNDAY, seconds), seconds)], a_plan(end_on=end_on), is_authorised=True
    )
    assert sum((time.seconds for time in times), Fraction()) == Fraction(seconds * days, 7)
    assert {time.unit_cost for time in times} <= {RATE}
