"""A contract document as [003] shows it: its title, its lines, and the PDF that is drawn from what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import Response
from reportlab.lib.units import mm
from reportlab.platypus import Spacer, Table

from libs.common.care.clock import london_day
from libs.common.seams.matching.documents import ContractDocument, DocumentAmount
from services.portal.documents.words import KINDS, day_text
from services.portal.web.branding import council_in_a_sentence
from services.portal.web.downloads.files import PDF, download, file_name
from services.portal.web.formats import day, pounds, quantity, rate
from services.portal.web.pdf.layout import WIDE_MARGIN, make_pdf
from services.portal.web.pdf.tables import labelled
from services.portal.web.pdf.texts import BODY, HEADING, LABEL, TITLE, paragraph

_WIDTHS = (55 * mm, 119 * mm)

Line = tuple[str, list[str]]
"""A label, and what stands beside it: a line for each span of dates."""


def title_of(document: ContractDocument) -> str:
    """Home Support - Service Provision"""
    return f"{document['service_level']} - Service Provision"


def reference_of(document: ContractDocument) -> str:
    """The client's SSRef, or what stands in for it."""
    client = document["client"]
    return client["ssref"] or client["client_ref"] or client["nhs_number"] or ""


def person_lines(document: ContractDocument) -> list[Line]:
    """1. Person's Details."""
    return [
        ("Name", [document["client_name"]]),
        ("Date of Birth", [day(document["date_of_birth"])]),
        ("Social Care Reference No", [reference_of(document)]),
    ]


def service_lines(document: ContractDocument) -> list[Line]:
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
                f"{quantity(one['quantity'])} {_unit(document, one)}{' every week' if is_weekly else ''}{dates}"
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


def _unit(document: ContractDocument, amount: DocumentAmount) -> str:
    return document["unit"] if amount["quantity"] == "1" else f"{document['unit']}s"


def _dates(amount: DocumentAmount) -> str:
    last = f"to {day_text(amount['to_on'])}" if amount["to_on"] else "onwards"
    return f" from {day_text(amount['from_on'])} {last}"


def pdf_answer(document: ContractDocument) -> Response:
    """The PDF, to be saved under the care package's and the document's numbers."""
    name = file_name(
        f"contract-document-{document['cpli_id']}-{document['number']}",
        "pdf",
        provider=document["organisation"],
        as_at=london_day(dt.datetime.fromisoformat(document["published_at"])),
    )
    return download(document_pdf(document, council_in_a_sentence()), name, PDF)


def document_pdf(document: ContractDocument, council: str) -> bytes:
    """The PDF. From the same document it is the same, byte by byte: whether it was answered is no part of it."""
    title, reference = title_of(document), reference_of(document)
    last_day = day_text(document["due_on"])
    story = [
        paragraph(title, TITLE),
        paragraph(
            f"This document confirms services agreed between {council} and {document['service']} for {reference}.",
            BODY,
        ),
        paragraph("1. Person's Details", HEADING),
        _table(person_lines(document)),
        paragraph("2. Service Details", HEADING),
        _table(service_lines(document)),
        Spacer(1, 8 * mm),
        paragraph(
            f"{KINDS[document['kind']]}: care package line item {document['cpli_id']}, document {document['number']}.",
            BODY,
        ),
        paragraph(f"Agreed automatically when it is not answered by the end of {last_day}.", BODY),
    ]
    return make_pdf(story, title=f"{title} for {reference}", author=council, margin=WIDE_MARGIN)


def _table(lines: Sequence[Line]) -> Table:
    return labelled(
        [
            (paragraph(f"{label}:", LABEL), [paragraph(value, BODY) for value in values])
            for label, values in lines
        ],
        _WIDTHS,
    )
