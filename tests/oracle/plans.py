"""What was commissioned for each week, a second time: day by day, in fractions (RULES 15)."""

import datetime as dt
from fractions import Fraction

from tests.oracle.books import Oracle
from tests.oracle.facts.packages import Package
from tests.oracle.facts.values import duration, penny, pounds

DAY = dt.timedelta(days=1)


def commissioned_weeks(
    oracle: Oracle, first: dt.date, last: dt.date
) -> dict[tuple[int, dt.date], tuple[str, str]]:
    """Hours and pounds of each CPLI and week in which it is in force or has an actual, between two Mondays."""
    mondays = [first + number * 7 * DAY for number in range((last - first).days // 7 + 1)]
    actuals = oracle.weeks()
    return {
        (package.cpli_id, monday): work_out_week(oracle, package, monday)
        for package in oracle.care.packages.values()
        for monday in mondays
        if package.unit == "Hr"
        if (package.start <= monday + 6 * DAY and monday <= package.end)
        or (package.cpli_id, monday) in actuals
    }


def work_out_week(oracle: Oracle, package: Package, monday: dt.date) -> tuple[str, str]:
    """Each day by its own quantity, at its own rate: its slots' part of all slots, a seventh where there are none."""
    whole = sum(duration(entry, exit_) for _, entry, exit_ in package.slots)
    hours = cost = Fraction()
    for day in (monday + number * DAY for number in range(7)):
        rests = package.is_suspended_on(day) or oracle.care.is_away(package, day)
        if rests or not package.start <= day <= package.end:
            continue
        slots = [
            duration(entry, exit_) for weekday, entry, exit_ in package.slots if weekday == day.weekday()
        ]
        part = Fraction(sum(slots), whole) if whole else Fraction(1, 7)
        term = package.term_on(day)
        hours += Fraction(term.quantity) * part
        cost += Fraction(term.quantity) * part * Fraction(term.unit_cost)
    return pounds(penny(hours)), pounds(penny(cost))
