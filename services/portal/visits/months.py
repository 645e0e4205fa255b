"""The weeks of a month, as a calendar shows them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from libs.common.care.weeks import monday_of

A_WEEK = dt.timedelta(days=7)
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Month:
    """A month by its first day, with the Mondays of all weeks that touch it, and a week in each month beside it."""

    first: dt.date
    mondays: tuple[dt.date, ...]
    before: dt.date
    after: dt.date


def month_of(monday: dt.date) -> Month:
    """The month in which a week begins."""
    first = monday.replace(day=1)
    next_first = (first + 31 * A_DAY).replace(day=1)
    mondays = []
    week = monday_of(first)
    while week < next_first:
        mondays.append(week)
        week += A_WEEK
    return Month(
        first, tuple(mondays), first_monday((first - A_DAY).replace(day=1)), first_monday(next_first)
    )


def calendar_of(month: Month, link: Callable[[dt.date], str], states: Mapping[str, str]) -> dict[str, Any]:
    """The month's weeks with their links and, by their Mondays as text, what is to be said of each."""
    return {
        "first": month.first,
        "weeks": [
            {"monday": monday, "link": link(monday), "state": states.get(monday.isoformat(), "–")}
            for monday in month.mondays
        ],
        "before": link(month.before),
        "after": link(month.after),
    }


def first_monday(first: dt.date) -> dt.date:
    """The first Monday of the month that begins on this day."""
    return first + dt.timedelta(days=-first.weekday() % 7)
