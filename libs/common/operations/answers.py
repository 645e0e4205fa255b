"""What every service answers about its own messages: progress, dead letters, what is set apart."""

from __future__ import annotations

import uuid
from typing import Any, cast

import sqlalchemy as sa
from marshmallow import fields, validate
from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.counts import table
from libs.common.messaging.messages import HEARERS
from libs.common.messaging.outbox import emit_many
from libs.common.messaging.progress import progress_by_cause, progress_of
from libs.common.operations.apart import apart_id_of
from libs.common.operations.buried import (
    discard_buried,
    list_buried,
    note_discarded,
    note_sent_back,
    reasons_of_discarded,
)
from libs.common.operations.dead_letters import DeadLetter
from libs.common.rights import names as rights
from libs.common.rpc import Caller, Database
from libs.common.rpc.answering import answer_by, answering
from libs.common.rpc.callers import require_council
from libs.common.rpc.payloads import Payload
from libs.common.seams.lists import COUNTED_TO
from libs.common.seams.operations import Buried, ProgressCounts, SetApart, WhyApart

MOST_SHOWN = 1_000
MOST_BODY = 4_000_000
"""The longest body of a discarded message that is said beside it, in characters."""


class OfEvent(Payload):
    """One event between services."""

    event = fields.String(required=True, validate=validate.OneOf(list(HEARERS)))


class ApartId(Payload):
    """One thing that is set apart; all of them when None."""

    apart_id = fields.UUID(load_default=None, allow_none=True)


class ApartOf(Payload):
    """Things by kind and key."""

    things = fields.List(fields.Tuple((fields.String(), fields.String())), required=True)


class SentBack(Payload):
    """A dead letter that goes back to its queue."""

    message_id = fields.String(required=True)


class Discarded(SentBack):
    """A dead letter that is taken away, and why."""

    queue = fields.String(required=True)
    event = fields.String(required=True)
    cause_id = fields.String(required=True)
    reason = fields.String(required=True)
    died_at = fields.String(required=True)
    body = fields.String(load_default="", validate=validate.Length(max=MOST_BODY))
    why = fields.String(required=True, validate=validate.Length(1, 500))


class DiscardedById(SentBack):
    """A dead letter that a service knows of, and why it need never be handled."""

    why = fields.String(required=True, validate=validate.Length(1, 500))


class ProgressOf(Payload):
    """One cause; all together when None."""

    cause_id = fields.String(load_default=None, allow_none=True)


def answer_progress(session: Session, cause_id: str | None) -> ProgressCounts:
    """What this service emitted and received, and what of it lies buried, by event."""
    emitted, received, buried, dead = progress_of(session, cause_id)
    return {
        "emitted": emitted,
        "received": received,
        "buried": buried,
        "dead": dead,
        "discarded": reasons_of_discarded(session, cause_id),
    }


def note_dead_letter_sent_back(session: Session, caller: Caller, message_id: str) -> None:
    """A dead letter of this service is about to be sent back. Raises Refused ``not_allowed``."""
    require_council(caller)
    note_sent_back(session, message_id)


def note_dead_letter_discarded(
    session: Session,
    caller: Caller,
    *,
    message_id: str,
    queue: str,
    event: str,
    cause_id: str,
    reason: str,
    died_at: str,
    body: str,
    why: str,
) -> None:
    """A dead letter of this service is about to be taken away for good. Raises Refused ``not_allowed``."""
    require_council(caller)
    letter = DeadLetter(
        id=message_id,
        queue=queue,
        event=event,
        cause_id=cause_id,
        reason=reason,
        attempts=0,
        died_at=died_at,
        body=body.encode(),
    )
    note_discarded(session, letter, who=caller["who"], why=why)


def find_dead_letters(session: Session, caller: Caller) -> list[Buried]:
    """This service's dead letters, and what was discarded of them. Raises Refused ``not_allowed``."""
    require_council(caller)
    return cast(list[Buried], list_buried(session))


def discard_dead_letter(session: Session, caller: Caller, message_id: str, why: str) -> None:
    """Decide that a dead letter need never be handled. Raises Refused ``not_allowed``, ``not_found`` and
    ``already_discarded``."""
    require_council(caller)
    discard_buried(session, message_id, who=caller["who"], why=why)


