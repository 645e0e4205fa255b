"""What the command line did, added to the audit trail. It may be told twice, and its two parts in any order."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy.orm import Session as Transaction

from libs.common.messaging.messages import BadMessage
from libs.common.process.database import Sessions
from libs.common.seams.commands import CommandBegun, CommandEnded, Forged
from services.portal.audit import store as audit_store
from services.portal.audit.facts import organisation_id_of
from services.portal.audit.steps import LONGEST_OBJECT
from services.portal.audit.telling import LONGEST
from services.portal.audit.things import Thing
from services.portal.clients.gateway import Gateway
from services.portal.evidence.telling import tell_forged
from services.portal.schema.tables_requests import Audit, AuditEnd

Row = dict[str, Any]

ROLE: Final = "system"
"""Of whoever runs commands."""


def keep_command(
    sessions: Sessions, gateway: Gateway | None, said: CommandBegun | CommandEnded | Forged
) -> None:
    """Add to the trail what a command said, once. Raises BadMessage for what can't be kept, and SQLAlchemy's errors.

    gateway: None where services can't be asked whose things they are.
    """
    if said["part"] == "forged":
        with sessions.begin() as transaction:
            tell_forged(transaction, said)
    elif said["part"] == "begun":
        _keep_begun(sessions, said)
    else:
        _keep_ended(sessions, gateway, said)


def _keep_begun(sessions: Sessions, said: CommandBegun) -> None:
    things = _things(said["about"])
    row: Row = {
        "action_id": uuid.UUID(said["action_id"]),
        "asked_at": _moment(said["at"]),
        "who": said["who"],
        "role": ROLE,
        "organisation_id": None,
        "action": said["action"],
        "objects": [thing.value for thing in things],
        "kinds": [thing.kind for thing in things],
    }
    with sessions.begin() as transaction:
        audit_store.add_once(transaction, Audit, row)


def _keep_ended(sessions: Sessions, gateway: Gateway | None, said: CommandEnded) -> None:
    things, name = _things(said["about"]), said["organisation"]
    row: Row = {
        "action_id": uuid.UUID(said["action_id"]),
        "ended_at": _moment(said["at"]),
        "status": said["status"],
        "made": [thing.value for thing in things],
        "made_kinds": [thing.kind for thing in things],
        "amount": _pounds(said["amount"]),
        "organisation_id": organisation_id_of(gateway, name) if gateway and name else None,
        "organisation": name,
        "contract": said["contract"],
        "outcome": said["outcome"] and said["outcome"][:LONGEST],
    }
    with sessions.begin() as transaction:
        if name is None:
            row |= _holder(transaction, things)
        audit_store.add_once(transaction, AuditEnd, row)


def _things(about: list[tuple[str, str]]) -> list[Thing]:
    return [Thing(kind[:LONGEST_OBJECT], value.replace("\0", "")[:LONGEST_OBJECT]) for kind, value in about]


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise BadMessage("schema", "a moment can't be read") from error


def _pounds(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation as error:
        raise BadMessage("schema", "an amount can't be read") from error


def _holder(transaction: Transaction, things: list[Thing]) -> Row:
    """The provider of an account or a token."""
    for thing in things:
        if (holder := audit_store.holder_of(transaction, thing)) is not None:
            return holder._asdict()
    return {}
