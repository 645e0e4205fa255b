"""Invoices: made from what is owed, submitted, accepted or rejected, paid (RULES 13). Takes a session, never commits.

Locks: periods (shared), clients, then the organisation's invoices. The clients' are enough, as for settling: no CPLI
comes to or leaves a client without them.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.payments.invoices import InvoiceDocument, InvoicePreview
from services.payments import callers, locks
from services.payments.callers import resolve_organisation
from services.payments.invoiced.rules import INVOICE, PENDING
from services.payments.invoices import store as invoices_store
from services.payments.invoices.documents import to_document, to_preview
from services.payments.invoices.events import say_accepted
from services.payments.invoices.following import refresh, want_charged
from services.payments.invoices.moving import state_to_come, to_state
from services.payments.invoices.owed import (
    as_system,
    clients_of,
    lines_now,
    packages_of,
    weeks_without_actuals,
)
from services.payments.invoices.posting_items import post_accepted
from services.payments.invoices.refusals import (
    clean_number,
    nothing_to_invoice,
    refuse_without_vat_invoice,
    wrong_state,
)
from services.payments.invoices.rules import (
    UNSUBMITTED,
    Lines,
    has_vat,
    number_key,
    sums_of,
)
from services.payments.packages.rules import StoredPackage
from services.payments.periods import rules as periods_rules

Row = dict[str, Any]


def preview_invoice(
    session: Session, caller: Caller, *, start: dt.date, contract: str, organisation: str | None
) -> InvoicePreview:
    """What an invoice of an organisation, contract and period would hold now; it may hold nothing.

    Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``.
    """
    about = wanted_invoice(session, caller, start, contract, organisation)
    with as_system(session, caller):
        packages = packages_of(
            session, clients_of(session, about["organisation_id"], about["contract"], start)
        )
        lines = lines_now(session, about, packages)
        missing = weeks_without_actuals(session, about, packages)
    return to_preview(about, lines, missing)


def create_invoice(
    session: Session,
    caller: Caller,
    *,
    invoice_id: uuid.UUID,
    start: dt.date,
    contract: str,
    organisation: str | None,
    number: str,
) -> InvoiceDocument:
    """Make an Unsubmitted invoice of what is owed to an organisation under a contract for a period.

    Made once for an ``invoice_id``. Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``,
    ``invalid_number``, ``number_taken``, ``invoice_exists``, ``nothing_to_invoice``.
    """
    about = wanted_invoice(session, caller, start, contract, organisation)
    clean = clean_number(number)
    with as_system(session, caller):
        packages = locked_packages(session, about)
        known = invoices_store.invoice_by_id(session, invoice_id)
        if known is None:
            refuse_taken(session, about["organisation_id"], clean)
            refuse_second(session, about)
            lines = lines_now(session, about, packages)
            if not lines:
                raise nothing_to_invoice()
            row = about | {"invoice_id": str(invoice_id), "number": clean, "number_key": number_key(clean)}
            row |= {"state": UNSUBMITTED, "made_by": caller["who"], **sums_of(lines)._asdict()}
            invoices_store.insert_invoice(session, row)
            invoices_store.replace_lines(session, row, (), lines)
            invoices_store.insert_step(session, row, UNSUBMITTED, caller["who"])
    return to_document(session, caller, require_own(session, caller, str(invoice_id)))


def submit_invoice(
    session: Session, caller: Caller, *, move_id: uuid.UUID, number: str, organisation: str | None
) -> InvoiceDocument:
    """Send an invoice or a credit note to the council, with what is owed now; once for a ``move_id``.

    Raises Refused ``not_found``, ``wrong_state``, ``move_used``, ``nothing_to_invoice``, ``vat_number_missing``,
    ``vat_invoice_missing``.
    """
    with as_system(session, caller):
        invoice, packages = locked_invoice(session, caller, number, organisation)
        state = state_to_come(session, invoice, "submit", move_id)
        if state is not None:
            cause_id = str(uuid.uuid4())
            lines = present_lines(session, invoice, packages, cause_id)
            if not lines:
                raise nothing_to_invoice()
            if invoice["kind"] == INVOICE and has_vat(lines):
                refuse_without_vat_invoice(invoice)
            to_state(session, caller, invoice, state, move_id)
            want_charged(session, invoice, lines, cause_id=cause_id)
    return to_document(session, caller, invoice)


def accept_invoice(
    session: Session,
    caller: Caller,
    *,
    move_id: uuid.UUID,
    number: str,
    organisation: str | None,
    seen: Decimal,
) -> InvoiceDocument:
    """Accept an invoice or a credit note of the gross sum that was seen: its lines become payment items.

    Once for a ``move_id``. Where it comes to another sum now, it is not accepted: the answer shows it as it is (a VAT
    invoice goes back to Unsubmitted). Council only. Raises Refused ``not_allowed``, ``not_found``, ``wrong_state``,
    ``move_used``.
    """
    require_council(caller)
    invoice, packages = locked_invoice(session, caller, number, organisation)
    state = state_to_come(session, invoice, "accept", move_id)
    if state is not None:
        cause_id = str(uuid.uuid4())
        lines = present_lines(session, invoice, packages, cause_id)
        if invoice["state"] == PENDING and lines and invoice["gross"] == seen:
            period = post_accepted(session, invoice, lines, cause_id=cause_id)
            invoices_store.update_invoice(session, invoice, posted_in=period)
            to_state(session, caller, invoice, state, move_id)
            say_accepted(session, invoice, lines, period, cause_id=cause_id)
            want_charged(session, invoice, lines, cause_id=cause_id)
    return to_document(session, caller, invoice)


def reject_invoice(
    session: Session,
    caller: Caller,
    *,
    move_id: uuid.UUID,
    number: str,
    organisation: str | None,
    reason: str,
) -> InvoiceDocument:
    """Reject an invoice or a credit note: it holds nothing any more; once for a ``move_id``.

    Council only. Raises Refused ``not_allowed``, ``not_found``, ``wrong_state``, ``move_used``.
    """
    require_council(caller)
    invoice, _ = locked_invoice(session, caller, number, organisation)
    state = state_to_come(session, invoice, "reject", move_id)
    if state is not None:
        to_state(session, caller, invoice, state, move_id, reason)
        lines = kept_lines(session, invoice)
        want_charged(session, invoice, lines, cause_id=str(uuid.uuid4()))
    return to_document(session, caller, invoice)


def delete_invoice(session: Session, caller: Caller, *, number: str, organisation: str | None) -> None:
    """Take an Unsubmitted invoice or credit note away; its number may be used again.

    Raises Refused ``not_found``, ``wrong_state``.
    """
    with as_system(session, caller):
        invoice, _ = locked_invoice(session, caller, number, organisation)
        if invoice["state"] != UNSUBMITTED:
            raise wrong_state(invoice)
        invoices_store.insert_step(session, invoice, "Deleted", caller["who"])
        invoices_store.delete_invoice(session, invoice["invoice_id"])


def pay_run(session: Session, caller: Caller, *, start: dt.date, contract: str | None) -> None:
    """The run of a period is approved: what was accepted into it is Paid."""
    for invoice in invoices_store.pay_posted(session, start, contract):
        invoices_store.insert_step(session, invoice, "Paid", caller["who"])


def wanted_invoice(
    session: Session, caller: Caller, start: dt.date, contract: str, organisation: str | None
) -> Row:
    """Whose invoice, for what. Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``."""
    periods_rules.refuse_off_grid(start)
    return {
        "organisation_id": require_organisation(session, caller, organisation),
        "contract": callers.resolve_contract(session, contract),
        "period_start": start,
        "kind": INVOICE,
        "credits_id": None,
        "reason": "",
    }


def require_organisation(session: Session, caller: Caller, organisation: str | None) -> str:
    """The organisation that is meant: a provider's own. Raises Refused ``not_found``."""
    found = resolve_organisation(session, caller, organisation)
    if found is None:
        raise Refused("not_found", "Say which provider’s invoice you mean.", {"field": "organisation"})
    return found


