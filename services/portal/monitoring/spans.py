"""Months and quarters over which measures are taken. Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from libs.common.files.values import FIRST_DAY, LAST_DAY

MONTHS: Final = {"month": 1, "quarter": 3}
"""How many months a span of each kind has; a quarter begins in January, April, July or October."""
SHOWN: Final = {"month": 6, "quarter": 5}
"""How many spans stand beside one another."""
_MONTHS_A_YEAR = 12
A_DAY: Final = dt.timedelta(days=1)


class Span(NamedTuple):
    """A month or a quarter: its kind, and its first and last day."""

    kind: str
    first: dt.date
    last: dt.date

    @property
    def name(self) -> str:
        """October 2022, or October to December 2022."""
        if self.first.month == self.last.month:
            return f"{self.first:%B %Y}"
        return f"{self.first:%B} to {self.last:%B %Y}"

    @property
    def short_name(self) -> str:
        """Oct 2022, or Oct–Dec 2022."""
        if self.first.month == self.last.month:
            return f"{self.first:%b %Y}"
        return f"{self.first:%b}–{self.last:%b %Y}"

    @property
    def before(self) -> Span | None:
        """The span before it; None before the first day that anything can be planned on."""
        return None if self.first <= FIRST_DAY else span_of(self.kind, self.first - A_DAY)

    @property
    def after(self) -> Span | None:
        """The span after it; None after the last day that anything can be planned on."""
        return None if self.last >= LAST_DAY else span_of(self.kind, self.last + A_DAY)

    def with_earlier(self) -> list[Span]:
        """As many as stand beside one another, the oldest first and this one last."""
        spans = [self]
        while len(spans) < SHOWN[self.kind] and (before := spans[-1].before) is not None:
            spans.append(before)
        return spans[::-1]


def span_of(kind: str, day: dt.date) -> Span:
    """The month or quarter of a day."""
    months = MONTHS[kind]
    first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    later = first.month - 1 + months
    following = first.replace(year=first.year + later // _MONTHS_A_YEAR, month=later % _MONTHS_A_YEAR + 1)
    return Span(kind, first, following - A_DAY)
