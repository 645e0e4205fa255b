"""Queries of the audit trail: it is read here, and added to in audit.py."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables import Audit, AuditEnd

Place = tuple[dt.datetime, uuid.UUID]


@dataclass(frozen=True)
class Sought:
    """What a search is limited to; None leaves a limit out. since and until: moments, until excluded."""

    who: str | None = None
    action: str | None = None
    named: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def page(
    transaction: Transaction, sought: Sought, *, after: Place | None, limit: int
) -> Sequence[tuple[Audit, AuditEnd | None]]:
    """What was asked and how it ended, the newest first; `after`: the last one of the page before."""
    query = (
        select(Audit, AuditEnd)
        .outerjoin(AuditEnd, AuditEnd.action_id == Audit.action_id)
        .order_by(Audit.asked_at.desc(), Audit.action_id.desc())
        .limit(limit)
    )
    if sought.who is not None:
        query = query.where(Audit.who == sought.who)
    if sought.action is not None:
        query = query.where(Audit.action == sought.action)
    if sought.named is not None:
        query = query.where(_names(sought.named))
    if sought.since is not None:
        query = query.where(Audit.asked_at >= sought.since)
    if sought.until is not None:
        query = query.where(Audit.asked_at < sought.until)
    if after is not None:
        query = query.where(tuple_(Audit.asked_at, Audit.action_id) < after)
    return [(asked, end) for asked, end in transaction.execute(query)]


def _names(wanted: str) -> ColumnElement[bool]:
    """Whether the asked address named it, or the answer's: each looked up in an index of its own."""
    made = select(AuditEnd.action_id).where(AuditEnd.made.contains([wanted]))
    return or_(Audit.objects.contains([wanted]), Audit.action_id.in_(made))
