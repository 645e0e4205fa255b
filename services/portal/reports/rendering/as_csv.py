"""A report as CSV, sent part by part: no more than a part of it is held at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from flask import Response

from services.portal.reports.declared import Asking, Report, Row, Values
from services.portal.reports.rendering.filters import Asked
from services.portal.reports.rendering.lines import parts_of
from services.portal.web.downloads.csv_out import csv_part, csv_text
from services.portal.web.downloads.files import csv_in_parts


def csv_file(asking: Asking, asked: Asked) -> Response:
    """All lines, sent part by part. The first is asked for before anything is sent, so that a refusal is an answer.

    Raises Refused and ServiceUnavailable.
    """
    parts = parts_of(asked.report, asking, asked.values)
    content = csv_of(asked.report, asked.values, chain([next(parts)], parts))
    return csv_in_parts(content, asked.file_name(asking, "csv"))


def csv_of(report: Report, values: Values, parts: Iterable[list[Row]]) -> Iterator[str]:
    """The headings and lines of these parts; groups are columns, dates stand as 2022-10-03, pounds as 3.05."""
    columns = report.csv_columns(values)
    yield csv_text([heading for heading, _, _ in columns], [])
    for rows in parts:
        yield csv_part([_cell(row, name, nothing) for _, name, nothing in columns] for row in rows)


def _cell(row: Row, name: str, nothing: str) -> object:
    value = row.get(name)
    return nothing if value is None else value
