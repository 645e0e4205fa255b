"""Cases begin, are talked about and move; the same for every kind. Takes a session, never commits.

A conversation loses no message: what is said is added also when somebody else has moved the case meanwhile; only the
move is left out then, and the answer says so.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.disputes.cases import rules, store
from services.disputes.cases.rules import COUNCIL, FIRST, MOVES, OPEN, OVER, PROVIDER, STATES
from services.disputes.reviews import rules as reviews_rules

COUNTED_TO = 1_000
AWAITING: Final = {
    "dispute": "disputes_awaiting",
    "enquiry": "enquiries_awaiting",
    "action": "actions_awaiting",
    "review": "reviews_awaiting",
    "claim": "claims_awaiting",
}
NARROWED: Final[Mapping[str, Callable[[list[str], Mapping[str, Any]], list[str]]]] = {
    "review": reviews_rules.narrowed
}
"""What of the allowed moves is left for a case by what its kind knows besides."""

Row = dict[str, Any]


def side_of(caller: Caller) -> str:
    """The side that asks. Raises Refused ``not_allowed`` for the system, which settles nothing."""
    if caller["organisation"] is not None:
        return PROVIDER
    if caller["role"] != "council":
        raise Refused("not_allowed", "Only the council and the provider can do this.")
    return COUNCIL


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
    attachments: Sequence[Mapping[str, Any]] = (),
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
    _add(session, caller, row, message_id=case_id, move="", words=words, attachments=attachments, now=now)
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
    attachments: Sequence[Mapping[str, Any]] = (),
) -> Row:
    """Add a message to a case, and make a move where one is named.

    Answers {"state", "is_moved"}: not moved when the case stands elsewhere by now; the message is kept all the same.
    A message that was added before is answered as it was then, with the state of today.
    Raises Refused ``not_found``, and ``not_allowed`` for a move that this side never makes.
    """
    side = side_of(caller)
    found = locked(session, caller, kind, case_id)
    if move and (move not in MOVES[kind] or side not in MOVES[kind][move].sides):
        raise Refused("not_allowed", "You can’t do this.")
    made_before = store.move_of(session, message_id)
    if made_before is not None:
        return {"state": found["state"], "is_moved": made_before == move}
    is_late = rules.is_overdue(found["due_at"], now)
    is_moved = bool(move) and rules.may(kind, move, side, found["state"], is_late=is_late)
    if is_moved:
        make_move(session, found, move, now)
    _add(
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


def locked(session: Session, caller: Caller, kind: str, case_id: uuid.UUID) -> Row:
    """A case that is to be changed. Raises Refused ``not_found``."""
    return _seen(caller, store.case(session, case_id, kind, is_locked=True), kind)


def case(session: Session, caller: Caller, *, kind: str, case_id: uuid.UUID, now: dt.datetime) -> Row:
    """A case with its conversation, its attachments and what the caller may do. Raises Refused ``not_found``."""
    found = _seen(caller, store.case(session, case_id, kind), kind)
    return _shown(found, caller, now) | {
        "messages": store.messages(session, case_id),
        "attachments": store.attachments(session, case_id),
    }


def cases(session: Session, caller: Caller, *, kind: str, now: dt.datetime, **wanted: Any) -> list[Row]:
    """A page of cases, newest or oldest first; without ``states``, those that are open, or those that are over."""
    is_over = wanted.pop("is_over", False)
    states = wanted.pop("states") or (OVER if is_over else OPEN)[kind]
    if wanted.pop("is_overdue", False):
        wanted["overdue_at"] = now
    found = store.cases(session, kind, states=states_seen(caller, kind, states), **wanted)
    return [_shown(row, caller, now) for row in found]


def known(session: Session, caller: Caller, *, kind: str, case_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Which of these are cases of a kind that the caller may see."""
    return store.known(session, kind, case_ids, states_seen(caller, kind, STATES[kind]))


def attachment(session: Session, caller: Caller, *, attachment_id: uuid.UUID) -> Row:
    """Where an attachment lies. Raises Refused ``not_found``."""
    return _seen(caller, store.attachment(session, attachment_id), "attachment")


def counts(session: Session, caller: Caller) -> dict[str, Row]:
    """For each kind {"open", "awaiting"}: awaiting the caller's side. Counted to COUNTED_TO."""
    states = {kind: states_seen(caller, kind, states) for kind, states in OPEN.items()}
    return store.counts(session, side_of(caller), states, COUNTED_TO)


def waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits for the caller on the first page."""
    return {AWAITING[kind]: row["awaiting"] for kind, row in counts(session, caller).items()}


def states_seen(caller: Caller, kind: str, states: Sequence[str]) -> list[str]:
    """Those of these states in which the caller sees cases of a kind."""
    return [state for state in states if rules.sees(kind, _looking(caller), state)]


def _seen(caller: Caller, found: Row | None, what: str) -> Row:
    """What was found, where there is such a thing for the caller. Raises Refused ``not_found``."""
    if found is None or not rules.sees(found["kind"], _looking(caller), found["state"]):
        raise Refused("not_found", f"There is no such {what}.")
    return found


def _looking(caller: Caller) -> str:
    """The side that looks: all but providers look as the council does."""
    return PROVIDER if caller["organisation"] is not None else COUNCIL


def _shown(row: Row, caller: Caller, now: dt.datetime) -> Row:
    side = _looking(caller)
    is_late = rules.is_overdue(row["due_at"], now)
    allowed = rules.allowed(row["kind"], side, row["state"], is_late=is_late)
    return row | {
        "is_open": rules.is_open(row["kind"], row["state"]),
        "is_overdue": is_late,
        "allowed": NARROWED[row["kind"]](allowed, row) if row["kind"] in NARROWED else allowed,
    }


def _add(
    session: Session,
    caller: Caller,
    found: Row,
    *,
    message_id: uuid.UUID,
    move: str,
    words: str,
    attachments: Sequence[Mapping[str, Any]],
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
