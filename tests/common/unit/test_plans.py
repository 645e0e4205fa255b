"""What a care package line item plans for a week and for a part of one, case by case (RULES 15, 17)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.money import to_the_penny
from libs.common.care.plans import (
    Plan,
    Slot,
    commissioned_of_week,
    days_in_force,
    plan_as_json,
    plan_from_json,
)
from libs.common.care.terms import FROM_START, Term
from tests.support.builders.care import RATE

MONDAY = dt.date(2022, 10, 3)
SUNDAY = dt.date(2022, 10, 9)
HOUR = 3600
DAILY: tuple[Slot, ...] = tuple((day, 9 * HOUR, 10 * HOUR) for day in range(7))
UNEVEN: tuple[Slot, ...] = ((0, 8 * HOUR, 11 * HOUR), (3, 20 * HOUR, 21 * HOUR))
OVERNIGHT: tuple[Slot, ...] = ((5, 22 * HOUR, 6 * HOUR), (6, 22 * HOUR, 6 * HOUR))


def a_term(quantity: str, since: dt.date = FROM_START, rate: Decimal = RATE) -> Term:
    return Term(since, Decimal(quantity), rate, None, "Council")


def a_plan(
    timetable: tuple[Slot, ...] = (),
    *,
    start_on: dt.date = dt.date(2022, 8, 1),
    end_on: dt.date | None = None,
    suspended: tuple[tuple[dt.date, dt.date], ...] = (),
    terms: tuple[Term, ...] = (a_term("7"),),
) -> Plan:
    return Plan(start_on, end_on, timetable, suspended, terms)


@pytest.mark.parametrize(
    ("plan", "hours", "cost"),
    [
        (a_plan(), "7.00", "162.58"),
        (a_plan(DAILY), "7.00", "162.58"),
        (a_plan(DAILY, suspended=((MONDAY, MONDAY),)), "6.00", "139.36"),
        (a_plan(start_on=dt.date(2022, 10, 6)), "4.00", "92.90"),
        (a_plan(end_on=MONDAY), "1.00", "23.23"),
        (a_plan(UNEVEN, end_on=dt.date(2022, 10, 5), terms=(a_term("4"),)), "3.00", "69.68"),
        (a_plan(UNEVEN, start_on=dt.date(2022, 10, 4), terms=(a_term("4"),)), "1.00", "23.23"),
        (a_plan(OVERNIGHT, end_on=dt.date(2022, 10, 8), terms=(a_term("16"),)), "8.00", "185.81"),
        (a_plan(DAILY, suspended=((MONDAY, SUNDAY),)), "0.00", "0.00"),
        (a_plan(DAILY, start_on=dt.date(2022, 10, 10)), "0.00", "0.00"),
    ],
)
def test_a_part_week_commissions_the_part_of_its_days(plan: Plan, hours: str, cost: str) -> None:
    found = commissioned_of_week(plan, MONDAY)
    assert (str(to_the_penny(found.hours)), str(to_the_penny(found.cost))) == (hours, cost)


def test_each_day_counts_by_its_own_quantity_and_at_its_own_rate() -> None:
    thursday = MONDAY + dt.timedelta(days=3)
    plan = a_plan(DAILY, terms=(a_term("7"), a_term("14", thursday, Decimal("25"))))
    found = commissioned_of_week(plan, MONDAY)
    assert (found.hours, found.cost) == (Decimal(11), 3 * RATE + 8 * Decimal("25"))


def test_two_carers_at_once_share_out_the_quantity_of_both() -> None:
    plan = a_plan(DAILY, end_on=dt.date(2022, 10, 4), terms=(a_term("14"),))
    assert commissioned_of_week(plan, MONDAY).hours == 4


quantities = st.decimals(min_value=0, max_value=168, places=2)
slots = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 86_399), st.integers(0, 86_399)).filter(
        lambda s: s[1] != s[2]
    ),
    max_size=20,
    unique=True,
)


@given(quantities, slots)
def test_a_whole_week_is_the_weekly_quantity(quantity: Decimal, timetable: list[Slot]) -> None:
    plan = a_plan(tuple(timetable), terms=(a_term(str(quantity)),))
    assert commissioned_of_week(plan, MONDAY).hours == quantity


@given(slots, st.integers(0, 6))
def test_two_parts_of_a_week_are_the_whole(timetable: list[Slot], days: int) -> None:
    middle = MONDAY + dt.timedelta(days=days)
    first = commissioned_of_week(a_plan(tuple(timetable), end_on=middle), MONDAY)
    second = commissioned_of_week(a_plan(tuple(timetable), start_on=middle + dt.timedelta(days=1)), MONDAY)
    assert to_the_penny(first.hours + second.hours) == 7


def test_suspended_days_are_not_in_force() -> None:
    plan = a_plan(start_on=dt.date(2022, 10, 4), suspended=((dt.date(2022, 10, 6), dt.date(2022, 10, 7)),))
    assert [day.day for day in days_in_force(plan, MONDAY)] == [4, 5, 8, 9]


@given(slots, st.lists(st.tuples(st.dates(), st.dates()), max_size=3))
def test_a_plan_is_the_same_after_its_journey(
    timetable: list[Slot], days: list[tuple[dt.date, dt.date]]
) -> None:
    plan = a_plan(tuple(timetable), suspended=tuple(days))
    said = json.loads(json.dumps(plan_as_json(plan.timetable, plan.suspensions)))
    assert plan_from_json(plan.start_on, plan.end_on, plan.terms, said) == plan
