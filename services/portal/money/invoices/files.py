"""An invoice or credit note to take along: as CSV, a row a line, and as PDF (RULES 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from libs.common.care.weeks import period_end_of
from libs.common.seams.payments.invoices import InvoiceDocument
from services.portal.money.invoices.words import KINDS, LINE_KINDS, rate_in_words
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import name_of_period
from services.portal.web.formats import pounds, week
from services.portal.web.pdf.layout import UPRIGHT, WIDE_MARGIN, make_pdf
from services.portal.web.pdf.tables import GREY, labelled, table
from services.portal.web.pdf.texts import (
    BODY,
    CELL,
    CELL_HEADING,
    HEADING,
    LABEL,
    NUMBER_HEADING,
    TITLE,
    paragraph,
)

HEADINGS: Final = (
    "Number",
    "Kind",
    "State",
    "OrganisationName",
    "Contract",
    "PeriodStart",
    "PeriodEnd",
    "CpliId",
    "Client",
    "ServiceName",
    "Week",
    "LineKind",
    "Amount",
    "VatRate",
)
WIDTH: Final = UPRIGHT[0] - 2 * WIDE_MARGIN


def name_of_file(found: InvoiceDocument, ending: str, as_at: dt.date) -> str:
    """What its file is called: its kind and number, the provider, the period and the day."""
    what = f"{KINDS[found['kind']].lower()} {found['number']}"
    return name_of_period(what, ending, first_day(found), found["organisation"], as_at)


def first_day(found: InvoiceDocument) -> dt.date:
    """Of its period."""
    return dt.date.fromisoformat(found["period"])


def invoice_csv(found: InvoiceDocument) -> str:
    """One row a line, and one for the VAT where there is any."""
    start = first_day(found)
    whose = (
        found["number"],
        found["kind"],
        found["state"],
        found["organisation"],
        found["contract"],
        start,
        period_end_of(start),
    )
    rows: list[Sequence[Any]] = [
        (
            *whose,
            line["cpli_id"],
            line["client"],
            line["service"],
            line["week"],
            line["kind"],
            line["amount"],
            line["vat_rate"],
        )
        for line in found["lines"]
    ]
    if found["vat"] != "0.00":
        rows.append((*whose, "", "", "", "", "vat", found["vat"], ""))
    return csv_text(HEADINGS, rows)


def invoice_pdf(
    found: InvoiceDocument, names: Mapping[str, str], *, letterhead: Sequence[str], period: str
) -> bytes:
    """The invoice or credit note as PDF.

    names: of clients, by their references. letterhead: the council that it is for. period: its days in words.
    """
    kind = KINDS[found["kind"]]
    facts = [("Provider", found["organisation"]), ("Contract", found["contract"]), ("Period", period)]
    facts += [("State", found["state"])]
    if found["credits"]:
        facts += [("Credits invoice", found["credits"]), ("Reason", found["reason"])]
    if found["vat_number"]:
        facts += [("VAT registration number", found["vat_number"])]
    beside = [(paragraph(label, LABEL), paragraph(text, BODY)) for label, text in facts]
    sums = [("Net", found["net"]), ("VAT", found["vat"]), ("Gross", found["gross"])]
    of_sums = [(paragraph(label, LABEL), paragraph(pounds(text), BODY)) for label, text in sums]
    story = [
        *(paragraph(line, CELL) for line in letterhead),
        paragraph(f"{kind} {found['number']}", TITLE),
        labelled(beside, (WIDTH * 0.35, WIDTH * 0.65)),
        paragraph("Lines", HEADING),
        lines_table(found, names),
        paragraph("In all", HEADING),
        labelled(of_sums, (WIDTH * 0.35, WIDTH * 0.65)),
    ]
    return make_pdf(
        story, title=f"{kind} {found['number']}", author=found["organisation"], margin=WIDE_MARGIN
    )


def lines_table(found: InvoiceDocument, names: Mapping[str, str]) -> Any:
    """The lines with client and service, the amount to the right."""
    headings = ("Client", "Service", "CPLI", "Week", "Kind", "VAT rate", "Amount")
    numbers = (5, 6)
    rows: list[list[Any]] = [
        [
            paragraph(text, NUMBER_HEADING if at in numbers else CELL_HEADING)
            for at, text in enumerate(headings)
        ]
    ]
    for line in found["lines"]:
        client = " ".join(filter(None, (line["client"], names.get(line["client"], ""))))
        texts = (client, line["service"], str(line["cpli_id"]), week(line["week"]), LINE_KINDS[line["kind"]])
        rows.append(
            [
                *(paragraph(text, CELL) for text in texts),
                rate_in_words(line["vat_rate"]),
                pounds(line["amount"]),
            ]
        )
    widths = [share * WIDTH for share in (0.19, 0.22, 0.12, 0.17, 0.1, 0.08, 0.12)]
    return table(rows, widths, numbers, [("BACKGROUND", (0, 0), (-1, 0), GREY)])
