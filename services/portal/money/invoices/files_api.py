"""/api/v1/invoices: an invoice as CSV and PDF, and the provider's VAT invoice of it (RULES 13)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.care.weeks import period_end_of
from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.audit.telling import tell
from services.portal.casework.cases import attachments
from services.portal.clients.gateway import Gateway
from services.portal.money.invoices import api_schemas
from services.portal.money.invoices.api import INVOICE, ONE, PROBLEMS, named
from services.portal.money.invoices.files import first_day, invoice_csv, invoice_pdf, name_of_file
from services.portal.storage.steps import read_kept
from services.portal.web import formats
from services.portal.web.access import the_parts
from services.portal.web.branding import the_branding
from services.portal.web.calls import gateway, payments
from services.portal.web.downloads.files import CSV, PDF, download
from services.portal.web.downloads.owners import today
from services.portal.web.names.clients import client_names

Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get(f"{ONE}.csv")(invoice_as_csv)
    api.get(f"{ONE}.pdf")(invoice_as_pdf)
    api.get(f"{ONE}/vat-invoice")(vat_invoice)
    api.put(f"{ONE}/vat-invoice")(attach_vat_invoice)


@operation(
    Operation(
        "An invoice or credit note as CSV",
        {200: Answer("A row a line", media_type="text/csv")},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_INVOICES,),
    )
)
def invoice_as_csv(invoice_id: uuid.UUID, query: Row) -> Response:
    found = payments().invoice(**named(invoice_id))
    return download(invoice_csv(found), name_of_file(found, "csv", today()), CSV)


@operation(
    Operation(
        "An invoice or credit note as PDF",
        {200: Answer("Its lines and sums", media_type="application/pdf")},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_INVOICES,),
    )
)
def invoice_as_pdf(invoice_id: uuid.UUID, query: Row) -> Response:
    found = payments().invoice(**named(invoice_id))
    start = first_day(found)
    content = invoice_pdf(
        found,
        client_names(gateway(), caller(), (line["client"] for line in found["lines"])),
        letterhead=the_branding().letterhead,
        period=formats.period(start, period_end_of(start)),
    )
    return download(content, name_of_file(found, "pdf", today()), PDF)


@operation(
    Operation(
        "The provider’s VAT invoice, as it was sent",
        {200: Answer("The PDF", media_type="application/pdf")},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_INVOICES,),
    )
)
def vat_invoice(invoice_id: uuid.UUID, query: Row) -> Response:
    found = payments().vat_invoice(invoice_id=str(invoice_id))
    return download(read_kept(found["object_key"]), f"vat-invoice_{invoice_id}.pdf", PDF)


@operation(
    Operation(
        "Give an invoice its VAT registration number and the provider’s VAT invoice, a PDF sent to /attachments",
        {200: INVOICE},
        query=NoQuery,
        json_body=api_schemas.VatInvoice,
        problems=PROBLEMS,
        needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS),
    )
)
def attach_vat_invoice(invoice_id: uuid.UUID, query: Row, body: Row) -> Response:
    about = named(invoice_id)
    (file,) = attachments.named(the_parts(), caller(), [body["attachment"]], invoice_id)
    found = payments().attach_vat_invoice(
        **about, vat_number=body["vat_number"], object_key=file["object_key"], file_name=file["name"]
    )
    tell(organisation=found["organisation"], contract=found["contract"], outcome=file["name"])
    return answered(api_schemas.Invoice, found)
