"""The queries of saved filters; each is of an account, and no other account's is found."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables_filters import SavedFilter


def filters_of(
    transaction: Transaction, account_id: uuid.UUID, page: str | None = None
) -> Sequence[SavedFilter]:
    """Those of an account, for a page or for all, by name."""
    query = select(SavedFilter).where(SavedFilter.account_id == account_id)
    if page is not None:
        query = query.where(SavedFilter.page == page)
    return transaction.scalars(query.order_by(func.lower(SavedFilter.name), SavedFilter.name)).all()


def lock(transaction: Transaction, account_id: uuid.UUID) -> None:
    """Nobody else saves a filter of this account until the transaction ends: they are counted."""
    transaction.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:of, 0))"), {"of": f"filters {account_id}"}
    )


def find(transaction: Transaction, account_id: uuid.UUID, filter_id: uuid.UUID) -> SavedFilter | None:
    """A filter of this account."""
    return transaction.scalar(
        select(SavedFilter).where(SavedFilter.filter_id == filter_id, SavedFilter.account_id == account_id)
    )


def remove(transaction: Transaction, account_id: uuid.UUID, filter_id: uuid.UUID) -> None:
    """Remove a filter of this account; nothing where it is none."""
    transaction.execute(
        delete(SavedFilter).where(SavedFilter.filter_id == filter_id, SavedFilter.account_id == account_id)
    )
