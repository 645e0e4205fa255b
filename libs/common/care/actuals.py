"""Actuals (RULES 13): what a week plans line by line, and what of a saved week is paid. Pure: values in, values out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from libs.common.care.money import SECONDS_IN_AN_HOUR
from libs.common.care.plans import Plan, days_in_force, is_in_force, shares_of_week
from libs.common.care.terms import Term, term_on

SECONDS_IN_A_MINUTE = 60
MINUTES_IN_AN_HOUR = 60
ONE_DAY = timedelta(days=1)


class PlannedLine(NamedTuple):
    """A line of a week: a day that has slots, or consecutive days under the same terms. Whole minutes, in seconds."""

    first_on: date
    last_on: date
    planned_seconds: int


@dataclass(frozen=True, slots=True)
class ActualLine:
    """What was delivered in a line, as somebody entered it; ``visits`` is None where no number was given."""

    first_on: date
    last_on: date
    delivered_seconds: int
    frustrated_seconds: int = 0
    visits: int | None = None
    comment: str = ""

    @property
    def days(self) -> list[date]:
        return list(days_between(self.first_on, self.last_on))


def planned_lines(plan: Plan, monday: date) -> list[PlannedLine]:
    """The lines of a week: none on days outside the CPLI's dates, on suspended days and, by timetable, without slots.

    The plan is that of an authorised CPLI whose Unit is `Hr`.
    """
    days = days_in_force(plan, monday)
    share_of, whole = shares_of_week(plan.timetable)
    if plan.timetable:
        runs = [[day] for day in days if share_of[day.weekday()]]
    else:
        runs = list(_runs_under_same_terms(days, plan.terms))
    return [PlannedLine(run[0], run[-1], _planned_seconds(plan.terms, run, share_of, whole)) for run in runs]


def planned_in_week(lines: Iterable[PlannedLine]) -> int:
    """Seconds that a week plans."""
    return sum(line.planned_seconds for line in lines)


def _runs_under_same_terms(days: Sequence[date], terms: Sequence[Term]) -> Iterator[list[date]]:
    run = list(days[:1])
    for before, day in pairwise(days):
        if day - before > ONE_DAY or term_on(terms, day) is not term_on(terms, before):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _planned_seconds(terms: Sequence[Term], run: Sequence[date], share_of: Sequence[int], whole: int) -> int:
    """Each day's part of its Quantity (hours a week), half up to the minute."""
    hours = sum((share_of[day.weekday()] * term_on(terms, day).quantity for day in run), Decimal(0))
    minutes, parts = (
        hours * MINUTES_IN_AN_HOUR
    ).as_integer_ratio()  # whole numbers: thousands of lines are asked for
    return (2 * minutes + parts * whole) // (2 * parts * whole) * SECONDS_IN_A_MINUTE


class PaidTime(NamedTuple):
    """Time that is paid at a rate: seconds (parts of one where a line's days differ), and pounds an hour."""

    seconds: Fraction
    unit_cost: Decimal


def paid_times(
    seconds_of_lines: Iterable[tuple[ActualLine, int]], plan: Plan, *, is_authorised: bool
) -> list[PaidTime]:
    """What of some time in lines is paid, by rate: that of the days in force, authorised and not suspended.

    A line's time is spread evenly over its days, each at its own day's rate, whatever the timetable says now.
    """
    by_rate: dict[Decimal, Fraction] = {}
    with_time = ((line, seconds) for line, seconds in seconds_of_lines if seconds and is_authorised)
    for line, seconds in with_time:
        days = line.days
        paid = Counter(term_on(plan.terms, day).unit_cost for day in days if is_in_force(plan, day))
        for rate, count in paid.items():
            by_rate[rate] = by_rate.get(rate, Fraction()) + Fraction(seconds * count, len(days))
    return [PaidTime(seconds, rate) for rate, seconds in sorted(by_rate.items())]


def cost_of(times: Iterable[PaidTime]) -> Decimal:
    """Pounds: the exact products of time and rate are summed, then rounded once, half up."""
    exact = sum((time.seconds * Fraction(time.unit_cost) for time in times), Fraction()) / SECONDS_IN_AN_HOUR
    return Decimal(int(exact * 100 + Fraction(1, 2))).scaleb(-2)


def whole_seconds(times: Iterable[PaidTime]) -> int:
    """The time in whole seconds, half up."""
    return int(sum((time.seconds for time in times), Fraction()) + Fraction(1, 2))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
