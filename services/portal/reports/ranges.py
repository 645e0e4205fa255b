"""How long a report may be: from a day to a day (RULES 15). Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from libs.common.care.weeks import DAYS_IN_A_WEEK, monday_of, sunday_of
from libs.common.files.values import FIRST_DAY, LAST_DAY

MOST_WEEKS = 54
"""A year, with the weeks that it begins and ends in."""
MOST_WEEKS_OF_ALL = 13
"""Of all providers at once, and without a client: a quarter."""

MOST_DAYS = 92
"""Of reports that look at one day after the other: a quarter."""


def weeks_between(first: dt.date, last: dt.date) -> int:
    """How many weeks, Monday to Sunday, the days are in."""
    return (monday_of(last) - monday_of(first)).days // DAYS_IN_A_WEEK + 1


def check_weeks(values: dict[str, Any], is_council: bool) -> dict[str, str]:
    """What is wrong with `first` and `last`, by the names of filters."""
    first, last = values["first"], values["last"]
    if last < first:
        return {"last": "Date to must not be before date from"}
    weeks = weeks_between(first, last)
    if weeks > MOST_WEEKS:
        return {"last": f"Choose at most {MOST_WEEKS} weeks: these are {weeks:,}"}
    is_narrow = not is_council or values.get("organisation") or values.get("client")
    if weeks > MOST_WEEKS_OF_ALL and not is_narrow:
        return {"organisation": f"Choose a provider or a client for more than {MOST_WEEKS_OF_ALL} weeks"}
    return {}


def check_days(values: dict[str, Any], is_council: bool) -> dict[str, str]:
    """What is wrong with `first` and `last` of a report that looks at one day after the other."""
    first, last = values["first"], values["last"]
    if last < first:
        return {"last": "Date to must not be before date from"}
    days = (last - first).days + 1
    return {"last": f"Choose at most {MOST_DAYS} days: these are {days:,}"} if days > MOST_DAYS else {}


def weeks_until(day: dt.date, weeks: int) -> dict[str, dt.date]:
    """So many whole weeks up to the week of a day, as `first` and `last`; none of them beyond the days that can be read."""
    last = sunday_of(monday_of(day))
    first = last - dt.timedelta(days=weeks * DAYS_IN_A_WEEK - 1)
    return {"first": max(first, FIRST_DAY), "last": min(last, LAST_DAY)}