def find_apart(session: Session, caller: Caller) -> list[SetApart]:
    """All that is set apart, the oldest first, at most MOST_SHOWN. Raises Refused ``not_allowed``."""
    require_council(caller)
    rows = session.execute(
        sa.text(
            "SELECT apart_id::text AS id, kind, key, event, reason, since, tried_at"
            f" FROM {table(session, 'set_apart')}"
            " ORDER BY since, apart_id LIMIT :most"
        ),
        {"most": MOST_SHOWN},
    )
    return [
        {
            "id": row.id,
            "event": row.event,
            "tried_at": row.tried_at.isoformat(),
            **_why_document(row),
        }
        for row in rows
    ]


def find_why_apart(session: Session, things: list[tuple[str, str]]) -> list[WhyApart]:
    """Kind, key, reason and since when, of those of these things that are set apart."""
    rows = session.execute(
        sa.text(
            f"SELECT kind, key, reason, since FROM {table(session, 'set_apart')}"
            " WHERE apart_id = ANY(CAST(:ids AS uuid[])) ORDER BY since, apart_id"
        ),
        {"ids": [str(apart_id_of(kind, key)) for kind, key in things]},
    )
    return [_why_document(row) for row in rows]


def _why_document(row: sa.Row[Any]) -> WhyApart:
    return {"kind": row.kind, "key": row.key, "reason": row.reason, "since": row.since.isoformat()}


def retry_apart(session: Session, caller: Caller, apart_id: uuid.UUID | None) -> int:
    """Say again what was set apart, or one thing of it; how many. It is cleared when it succeeds.

    A row of a file is not said by any message: it is sent again in a file. Raises Refused ``not_allowed``.
    """
    require_council(caller)
    where = " WHERE event <> ''" + ("" if apart_id is None else " AND apart_id = :id")
    rows = session.execute(
        sa.text(f"SELECT event, body, cause_id::text FROM {table(session, 'set_apart')}{where}"),
        {} if apart_id is None else {"id": apart_id},
    ).all()
    for event, body, cause_id in rows:
        # checked when it is heard: it may be what made it fail
        emit_many(session, event, [body], cause_id=cause_id, lane="single")
    return len(rows)


class ListAsked(Payload):
    """A method that lists, and what it is asked; the place at which a page of it begins says nothing of the whole."""

    listed = fields.String(required=True, validate=validate.Length(1, 100))
    asked = fields.Dict(keys=fields.String(), required=True)


class OperationAnswers:
    """The part of a service class that is the same in all; it has a ``db``."""

    db: Database

    progress = answer_by(answer_progress, ProgressOf, needs=(rights.KNOW_NAMES,))
    progress_by_cause = answer_by(progress_by_cause, OfEvent, needs=(rights.OPERATE,))
    set_apart = answer_by(find_apart, needs=(rights.READ_SET_APART,))
    why_apart = answer_by(find_why_apart, ApartOf, needs=(rights.READ_VISITS,))
    retry_set_apart = answer_by(retry_apart, ApartId, needs=(rights.MEND_SET_APART,))
    dead_letter_sent_back = answer_by(note_dead_letter_sent_back, SentBack, needs=(rights.OPERATE,))
    dead_letter_discarded = answer_by(note_dead_letter_discarded, Discarded, needs=(rights.OPERATE,))
    dead_letters = answer_by(find_dead_letters, needs=(rights.READ_SET_APART,))
    discard_dead_letter = answer_by(discard_dead_letter, DiscardedById, needs=(rights.MEND_SET_APART,))

    @answering(rights.KNOW_NAMES)  # the method that lists says which right it needs
    def count_listed(self, caller: Caller, **payload: Any) -> int:
        """How many rows a list has in all, COUNTED_TO + 1 for any more.

        Raises Refused ``unknown_method``, and what the method that lists raises.
        """
        wanted = ListAsked().load(payload)
        count = getattr(getattr(type(self), wanted["listed"], None), "count", None)
        if count is None:
            raise Refused("unknown_method", "There is no list of that name.")
        found: int = count(self, caller, wanted["asked"], COUNTED_TO + 1)
        return found
