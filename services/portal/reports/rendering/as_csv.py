"""A report as CSV, sent part by part: no more than a part of it is held at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.portal.reports.declared import Column, Report, Row, Values
from services.portal.web.csv_out import csv_part, csv_text


def csv_of(report: Report, values: Values, parts: Iterable[list[Row]]) -> Iterator[str]:
    """The headings and lines of these parts; groups are columns, dates stand as 2022-10-03, pounds as 3.05."""
    columns = report.columns_of(values)
    yield csv_text([heading_of(column) for column in columns], [])
    for rows in parts:
        yield csv_part([_cell(row, column) for column in columns] for row in rows)


def heading_of(column: Column) -> str:
    """A heading that says all: `Quantity Comm.` where the table has one above the other."""
    return f"{column.band} {column.heading}".strip()


def _cell(row: Row, column: Column) -> object:
    value = row.get(column.name)
    return column.nothing if value is None else value
