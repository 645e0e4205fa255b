"""What every service answers about its own messages: progress, dead letters, what is set apart."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from marshmallow import fields, validate
from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.counts import table
from libs.common.messaging.messages import HEARERS
from libs.common.messaging.outbox import emit_many
from libs.common.messaging.progress import progress_by_cause, progress_of
from libs.common.operations.apart import apart_id_of
from libs.common.operations.buried import note_discarded, note_sent_back
from libs.common.operations.dead_letters import DeadLetter
from libs.common.rpc import Caller, rpc
from libs.common.rpc.payloads import Payload

MOST_SHOWN = 1_000

SHOWN = ("kind", "key", "event", "reason", "since", "tried_at")


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
    why = fields.String(required=True, validate=validate.Length(1, 500))


class OperationAnswers:
    """The part of a service class that is the same in all; it has a ``db``."""

    db: Any

    @rpc
    def progress(self, caller: Caller, cause_id: str | None = None) -> dict[str, dict[str, int]]:
        """What this service emitted and received, and what of it lies buried, by event."""
        with self.db.transaction(caller) as session:
            return progress_of(session, cause_id)._asdict()

    @rpc
    def progress_by_cause(self, caller: Caller, **payload: Any) -> dict[str, list[int]]:
        """[emitted, received, buried] of one event by cause."""
        wanted = OfEvent().load(payload)
        with self.db.transaction(caller) as session:
            return progress_by_cause(session, **wanted)

    @rpc
    def set_apart(self, caller: Caller) -> list[dict[str, Any]]:
        """What is set apart, the oldest first."""
        with self.db.transaction(caller) as session:
            return find_apart(session, caller)

    @rpc
    def why_apart(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """Those of these things that are set apart, as far as the caller may see them."""
        wanted = ApartOf().load(payload)
        with self.db.transaction(caller) as session:
            return find_why_apart(session, **wanted)

    @rpc
    def retry_set_apart(self, caller: Caller, **payload: Any) -> int:
        """Have what is set apart tried again; how many things."""
        wanted = ApartId().load(payload)
        with self.db.transaction(caller) as session:
            return retry_apart(session, caller, **wanted)

    @rpc
    def dead_letter_sent_back(self, caller: Caller, **payload: Any) -> None:
        """A dead letter of this service is about to be sent back."""
        wanted = SentBack().load(payload)
        require_council(caller)
        with self.db.transaction(caller) as session:
            note_sent_back(session, **wanted)

    @rpc
    def dead_letter_discarded(self, caller: Caller, **payload: Any) -> None:
        """A dead letter of this service is about to be taken away for good."""
        wanted = Discarded().load(payload)
        require_council(caller)
        why = wanted.pop("why")
        letter = DeadLetter(id=wanted.pop("message_id"), attempts=0, body=b"", **wanted)
        with self.db.transaction(caller) as session:
            note_discarded(session, letter, who=caller["who"], why=why)


def find_apart(session: Session, caller: Caller) -> list[dict[str, Any]]:
    """All that is set apart, the oldest first, at most MOST_SHOWN. Raises Refused ``not_allowed``."""
    require_council(caller)
    rows = session.execute(
        sa.text(
            f"SELECT apart_id::text AS id, {', '.join(SHOWN)} FROM {table(session, 'set_apart')}"
            " ORDER BY since, apart_id LIMIT :most"
        ),
        {"most": MOST_SHOWN},
    )
    return [dict(row) for row in rows.mappings()]


def find_why_apart(session: Session, things: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Kind, key, reason and since when, of those of these things that are set apart."""
    rows = session.execute(
        sa.text(
            f"SELECT kind, key, reason, since FROM {table(session, 'set_apart')}"
            " WHERE apart_id = ANY(CAST(:ids AS uuid[])) ORDER BY since, apart_id"
        ),
        {"ids": [str(apart_id_of(kind, key)) for kind, key in things]},
    )
    return [dict(row) for row in rows.mappings()]


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


def require_council(caller: Caller) -> None:
    """Raises Refused ``not_allowed`` for a provider."""
    if caller["organisation"] is not None:
        raise Refused("not_allowed", "Only the council can do this.")
