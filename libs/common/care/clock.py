"""The council's day: local time is Europe/London (RULES, introduction)."""

import datetime as dt
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(moment: dt.datetime) -> dt.date:
    """The day in London at an aware moment."""
    return moment.astimezone(LONDON).date()


def now() -> dt.datetime:
    """The moment at which something is asked; taken at the edge and passed in from there."""
    return dt.datetime.now(dt.UTC)
