"""Messages that lie in the dead letters, as the service knows them that should have heard them.

The broker tells each service of every dead letter (`letters.py`), also of those that it made itself because their
process ended again and again. A buried message is work that will not be done by itself: progress counts it as over,
so that waiting ends, until it is sent back and heard after all. One that is discarded is kept with who and why; what
it said is forgotten after DISCARDED_DAYS.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.counts import table
from libs.common.operations.apart import storable
from libs.common.operations.dead_letters import DeadLetter

DISCARDED_DAYS: Final = 90
"""How long the body of a discarded message is kept: whoever doubts the decision may still look at it."""
MOST_SHOWN: Final = 1_000
REASONS_SHOWN: Final = 20

_HEARD = (
    "EXISTS (SELECT FROM {received} r WHERE r.message_id = CASE WHEN b.message_id ~"
    " '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN CAST(b.message_id AS uuid) END)"
)


def buried_table(metadata: sa.MetaData) -> sa.Table:
    """Adds ``buried`` to a service's metadata. Anybody may have sent a dead letter: its id is any text."""
    return sa.Table(
        "buried",
        metadata,
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("cause_id", sa.Uuid, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("died_at", sa.Text, nullable=False),
        sa.Column("buried_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("discarded_by", sa.Text, nullable=True),
        sa.Column("discarded_for", sa.Text, nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=True),
    )


def note_buried(session: Session, letter: DeadLetter) -> None:
    """A message of this service died; once more, if it was sent back."""
    statement = sa.text(
        f"INSERT INTO {table(session, 'buried')} AS kept (message_id, queue, event, cause_id, reason, died_at, body)"
        " VALUES (:message_id, :queue, :event, :cause_id, :reason, :died_at, :body) ON CONFLICT (message_id) DO UPDATE"
        " SET queue = excluded.queue, reason = excluded.reason, died_at = excluded.died_at, buried_at = now(),"
        " body = coalesce(excluded.body, kept.body) WHERE kept.discarded_at IS NULL"
    )
    session.execute(statement, _values(letter))


def note_discarded(session: Session, letter: DeadLetter, *, who: str, why: str) -> None:
    """Somebody decided that this message need never be heard; who and why are kept for good."""
    note_buried(session, letter)
    discard_buried(session, letter.id, who=who, why=why)


def discard_buried(session: Session, message_id: str, *, who: str, why: str) -> None:
    """The same of a message that is known to be buried; the same decision may be said twice.

    Raises Refused ``not_found``, and ``already_discarded`` with who did and why.
    """
    found = session.execute(
        sa.text(
            f"SELECT discarded_by, discarded_for FROM {table(session, 'buried')}"
            " WHERE message_id = :message_id FOR UPDATE"
        ),
        {"message_id": storable(message_id)},
    ).first()
    if found is None:
        raise Refused("not_found", "There is no dead letter with this id.")
    if found.discarded_by is not None:
        if (found.discarded_by, found.discarded_for) == (who, why):
            return
        raise Refused("already_discarded", f"This dead letter was discarded already: {found.discarded_for}")
    session.execute(
        sa.text(
            f"UPDATE {table(session, 'buried')} SET discarded_by = :who, discarded_for = :why, discarded_at = now()"
            " WHERE message_id = :message_id"
        ),
        {"who": who, "why": why, "message_id": storable(message_id)},
    )


def list_buried(session: Session) -> list[dict[str, Any]]:
    """What lies in the dead letters, the oldest first, and then what was discarded, the newest first; MOST_SHOWN.

    {"id", "queue", "event", "cause_id", "reason", "died_at", "bytes", "discarded_by", "discarded_for", "discarded_at"};
    the last three None for what lies there.
    """
    heard = _HEARD.format(received=table(session, "received"))
    statement = sa.text(
        "SELECT message_id AS id, queue, event, cause_id::text AS cause_id, reason, died_at,"
        " coalesce(octet_length(body), 0) AS bytes, discarded_by, discarded_for, discarded_at"
        f" FROM {table(session, 'buried')} b WHERE NOT {heard}"
        " ORDER BY discarded_at DESC NULLS FIRST, buried_at, message_id LIMIT :most"
    )
    rows = session.execute(statement, {"most": MOST_SHOWN}).mappings()
    return [{**row, "discarded_at": row["discarded_at"] and row["discarded_at"].isoformat()} for row in rows]


def reasons_of_discarded(session: Session, cause_id: str | None = None) -> list[str]:
    """Why messages were discarded, of one cause or of all; the newest first, at most REASONS_SHOWN."""
    of_cause = " AND cause_id = CAST(:cause_id AS uuid)" if cause_id else ""
    statement = sa.text(
        f"SELECT discarded_for FROM {table(session, 'buried')} WHERE discarded_at IS NOT NULL{of_cause}"
        " ORDER BY discarded_at DESC LIMIT :most"
    )
    values = {"most": REASONS_SHOWN} | ({"cause_id": cause_id} if cause_id else {})
    return list(session.scalars(statement, values))


def forget_discarded_bodies(session: Session, now: dt.datetime) -> int:
    """A step of housekeeping: of what was discarded long ago who and why stay, and what it said goes; how many."""
    statement = sa.text(
        f"UPDATE {table(session, 'buried')} SET body = NULL"
        " WHERE discarded_at < :before AND body IS NOT NULL RETURNING 1"
    )
    return len(session.execute(statement, {"before": now - dt.timedelta(days=DISCARDED_DAYS)}).all())


def note_sent_back(session: Session, message_id: str) -> None:
    """A dead letter goes back to its queue: its work is under way again."""
    session.execute(
        sa.text(f"DELETE FROM {table(session, 'buried')} WHERE message_id = :message_id"),
        {"message_id": storable(message_id)},
    )


def forget_heard_after_all(session: Session) -> int:
    """Delete what was buried and heard later; how many. Before the ids of what was heard are forgotten."""
    heard = _HEARD.format(received=table(session, "received"))
    statement = f"DELETE FROM {table(session, 'buried')} b WHERE {heard} RETURNING 1"
    return len(session.execute(sa.text(statement)).all())


def count_buried(session: Session, cause_id: str | None = None) -> dict[str, tuple[int, int]]:
    """By event: how many messages are buried, and how many of them still lie there (were not discarded).

    What says no cause was emitted by no service, and counts among the latter alone.
    """
    heard = _HEARD.format(received=table(session, "received"))
    of_cause = " AND b.cause_id = CAST(:cause_id AS uuid)" if cause_id else ""
    statement = sa.text(
        "SELECT event, count(cause_id), count(*) FILTER (WHERE discarded_at IS NULL)"
        f" FROM {table(session, 'buried')} b WHERE NOT {heard}{of_cause} GROUP BY event"
    )
    rows = session.execute(statement, {"cause_id": cause_id} if cause_id else {})
    return {event: (count, lying) for event, count, lying in rows}


def causes_of_buried(session: Session, event: str) -> dict[str, int]:
    """How many messages of an event are buried, by cause; those that say no cause are left out."""
    heard = _HEARD.format(received=table(session, "received"))
    statement = sa.text(
        f"SELECT cause_id::text, count(*) FROM {table(session, 'buried')} b"
        f" WHERE NOT {heard} AND event = :event AND cause_id IS NOT NULL GROUP BY 1"
    )
    rows = session.execute(statement, {"event": event})
    return {row[0]: row[1] for row in rows}


def _values(letter: DeadLetter) -> dict[str, object]:
    try:
        cause_id = uuid.UUID(letter.cause_id)
    except ValueError:
        cause_id = None
    texts = {"queue": letter.queue, "event": letter.event, "reason": letter.reason, "died_at": letter.died_at}
    return {
        "message_id": storable(letter.id),
        "cause_id": cause_id,
        "body": letter.body or None,
        **{name: storable(text) for name, text in texts.items()},
    }
