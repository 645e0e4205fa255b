"""The spans of KPIs: quarters, or what the council sets instead (RULES 16), pure."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from libs.common.files.values import FIRST_DAY, LAST_DAY

QUARTER_MONTHS: Final = 3
_MONTHS_A_YEAR: Final = 12
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True)
class Span:
    """Whole months, one after another. ``months_since``: those from January of the year 0 to its first."""

    months_since: int
    months: int

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.months_since // _MONTHS_A_YEAR, self.months_since % _MONTHS_A_YEAR + 1, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        month = self.months_since + self.months - 1
        year, number = month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1
        return dt.date(year, number, calendar.monthrange(year, number)[1])

    @property
    def name(self) -> str:
        """2022-10, by its first month: so it stands in addresses."""
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        """October to December 2022; with both years where they differ; one month alone by its name."""
        first, last = self.first, self.last
        if self.months == 1:
            return f"{first:%B %Y}"
        begin = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
        return f"{begin} to {last:%B %Y}"

    @property
    def short_words(self) -> str:
        """Oct to Dec 2022: over a column."""
        first, last = self.first, self.last
        if self.months == 1:
            return f"{first:%b %Y}"
        begin = f"{first:%b}" if first.year == last.year else f"{first:%b %Y}"
        return f"{begin} to {last:%b %Y}"

    def moved(self, number: int) -> Span:
        """The span so many after it, or before it."""
        return Span(self.months_since + number * self.months, self.months)

    @property
    def is_readable(self) -> bool:
        """Whether its days and those of the span before can be asked about (RULES 3)."""
        return self.moved(-1).first >= FIRST_DAY and self.last <= LAST_DAY


def span_of(day: dt.date, months: int, first_month: int) -> Span:
    """The span that holds a day, where one begins in this month of the year (January is 1)."""
    number = day.year * _MONTHS_A_YEAR + day.month - 1
    return Span(number - (number - (first_month - 1)) % months, months)


def span_named(text: str, months: int, first_month: int) -> Span | None:
    """The span that a name means: 2022-10 the one that holds this month, 2022-Q4 the one that is this quarter.

    None where it means none, or one whose days can't be asked about.
    """
    if found := _QUARTER.fullmatch(text):
        begin = (int(found[2]) - 1) * QUARTER_MONTHS + 1
        span = _span_of_month(int(found[1]), begin, months, first_month)
        is_it = span is not None and span.months == QUARTER_MONTHS and span.first.month == begin
        return span if is_it else None
    if found := _MONTH.fullmatch(text):
        return _span_of_month(int(found[1]), int(found[2]), months, first_month)
    return None


def _span_of_month(year: int, month: int, months: int, first_month: int) -> Span | None:
    if not (FIRST_DAY.year <= year <= LAST_DAY.year and 1 <= month <= _MONTHS_A_YEAR):
        return None
    span = span_of(dt.date(year, month, 1), months, first_month)
    return span if span.is_readable else None


def spans_before(span: Span, number: int) -> Iterator[Span]:
    """So many spans, this one first, then those before it, as far back as days can be asked about."""
    for back in range(number):
        found = span.moved(-back)
        if found.is_readable:
            yield found


def share_text(part: int, whole: int) -> str | None:
    """A part in per cent of a whole, to one decimal, half up; None of nothing."""
    if whole == 0:
        return None
    return str((Decimal(part) * 100 / whole).quantize(_TENTH, ROUND_HALF_UP))
