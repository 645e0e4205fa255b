"""Which weeks came late (RULES 15, 16), pure."""

from __future__ import annotations

import datetime as dt

from libs.common.care.clock import london_day
from libs.common.care.weeks import mondays_between, visits_due_on


def weeks_of(first: dt.date, last: dt.date) -> list[dt.date]:
    """The Mondays on these days: a week is of the span that has its Monday."""
    return [monday for monday in mondays_between(first, last) if first <= monday]


def is_late(monday: dt.date, came_at: dt.datetime, submission_days: int) -> bool:
    """Whether the first visits of a week came after the last day, in London, on which they were due."""
    return london_day(came_at) > visits_due_on(monday, submission_days)
