"""Queries of bulk actions and their rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import case, delete, func, insert, select, tuple_, update
from sqlalchemy.orm import Session as Transaction

from services.portal.bulk import rules
from services.portal.bulk.rules import (
    DOING,
    DONE,
    KEPT_SHOWN,
    ROW_DONE,
    ROW_LEFT,
    SHOWN,
    FoundRow,
    Sums,
)
from services.portal.schema.tables_bulk import BulkAction, BulkRow

Place = tuple[dt.datetime, uuid.UUID]


def add(transaction: Transaction, action: BulkAction, rows: Sequence[FoundRow]) -> None:
    """Keep what is shown, with its rows: those that can't be done are left from the beginning."""
    transaction.add(action)
    transaction.flush()
    values = [
        {
            "bulk_id": action.bulk_id,
            "ordinal": ordinal,
            "key": row.key,
            "seen": row.seen,
            "about": row.about,
            "organisation": row.organisation,
            "amount": row.amount,
            "outcome": ROW_LEFT if row.why_not else None,
            "why": row.why_not,
        }
        for ordinal, row in enumerate(rows)
    ]
    if values:
        transaction.execute(insert(BulkRow), values)


def forget_shown(transaction: Transaction, now: dt.datetime) -> None:
    """What was shown long ago and never done is forgotten."""
    old = select(BulkAction.bulk_id).where(BulkAction.state == SHOWN, BulkAction.shown_at < now - KEPT_SHOWN)
    transaction.execute(delete(BulkRow).where(BulkRow.bulk_id.in_(old)))
    transaction.execute(delete(BulkAction).where(BulkAction.bulk_id.in_(old)))


def find(transaction: Transaction, bulk_id: uuid.UUID) -> BulkAction | None:
    return transaction.get(BulkAction, bulk_id)


def claim(transaction: Transaction, bulk_id: uuid.UUID, facts: Mapping[str, Any], now: dt.datetime) -> bool:
    """Whether it is this press that does it, or goes on: what was filled in first is what counts."""
    found = transaction.scalars(
        select(BulkAction).where(BulkAction.bulk_id == bulk_id).with_for_update()
    ).first()
    if found is None or not rules.is_free(found.state, found.tried_at, now):
        return False
    if found.state == SHOWN:
        found.facts, found.began_at = dict(facts), now
    found.state, found.tried_at = DOING, now
    return True


def rows_to_do(transaction: Transaction, bulk_id: uuid.UUID, limit: int) -> Sequence[BulkRow]:
    """The next rows that were not tried yet."""
    query = select(BulkRow).where(BulkRow.bulk_id == bulk_id, BulkRow.outcome.is_(None))
    return transaction.scalars(query.order_by(BulkRow.ordinal).limit(limit)).all()


def note(transaction: Transaction, bulk_id: uuid.UUID, keys: Sequence[str], left: Mapping[str, str]) -> None:
    """What became of these rows: left with the reason, or done."""
    of_action = BulkRow.bulk_id == bulk_id
    done = [key for key in keys if key not in left]
    transaction.execute(update(BulkRow).where(of_action, BulkRow.key.in_(done)).values(outcome=ROW_DONE))
    for key, why in left.items():
        transaction.execute(
            update(BulkRow).where(of_action, BulkRow.key == key).values(outcome=ROW_LEFT, why=why)
        )


def end(transaction: Transaction, bulk_id: uuid.UUID, state: str, now: dt.datetime) -> None:
    """How a press ended."""
    transaction.execute(
        update(BulkAction)
        .where(BulkAction.bulk_id == bulk_id)
        .values(state=state, ended_at=now if state == DONE else None)
    )


def sums(transaction: Transaction, bulk_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Sums]:
    """What the rows of each of these come to."""

    def counted(outcome: str | None) -> Any:
        return func.count().filter(BulkRow.outcome.is_not_distinct_from(outcome))

    def summed(outcome: str | None) -> Any:
        return func.coalesce(
            func.sum(BulkRow.amount).filter(BulkRow.outcome.is_not_distinct_from(outcome)), 0
        )

    unknown = func.count().filter(BulkRow.amount.is_(None), BulkRow.outcome.is_distinct_from(ROW_LEFT))
    query = (
        select(
            BulkRow.bulk_id,
            counted(None),
            counted(ROW_DONE),
            counted(ROW_LEFT),
            summed(None),
            summed(ROW_DONE),
            unknown,
        )
        .where(BulkRow.bulk_id.in_(bulk_ids))
        .group_by(BulkRow.bulk_id)
    )
    found = {row[0]: Sums(*row[1:]) for row in transaction.execute(query)}
    return {one: found.get(one, Sums(0, 0, 0, Decimal(0), Decimal(0), 0)) for one in bulk_ids}


def organisations(transaction: Transaction, bulk_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Whose the rows of each of these are."""
    query = select(BulkRow.bulk_id, BulkRow.organisation).where(BulkRow.bulk_id.in_(bulk_ids)).distinct()
    found: dict[uuid.UUID, list[str]] = {one: [] for one in bulk_ids}
    for bulk_id, name in transaction.execute(query.order_by(BulkRow.organisation)):
        found[bulk_id].append(name)
    return found


def page_of_rows(transaction: Transaction, bulk_id: uuid.UUID, first: int, limit: int) -> Sequence[BulkRow]:
    """Rows from a number on: those that are left before the others."""
    query = (
        select(BulkRow)
        .where(BulkRow.bulk_id == bulk_id)
        .order_by(case((BulkRow.outcome == ROW_LEFT, 0), else_=1), BulkRow.ordinal)
    )
    return transaction.scalars(query.offset(first).limit(limit)).all()


def newest(
    transaction: Transaction,
    *,
    acts: Collection[str],
    organisation_id: uuid.UUID | None,
    before: Place | None,
    limit: int,
) -> Sequence[BulkAction]:
    """What was begun, the newest first: of these acts; of this organisation, or of all for None."""
    query = select(BulkAction).where(BulkAction.began_at.is_not(None), BulkAction.act.in_(acts))
    if organisation_id is not None:
        query = query.where(BulkAction.organisation_id == organisation_id)
    if before is not None:
        query = query.where(tuple_(BulkAction.began_at, BulkAction.bulk_id) < before)
    return transaction.scalars(
        query.order_by(BulkAction.began_at.desc(), BulkAction.bulk_id.desc()).limit(limit)
    ).all()
