"""Invoices and credit notes as they are shown. Reads, and writes nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.clock import iso_text
from libs.common.care.money import NOTHING, pounds_text
from libs.common.rpc import Caller
from libs.common.seams.payments.invoices import (
    InvoiceChange,
    InvoiceDocument,
    InvoiceLine,
    InvoicePreview,
    InvoiceStep,
    InvoiceSummary,
    UnsubmittedWeek,
)
from services.payments.invoiced.rules import COST, COUNTED, INVOICE, LineKey
from services.payments.invoices import store as invoices_store
from services.payments.invoices.owed import (
    as_system,
    clients_of,
    lines_now,
    packages_of,
    weeks_without_actuals,
)
from services.payments.invoices.rules import OPEN, Change, Lines, changes_of, rate_text, sums_of
from services.payments.packages import store as packages_store
from services.payments.pricing.rules import CpliWeek

NO_WEEKS: list[CpliWeek] = []


def to_document(session: Session, caller: Caller, invoice: Mapping[str, Any]) -> InvoiceDocument:
    """An invoice as it is now: an open one with what is owed today, whether that is noted yet or not."""
    kept = invoices_store.lines_of(session, invoice["invoice_id"])
    lines, missing = kept, NO_WEEKS
    if invoice["kind"] == INVOICE and invoice["state"] in OPEN:
        with as_system(session, caller):
            clients = clients_of(
                session, invoice["organisation_id"], invoice["contract"], invoice["period_start"]
            )
            packages = packages_of(session, clients)
            lines = lines_now(session, invoice, packages)
            missing = weeks_without_actuals(session, invoice, packages)
    changes = [*changes_noted(session, invoice["invoice_id"]), *map(change_document, changes_of(kept, lines))]
    shown = {**invoice, **sums_of(lines)._asdict()} if lines != kept else invoice
    return {
        **to_summary(shown, dict(packages_store.list_organisations(session))),
        "reason": invoice["reason"],
        "vat_number": invoice["vat_number"],
        "attachment": invoice["attachment_name"],
        "lines": line_documents(lines, left_of(session, invoice, lines)),
        "changes": changes,
        "steps": steps_of(session, invoice["invoice_id"]),
        "unsubmitted": week_documents(missing),
    }


def to_summary(invoice: Mapping[str, Any], names: Mapping[str, str]) -> InvoiceSummary:
    """An invoice or credit note as lists have it; ``names`` are those of organisations."""
    return {
        "id": invoice["invoice_id"],
        "number": invoice["number"],
        "kind": invoice["kind"],
        "state": invoice["state"],
        "organisation_id": invoice["organisation_id"],
        "organisation": names.get(invoice["organisation_id"], invoice["organisation_id"]),
        "contract": invoice["contract"],
        "period": invoice["period_start"].isoformat(),
        "net": pounds_text(invoice["net"]),
        "vat": pounds_text(invoice["vat"]),
        "gross": pounds_text(invoice["gross"]),
        "credits": invoice["credited_number"],
        "posted_in": iso_text(invoice.get("posted_in")),
        "made_at": made_at(invoice),
    }


def made_at(invoice: Mapping[str, Any]) -> str:
    """When it was made."""
    moment: dt.datetime = invoice["made_at"]
    return moment.isoformat()


def to_preview(about: Mapping[str, Any], lines: Lines, missing: Iterable[CpliWeek]) -> InvoicePreview:
    """What an invoice would hold."""
    sums = sums_of(lines)
    return {
        "contract": about["contract"],
        "period": about["period_start"].isoformat(),
        "net": pounds_text(sums.net),
        "vat": pounds_text(sums.vat),
        "gross": pounds_text(sums.gross),
        "lines": line_documents(lines, {}),
        "unsubmitted": week_documents(missing),
    }


def line_documents(lines: Lines, left: Mapping[LineKey, Decimal]) -> list[InvoiceLine]:
    """The lines in their order: by CPLI, week and kind."""
    return [
        {
            "cpli_id": key.cpli_id,
            "week": key.monday.isoformat(),
            "kind": key.kind,
            "amount": pounds_text(line.amount),
            "client": line.whose.client_reference,
            "service": line.whose.service,
            "vat_rate": rate_text(line.vat_rate),
            "left": pounds_text(left[key]) if key in left else None,
        }
        for key, line in sorted(lines.items())
    ]


def left_of(session: Session, invoice: Mapping[str, Any], lines: Lines) -> dict[LineKey, Decimal]:
    """What of each accepted cost line a credit note may still take, in pounds."""
    if invoice["kind"] != INVOICE or invoice["state"] not in COUNTED:
        return {}
    credited = invoices_store.credited_of(session, invoice["invoice_id"])
    return {key: line.amount - credited.get(key, NOTHING) for key, line in lines.items() if key.kind == COST}


def week_documents(weeks: Iterable[CpliWeek]) -> list[UnsubmittedWeek]:
    """Weeks of CPLIs."""
    return [{"cpli_id": cpli_id, "week": monday.isoformat()} for cpli_id, monday in weeks]


def change_document(change: Change, changed_at: str | None = None) -> InvoiceChange:
    """A line that changed."""
    return {
        "cpli_id": change.key.cpli_id,
        "week": change.key.monday.isoformat(),
        "kind": change.key.kind,
        "before": pounds_text(change.before),
        "after": pounds_text(change.after),
        "changed_at": changed_at,
    }


def changes_noted(session: Session, invoice_id: str) -> list[InvoiceChange]:
    """What changed while it was open, the oldest first."""
    rows = session.execute(
        text(
            "SELECT cpli_id, monday, kind, before, after, changed_at FROM invoice_changes"
            " WHERE invoice_id = CAST(:id AS uuid) ORDER BY change_id"
        ),
        {"id": invoice_id},
    )
    return [
        change_document(Change(LineKey(*row[:3]), row.before, row.after), row.changed_at.isoformat())
        for row in rows
    ]


def steps_of(session: Session, invoice_id: str) -> list[InvoiceStep]:
    """What was done with it, the oldest first."""
    rows = session.execute(
        text(
            "SELECT state, reason, done_by, done_at FROM invoice_steps WHERE invoice_id = CAST(:id AS uuid)"
            " ORDER BY step_id"
        ),
        {"id": invoice_id},
    )
    return [
        {"state": row.state, "reason": row.reason, "done_by": row.done_by, "done_at": row.done_at.isoformat()}
        for row in rows
    ]
