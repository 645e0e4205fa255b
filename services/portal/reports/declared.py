"""What a report is: a small declaration. Screen, CSV and PDF are made from it, the same way for every report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.reports.rendering.chart import Chart
from services.portal.web.client_names import client_names

Row = dict[str, Any]
"""The cells of a line by the names of columns: dates as 2022-10-03, hours and pounds as 3.05."""
Values = dict[str, Any]
"""What a report is limited to, by the names of filters; None where it is not."""
Place = list[Any]
"""Where a report goes on: what its cursor holds."""


@dataclass(frozen=True)
class Asking:
    """Asks services on behalf of whoever reads, also while an answer is still being sent."""

    gateway: Gateway
    caller: Caller
    today: dt.date
    _answers: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def __call__(self, service: str, method: str, **payload: Any) -> Any:
        return self.gateway.ask(service, method, self.caller, **payload)

    def once(self, service: str, method: str, **payload: Any) -> Any:
        """The same, but asked no more than once while a page is made: for short lists that several filters need."""
        key = repr((service, method, payload))
        if key not in self._answers:
            self._answers[key] = self(service, method, **payload)
        return self._answers[key]

    @property
    def is_council(self) -> bool:
        return self.caller["organisation"] is None


def named(asking: Asking, rows: list[Row]) -> list[Row]:
    """The lines with the `name` of each `client`, as far as the reader has care of the client."""
    names = client_names(asking.gateway, asking.caller, (row["client"] for row in rows))
    return [row | {"name": names.get(row["client"], "")} for row in rows]


class Lines(NamedTuple):
    """A part of a report, and the place after it; None at the end."""

    rows: list[Row]
    place: Place | None


@dataclass(frozen=True)
class Column:
    """A column.

    kind: how its values are written: text, day, hours, money or count.
    band: what stands above the headings of neighbours, such as Quantity.
    is_group: it is said in the heading of a group, or is a detail: a column in CSV alone.
    width: its share of a PDF's page.
    nothing: what is written where there is no value.
    """

    name: str
    heading: str
    kind: str = "text"
    band: str = ""
    is_group: bool = False
    width: float = 1.0
    nothing: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind in ("hours", "money", "count")


Choices = Callable[[Asking, Values], list[tuple[str, str]]]


@dataclass(frozen=True)
class Filter:
    """Something that a report is limited to.

    kind: line, day, choice or tick. unlimited: what a choice of nothing is called; empty when one must be chosen.
    """

    name: str
    label: str
    kind: str = "line"
    unlimited: str = ""
    choices: Choices | None = None
    is_for_council: bool = False


@dataclass(frozen=True)
class Report:
    """A report.

    words: what it shows, in a sentence for whoever looks for a report.
    lines: (asking, values, place, about how many) to a part of it.
    place: the types of what `place` holds.
    headings: what stands above a group of lines, from the widest group to the narrowest; a function of a line each.
    check: (values, is_council) to sentences by the names of filters: what is wrong with what was asked.
    defaults: what it is limited to as long as nothing is said.
    sums: what it comes to in all, (words, pounds) each.
    """

    slug: str
    title: str
    words: str
    filters: tuple[Filter, ...]
    columns: tuple[Column, ...]
    lines: Callable[[Asking, Values, Place | None, int], Lines]
    place: tuple[type, ...]
    headings: tuple[Callable[[Row], str], ...] = ()
    check: Callable[[Values, bool], dict[str, str]] = lambda values, is_council: {}
    defaults: Callable[[Asking, Values], Values] = lambda asking, values: {}
    summed_by: tuple[str, ...] = ()
    """of reports with a filter `summary`: when it is ticked, lines that agree in these cells become one"""
    summary: tuple[Column, ...] = ()
    """its columns"""
    sums: Callable[[Asking, Values], list[tuple[str, str]]] | None = None
    chart: Callable[[Asking, Values], Chart | None] | None = None
    letterhead: Callable[[Values], list[str]] = lambda values: []
    """of a PDF that is sent to somebody: whose it is and for whom, a line each"""
    notes: tuple[str, ...] = ()
    empty: str = "There is nothing to show."

    @property
    def endpoint(self) -> str:
        """Its name as a route."""
        return self.slug.replace("-", "_")

    def columns_of(self, values: Values) -> tuple[Column, ...]:
        return self.summary if values.get("summary") else self.columns

    def shown_columns(self, values: Values) -> list[Column]:
        """The columns of a table under the headings of its groups."""
        return [column for column in self.columns_of(values) if not column.is_group]

    def headings_of(self, values: Values) -> tuple[Callable[[Row], str], ...]:
        return () if values.get("summary") else self.headings
