"""The locks of payments. Whoever needs several takes them in this order: periods, CPLIs, clients, items,
invoices."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text

PERIOD_LOCK = 1
CPLI_LOCK_CLASS = 2
CLIENT_LOCK_CLASS = 3
ITEM_LOCK_CLASS = 4
INVOICE_LOCK_CLASS = 5


def lock_periods(session: Session, *, exclusive: bool) -> None:
    """Posting shares this lock; finalising has it alone, so no item slips into a finalised period."""
    kind = "" if exclusive else "_shared"
    session.execute(text(f"SELECT pg_advisory_xact_lock{kind}({PERIOD_LOCK})"))


def lock_cplis(session: Session, cpli_ids: Collection[int], *, exclusive: bool) -> None:
    """Posting shares a CPLI's lock; changing its terms or client has it alone. Sorted: no deadlock."""
    kind = "" if exclusive else "_shared"
    session.execute(
        text(
            f"SELECT pg_advisory_xact_lock{kind}({CPLI_LOCK_CLASS}, key) FROM"
            " (SELECT DISTINCT hashint8(id) AS key FROM unnest(CAST(:ids AS bigint[])) id ORDER BY key) keys"
        ),
        {"ids": array_text(cpli_ids)},
    )


def lock_clients(session: Session, client_ids: Collection[str]) -> None:
    """A client's charge spans CPLIs and organisations: one transaction at a time posts for a client."""
    session.execute(
        text(
            f"SELECT pg_advisory_xact_lock({CLIENT_LOCK_CLASS}, key) FROM"
            " (SELECT DISTINCT hashtext(id) AS key FROM unnest(CAST(:ids AS text[])) id ORDER BY key) keys"
        ),
        {"ids": array_text(client_ids)},
    )


def lock_item(session: Session, item_id: str) -> None:
    """One transaction at a time moves an item."""
    session.execute(
        text(f"SELECT pg_advisory_xact_lock({ITEM_LOCK_CLASS}, hashtext(:item))"), {"item": item_id}
    )


def lock_invoices(session: Session, organisation_ids: Collection[str]) -> None:
    """One transaction at a time changes an organisation's invoices: numbers, states, what is left of a line."""
    session.execute(
        text(
            f"SELECT pg_advisory_xact_lock({INVOICE_LOCK_CLASS}, key) FROM"
            " (SELECT DISTINCT hashtext(id) AS key FROM unnest(CAST(:ids AS text[])) id ORDER BY key) keys"
        ),
        {"ids": array_text(organisation_ids)},
    )
