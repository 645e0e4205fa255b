"""Weeks run Monday to Sunday; payment periods are four of them on a fixed grid (RULES 1 and 8)."""

from datetime import date, timedelta
from functools import lru_cache

DAYS_IN_A_WEEK = 7
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""As files and the API name them."""
DAYS_IN_A_PERIOD = 28
# Any Monday that begins a period fixes the grid; this one also gives 3 Oct 2022.
DEFAULT_GRID_MONDAY = date(2022, 3, 21)


@lru_cache(maxsize=8192)
def monday_of(day: date) -> date:
    """The Monday of the week that holds ``day``."""
    return day - timedelta(days=day.weekday())


def sunday_of(monday: date) -> date:
    """The last day of the week that begins on ``monday``."""
    return monday + timedelta(days=DAYS_IN_A_WEEK - 1)


def visits_due_on(monday: date, submission_days: int) -> date:
    """The last day, in London, on which the visits of a week are in time (RULES 15)."""
    return sunday_of(monday) + timedelta(days=submission_days)


def mondays_between(first: date, last: date) -> list[date]:
    """The Mondays of the weeks from that of ``first`` to that of ``last``."""
    begin = monday_of(first)
    weeks = (monday_of(last) - begin).days // DAYS_IN_A_WEEK + 1
    return [begin + timedelta(days=DAYS_IN_A_WEEK * number) for number in range(weeks)]


def period_start_of(day: date, grid_monday: date = DEFAULT_GRID_MONDAY) -> date:
    """The first day of the payment period that holds ``day``."""
    return day - timedelta(days=(day - grid_monday).days % DAYS_IN_A_PERIOD)


def period_end_of(start: date) -> date:
    """The last day of the payment period that begins on ``start``."""
    return start + timedelta(days=DAYS_IN_A_PERIOD - 1)


def next_period(start: date) -> date:
    """The first day of the period after the one that begins on ``start``."""
    return start + timedelta(days=DAYS_IN_A_PERIOD)


def financial_year_of(start: date) -> str:
    """A period belongs to the financial year (1 April to 31 March) of its start: ``2022/23``."""
    first = start.year if start.month >= 4 else start.year - 1
    return f"{first}/{(first + 1) % 100:02d}"
