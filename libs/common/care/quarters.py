"""Quarters of a calendar year, by which providers are ranked (RULES 16): ``2026-Q3`` is July to September 2026."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, NamedTuple

from marshmallow import ValidationError, fields

from libs.common.files.values import FIRST_DAY, LAST_DAY

MONTHS_IN_A_QUARTER = 3
PATTERN = r"(\d{4})-Q([1-4])"
_WRITTEN = re.compile(PATTERN)


class Quarter(NamedTuple):
    """Three months; quarters compare by time."""

    year: int
    number: int

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, MONTHS_IN_A_QUARTER * (self.number - 1) + 1, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.before(-1).first - dt.timedelta(days=1)

    def before(self, many: int = 1) -> Quarter:
        """The quarter so many before it; after it, for a number below nought."""
        year, place = divmod(self.year * 4 + self.number - 1 - many, 4)
        return Quarter(year, place + 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def quarter_of(day: dt.date) -> Quarter:
    """The quarter that holds a day."""
    return Quarter(day.year, (day.month - 1) // MONTHS_IN_A_QUARTER + 1)


def parse_quarter(text: str) -> Quarter | None:
    """The quarter that somebody wrote, such as ``2026-Q3``; None for what is none, or lies in no year of RULES 3."""
    found = _WRITTEN.fullmatch(text.strip().upper())
    if found is None or not FIRST_DAY.year <= int(found[1]) <= LAST_DAY.year:
        return None
    return Quarter(int(found[1]), int(found[2]))


class QuarterField(fields.String):
    """A quarter as it is written, checked and in capitals."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        found = parse_quarter(super()._deserialize(value, attr, data, **more))
        if found is None:
            raise ValidationError("Send a quarter such as 2026-Q3.")
        return str(found)
