"""Credit notes: what is taken back of a cost line of an accepted invoice (RULES 13). Takes a session, never commits."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text, to_the_penny
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.payments.invoices import InvoiceDocument
from services.payments.invoiced.rules import COST, COUNTED, INVOICE, LineKey
from services.payments.invoices import store as invoices_store
from services.payments.invoices.documents import to_document
from services.payments.invoices.owed import as_system
from services.payments.invoices.rules import (
    CREDIT_NOTE,
    UNSUBMITTED,
    Lines,
    credit_number,
    credit_sums,
    left_of_costs,
    number_key,
)
from services.payments.invoices.steps import kept_lines, locked_invoice, require_own


def credit_invoice(
    session: Session,
    caller: Caller,
    *,
    credit_id: uuid.UUID,
    number: str,
    organisation: str | None,
    cpli_id: int,
    monday: dt.date,
    amount: Decimal,
    reason: str,
) -> InvoiceDocument:
    """Make an Unsubmitted credit note of a cost line of an accepted or paid invoice; ``amount`` in pounds above nought.

    Made once for a ``credit_id``. Raises Refused ``not_found``, ``wrong_state``, ``no_such_line``, ``too_much``.
    """
    amount = to_the_penny(amount)  # so that it is said with its pence, however it was written
    with as_system(session, caller):
        invoice, _ = locked_invoice(session, caller, number, organisation)
        if invoices_store.invoice_by_id(session, credit_id) is None:
            if invoice["kind"] != INVOICE or invoice["state"] not in COUNTED:
                raise Refused(
                    "wrong_state", f"{invoice['number']} is no accepted invoice: nothing can be credited."
                )
            lines = kept_lines(session, invoice)
            left = left_of_costs(lines, invoices_store.credited_of(session, invoice["invoice_id"]))
            key = LineKey(cpli_id, monday, COST)
            refuse_too_much(left, key, amount)
            rate = lines[key].vat_rate
            sums = credit_sums(left_by_rate(lines, left), rate, amount)
            taken = invoices_store.numbers_of_credits(
                session, invoice["organisation_id"], number_key(f"{invoice['number']}/C")
            )
            own_number = credit_number(invoice["number"], taken)
            credit = {
                **{name: invoice[name] for name in ("organisation_id", "contract", "period_start")},
                "invoice_id": str(credit_id),
                "kind": CREDIT_NOTE,
                "number": own_number,
                "number_key": number_key(own_number),
                "credits_id": invoice["invoice_id"],
                "state": UNSUBMITTED,
                "reason": reason,
                "made_by": caller["who"],
                **sums._asdict(),
            }
            invoices_store.insert_invoice(session, credit)
            line = lines[key]._replace(amount=-amount)
            invoices_store.replace_lines(session, credit, (), {key: line})
            invoices_store.insert_step(session, credit, UNSUBMITTED, caller["who"], reason)
    return to_document(session, caller, require_own(session, caller, str(credit_id)))


def left_by_rate(lines: Lines, left: Mapping[LineKey, Decimal]) -> dict[Decimal, Decimal]:
    """The same by VAT rate."""
    sums: dict[Decimal, Decimal] = defaultdict(lambda: NOTHING)
    for key, amount in left.items():
        sums[lines[key].vat_rate] += amount
    return dict(sums)


def refuse_too_much(left: Mapping[LineKey, Decimal], key: LineKey, amount: Decimal) -> None:
    """Raises Refused ``no_such_line``, ``too_much``."""
    if key not in left:
        raise Refused(
            "no_such_line",
            f"The invoice has no cost of care package line item {key.cpli_id} for the week from {key.monday}.",
            {"field": "cpli_id"},
        )
    if not NOTHING < amount <= left[key]:
        raise Refused(
            "too_much",
            f"£{pounds_text(left[key])} is left of this line: credit more than nothing and no more than that.",
            {"field": "amount", "left": pounds_text(left[key])},
        )
