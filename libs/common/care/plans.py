"""What a care package line item plans for a week, day by day (RULES 15). Pure: values in, values out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from libs.common.care.terms import Term, term_on
from libs.common.care.weeks import DAYS_IN_A_WEEK
from libs.common.seams.matching.events import SaidPlan

SECONDS_IN_A_DAY = 86_400

Slot = tuple[int, int, int]
"""Weekday (Monday is 0), entry and exit in seconds since midnight; an exit before the entry is on the next day."""
Days = tuple[date, date]
"""The first and the last of some days, both included."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When a CPLI is in force, and what it plans: a timetable (empty: one flexible diary) and its dated terms."""

    start_on: date
    end_on: date | None
    timetable: tuple[Slot, ...]
    suspensions: tuple[Days, ...]
    terms: tuple[Term, ...]


class Commissioned(NamedTuple):
    """What is commissioned for a week: hours and pounds, not rounded yet."""

    hours: Decimal
    cost: Decimal


def days_in_force(plan: Plan, monday: date) -> list[date]:
    """The days of a week on which the CPLI is in force and not suspended."""
    days = (monday + timedelta(days=number) for number in range(DAYS_IN_A_WEEK))
    return [day for day in days if is_in_force(plan, day)]


def is_in_force(plan: Plan, day: date) -> bool:
    """Whether ``day`` is within the CPLI's dates and not suspended."""
    is_within = plan.start_on <= day and (plan.end_on is None or day <= plan.end_on)
    return is_within and not any(first <= day <= last for first, last in plan.suspensions)


def commissioned_of_week(plan: Plan, monday: date) -> Commissioned:
    """RULES 15: each day by its own Quantity and at its own rate, by its share of the week.

    A day's share is that of its slots' seconds in all slots' seconds, or a seventh without a timetable.
    """
    share_of, whole = shares_of_week(plan.timetable)
    shares: dict[tuple[Decimal, Decimal], int] = defaultdict(int)
    for day in days_in_force(plan, monday):
        term = term_on(plan.terms, day)
        shares[term.quantity, term.unit_cost] += share_of[day.weekday()]
    hours = sum((quantity * share for (quantity, _), share in shares.items()), Decimal(0))
    cost = sum((quantity * rate * share for (quantity, rate), share in shares.items()), Decimal(0))
    return Commissioned(hours / whole, cost / whole)


def shares_of_week(timetable: Sequence[Slot]) -> tuple[list[int], int]:
    """Each weekday's share of a week, and what they add up to."""
    seconds = [0] * DAYS_IN_A_WEEK
    for weekday, entry, exit_ in timetable:
        seconds[weekday] += (exit_ - entry) % SECONDS_IN_A_DAY
    whole = sum(seconds)
    return (seconds, whole) if whole else ([1] * DAYS_IN_A_WEEK, DAYS_IN_A_WEEK)


def plan_as_json(timetable: Iterable[Slot], suspensions: Iterable[Days]) -> SaidPlan:
    """What of a plan messages carry beside dates and terms."""
    days = [[first.isoformat(), last.isoformat()] for first, last in suspensions]
    return {"timetable": [list(slot) for slot in timetable], "suspensions": days}


def plan_from_json(
    start_on: date, end_on: date | None, terms: tuple[Term, ...], said: Mapping[str, Any]
) -> Plan:
    """The plan of a CPLI from its dates, its terms and what `plan_as_json` made; nothing said is one diary."""
    suspensions = (tuple(map(date.fromisoformat, days)) for days in said.get("suspensions", ()))
    slots = tuple((weekday, entry, exit_) for weekday, entry, exit_ in said.get("timetable", ()))
    return Plan(start_on, end_on, slots, tuple((first, last) for first, last in suspensions), terms)
