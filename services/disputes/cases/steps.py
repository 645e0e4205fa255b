"""Cases begin, are talked about and move; the same for every kind. Takes a session, never commits.

A conversation loses no message: what is said is added also when somebody else has moved the case meanwhile; only the
move is left out then, and the answer says so.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.casework.cases import FIRST, MOVES
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.disputes.cases import BegunCase, SaidInCase
from services.disputes.cases import rules, store
from services.disputes.cases.sides import require_seen, side_of

Row = dict[str, Any]
Attachments = Sequence[Mapping[str, Any]]
"""Stored files, as the schema `AttachmentOf` loads them."""


def begin_case(
    session: Session,
    caller: Caller,
    *,
    kind: str,
    case_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    subject: str,
    words: str,
    now: dt.datetime,
    client_reference: str = "",
    cpli_id: int | None = None,
    first_on: dt.date | None = None,
    last_on: dt.date | None = None,
    facts: Mapping[str, Any] | None = None,
    attachments: Attachments = (),
) -> BegunCase:
    """Begin a case with a provider: its own, or the one that the council names.

    Raises Refused ``not_allowed`` and ``organisation_wanted``.
    """
    if caller["organisation"] is not None:
        organisation_id = uuid.UUID(caller["organisation"])
    if organisation_id is None:
        raise Refused("organisation_wanted", "Choose a provider", {"field": "organisation"})
    is_new = open_case(
        session,
        caller,
        kind=kind,
        case_id=case_id,
        organisation_id=organisation_id,
        subject=subject,
        words=words,
        now=now,
        client_reference=client_reference,
        cpli_id=cpli_id,
        first_on=first_on,
        last_on=last_on,
        facts=facts,
        attachments=attachments,
    )
    return {"case_id": str(case_id), "is_new": is_new}


def open_case(
    session: Session,
    caller: Caller,
    *,
    kind: str,
    case_id: uuid.UUID,
    organisation_id: uuid.UUID,
    subject: str,
    words: str,
    now: dt.datetime,
    client_reference: str = "",
    cpli_id: int | None = None,
    first_on: dt.date | None = None,
    last_on: dt.date | None = None,
    facts: Mapping[str, Any] | None = None,
    attachments: Attachments = (),
) -> bool:
    """Begin a case with its first message; False when it was begun already (a form sent twice).

    Raises Refused ``not_allowed`` when the caller's side begins no such cases, or for another organisation.
    """
    side = side_of(caller)
    if (kind, side) not in FIRST or caller["organisation"] not in (None, str(organisation_id)):
        raise Refused("not_allowed", "You can’t begin this.")
    state, turn, has_deadline = FIRST[kind, side]
    row = {
        "case_id": case_id,
        "kind": kind,
        "organisation_id": organisation_id,
        "state": state,
        "turn": turn,
        "due_at": rules.due_at(now) if has_deadline else None,
        "subject": subject,
        "client_reference": client_reference,
        "cpli_id": cpli_id,
        "first_on": first_on,
        "last_on": last_on,
        "facts": json.dumps(facts or {}),
        "opened_by": caller["who"],
        "opened_at": now,
    }
    if not store.insert_case(session, row):
        return False
    # the id of the first message follows from the case's: sending it twice is saying it once
    _add_message(
        session, caller, row, message_id=case_id, move="", words=words, attachments=attachments, now=now
    )
    return True


def say(
    session: Session,
    caller: Caller,
    *,
    kind: str,
    case_id: uuid.UUID,
    message_id: uuid.UUID,
    move: str,
    words: str,
    now: dt.datetime,
    attachments: Attachments = (),
) -> SaidInCase:
    """Add a message to a case, and make a move where one is named.

    Not moved when the case stands elsewhere by now; the message is kept all the same.
    A message that was added before is answered as it was then, with the state of today.
    Raises Refused ``not_found``, and ``not_allowed`` for a move that this side never makes.
    """
    side = side_of(caller)
    found = lock_case(session, caller, kind, case_id)
    if move and (move not in MOVES[kind] or side not in MOVES[kind][move].sides):
        raise Refused("not_allowed", "You can’t do this.")
    made_before = store.find_move(session, message_id)
    if made_before is not None:
        return {"state": found["state"], "is_moved": made_before == move}
    is_late = rules.is_overdue(found["due_at"], now)
    is_moved = bool(move) and rules.may(kind, move, side, found["state"], is_late=is_late)
    if is_moved:
        make_move(session, found, move, now)
    _add_message(
        session,
        caller,
        found,
        message_id=message_id,
        move=move if is_moved else "",
        words=words,
        attachments=attachments,
        now=now,
    )
    return {"state": found["state"], "is_moved": is_moved or not move}


def make_move(session: Session, found: Row, move: str, now: dt.datetime) -> None:
    """Bring a locked case into the state after a move, which is allowed."""
    made = MOVES[found["kind"]][move]
    found |= {
        "state": made.after,
        "turn": made.turn,
        "due_at": rules.due_at(now) if made.has_deadline else None,
    }
    store.save_move(
        session, found["case_id"], state=found["state"], turn=found["turn"], due_at=found["due_at"], now=now
    )


def lock_case(session: Session, caller: Caller, kind: str, case_id: uuid.UUID) -> Row:
    """A case that is to be changed. Raises Refused ``not_found``."""
    return require_seen(caller, store.find_case(session, case_id, kind, is_locked=True), kind)


def _add_message(
    session: Session,
    caller: Caller,
    found: Row,
    *,
    message_id: uuid.UUID,
    move: str,
    words: str,
    attachments: Attachments,
    now: dt.datetime,
) -> None:
    said = {
        "case_id": found["case_id"],
        "organisation_id": found["organisation_id"],
        "message_id": message_id,
        "side": side_of(caller),
    }
    store.insert_message(
        session,
        said
        | {"said_by": caller["who"], "said_at": now, "move": move, "state": found["state"], "words": words},
    )
    store.insert_attachments(
        session, [{**said, **one, "added_by": caller["who"], "added_at": now} for one in attachments]
    )
