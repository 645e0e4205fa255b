"""What a report is: a small declaration. Screen, CSV and PDF are made from it, the same way for every report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, ParamSpec, TypeVar

from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.reports.rendering.chart import WeeklyHours

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Row = dict[str, Any]
"""The cells of a line by the names of columns: dates as 2022-10-03, hours and pounds as 3.05."""
Values = dict[str, Any]
"""What a report is limited to, by the names of filters; None where it is not."""
Place = list[Any]
"""Where a report goes on: what its cursor holds."""
MOST_IN_A_PDF = 3000
"""Lines; what is longer takes too long to set, and nobody reads it."""


@dataclass(frozen=True)
class Asking:
    """Asks services on behalf of whoever reads, also while an answer is still being sent.

    council: whose portal it is, the lines of a letterhead: name and address.
    """

    gateway: Gateway
    caller: Caller
    today: dt.date
    council: Sequence[str] = ()
    _answers: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def ask_once(self, question: Callable[Asked, Answer], *args: Asked.args, **asked: Asked.kwargs) -> Answer:
        """A client's answer, asked for no more than once while a page is made."""
        key = repr((question.__module__, question.__qualname__, args, asked))
        if key not in self._answers:
            self._answers[key] = question(*args, **asked)
        answer: Answer = self._answers[key]
        return answer

    @property
    def ingest(self) -> IngestClient:
        return IngestClient(self.gateway, self.caller)

    @property
    def matching(self) -> MatchingClient:
        return MatchingClient(self.gateway, self.caller)

    @property
    def payments(self) -> PaymentsClient:
        return PaymentsClient(self.gateway, self.caller)

    @property
    def is_council(self) -> bool:
        return self.caller["organisation"] is None


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
    words: what people read for the codes that CSV has.
    link: to the page of what a cell names; asked on screen alone.
    """

    name: str
    heading: str
    kind: str = "text"
    band: str = ""
    is_group: bool = False
    width: float = 1.0
    nothing: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    link: Callable[[Row], str | None] | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in ("hours", "money", "count")


Choices = Callable[[Asking, Values], list[tuple[str, str]]]


@dataclass(frozen=True)
class Filter:
    """Something that a report is limited to.

    kind: line, day, choice or tick. unlimited: what a choice of nothing is called; empty when one must be chosen.
    is_open: a choice of something else is for the service to understand or refuse, such as a former name.
    """

    name: str
    label: str
    kind: str = "line"
    unlimited: str = ""
    choices: Choices | None = None
    is_for_council: bool = False
    is_open: bool = False


@dataclass(frozen=True)
class About:
    """What a report says of itself, whatever way it is taken.

    facts: (label, words) each, above its lines. warning: a sentence that must not be missed. notes: below its lines.
    """

    facts: Sequence[tuple[str, str]] = ()
    warning: str = ""
    notes: Sequence[str] = ()


class Outside(NamedTuple):
    """What the days of a report leave out: how many lines, and the days (`first`, `last`) that show the newest."""

    number: int
    days: Values


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
    """its columns; without `summed_by`, `lines` themselves are a summary"""
    sums: Callable[[Asking, Values], list[tuple[str, str]]] | None = None
    subtotals: Callable[[Row], Sequence[tuple[str, str]]] = lambda row: ()
    """(words, pounds) each: what stands under a line that ends a group"""
    about: Callable[[Asking, Values], About] = lambda asking, values: About()
    csv: tuple[tuple[str, str], ...] = ()
    """(heading, name of a cell) of each column of its CSV, where other systems rely on them"""
    csv_of_summary: tuple[tuple[str, str], ...] = ()
    most_in_a_pdf: int = MOST_IN_A_PDF
    chart: Callable[[Asking, Values], WeeklyHours | None] | None = None
    letterhead: Callable[[Asking, Values], list[str]] = lambda asking, values: []
    """of a PDF that is sent to somebody: whose it is and for whom, a line each"""
    notes: tuple[str, ...] = ()
    empty: str = "There is nothing to show."
    """said of what was looked at, which is named after it"""
    outside: Callable[[Asking, Values], Outside | None] = lambda asking, values: None
    """what `first` and `last` leave out; None where nothing is, or nobody knows"""

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
        return () if self.is_summed(values) else self.headings

    def is_summed(self, values: Values) -> bool:
        """Whether its lines are summed here."""
        return bool(values.get("summary") and self.summed_by)

    def csv_columns(self, values: Values) -> list[tuple[str, str, str]]:
        """(heading, name of a cell, what is written where there is none) of each column of its CSV.

        A heading says all: `Quantity Comm.` where the table has one above the other.
        """
        fixed = self.csv_of_summary if values.get("summary") else self.csv
        if fixed:
            return [(heading, name, "") for heading, name in fixed]
        return [
            (f"{column.band} {column.heading}".strip(), column.name, column.nothing)
            for column in self.columns_of(values)
        ]
