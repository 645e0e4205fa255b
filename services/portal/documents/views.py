"""A contract document as [003] shows it: its title, its lines, and the PDF that is drawn from what it says."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, cast
from xml.sax.saxutils import escape

from flask import Response, current_app
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from services.portal.documents.words import KINDS, day_text
from services.portal.reports.rendering.as_pdf import GREY, printed
from services.portal.web.appearance import SERVICE_NAME, Look
from services.portal.web.formats import day, pounds, rate

_styles = getSampleStyleSheet()
_TITLE = ParagraphStyle("title", parent=_styles["Title"], alignment=0, spaceAfter=6 * mm)
_BODY = ParagraphStyle("body", parent=_styles["BodyText"], fontSize=10, leading=13)
_LABEL = ParagraphStyle("label", parent=_BODY, fontName="Helvetica-Bold")
_WIDTHS = (55 * mm, 119 * mm)

Document = dict[str, Any]
Line = tuple[str, list[str]]
"""A label, and what stands beside it: a line for each span of dates."""


def title_of(document: Document) -> str:
    """Home Support - Service Provision"""
    return f"{document['service_level']} - Service Provision"


def reference_of(document: Document) -> str:
    """The client's SSRef, or what stands in for it."""
    client = document["client"]
    return client["ssref"] or client["client_ref"] or client["nhs_number"]


def person_lines(document: Document) -> list[Line]:
    """1. Person's Details."""
    return [
        ("Name", [document["client_name"]]),
        ("Date of Birth", [day(document["date_of_birth"])]),
        ("Social Care Reference No", [reference_of(document)]),
    ]


def service_lines(document: Document) -> list[Line]:
    """2. Service Details. Quantity and cost have a line for each term, with its dates."""
    amounts = document["amounts"]
    is_hours, is_weekly = document["unit"] == "Hr", document["frequency"] == "Weekly"
    dated = [_dates(amount) if len(amounts) > 1 else "" for amount in amounts]
    return [
        ("Name of Service Provider", [f"{document['organisation']} - {document['service']}"]),
        ("Address", [document["address"]]),
        ("Service", [document["service_level"]]),
        ("Start date", [day_text(document["start_on"])]),
        ("End date (if applicable)", [day_text(document["end_on"])]),
        (
            "Quantity",
            [
                f"{one['quantity']} {_unit(document, one)}{' every week' if is_weekly else ''}{dates}"
                for one, dates in zip(amounts, dated, strict=True)
            ],
        ),
        (
            "Cost per Unit",
            [
                f"{rate(one['unit_cost'])}/{'Hr' if is_hours else document['unit']}{_dates(one)}"
                for one in amounts
            ],
        ),
        (
            "Weekly Cost" if is_weekly else "Cost",
            [f"{pounds(one['cost'])}{dates}" for one, dates in zip(amounts, dated, strict=True)],
        ),
    ]


def _unit(document: Document, amount: Document) -> str:
    return document["unit"] if amount["quantity"] == "1" else f"{document['unit']}s"


def _dates(amount: Document) -> str:
    last = f"to {day_text(amount['to_on'])}" if amount["to_on"] else "onwards"
    return f" from {day_text(amount['from_on'])} {last}"


def council_name() -> str:
    """Whose portal it is, as it can stand in a sentence."""
    look = cast(Look, current_app.jinja_env.globals["look"])
    return "the council" if look.council_name == SERVICE_NAME else look.council_name


def pdf_answer(document: Document) -> Response:
    """The PDF, to be saved under the care package's and the document's numbers."""
    name = f"contract-document-{document['cpli_id']}-{document['number']}.pdf"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(document_pdf(document, council_name()), 200, headers, content_type="application/pdf")


def document_pdf(document: Document, council: str) -> bytes:
    """The PDF. From the same document it is the same, byte by byte: whether it was answered is no part of it."""
    title, reference = title_of(document), reference_of(document)
    last_day = day_text(document["due_on"])
    story = [
        _paragraph(title, _TITLE),
        _paragraph(
            f"This document confirms services agreed between {council} and {document['service']} for {reference}.",
            _BODY,
        ),
        _paragraph("1. Person's Details", _styles["Heading2"]),
        _table(person_lines(document)),
        _paragraph("2. Service Details", _styles["Heading2"]),
        _table(service_lines(document)),
        Spacer(1, 8 * mm),
        _paragraph(
            f"{KINDS[document['kind']]}: care package line item {document['cpli_id']}, document {document['number']}.",
            _BODY,
        ),
        _paragraph(f"Agreed automatically when it is not answered by the end of {last_day}.", _BODY),
    ]
    content = io.BytesIO()
    page = SimpleDocTemplate(
        content,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        title=f"{title} for {reference}",
        author=printed(council),
        lang="en-GB",
        displayDocTitle=True,
        invariant=True,
    )
    page.build(story)
    return content.getvalue()


def _table(lines: Sequence[Line]) -> Table:
    rows = [
        [_paragraph(f"{label}:", _LABEL), [_paragraph(value, _BODY) for value in values]]
        for label, values in lines
    ]
    table = Table(rows, colWidths=_WIDTHS, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, GREY),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(printed(text)), style)
