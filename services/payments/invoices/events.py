"""What the public events of accepted invoices and credit notes say (DESIGN 4.3)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from services.payments.events.public import say
from services.payments.invoiced.rules import INVOICE
from services.payments.invoices.rules import Lines, rate_text

INVOICE_ACCEPTED = "invoice.accepted.v1"
CREDIT_NOTE_ACCEPTED = "credit_note.accepted.v1"


def say_accepted(
    session: Session, invoice: Mapping[str, Any], lines: Lines, posted_in: dt.date, *, cause_id: str
) -> None:
    """Say that an invoice or a credit note was accepted, in its organisation's stream, behind its items."""
    kind = INVOICE_ACCEPTED if invoice["kind"] == INVOICE else CREDIT_NOTE_ACCEPTED
    data = accepted_data(invoice, lines, posted_in)
    say(session, [(invoice["organisation_id"], kind, invoice["invoice_id"], data)], cause_id=cause_id)


def accepted_data(invoice: Mapping[str, Any], lines: Lines, posted_in: dt.date) -> dict[str, Any]:
    """What it says: amounts as text in pounds; a credit note's are below nothing, and it names its invoice."""
    if invoice["kind"] == INVOICE:
        whose: dict[str, Any] = {"invoice_id": invoice["invoice_id"], "vat_number": invoice["vat_number"]}
    else:
        whose = {"credit_note_id": invoice["invoice_id"], "invoice_id": invoice["credits_id"]}
        whose |= {"invoice_number": invoice["credited_number"], "reason": invoice["reason"]}
    return whose | {
        "organisation_id": invoice["organisation_id"],
        "number": invoice["number"],
        "contract": invoice["contract"],
        "period_start": invoice["period_start"].isoformat(),
        "posted_in": posted_in.isoformat(),
        "net": pounds_text(invoice["net"]),
        "vat": pounds_text(invoice["vat"]),
        "gross": pounds_text(invoice["gross"]),
        "lines": [
            {
                "client_reference": line.whose.client_reference,
                "cpli_id": key.cpli_id,
                "week": key.monday.isoformat(),
                "kind": key.kind,
                "amount": pounds_text(line.amount),
                "vat_rate": rate_text(line.vat_rate),
            }
            for key, line in sorted(lines.items())
        ],
    }
