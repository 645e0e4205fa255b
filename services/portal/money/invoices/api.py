"""/api/v1/invoices: what is owed is invoiced, submitted, accepted or rejected, credited (RULES 13)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.payments.invoices import InvoiceDocument
from services.portal.api.asked import NoQuery, Owner
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.audit.telling import tell
from services.portal.clients.gateway import Gateway
from services.portal.money.invoices import api_schemas
from services.portal.money.invoices.letters import tell_of_decision
from services.portal.money.invoices.words import ACCEPTED
from services.portal.web.calls import payments
from services.portal.web.cursors import cursor_of, place_of

ONE = "/invoices/<uuid:invoice_id>"
INVOICE = Answer("The invoice or credit note as it is now", api_schemas.Invoice)
PROBLEMS = (404, 409, 413, 415, 422)
Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/invoices")(invoices)
    api.get("/invoices/to-invoice")(to_invoice)
    api.get("/invoices/preview")(preview_invoice)
    api.post("/invoices")(create_invoice)
    api.get(ONE)(invoice)
    api.delete(ONE)(delete_invoice)
    api.post(f"{ONE}/submit")(submit_invoice)
    api.post(f"{ONE}/accept")(accept_invoice)
    api.post(f"{ONE}/reject")(reject_invoice)
    api.post(f"{ONE}/credits")(credit_invoice)


@operation(
    Operation(
        "Invoices and credit notes, the newest first",
        {200: Answer("A page of them", api_schemas.Invoices)},
        query=api_schemas.InvoicesQuery,
        problems=(404, 422),
        needs=(rights.READ_INVOICES,),
    )
)
def invoices(query: Row) -> Response:
    place = place_of(query.get("cursor"), str)
    found = payments().invoices(
        organisation=query.get("organisation"),
        contract=query.get("contract"),
        state=query.get("state"),
        start=query["start"].isoformat() if "start" in query else None,
        after=place[0] if place else None,
        limit=query["limit"],
    )
    cursor = cursor_of(found[-1]["id"]) if len(found) == query["limit"] else None
    return answered(api_schemas.Invoices, {"items": found, "next_cursor": cursor})


@operation(
    Operation(
        "What is owed less what was accepted: to invoice, or to credit",
        {200: Answer("By provider, contract, care package line item and week", api_schemas.ToInvoice)},
        query=api_schemas.ToInvoiceQuery,
        problems=(404, 422),
        needs=(rights.READ_INVOICES,),
    )
)
def to_invoice(query: Row) -> Response:
    found = payments().to_invoice(
        start=query["start"].isoformat(),
        organisation=query.get("organisation"),
        contract=query.get("contract"),
    )
    return answered(api_schemas.ToInvoice, {"items": found})


@operation(
    Operation(
        "What an invoice of a contract and period would hold now",
        {200: Answer("Its lines, and the weeks without an actual", api_schemas.InvoicePreview)},
        query=api_schemas.ForPeriod,
        problems=(404, 422),
        needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS),
    )
)
def preview_invoice(query: Row) -> Response:
    found = payments().preview_invoice(
        start=query["start"].isoformat(), contract=query["contract"], organisation=query.get("organisation")
    )
    return answered(api_schemas.InvoicePreview, found)


@operation(
    Operation(
        "Make an invoice of what is owed; it is not sent yet",
        {201: INVOICE},
        query=Owner,
        json_body=api_schemas.NewInvoice,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS),
    )
)
def create_invoice(query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    found = payments().create_invoice(
        invoice_id=str(seed or uuid.uuid4()),
        start=body["start"].isoformat(),
        contract=body["contract"],
        organisation=query.get("organisation"),
        number=body["number"],
    )
    return answer_invoice(found, 201)


@operation(
    Operation(
        "Look at an invoice or credit note",
        {200: INVOICE},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_INVOICES,),
    )
)
def invoice(invoice_id: uuid.UUID, query: Row) -> Response:
    return answered(api_schemas.Invoice, payments().invoice(**named(invoice_id)))


@operation(
    Operation(
        "Delete an invoice or credit note that is not sent yet",
        {200: Answer("It as it was", api_schemas.Invoice)},
        query=NoQuery,
        problems=(404, 409),
        needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS),
    )
)
def delete_invoice(invoice_id: uuid.UUID, query: Row) -> Response:
    about = named(invoice_id)
    found = payments().invoice(**about)
    payments().delete_invoice(**about)
    return answer_invoice(found)


@operation(
    Operation(
        "Submit an invoice or credit note to the council",
        {200: INVOICE},
        query=NoQuery,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS),
    )
)
def submit_invoice(invoice_id: uuid.UUID, query: Row, seed: uuid.UUID | None) -> Response:
    return answer_invoice(payments().submit_invoice(move_id=str(seed or uuid.uuid4()), **named(invoice_id)))


@operation(
    Operation(
        "Accept an invoice or credit note of the sum that was seen; for the council’s tokens",
        {200: INVOICE},
        query=NoQuery,
        json_body=api_schemas.SeenSum,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.DECIDE_INVOICES,),
    )
)
def accept_invoice(invoice_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    found = payments().accept_invoice(
        move_id=str(seed or uuid.uuid4()), **named(invoice_id), seen=str(body["gross"])
    )
    if found["state"] not in ACCEPTED:
        sentence = f"It is {found['state']} and comes to £{found['gross']} now: look at it again."
        raise Refused("seen_another", sentence)
    tell_of_decision(found)
    return answer_invoice(found)


@operation(
    Operation(
        "Reject an invoice or credit note; for the council’s tokens",
        {200: INVOICE},
        query=NoQuery,
        json_body=api_schemas.Why,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.DECIDE_INVOICES,),
    )
)
def reject_invoice(invoice_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    found = payments().reject_invoice(
        move_id=str(seed or uuid.uuid4()), **named(invoice_id), reason=body["reason"]
    )
    tell_of_decision(found)
    return answer_invoice(found)


@operation(
    Operation(
        "Make a credit note of a cost line of an accepted invoice; it is not sent yet",
        {201: INVOICE},
        query=NoQuery,
        json_body=api_schemas.NewCredit,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS),
    )
)
def credit_invoice(invoice_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    found = payments().credit_invoice(
        credit_id=str(seed or uuid.uuid4()),
        **named(invoice_id),
        cpli_id=body["cpli_id"],
        monday=body["week"].isoformat(),
        amount=str(body["amount"]),
        reason=body["reason"],
    )
    return answer_invoice(found, 201)


def named(invoice_id: uuid.UUID) -> Row:
    """The number and the organisation of an invoice that the caller may see. Raises Refused ``not_found``."""
    found = payments().invoice_named(invoice_id=str(invoice_id))
    return {"number": found["number"], "organisation": found["organisation"]}


def answer_invoice(found: InvoiceDocument, status: int = 200) -> Response:
    """The document of what was made or moved, which the audit trail hears of too."""
    tell(
        amount=found["gross"],
        organisation=found["organisation"],
        contract=found["contract"],
        outcome=f"{found['number']}: {found['state']}",
    )
    return answered(api_schemas.Invoice, found, status)
