"""Queries of the audit trail: it is read and added to, and nothing else."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Transaction

from services.portal.audit.things import Thing
from services.portal.audit.words import FIRST_FAILED, FIRST_REFUSED
from services.portal.schema.tables_accounts import Account, Token
from services.portal.schema.tables_people import ChangeRequest, Contact
from services.portal.schema.tables_requests import Audit, AuditEnd

Place = tuple[dt.datetime, uuid.UUID]
Doing = tuple[Audit, AuditEnd | None]
"""What was asked, and how it ended."""


@dataclass(frozen=True)
class Sought:
    """What a search is limited to; None leaves a limit out. since and until: moments, until excluded.

    who: as the trail knows who asks, or how that begins. ending: by its name in `words.ENDINGS`.
    """

    who: str | None = None
    actions: Sequence[str] | None = None
    named: str | None = None
    organisation_id: uuid.UUID | None = None
    ending: str | None = None
    but: Sequence[str] = ()
    """actions that whoever looks does not see"""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


class Holder(NamedTuple):
    """The provider that something of the portal's own belongs to; nothing for the council's."""

    organisation_id: uuid.UUID | None
    organisation: str | None


def newest(
    transaction: Transaction, sought: Sought, *, before: Place | None = None, limit: int
) -> list[Doing]:
    """What was asked and how it ended, the newest first; `before`: the last one of the page above."""
    query = _sought(sought).order_by(Audit.asked_at.desc(), Audit.action_id.desc()).limit(limit)
    if before is not None:
        query = query.where(tuple_(Audit.asked_at, Audit.action_id) < before)
    return [(row[0], row[1]) for row in transaction.execute(query)]


def next_newer(transaction: Transaction, sought: Sought, *, after: Place, limit: int) -> list[Doing]:
    """What was asked right after a place, the newest first."""
    query = _sought(sought).where(tuple_(Audit.asked_at, Audit.action_id) > after)
    query = query.order_by(Audit.asked_at, Audit.action_id).limit(limit)
    found = [(row[0], row[1]) for row in transaction.execute(query)]
    return [*reversed(found)]


def add_once(transaction: Transaction, kind: type[Audit] | type[AuditEnd], values: dict[str, Any]) -> None:
    """Add a row, unless it is there: what is heard may come twice."""
    transaction.execute(insert(kind).values(values).on_conflict_do_nothing())


def holder_of(transaction: Transaction, thing: Thing) -> Holder | None:
    """The provider of an account, contact, change request or token; None for other things."""
    query = _HOLDERS.get(thing.kind)
    if query is None:
        return None
    key: Any = thing.value if thing.kind == "token_id" else uuid_of(thing.value)
    row = transaction.execute(query(key)).first()
    return None if row is None else Holder(*row)


_HOLDERS: dict[str, Any] = {
    "account_id": lambda key: select(Account.organisation_id, Account.organisation).where(
        Account.account_id == key
    ),
    "contact_id": lambda key: select(Contact.organisation_id, Contact.organisation).where(
        Contact.contact_id == key
    ),
    "change_id": lambda key: select(ChangeRequest.organisation_id, ChangeRequest.organisation).where(
        ChangeRequest.change_id == key
    ),
    "token_id": lambda key: select(Token.organisation_id, Token.organisation).where(Token.token_id == key),
}


def _sought(sought: Sought) -> Select[Audit, AuditEnd]:
    query = select(Audit, AuditEnd).outerjoin(AuditEnd, AuditEnd.action_id == Audit.action_id)
    if sought.who is not None:
        query = query.where(
            or_(Audit.who == sought.who, Audit.who.startswith(f"{sought.who} (", autoescape=True))
        )
    if sought.actions is not None:
        query = query.where(Audit.action.in_(sought.actions))
    if sought.but:
        query = query.where(Audit.action.not_in(sought.but))
    if sought.named is not None:
        query = query.where(_names(sought.named))
    if sought.organisation_id is not None:
        query = query.where(_is_of(sought.organisation_id))
    if sought.ending is not None:
        query = query.where(_ENDINGS[sought.ending])
    if sought.since is not None:
        query = query.where(Audit.asked_at >= sought.since)
    if sought.until is not None:
        query = query.where(Audit.asked_at < sought.until)
    return query


_ENDINGS: dict[str, ColumnElement[bool]] = {
    "done": AuditEnd.status < FIRST_REFUSED,
    "refused": AuditEnd.status.between(FIRST_REFUSED, FIRST_FAILED - 1),
    "failed": AuditEnd.status >= FIRST_FAILED,
    "unknown": AuditEnd.action_id.is_(None),
}


def _names(wanted: str) -> ColumnElement[bool]:
    """Whether the asked address named it, or the answer's: each looked up in an index of its own."""
    made = select(AuditEnd.action_id).where(AuditEnd.made.contains([wanted]))
    return or_(Audit.objects.contains([wanted]), Audit.action_id.in_(made))


def _is_of(organisation_id: uuid.UUID) -> ColumnElement[bool]:
    """Whether somebody of this provider asked it, or it was done on something of its."""
    done_on = select(AuditEnd.action_id).where(AuditEnd.organisation_id == organisation_id)
    return or_(Audit.organisation_id == organisation_id, Audit.action_id.in_(done_on))


def uuid_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
