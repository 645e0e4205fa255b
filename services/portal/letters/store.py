"""Queries of subscriptions, and of what was told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_letters import Subscription, Told

TOLD_KEPT = dt.timedelta(days=800)
"""Longer than a period stays on anybody's list as just finalised."""


def kinds_of(transaction: Transaction, account_id: uuid.UUID) -> set[str]:
    """What a holder wants."""
    return set(transaction.scalars(select(Subscription.kind).where(Subscription.account_id == account_id)))


def save_kinds(transaction: Transaction, account_id: uuid.UUID, kinds: Collection[str]) -> None:
    """These, and no others."""
    transaction.execute(delete(Subscription).where(Subscription.account_id == account_id))
    rows = [{"account_id": account_id, "kind": kind} for kind in sorted(kinds)]
    if rows:
        # the same form sent twice at once is no fault
        transaction.execute(insert(Subscription).values(rows).on_conflict_do_nothing())


def subscribers(transaction: Transaction, kind: str) -> Sequence[Account]:
    """Who wants a kind of letter and can sign in, organisation by organisation."""
    query = (
        select(Account)
        .join(Subscription, Subscription.account_id == Account.account_id)
        .where(Subscription.kind == kind, Account.disabled_at.is_(None))
        .order_by(Account.organisation_id, Account.account_id)
    )
    return transaction.scalars(query).all()


def tell(transaction: Transaction, account_id: uuid.UUID, kind: str, about: str, now: dt.datetime) -> bool:
    """Whether the holder was not told of this before; from now on they were."""
    row = {"account_id": account_id, "kind": kind, "about": about, "told_at": now}
    made = insert(Told).values(row).on_conflict_do_nothing().returning(Told.account_id)
    return transaction.scalar(made) is not None


def told(transaction: Transaction, account_id: uuid.UUID, kind: str) -> set[str]:
    """What a holder was told of."""
    query = select(Told.about).where(Told.account_id == account_id, Told.kind == kind)
    return set(transaction.scalars(query))


def forget_told(transaction: Transaction, now: dt.datetime) -> None:
    """Throw away what was told long ago."""
    transaction.execute(delete(Told).where(Told.told_at < now - TOLD_KEPT))
