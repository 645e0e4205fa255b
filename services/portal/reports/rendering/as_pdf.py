"""A report as PDF: title, what it is limited to, a table whose headings stand on every page, page numbers (RULES 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response
from reportlab.lib.units import mm
from reportlab.platypus import Spacer, Table

from services.portal.reports.declared import About, Asking, Column, Outside, Report, Row, Values
from services.portal.reports.rendering.filters import Asked
from services.portal.reports.rendering.lines import bands, cell, grouped, lines_for_pdf, sums_of
from services.portal.web import formats
from services.portal.web.downloads.files import PDF, download
from services.portal.web.pdf.layout import ACROSS, MARGIN, make_pdf
from services.portal.web.pdf.tables import GREY, Command, cell_of, table
from services.portal.web.pdf.texts import CELL, CELL_HEADING, NUMBER_HEADING, TITLE, paragraph

WIDTH = ACROSS[0] - 2 * MARGIN
NOTHING_BESIDES = About()
ROWS_A_TABLE = 200
"""A table that goes over many pages is split again on each: short ones, one after the other, look the same."""


def pdf_file(asking: Asking, asked: Asked) -> Response:
    """All lines, as far as a PDF is good for them. Raises Refused and ServiceUnavailable."""
    return download(made_pdf(asking, asked), asked.file_name(asking, "pdf"), PDF)


def made_pdf(asking: Asking, asked: Asked) -> bytes:
    """All lines as a PDF. Raises Refused and ServiceUnavailable."""
    report, values = asked.report, asked.values
    return pdf_of(
        report,
        values,
        lines_for_pdf(report, asking, values),
        limits=asked.in_words,
        sums=sums_of(report, asking, values),
        about=_with_outside(report.about(asking, values), report.outside(asking, values)),
        letterhead=report.letterhead(asking, values),
    )


def _with_outside(about: About, outside: Outside | None) -> About:
    """What a report says of itself, and how much its days leave out."""
    if outside is None:
        return about
    return replace(about, notes=(*about.notes, f"Outside of these dates: {outside.number:,} more."))


def pdf_of(
    report: Report,
    values: Values,
    rows: Sequence[Row],
    *,
    limits: Sequence[tuple[str, str]] = (),
    sums: Sequence[tuple[str, str]] = (),
    about: About = NOTHING_BESIDES,
    letterhead: Sequence[str] = (),
) -> bytes:
    """The report of these values.

    limits: (label, value) of each filter that limits it. sums: (words, pounds) of all of it. letterhead: whose it is
    and for whom.
    """
    columns = report.shown_columns(values)
    head = _head(columns)
    story = [*(paragraph(line, CELL) for line in letterhead), *_beginning(report, limits, about)]
    story += [head, *_tables(report, values, columns, rows)]
    if not rows:
        story.append(paragraph(report.empty, CELL))
    story.append(Spacer(1, 4 * mm))
    story += [paragraph(f"{words}: {formats.pounds(amount)}", CELL_HEADING) for words, amount in sums]
    story += [paragraph(note, CELL) for note in (*report.notes, *about.notes)]
    return make_pdf(story, title=report.title, page=ACROSS, head=head)


def _beginning(report: Report, limits: Sequence[tuple[str, str]], about: About) -> list[Any]:
    """The title, and what the report is: its facts, or else what it is limited to."""
    limited = "; ".join(f"{label}: {value}" for label, value in limits) or "All"
    said = [f"{label}: {words}" for label, words in about.facts] or [limited]
    return [
        paragraph(report.title, TITLE),
        *(paragraph(line, CELL) for line in said),
        *([paragraph(about.warning, CELL_HEADING)] if about.warning else []),
        Spacer(1, 4 * mm),
    ]


def _head(columns: Sequence[Column]) -> Table:
    above = bands(columns)
    rows: list[list[Any]] = []
    commands: list[Command] = [("BACKGROUND", (0, 0), (-1, -1), GREY)]
    if above:
        cells: list[Any] = []
        for band, count in above:
            commands.append(("SPAN", (len(cells), 0), (len(cells) + count - 1, 0)))
            cells += [paragraph(band, CELL_HEADING), *[""] * (count - 1)]
        rows.append(cells)
    rows.append(
        [
            paragraph(column.heading, NUMBER_HEADING if column.is_number else CELL_HEADING)
            for column in columns
        ]
    )
    return _table(rows, columns, commands)


def _tables(report: Report, values: Values, columns: Sequence[Column], rows: Sequence[Row]) -> list[Table]:
    """The lines under their headings and above their subtotals, in tables of a few hundred rows."""
    found: list[tuple[list[Any], int]] = []
    for group in grouped(rows, report.headings_of(values), report.subtotals):
        found += [(_across(columns, text), len(columns)) for _, text in group.headings]
        found += [([_cell(column, row) for column in columns], 1) for row in group.rows]
        found += [(_across(columns, words, amount), len(columns) - 1) for words, amount in group.subtotals]
    return [
        _table(
            [cells for cells, _ in part],
            columns,
            [("SPAN", (0, n), (across - 1, n)) for n, (_, across) in enumerate(part) if across > 1],
        )
        for part in (found[at : at + ROWS_A_TABLE] for at in range(0, len(found), ROWS_A_TABLE))
    ]


def _across(columns: Sequence[Column], text: str, amount: str | None = None) -> list[Any]:
    """A row of words over all columns; or over all but the last, which has pounds."""
    last = "" if amount is None else paragraph(formats.pounds(amount), NUMBER_HEADING)
    return [paragraph(text, CELL_HEADING), *[""] * (len(columns) - 2), last]


def _cell(column: Column, row: Row) -> Any:
    return cell_of(cell(column, row), column.width, is_number=column.is_number)


def _table(rows: list[list[Any]], columns: Sequence[Column], more: Sequence[Command]) -> Table:
    share = WIDTH / sum(column.width for column in columns)
    numbers = [n for n, column in enumerate(columns) if column.is_number]
    return table(rows, [column.width * share for column in columns], numbers, more)
