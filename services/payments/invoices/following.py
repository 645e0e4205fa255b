"""Open invoices follow the actuals and the care, and say what changed from what to what (RULES 13). Never commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.payments import locks
from services.payments.holds.settling import want_settled
from services.payments.invoiced.rules import PENDING
from services.payments.invoices import store as invoices_store
from services.payments.invoices.owed import lines_now
from services.payments.invoices.rules import MOVES, OPEN, Lines, changes_of, has_vat, sums_of
from services.payments.packages.rules import StoredPackage
from services.payments.pricing.rules import ClientWeek

Row = dict[str, Any]
SYSTEM = "the system"
SENT_BACK = "The amount has changed: a VAT invoice has to be submitted again"


def follow_care(session: Session, packages: Mapping[int, StoredPackage], *, cause_id: str) -> None:
    """Have open invoices follow what has changed of some clients; ``packages`` are all of theirs.

    The clients' locks are held. Most councils' weeks touch no open invoice: then this is one small question.
    """
    concerned = [
        invoice
        for invoice in invoices_store.open_invoices(session, packages)
        if invoice["has_line"] or is_of_any(invoice, packages)
    ]
    if not concerned:
        return
    locks.lock_invoices(session, {invoice["organisation_id"] for invoice in concerned})
    for known in concerned:
        invoice = invoices_store.invoice_by_id(session, known["invoice_id"])
        if invoice is not None and invoice["state"] in OPEN:
            refresh(session, invoice, packages, cause_id=cause_id)


def is_of_any(invoice: Mapping[str, Any], packages: Mapping[int, StoredPackage]) -> bool:
    """Whether any of these packages is of the invoice's organisation and contract."""
    whose = (invoice["organisation_id"], invoice["contract"])
    return any((package.organisation_id, package.contract) == whose for package in packages.values())


def refresh(session: Session, invoice: Row, packages: Mapping[int, StoredPackage], *, cause_id: str) -> Lines:
    """Bring an open invoice's lines of these packages (all of some clients) to what is owed; answers all its lines.

    A VAT invoice of which any amount changes while it is Pending goes back to Unsubmitted. The locks of the clients and of
    the organisation's invoices are held.
    """
    was_pending = invoice["state"] == PENDING
    kept = invoices_store.lines_of(session, invoice["invoice_id"])
    before = {key: line for key, line in kept.items() if key.cpli_id in packages}
    after = lines_now(session, invoice, packages)
    lines = {key: line for key, line in kept.items() if key not in before} | after
    if before == after:
        return lines
    invoices_store.replace_lines(session, invoice, before, after)
    changes = changes_of(before, after)
    invoices_store.insert_changes(session, invoice, changes)
    amounts = (invoice["net"], invoice["vat"], invoice["gross"])
    sums = sums_of(lines)
    invoices_store.update_invoice(session, invoice, **sums._asdict())
    if (changes or sums != amounts) and was_pending and (has_vat(lines) or has_vat(kept)):
        invoices_store.update_invoice(session, invoice, state=MOVES[PENDING, "send_back"])
        invoices_store.insert_step(session, invoice, invoice["state"], SYSTEM, SENT_BACK)
    if was_pending:
        want_charged(session, invoice, {**kept, **lines}, cause_id=cause_id)
    return lines


def want_charged(session: Session, invoice: Mapping[str, Any], lines: Lines, *, cause_id: str) -> None:
    """Have the worker charge the weeks of an invoice again: it holds other weeks, or stands in another state."""
    weeks: set[ClientWeek] = {(line.whose.client_id, key.monday) for key, line in lines.items()}
    want_settled(session, sorted(weeks), cause_id=cause_id, reason="invoice")
