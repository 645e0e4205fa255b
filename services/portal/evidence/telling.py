"""Telling evidence: one row, in the transaction that it belongs to. It never holds what somebody typed.

No password, digit, position, number of an app or secret of a token is ever told: what may be told of a person is what the
audit trail holds of them, ids and references.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from flask import g, has_request_context, request
from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session as Transaction

from libs.common.process.database import Sessions
from libs.common.seams.commands import Forged
from services.portal.evidence import words
from services.portal.schema.tables_evidence import Evidence

LONGEST: Final = 300
MOST_THINGS: Final = 500
"""Of one row: a page shows fewer, a file may name more."""


_ADD: Final = text(
    "INSERT INTO evidence (event_id, kind, who, role, organisation_id, request_id, address, action, kinds, objects,"
    " clients, old, new, outcome) VALUES (:event_id, :kind, :who, :role, :organisation_id, :request_id, :address,"
    " :action, CAST(:kinds AS text[]), CAST(:objects AS text[]), CAST(:clients AS text[]), CAST(:old AS jsonb),"
    " CAST(:new AS jsonb), :outcome)"
)
"""Always the same statement: the database plans it once for each of its sessions."""


class Told(NamedTuple):
    """What is told. who and role: None for strangers; clients: whom a reading showed; old and new: what changed.

    about: kinds and values, as the things of the audit trail.
    """

    kind: str
    who: str | None = None
    role: str | None = None
    organisation_id: uuid.UUID | None = None
    about: Sequence[tuple[str, str]] = ()
    clients: Sequence[str] = ()
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    outcome: str | None = None


def tell(transaction: Transaction, told: Told) -> None:
    """Add a row of evidence; of a request with its id, where it came from and what it asked.

    Raises SQLAlchemy's errors: what can't be told is not done.
    """
    transaction.execute(_ADD, _row(told))


def tell_at_once(sessions: Sessions, told: Told) -> None:
    """The same for what belongs to no transaction, in one statement that is its own."""
    engine: Engine = sessions.kw["bind"]
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(_ADD, _row(told))


def _row(told: Told) -> dict[str, Any]:
    things = told.about[:MOST_THINGS]
    row: dict[str, Any] = {
        "event_id": uuid.uuid4(),
        "kind": told.kind,
        "who": told.who,
        "role": told.role,
        "organisation_id": told.organisation_id,
        "kinds": [kind for kind, _ in things],
        "objects": [value for _, value in things],
        "clients": [*dict.fromkeys(told.clients)][:MOST_THINGS],
        "old": None if told.old is None else json.dumps(told.old, ensure_ascii=False),
        "new": None if told.new is None else json.dumps(told.new, ensure_ascii=False),
        "outcome": told.outcome and told.outcome[:LONGEST],
    }
    if has_request_context():
        return {
            **row,
            "request_id": request_id(),
            "address": request.remote_addr,
            "action": request.endpoint,
        }
    return {**row, "request_id": None, "address": None, "action": None}


def request_id() -> uuid.UUID:
    """Of this request: as the audit trail knows it, where it asks for a change."""
    if "audited" in g:
        found: uuid.UUID = g.audited[0]
    else:
        found = g.setdefault("request_id", uuid.uuid4())
    return found


def tell_forged(transaction: Transaction, said: Forged) -> None:
    """That a service refused a request in another's name; once, however often it is heard."""
    about = {"service": said["service"], "user": said["user"], "signed_by": said["signed_by"]}
    row = {
        "event_id": uuid.UUID(said["action_id"]),
        "kind": words.FORGED,
        "action": said["method"],
        "kinds": [kind for kind, value in about.items() if value],
        "objects": [value for value in about.values() if value],
        "clients": [],
        "outcome": said["why"][:LONGEST],
    }
    transaction.execute(upsert(Evidence).values(row).on_conflict_do_nothing())
