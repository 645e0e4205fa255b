"""A report as PDF: title, what it is limited to, a table whose headings stand on every page, page numbers (RULES 15)."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from services.portal.reports.declared import Column, Report, Row
from services.portal.reports.rendering.filters import Asked
from services.portal.reports.rendering.lines import bands, cell, grouped
from services.portal.web import formats

PAGE = landscape(A4)
MARGIN = 10 * mm
WIDTH = PAGE[0] - 2 * MARGIN
ROWS_A_TABLE = 200
"""A table that goes over many pages is split again on each: short ones, one after the other, look the same."""
SHORT = 12
"""Characters that fit into a column; what is longer may have to break, which takes many times as long to set."""
LIKE = {"−": "-", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "Ħ": "H", "ħ": "h", "\u2011": "-"}
"""Letters that the standard fonts lack, and that are no plain letter with a mark."""
GREY = colors.Color(0.88, 0.88, 0.87)

_styles = getSampleStyleSheet()
CELL = ParagraphStyle("cell", parent=_styles["BodyText"], fontSize=8, leading=9.5, spaceBefore=0)
HEADING = ParagraphStyle("heading", parent=CELL, fontName="Helvetica-Bold")
NUMBER_HEADING = ParagraphStyle("number heading", parent=HEADING, alignment=2)


def pdf_of(asked: Asked, rows: Sequence[Row], sums: Sequence[tuple[str, str]]) -> bytes:
    """The report; `sums` are (words, pounds) of all of it."""
    columns = asked.report.shown_columns(asked.values)
    head = _head(columns)
    content = io.BytesIO()
    document = _document(content, asked.report, head)
    story = [*_beginning(asked), head, NextPageTemplate("later"), *_tables(asked, columns, rows)]
    if not rows:
        story.append(_paragraph(asked.report.empty, CELL))
    story.append(Spacer(1, 4 * mm))
    story += [_paragraph(f"{words}: {formats.pounds(amount)}", HEADING) for words, amount in sums]
    story += [_paragraph(note, CELL) for note in asked.report.notes]
    document.build(story, canvasmaker=NumberedPages)
    return content.getvalue()


class NumberedPages(Canvas):  # type: ignore[misc]
    """Says `Page 2 of 5` on each page, once it is known how many there are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._done: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._done.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._done, 1):
            self.__dict__.update(page)
            self.setFont("Helvetica", 8)
            self.drawRightString(PAGE[0] - MARGIN, 6 * mm, f"Page {number} of {len(self._done)}")
            super().showPage()
        super().save()


def _document(content: io.BytesIO, report: Report, head: Table) -> BaseDocTemplate:
    """A first page that begins with what the report is, and later ones that begin with the headings of its table."""
    _, height = head.wrap(WIDTH, PAGE[1])
    top = PAGE[1] - MARGIN

    def draw_head(canvas: Canvas, _: BaseDocTemplate) -> None:
        head.wrapOn(canvas, WIDTH, height)
        head.drawOn(canvas, MARGIN, top - height)

    def frame(name: str, room: float) -> Frame:
        return Frame(
            MARGIN, MARGIN, WIDTH, room, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0, id=name
        )

    document = BaseDocTemplate(content, pagesize=PAGE, title=report.title)
    document.addPageTemplates(
        [
            PageTemplate("first", [frame("first", top - MARGIN)]),
            PageTemplate("later", [frame("later", top - MARGIN - height)], onPage=draw_head),
        ]
    )
    return document


def _beginning(asked: Asked) -> list[Any]:
    limits = "; ".join(f"{label}: {value}" for label, value in asked.in_words) or "All"
    return [
        *(_paragraph(line, CELL) for line in asked.report.letterhead(asked.values)),
        _paragraph(asked.report.title, _styles["Heading1"]),
        _paragraph(limits, CELL),
        Spacer(1, 4 * mm),
    ]


def _head(columns: Sequence[Column]) -> Table:
    above = bands(columns)
    rows: list[list[Any]] = []
    commands: list[tuple[Any, ...]] = [("BACKGROUND", (0, 0), (-1, -1), GREY)]
    if above:
        cells: list[Any] = []
        for band, count in above:
            commands.append(("SPAN", (len(cells), 0), (len(cells) + count - 1, 0)))
            cells += [_paragraph(band, HEADING), *[""] * (count - 1)]
        rows.append(cells)
    rows.append(
        [_paragraph(column.heading, NUMBER_HEADING if column.is_number else HEADING) for column in columns]
    )
    return _table(rows, columns, commands)


def _tables(asked: Asked, columns: Sequence[Column], rows: Sequence[Row]) -> list[Table]:
    """The lines under their headings, as short tables that follow one another without a gap."""
    found: list[tuple[list[Any], bool]] = []
    for group in grouped(rows, asked.report.headings_of(asked.values)):
        for _, text in group.headings:
            found.append(([_paragraph(text, HEADING), *[""] * (len(columns) - 1)], True))
        found += [([_set(column, row) for column in columns], False) for row in group.rows]
    return [
        _table(
            [cells for cells, _ in part],
            columns,
            [("SPAN", (0, n), (-1, n)) for n, (_, is_heading) in enumerate(part) if is_heading],
        )
        for part in (found[at : at + ROWS_A_TABLE] for at in range(0, len(found), ROWS_A_TABLE))
    ]


def _set(column: Column, row: Row) -> Any:
    """A cell's text; what may be too long for its column breaks."""
    text = printed(cell(column, row))
    if column.is_number or len(text) <= SHORT * column.width:
        return text
    return Paragraph(escape(text), CELL)


def printed(text: str) -> str:
    """The text in letters that the standard fonts have: without marks that they lack, `?` where nothing is like it."""
    return "".join(map(_letter, text))


def _letter(letter: str) -> str:
    if _is_printable(letter):
        return letter
    plain = LIKE.get(letter) or unicodedata.normalize("NFKD", letter)[0]
    return plain if _is_printable(plain) else "?"


def _is_printable(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(printed(text)), style)


def _table(rows: list[list[Any]], columns: Sequence[Column], more: Sequence[tuple[Any, ...]]) -> Table:
    share = WIDTH / sum(column.width for column in columns)
    table = Table(rows, colWidths=[column.width * share for column in columns])
    table.setStyle(
        TableStyle(
            [
                ("FONTSIZE", (0, 0), (-1, -1), 8),
                ("LEADING", (0, 0), (-1, -1), 9.5),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey),
                *(("ALIGN", (n, 0), (n, -1), "RIGHT") for n, one in enumerate(columns) if one.is_number),
                *more,
            ]
        )
    )
    return table
