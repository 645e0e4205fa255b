"""Accepted lines become payment items (RULES 13): cost, income and VAT. Takes a session, never commits."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from services.payments.events.public import say_posted
from services.payments.holds.held_weeks import HeldWeeks
from services.payments.holds.week_rules import Part
from services.payments.invoiced.rules import LineKey
from services.payments.invoices import store as invoices_store
from services.payments.invoices.rules import CREDIT_NOTE, VAT, Line, Lines
from services.payments.items import store as items_store
from services.payments.items.rules import PAYABLE
from services.payments.periods import store as periods_store

ITEM_IDS = uuid.UUID("7d1f2a40-5c0e-5b1c-9b5d-2e6f0c3b8a17")
RULE = "Accepted: a line of an invoice or credit note"
RULE_OF_VAT = "Accepted: the VAT on the cost before deductions, half up for each rate"
Row = dict[str, Any]


def post_accepted(session: Session, invoice: Mapping[str, Any], lines: Lines, *, cause_id: str) -> dt.date:
    """Post an item for each line, and one for the VAT; answers the period into which they went.

    What is posted for a held week is held. The locks of periods, clients and invoices are held.
    """
    period = periods_store.read_periods(session).for_week(invoice["period_start"], invoice["contract"])
    weeks = {(key.cpli_id, key.monday) for key in lines}
    held = HeldWeeks.of(session, weeks)
    counts = invoices_store.count_items(session, weeks)
    items = list(items_of_lines(invoice, lines, held, counts, period, cause_id))
    if invoice["vat"]:
        items.append(item_of_vat(invoice, period, cause_id))
    for item in items:
        items_store.insert_item(session, item)
    held.note_moves(session, items)
    say_posted(session, items, [], cause_id=cause_id)
    return period


def items_of_lines(
    invoice: Mapping[str, Any],
    lines: Lines,
    held: HeldWeeks,
    counts: Mapping[LineKey, int],
    period: dt.date,
    cause_id: str,
) -> Iterator[Row]:
    """One item a line; of a held week, what is held and what is payable are items of their own."""
    for key, line in sorted(lines.items()):
        holder = (invoice["organisation_id"], line.whose.client_id)
        parts = held.take(key.kind, (key.cpli_id, key.monday), holder, period, line.amount)
        for number, part in enumerate(parts):
            ordinal = counts.get(key, 0) + number
            yield item_of_line(invoice, key, line, part, ordinal, period, cause_id)


def item_of_line(
    invoice: Mapping[str, Any],
    key: LineKey,
    line: Line,
    part: Part,
    ordinal: int,
    period: dt.date,
    cause_id: str,
) -> Row:
    """A row of ``items``. It stays the invoice's organisation's, contract's and client's."""
    about = f"{invoice['invoice_id']}/{key.cpli_id}/{key.monday}/{key.kind}/{ordinal}"
    return item_row(invoice, about, key.kind, part.amount, period, cause_id, RULE) | {
        "cpli_id": key.cpli_id,
        "monday": key.monday,
        "ordinal": ordinal,
        "client_id": line.whose.client_id,
        "client_reference": line.whose.client_reference,
        "status": part.status,
        "pays_in": part.pays_in,
    }


def item_of_vat(invoice: Mapping[str, Any], period: dt.date, cause_id: str) -> Row:
    """The VAT, of no CPLI, week or client."""
    return item_row(
        invoice, f"{invoice['invoice_id']}/vat", VAT, invoice["vat"], period, cause_id, RULE_OF_VAT
    )


def item_row(
    invoice: Mapping[str, Any],
    about: str,
    series: str,
    amount: Decimal,
    period: dt.date,
    cause_id: str,
    rule: str,
) -> Row:
    """What all items of an invoice have in common."""
    word = "Credit note" if invoice["kind"] == CREDIT_NOTE else "Invoice"
    explanation = {
        "rule": rule,
        "parts": [],
        "invoice": invoice["number"],
        "invoice_id": invoice["invoice_id"],
    }
    return {
        "item_id": str(uuid.uuid5(ITEM_IDS, about)),
        "series": series,
        "kind": series,
        "cpli_id": None,
        "monday": None,
        "ordinal": 0,
        "organisation_id": invoice["organisation_id"],
        "contract": invoice["contract"],
        "client_id": None,
        "client_reference": "",
        "period_start": period,
        "amount": amount,
        "reason": f"{word} {invoice['number']}",
        "week_version": 0,
        "explanation": json.dumps(explanation),
        "cause_id": cause_id,
        "status": PAYABLE,
        "pays_in": None,
    }
