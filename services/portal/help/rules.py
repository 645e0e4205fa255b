"""When visits must be in, and when payment periods begin and end (RULES 8, 15), pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from libs.common.care.weeks import (
    DEFAULT_GRID_MONDAY,
    financial_year_of,
    monday_of,
    next_period,
    period_end_of,
    period_start_of,
    visits_due_on,
)

DEFAULT_SUBMISSION_DAYS: Final = 3
"""Not in RULES: visits of a week are due by the end of the Wednesday after it, unless the council says otherwise."""
MOST_SUBMISSION_DAYS: Final = 28
_A_WEEK: Final = dt.timedelta(days=7)


@dataclass(frozen=True)
class CalendarPeriod:
    """A payment period: its days, and by when each of its weeks' visits are due."""

    start: dt.date
    end: dt.date
    weeks: tuple[tuple[dt.date, dt.date], ...]
    """(Monday, the last day on which its visits are in time)"""

    @property
    def due_on(self) -> dt.date:
        """The last day for all of its visits."""
        return self.weeks[-1][1]


def week_due_after(today: dt.date, submission_days: int) -> dt.date:
    """The Monday of the week whose visits are due next: today, or after it."""
    monday = monday_of(today) - _A_WEEK * (2 + submission_days // 7)
    while visits_due_on(monday, submission_days) < today:
        monday += _A_WEEK
    return monday


def calendar(financial_year: str, submission_days: int) -> list[CalendarPeriod]:
    """The periods of a financial year (`2022/23`): those that start in it. ValueError for what is none."""
    first_year = first_year_of(financial_year)
    start = period_start_of(dt.date(first_year, 4, 1), DEFAULT_GRID_MONDAY)
    periods = []
    while start < dt.date(first_year + 1, 4, 1):
        if financial_year_of(start) == financial_year:
            periods.append(_period(start, submission_days))
        start = next_period(start)
    return periods


def first_year_of(financial_year: str) -> int:
    """2022 of `2022/23`. ValueError for what is no financial year."""
    first, _, second = financial_year.partition("/")
    if not (len(first) == 4 and first.isascii() and first.isdigit()):
        raise ValueError("a financial year is written as 2022/23")
    year = int(first)
    if not 1990 <= year <= 2200 or second != f"{(year + 1) % 100:02d}":
        raise ValueError("a financial year is written as 2022/23")
    return year


def financial_year(first_year: int) -> str:
    """`2022/23` of 2022."""
    return f"{first_year}/{(first_year + 1) % 100:02d}"


def _period(start: dt.date, submission_days: int) -> CalendarPeriod:
    mondays = [start + _A_WEEK * week for week in range(4)]
    weeks = tuple((monday, visits_due_on(monday, submission_days)) for monday in mondays)
    return CalendarPeriod(start, period_end_of(start), weeks)
