"""The outbox: what a service says is written in the transaction that made it true.

A message said outside of it could be lost (committed, then killed before it was sent) or untrue
(sent, then rolled back). `relay.py` sends the rows and deletes them. `received` holds the ids of
the messages a service has heard, so that one delivered twice is handled once. `progress` counts, for
each cause and event, how many messages the service emitted and received (see `counts.py`).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from libs.common.messaging import bodies as messaging_bodies  # fills the checks of messages
from libs.common.messaging.counts import count, table, wake_relay
from libs.common.messaging.messages import HEARERS, LANES, Message, check_body, encode_text
from libs.common.messaging.topology import EVENTS, PUBLIC, routing_key
from libs.common.operations.apart import KNOWN, set_apart_table
from libs.common.operations.buried import buried_table

__all__ = [
    "MessagingTables",
    "emit",
    "emit_many",
    "emit_public",
    "forget_received",
    "messaging_tables",
    "receive",
]

assert messaging_bodies

AT_ONCE = 40
"""So many bodies are in memory at once, however many are said."""
PUBLIC_LANE = LANES.index("single")


@dataclass(frozen=True, slots=True)
class MessagingTables:
    """The tables every service that hears or says events has."""

    outbox: sa.Table
    received: sa.Table
    progress: sa.Table
    set_apart: sa.Table
    buried: sa.Table


def messaging_tables(metadata: sa.MetaData) -> MessagingTables:
    """Adds these tables to a service's metadata, in the metadata's schema."""
    outbox = sa.Table(
        "outbox",
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("exchange", sa.Text, nullable=False),
        sa.Column("routing_key", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("cause_id", sa.Uuid, nullable=False),
        sa.Column("lane", sa.SmallInteger, nullable=False, comment="0 single, sent first; 1 bulk"),
        sa.Column("headers", postgresql.JSONB, nullable=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Index("outbox_lane_id", "lane", "id"),
    )
    received = sa.Table(
        "received",
        metadata,
        sa.Column("message_id", sa.Uuid, primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("cause_id", sa.Uuid, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    progress = sa.Table(
        "progress",
        metadata,
        sa.Column("cause_id", sa.Uuid, primary_key=True),
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("emitted", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("received", sa.BigInteger, nullable=False, server_default="0"),
    )
    # A body lives for milliseconds: compressing it costs more than it saves.
    keep_plain = sa.DDL("ALTER TABLE %(fullname)s ALTER COLUMN body SET STORAGE EXTERNAL")  # type: ignore[no-untyped-call]
    sa_event.listen(outbox, "after_create", keep_plain)
    return MessagingTables(outbox, received, progress, set_apart_table(metadata), buried_table(metadata))


def emit(session: Session, event: str, body: Mapping[str, Any], *, cause_id: str, lane: str = "bulk") -> None:
    """Says an event when the session's transaction commits.

    Raises ValueError for an event or lane that doesn't exist and `BadMessage` for a body that
    doesn't fit: better refused here, in the transaction that would say it, than by its hearers.
    """
    emit_many(session, event, [body], cause_id=cause_id, lane=lane)


def emit_many(
    session: Session,
    event: str,
    bodies: Iterable[Mapping[str, Any] | str],
    *,
    cause_id: str,
    lane: str = "bulk",
) -> int:
    """Says many messages of one event; how many. A body that is text is JSON already and is not checked."""
    if event not in HEARERS:
        raise ValueError(f"there is no event {event!r}")
    if lane not in LANES:
        raise ValueError(f"there is no lane {lane!r}")
    key = routing_key(event, lane)
    left, emitted = iter(bodies), 0
    while some := list(islice(left, AT_ONCE)):
        _insert(
            session,
            [
                (str(uuid.uuid4()), EVENTS, key, event, cause_id, LANES.index(lane), None, _text(event, body))
                for body in some
            ],
        )
        emitted += len(some)
    if emitted:
        count(session, cause_id, event, emitted=emitted)
    return emitted


def emit_public(
    session: Session,
    events: Iterable[tuple[str, str, str, Mapping[str, Any] | None]],
    cause_id: str,
) -> None:
    """Says events to other systems: (routing key, message id, body as JSON text, headers).

    They count in no progress: nobody says when other systems have heard them. All go by one lane,
    corrections too: they are numbered, and one that overtook others would look like a gap.
    """
    rows = [
        (message_id, PUBLIC, key, key, cause_id, PUBLIC_LANE, json.dumps(headers) if headers else None, body)
        for key, message_id, body, headers in events
    ]
    if rows:
        _insert(session, rows)
        wake_relay(session)


def receive(session: Session, message: Message) -> bool:
    """Notes that the message was heard; False if it was before, and then there is nothing to do.

    A second delivery that comes while the first is being handled waits here for its outcome. Says on the way
    whether anything is set apart (`apart.py`), so that a handler need not ask.
    """
    statement = sa.text(
        f"INSERT INTO {table(session, 'received')} (message_id, event, cause_id)"
        " VALUES (cast(:message_id AS uuid), :event, cast(:cause_id AS uuid)) ON CONFLICT DO NOTHING"
        f" RETURNING EXISTS (SELECT FROM {table(session, 'set_apart')})"
    )
    values = {"message_id": message.message_id, "event": message.event, "cause_id": message.cause_id}
    kept = session.execute(statement, values).first()
    if kept is None:
        return False
    session.info[KNOWN] = kept[0]
    count(session, message.cause_id, message.event, received=1)
    return True


def forget_received(session: Session, before: datetime) -> int:
    """Deletes the ids of messages heard before that moment; returns how many.

    Call it with a moment that no message still under way can be older than: thirty days, say.
    """
    statement = sa.text(f"DELETE FROM {table(session, 'received')} WHERE received_at < :before")
    result = session.execute(statement, {"before": before})
    return int(result.rowcount)  # type: ignore[attr-defined]


def _text(event: str, body: Mapping[str, Any] | str) -> str:
    if isinstance(body, str):
        return body
    check_body(event, dict(body))
    return encode_text(body)


_COLUMNS = "(message_id, exchange, routing_key, event, cause_id, lane, headers, body)"


def _insert(session: Session, rows: list[tuple[Any, ...]]) -> None:
    """Inserts outbox rows: COPY, five times as fast as INSERT for many rows, as for large ones."""
    copying = f"COPY {table(session, 'outbox')} {_COLUMNS} FROM STDIN"
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor, cursor.copy(copying.encode()) as copy:
        for row in rows:
            copy.write_row(row)
