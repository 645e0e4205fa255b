"""What may be read of invoices: lists, single ones, and what is to be invoiced or credited (RULES 13)."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.payments.invoices import (
    InvoiceDocument,
    InvoicedWeek,
    InvoiceSummary,
    StoredVatInvoice,
    ToInvoice,
)
from services.payments.callers import resolve_contract, resolve_organisation
from services.payments.invoiced import store as invoiced_store
from services.payments.invoices import store as invoices_store
from services.payments.invoices.documents import to_document, to_summary
from services.payments.invoices.owed import Due, as_system, clients_of, dues_of, packages_of
from services.payments.invoices.steps import require_invoice, require_organisation, require_own
from services.payments.packages import store as packages_store
from services.payments.periods import rules as periods_rules

CLIENTS_AT_ONCE = 200


def list_invoices(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    contract: str | None,
    state: str | None,
    start: dt.date | None,
    after: uuid.UUID | None,
    limit: int,
) -> list[InvoiceSummary]:
    """A page of invoices and credit notes, the newest first, after the one of an id; of a provider its own.

    Raises Refused ``not_found``, ``unknown_contract``.
    """
    last = invoices_store.invoice_by_id(session, after) if after else None
    rows = session.execute(
        text(
            f"SELECT {invoices_store.COLUMNS} FROM invoices i"
            " WHERE (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
            " AND (CAST(:contract AS text) IS NULL OR contract = :contract)"
            " AND (CAST(:state AS text) IS NULL OR state = :state)"
            " AND (CAST(:start AS date) IS NULL OR period_start = :start)"
            " AND (CAST(:id AS uuid) IS NULL OR (made_at, invoice_id) < (:made_at, CAST(:id AS uuid)))"
            " ORDER BY made_at DESC, invoice_id DESC LIMIT :limit"
        ),
        {
            "organisation": resolve_organisation(session, caller, organisation),
            "contract": resolve_contract(session, contract),
            "state": state,
            "start": start,
            "id": last["invoice_id"] if last else None,
            "made_at": last["made_at"] if last else None,
            "limit": limit,
        },
    )
    names = dict(packages_store.list_organisations(session))
    return [to_summary(dict(row), names) for row in rows.mappings()]


def describe_invoice(
    session: Session, caller: Caller, *, number: str, organisation: str | None
) -> InvoiceDocument:
    """An invoice or credit note as it is now. Raises Refused ``not_found``."""
    organisation_id = require_organisation(session, caller, organisation)
    return to_document(session, caller, require_invoice(session, organisation_id, number))


def list_invoiced_weeks(session: Session, *, first: dt.date, last: dt.date) -> list[InvoicedWeek]:
    """The weeks of line items between two Mondays that an invoice holds; of a provider its own."""
    held = invoiced_store.weeks_held(session, first, last)
    return [{"cpli_id": cpli_id, "week": monday.isoformat()} for cpli_id, monday in held]


def find_named(session: Session, caller: Caller, *, invoice_id: uuid.UUID) -> InvoiceSummary:
    """The invoice or credit note of an id, as lists have it. Raises Refused ``not_found``."""
    names = dict(packages_store.list_organisations(session))
    return to_summary(require_own(session, caller, str(invoice_id)), names)


def find_vat_invoice(session: Session, caller: Caller, *, invoice_id: uuid.UUID) -> StoredVatInvoice:
    """Where the provider's VAT invoice of an invoice lies. Raises Refused ``not_found``, also where there is none."""
    found = require_own(session, caller, str(invoice_id))
    if not found["attachment_key"]:
        raise Refused("not_found", f"No VAT invoice is attached to {found['number']}.")
    return {"name": found["attachment_name"], "object_key": found["attachment_key"]}


def list_to_invoice(
    session: Session, caller: Caller, *, start: dt.date, organisation: str | None, contract: str | None
) -> list[ToInvoice]:
    """*To invoice or to credit*: each line of a period on which what is owed is not what was accepted.

    Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``.
    """
    periods_rules.refuse_off_grid(start)
    organisation_id = resolve_organisation(session, caller, organisation)
    contract = resolve_contract(session, contract)
    names = dict(packages_store.list_organisations(session))
    found: list[Due] = []
    with as_system(session, caller):
        clients = sorted(clients_of(session, organisation_id, contract, start))
        for first in range(0, len(clients), CLIENTS_AT_ONCE):
            found += dues_of(session, packages_of(session, clients[first : first + CLIENTS_AT_ONCE]), start)
    return [
        due_document(due, names)
        for due in sorted(found, key=lambda due: (names.get(due.organisation_id, ""), due.contract, due.key))
        if organisation_id in (None, due.organisation_id) and contract in (None, due.contract)
    ]


def due_document(due: Due, names: dict[str, Any]) -> ToInvoice:
    """What is owed now less what was accepted."""
    return {
        "organisation": names.get(due.organisation_id, due.organisation_id),
        "contract": due.contract,
        "client": due.whose.client_reference,
        "cpli_id": due.key.cpli_id,
        "week": due.key.monday.isoformat(),
        "kind": due.key.kind,
        "owed": pounds_text(due.owed),
        "accepted": pounds_text(due.accepted),
        "difference": pounds_text(due.amount),
    }
