"""Telling evidence: one row, in the transaction that it belongs to. It never holds what somebody typed.

No password, digit, position, number of an app or secret of a token is ever told: what may be told of a person is what the
audit trail holds of them, ids and references.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask import g, has_request_context, request
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session as Transaction

from libs.common.seams.commands import Forged
from services.portal.audit.things import Thing
from services.portal.evidence import words
from services.portal.schema.tables_evidence import Evidence

LONGEST: Final = 300
MOST_THINGS: Final = 500
"""Of one row: a page shows fewer, a file may name more."""


def tell(
    transaction: Transaction,
    kind: str,
    *,
    who: str | None = None,
    role: str | None = None,
    organisation_id: uuid.UUID | None = None,
    action: str | None = None,
    about: Iterable[Thing] = (),
    clients: Iterable[str] = (),
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    outcome: str | None = None,
) -> None:
    """Add a row of evidence; of a request with its id, where it came from and what it asked.

    Raises SQLAlchemy's errors: what can't be told is not done.
    """
    things = [*about][:MOST_THINGS]
    row: dict[str, Any] = {
        "event_id": uuid.uuid4(),
        "kind": kind,
        "who": who,
        "role": role,
        "organisation_id": organisation_id,
        "action": action,
        "kinds": [thing.kind for thing in things],
        "objects": [thing.value for thing in things],
        "clients": [*dict.fromkeys(clients)][:MOST_THINGS],
        "old": None if old is None else dict(old),
        "new": None if new is None else dict(new),
        "outcome": outcome and outcome[:LONGEST],
    }
    if has_request_context():
        row |= {"request_id": request_id(), "address": request.remote_addr}
        row["action"] = action or request.endpoint
    transaction.execute(insert(Evidence).values({name: v for name, v in row.items() if v is not None}))


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
