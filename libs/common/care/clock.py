"""The council's day: local time is Europe/London (RULES, introduction)."""

import datetime as dt
from typing import overload
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(moment: dt.datetime) -> dt.date:
    """The day in London at an aware moment."""
    return moment.astimezone(LONDON).date()


def begin_of_day(day: dt.date) -> dt.datetime:
    """When a day begins in London."""
    return dt.datetime.combine(day, dt.time(), LONDON)


def moments_of_days(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """When the first day begins in London, and when the last is over."""
    return begin_of_day(first), begin_of_day(last + dt.timedelta(days=1))


def now() -> dt.datetime:
    """The moment at which something is asked; taken at the edge and passed in from there."""
    return dt.datetime.now(dt.UTC)


def london_today() -> dt.date:
    """The day in London now."""
    return london_day(now())


@overload
def iso_text(when: dt.date) -> str: ...
@overload
def iso_text(when: None) -> None: ...
@overload
def iso_text(when: dt.date | None) -> str | None: ...
def iso_text(when: dt.date | None) -> str | None:
    """A day or a moment as documents have it, and None where there is none."""
    return None if when is None else when.isoformat()