def locked_packages(session: Session, invoice: Mapping[str, Any]) -> dict[int, StoredPackage]:
    """Take the locks of an invoice's organisation, contract and period; answers all packages of its clients."""
    locks.lock_periods(session, exclusive=False)
    clients = clients_of(session, invoice["organisation_id"], invoice["contract"], invoice["period_start"])
    locks.lock_clients(session, clients)
    locks.lock_invoices(session, [invoice["organisation_id"]])
    return packages_of(session, clients)


def locked_invoice(
    session: Session, caller: Caller, number: str, organisation: str | None
) -> tuple[Row, dict[int, StoredPackage]]:
    """The invoice of a number, locked, with all packages of its clients (of a credit note none: it follows nothing).

    Raises Refused ``not_found``.
    """
    organisation_id = require_organisation(session, caller, organisation)
    known = require_invoice(session, organisation_id, number)
    packages = locked_packages(session, known)
    invoice = require_invoice(session, organisation_id, number)
    return invoice, packages if invoice["kind"] == INVOICE else {}


def require_invoice(session: Session, organisation_id: str, number: str) -> Row:
    """The invoice or credit note; raises Refused ``not_found``."""
    found = invoices_store.find_invoice(session, organisation_id, number_key(number))
    if found is None:
        raise Refused("not_found", f"There is no invoice or credit note “{number}”.")
    return found


def require_own(session: Session, caller: Caller, invoice_id: str) -> Row:
    """The invoice of an id, as far as the caller may see it; raises Refused ``not_found``."""
    found = invoices_store.invoice_by_id(session, invoice_id)
    if found is None or caller["organisation"] not in (None, found["organisation_id"]):
        raise Refused("not_found", "There is no such invoice.")
    return found


def kept_lines(session: Session, invoice: Mapping[str, Any]) -> Lines:
    """The lines as they are kept."""
    return invoices_store.lines_of(session, invoice["invoice_id"])


def present_lines(
    session: Session, invoice: Row, packages: Mapping[int, StoredPackage], cause_id: str
) -> Lines:
    """The lines as they are today: an invoice's follow the care, a credit note's stay as they were made."""
    if invoice["kind"] == INVOICE:
        return refresh(session, invoice, packages, cause_id=cause_id)
    return kept_lines(session, invoice)


def refuse_taken(session: Session, organisation_id: str, number: str) -> None:
    """Raises Refused ``number_taken`` where the organisation has used a number, in whatever letter case."""
    known = invoices_store.find_invoice(session, organisation_id, number_key(number))
    if known is not None:
        raise Refused(
            "number_taken",
            f"The number {known['number']} was used before: give another one.",
            {"field": "number"},
        )


def refuse_second(session: Session, about: Mapping[str, Any]) -> None:
    """Raises Refused ``invoice_exists`` where one of the same contract and period is not decided yet."""
    found = invoices_store.find_open(
        session, about["organisation_id"], about["contract"], about["period_start"]
    )
    if found is not None:
        raise Refused(
            "invoice_exists",
            f"Invoice {found} of this contract and period is not decided yet: it follows what is owed.",
            {"number": found},
        )
