"""The columns of a file of actuals (RULES 13), and how times and days stand in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from libs.common.care.weeks import WEEKDAYS, monday_of
from libs.common.files.rejected_rows import defused
from libs.common.files.values import parse_date
from libs.common.seams.ingest.actuals import ActualDocument

HEADINGS: Final[tuple[str, ...]] = (
    "CpliId",
    "SSRef",
    "ClientName",
    "ServiceName",
    "ServiceLevel",
    "Week",
    "Day",
    "Planned",
    "Delivered",
    "Frustrated",
    "Visits",
    "Comment",
)
_HOURS: Final = re.compile(r"([0-9]{1,3}):([0-9]{2})")
_FROM: Final = re.compile(r"from +(.+)", re.IGNORECASE)
_WEEKDAY: Final = {name.casefold(): number for number, name in enumerate(WEEKDAYS)}


def hours_text(seconds: int) -> str:
    """A time as the file has it: H:MM. Whole minutes; what is beyond is left out."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


def parse_hours(text: str) -> int | None:
    """Seconds of a cleaned cell of H:MM; None when unreadable."""
    match = _HOURS.fullmatch(text) if text.isascii() else None
    if match is None or int(match[2]) > 59:
        return None
    return int(match[1]) * 3600 + int(match[2]) * 60


def day_text(first_on: dt.date, last_on: dt.date) -> str:
    """A line's day: Mon to Sun, or the first of a run of days. A run of one day is written as one."""
    return WEEKDAYS[first_on.weekday()] if first_on == last_on else f"From {first_on.isoformat()}"


def parse_day(text: str, monday: dt.date) -> tuple[dt.date, bool] | None:
    """The first day of a line, and whether a run of days is meant; None when unreadable or of another week."""
    if (number := _WEEKDAY.get(text.casefold())) is not None:
        return monday + dt.timedelta(days=number), False
    match = _FROM.fullmatch(text)
    day = parse_date(match[1]) if match else None
    return (day, True) if day is not None and monday_of(day) == monday else None


def rows_of_week(actuals: Iterable[ActualDocument], names: Mapping[str, str]) -> Iterator[list[str]]:
    """The rows of a file of actuals, a line each; client names by reference. No cell runs in a spreadsheet (RULES 15)."""
    for actual in actuals:
        of_week = (
            str(actual["cpli_id"]),
            actual["ssref"],
            names.get(actual["client_reference"], ""),
            actual["service"],
            actual["service_level"],
            actual["week"],
        )
        for line in actual["lines"]:
            days = dt.date.fromisoformat(line["first_on"]), dt.date.fromisoformat(line["last_on"])
            seconds = (line["planned_seconds"], line["delivered_seconds"], line["frustrated_seconds"])
            visits = "" if line["visits"] is None else str(line["visits"])
            cells = (*of_week, day_text(*days), *map(hours_text, seconds), visits, line["comment"])
            yield list(map(defused, cells))
