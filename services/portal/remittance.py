"""Remittance advice (RULES 8) as CSV and as PDF."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from libs.common.rpc import Caller
from services.portal.csv_out import csv_text
from services.portal.gateway import Gateway

COLUMNS = {
    "Organisation": "organisation",
    "Client": "client",
    "Kind": "kind",
    "CostOrIncome": "cost_or_income",
    "Reason": "reason",
    "From": "week_from",
    "To": "week_to",
    "Value": "amount",
}
NOTES = (
    "One line for each client, kind and reason; groups that come to nothing are left out.",
    "Income is a contribution that the provider collects from the client, and is deducted.",
)
LINES_A_CALL = 1000
_WIDTHS = [width * mm for width in (34, 26, 20, 16, 40, 19, 19, 20)]

Line = dict[str, Any]


def remittance_of(
    gateway: Gateway, caller: Caller, start: dt.date, organisation: str | None
) -> tuple[list[Line], dict[str, str]]:
    """All lines of a period's remittance advice, and its totals. Raises Refused and ServiceUnavailable."""
    lines: list[Line] = []
    while True:
        page = gateway.ask(
            "payments",
            "remittance",
            caller,
            start=start.isoformat(),
            organisation=organisation,
            after=len(lines),
            limit=LINES_A_CALL,
        )
        lines += page["lines"]
        if len(page["lines"]) < LINES_A_CALL:
            return lines, page["totals"]


def remittance_csv(lines: Sequence[Line]) -> str:
    """The lines as CSV; dates as 2022-10-03, pounds with two decimals."""
    return csv_text(list(COLUMNS), ([line[name] for name in COLUMNS.values()] for line in lines))


def remittance_pdf(start: dt.date, end: dt.date, lines: Sequence[Line], totals: dict[str, str]) -> bytes:
    """The lines as a PDF: title, table, totals, notes."""
    styles = getSampleStyleSheet()
    story: list[Any] = [
        Paragraph("Remittance advice", styles["Title"]),
        Paragraph(f"Payment period {start:%d/%m/%Y} to {end:%d/%m/%Y}", styles["Heading3"]),
        Spacer(1, 4 * mm),
        _table(lines, styles["BodyText"]),
        Spacer(1, 4 * mm),
        Paragraph(f"Cost £{totals['cost']}, income £{totals['income']}", styles["BodyText"]),
        Paragraph(f"<b>Remitted in all: £{totals['total']}</b>", styles["BodyText"]),
        Spacer(1, 6 * mm),
        *(Paragraph(note, styles["Italic"]) for note in NOTES),
    ]
    content = io.BytesIO()
    page = SimpleDocTemplate(
        content, pagesize=A4, leftMargin=8 * mm, rightMargin=8 * mm, title=f"Remittance advice {start}"
    )
    page.build(story)
    return content.getvalue()


def _table(lines: Sequence[Line], style: Any) -> Table:
    """Names wrap inside their cells; short values are plain text, which is many times faster."""
    wrapped = ("organisation", "client", "reason")
    rows: list[list[Any]] = [["Organisation", "Client", "Kind", "", "Reason", "From", "To", "Value £"]]
    for line in lines:
        rows.append(
            [
                Paragraph(escape(str(line[name])), style) if name in wrapped else str(line[name])
                for name in COLUMNS.values()
            ]
        )
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
                ("FONTSIZE", (0, 0), (-1, -1), 8),
                ("ALIGN", (-1, 0), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey),
            ]
        )
    )
    return table
