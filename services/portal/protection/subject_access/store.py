"""Queries of exports."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import and_, or_, select, tuple_, update
from sqlalchemy.orm import Session as Transaction

from services.portal.protection.subject_access.rules import FAILED, LEASE, MAKING, MOST_ATTEMPTS, WAITING
from services.portal.schema.tables_protection import SubjectExport

Place = tuple[dt.datetime, uuid.UUID]


def find(transaction: Transaction, export_id: uuid.UUID) -> SubjectExport | None:
    return transaction.get(SubjectExport, export_id)


def newest(transaction: Transaction, *, before: Place | None, limit: int) -> Sequence[SubjectExport]:
    """Exports, what was asked for last first."""
    query = select(SubjectExport).order_by(SubjectExport.asked_at.desc(), SubjectExport.export_id.desc())
    if before is not None:
        query = query.where(tuple_(SubjectExport.asked_at, SubjectExport.export_id) < before)
    return transaction.scalars(query.limit(limit)).all()


def give_up(transaction: Transaction, now: dt.datetime, failure: str) -> None:
    """Exports whose makers have died too often have failed."""
    transaction.execute(
        update(SubjectExport)
        .where(
            SubjectExport.state == MAKING,
            SubjectExport.begun_at < now - LEASE,
            SubjectExport.attempts >= MOST_ATTEMPTS,
        )
        .values(state=FAILED, failure=failure)
    )


def claim_next(transaction: Transaction, now: dt.datetime) -> SubjectExport | None:
    """The export that is to be made next, taken on from now; None where there is none."""
    query = (
        select(SubjectExport)
        .where(
            or_(
                SubjectExport.state == WAITING,
                and_(SubjectExport.state == MAKING, SubjectExport.begun_at < now - LEASE),
            )
        )
        .order_by(SubjectExport.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = transaction.scalars(query).first()
    if found is not None:
        found.state, found.begun_at, found.attempts = MAKING, now, found.attempts + 1
    return found
