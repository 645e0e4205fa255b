"""The lines of a report: all of them part by part, grouped under headings, and their cells as people read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from libs.common.errors import Refused
from services.portal.reports.declared import Asking, Column, Lines, Place, Report, Row, Values
from services.portal.web import formats

LINES_A_CALL = 1000


@dataclass
class Group:
    """Lines under headings: (level, text) of those that are new with this group; below, (words, pounds) of subtotals."""

    headings: list[tuple[int, str]]
    rows: list[Row] = field(default_factory=list)
    subtotals: list[tuple[str, str]] = field(default_factory=list)


def part_of(report: Report, asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """About so many lines after a place; what is summed here is one part. Raises Refused and ServiceUnavailable."""
    if not report.is_summed(values):
        return report.lines(asking, values, place, limit)
    rows: list[Row] = []
    while True:
        found, place = report.lines(asking, values, place, LINES_A_CALL)
        rows += found
        if place is None:
            return Lines(summed(rows, report.summed_by), None)


def parts_of(report: Report, asking: Asking, values: Values) -> Iterator[list[Row]]:
    """All lines, part by part: no more than a part is held at once. Raises Refused and ServiceUnavailable."""
    place: Place | None = None
    while True:
        rows, place = part_of(report, asking, values, place, LINES_A_CALL)
        yield rows
        if place is None:
            return


def lines_for_pdf(report: Report, asking: Asking, values: Values) -> list[Row]:
    """All lines. Raises Refused ``too_long`` when they are more than a PDF is good for."""
    rows: list[Row] = []
    for part in parts_of(report, asking, values):
        rows += part
        if len(rows) > report.most_in_a_pdf:
            raise Refused(
                "too_long",
                f"The report has more than {report.most_in_a_pdf:,} lines, which is too long for a PDF: go back and choose less, "
                "or download the CSV.",
            )
    return rows


def grouped(
    rows: Sequence[Row],
    headings: Sequence[Callable[[Row], str]],
    subtotals: Callable[[Row], Sequence[tuple[str, str]]] = lambda row: (),
) -> list[Group]:
    """The lines under their headings, in order; a heading is said again when it, or a wider one, changes."""
    groups: list[Group] = []
    before: list[str] = []
    for row in rows:
        texts = [heading(row) for heading in headings]
        if not groups or texts != before:
            same = next((n for n, text in enumerate(texts) if n >= len(before) or text != before[n]), 0)
            groups.append(Group(list(enumerate(texts))[same:]))
        groups[-1].rows.append(row)
        groups[-1].subtotals += subtotals(row)
        before = texts
    return groups


def bands(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """What stands above the headings: (words, how many columns) each; nothing at all when no column has a band."""
    found = [(band, len(list(of_band))) for band, of_band in groupby(columns, lambda column: column.band)]
    return found if any(band for band, _ in found) else []


def cell(column: Column, row: Row) -> str:
    """A cell as people read it."""
    value = row.get(column.name)
    if value is None or value == "":
        return column.nothing
    write: Callable[[Any], str] = {
        "day": formats.day,
        "money": formats.pounds,
        "hours": formats.in_hours,
    }.get(column.kind, str)
    return write(column.words.get(value, value))


def summed(rows: Sequence[Row], by: Sequence[str], amount: str = "amount") -> list[Row]:
    """One line for each combination of `by`: how many lines it is made of (`lines`), and the sum of their pounds."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in by)
        line = found.setdefault(key, {**dict(zip(by, key, strict=True)), "lines": 0, amount: Decimal(0)})
        line["lines"] += 1
        line[amount] += Decimal(row[amount])
    return [line | {amount: str(line[amount])} for _, line in sorted(found.items())]


def sums_of(report: Report, asking: Asking, values: Values) -> list[tuple[str, str]]:
    """What the report comes to. Raises Refused and ServiceUnavailable."""
    return report.sums(asking, values) if report.sums else []
