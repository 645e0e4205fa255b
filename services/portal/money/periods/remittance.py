"""Remittance advice (RULES 8) as CSV and as PDF."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.money.periods.words import NOT_PAID
from services.portal.web.csv_out import csv_text
from services.portal.web.formats import counted, pounds

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
    "Manual adjustments are shown one by one, dated as their period.",
    "Income is a contribution that the provider collects from the client, and is deducted.",
)
LINES_A_CALL = 1000
_WIDTHS = [width * mm for width in (34, 26, 20, 16, 40, 19, 19, 20)]

Line = dict[str, Any]


@dataclass(frozen=True)
class Remittance:
    """What a period remits: lines, totals (cost, income, total, in pounds as text), and notes."""

    lines: list[Line]
    totals: dict[str, str]
    notes: tuple[str, ...]


def remittance_of(
    gateway: Gateway,
    caller: Caller,
    start: str,
    organisation: str | None,
    contract: str | None = None,
    *,
    is_summary: bool = False,
) -> Remittance:
    """All lines of a period's remittance advice, and its totals. Raises Refused and ServiceUnavailable."""
    which: dict[str, Any] = {
        "start": start,
        "organisation": organisation,
        "contract": contract,
        "is_summary": is_summary,
    }
    found = remittance_page(gateway, caller, **which)
    page = found
    while len(page.lines) == LINES_A_CALL:
        page = remittance_page(gateway, caller, **which, after=len(found.lines))
        found.lines.extend(page.lines)
    return found


def remittance_page(
    gateway: Gateway,
    caller: Caller,
    *,
    start: str,
    organisation: str | None,
    contract: str | None,
    is_summary: bool,
    after: int = 0,
    limit: int = LINES_A_CALL,
) -> Remittance:
    """So many lines after the first ones; totals and notes are of the whole period."""
    which = {"start": start, "organisation": organisation, "contract": contract, "summary": is_summary}
    page = gateway.ask("payments", "remittance", caller, **which, after=after, limit=limit)
    return Remittance(page["lines"], page["totals"], (*NOTES, *map(_note, page["not_paid"])))


def _note(held: dict[str, Any]) -> str:
    """How many items are not paid in the period, what they come to, and why."""
    items = counted(held["items"], "payment item")
    return f"{items}, {pounds(held['amount'])} in all, {NOT_PAID[held['status']]}."


def remittance_csv(remittance: Remittance) -> str:
    """The lines as CSV; dates as 2022-10-03, pounds with two decimals."""
    rows = ([line[name] for name in COLUMNS.values()] for line in remittance.lines)
    return csv_text(list(COLUMNS), rows)


def remittance_pdf(start: dt.date, end: dt.date, remittance: Remittance) -> bytes:
    """The lines as a PDF: title, table, totals, notes."""
    styles = getSampleStyleSheet()
    totals = remittance.totals
    story: list[Any] = [
        Paragraph("Remittance advice", styles["Title"]),
        Paragraph(f"Payment period {start:%d/%m/%Y} to {end:%d/%m/%Y}", styles["Heading3"]),
        Spacer(1, 4 * mm),
        _table(remittance.lines, styles["BodyText"]),
        Spacer(1, 4 * mm),
        Paragraph(f"Cost £{totals['cost']}, income £{totals['income']}", styles["BodyText"]),
        Paragraph(f"<b>Remitted in all: £{totals['total']}</b>", styles["BodyText"]),
        Spacer(1, 6 * mm),
        *(Paragraph(escape(note), styles["Italic"]) for note in remittance.notes),
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
