"""The relay: sends what is in a service's outbox, and deletes a row once the broker keeps its message.

Killed between the two, it sends the message again: twice, never lost; hearers notice (`receive`).
One relay a schema is active, which keeps the order; others wait for its advisory lock, which goes
with its database session.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any

import pika
import psycopg
import structlog
from pika.exceptions import AMQPError
from prometheus_client import Counter, Gauge
from psycopg import sql
from psycopg.rows import namedtuple_row

from libs.common.messaging.amqp import a_channel
from libs.common.messaging.counts import channel_of
from libs.common.messaging.messages import LANES
from libs.common.messaging.publisher import Publisher, Sending
from libs.common.messaging.topology import PUBLIC, declare
from libs.common.process.database import RELAYING, connect, connect_arguments

_log = structlog.get_logger(__name__)

PUBLISHED = Counter("caretally_relay_published", "Messages the broker confirmed.", ["schema", "lane"])
UNROUTED = Counter("caretally_relay_unrouted", "Messages no queue wanted, kept and tried again.", ["schema"])
DEPTH = Gauge("caretally_outbox_depth", "Messages waiting in the outbox.", ["schema"])
ACTIVE = Gauge("caretally_relay_active", "1 while this process is the schema's active relay.", ["schema"])

BATCH_MESSAGES = 2000
BATCH_BYTES = 4_000_000
"""A single correction waits for at most one batch of bulk, so a batch is small."""

POLL_SECONDS = 1.0
STANDBY_SECONDS = 0.5
BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0)
HOLD_SECONDS = 2.0
"""How long messages of a routing key that no queue wants are left out, so that others go on; all public
events, when the broker refused one."""

DEPTH_SECONDS = 5.0

_CONNECTING: dict[str, Any] = {
    # A database whose machine vanished is noticed within half a minute, and its lock is free again by then.
    **connect_arguments(None, RELAYING),
    "application_name": "caretally relay",
}


class Relay:
    """Relays the outbox of one schema. `run` is for a thread of its own."""

    def __init__(self, database_url: str, amqp_url: str, schema: str) -> None:
        self._database_url = database_url
        self._amqp_url = amqp_url
        self._schema = schema
        self._held: dict[str, float] = {}
        self._depth_at = 0.0
        self._publisher: Publisher | None = None
        self._publishing = threading.Lock()  # held to wake it, so that it is not closed meanwhile
        self.is_active = False
        self.is_connected = False

    @property
    def is_blocked(self) -> bool:
        """Whether the broker takes no messages: it is short of memory or disk."""
        publisher = self._publisher
        return publisher is not None and publisher.is_blocked

    def wake(self) -> None:
        """Makes `run` look at ``stop`` at once."""
        with self._publishing:
            if self._publisher is not None:
                self._publisher.wake()

    def run(self, stop: threading.Event) -> None:
        """Relays until ``stop`` is set. Lost connections are made again, for as long as it takes.

        Exchanges and queues must be there: whoever starts it has declared them.
        """
        failures = 0
        while not stop.is_set():
            try:
                with connect(self._database_url, autocommit=True, **_CONNECTING) as database:
                    self.is_connected = True
                    if self._become_active(database, stop):
                        self._relay(database, stop, declares=failures > 0)
            except (psycopg.OperationalError, psycopg.InterfaceError, AMQPError, OSError) as error:
                failures = 0 if self.is_active else failures  # else it did not even reach the broker
                pause = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
                failures += 1
                _log.warning(
                    "relay_interrupted", schema=self._schema, error=type(error).__name__, retry_in=pause
                )
                stop.wait(pause)
            finally:
                self.is_connected = False
                self._set_active(False)

    def _become_active(self, database: psycopg.Connection[Any], stop: threading.Event) -> bool:
        """Waits for the schema's lock; False when asked to stop first."""
        statement = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
        waited = False
        while not stop.is_set():
            row = database.execute(statement, [f"caretally.relay.{self._schema}"]).fetchone()
            if row is not None and row[0]:
                _log.info("relay_active", schema=self._schema)
                return True
            if not waited:
                _log.info("relay_standby", schema=self._schema)
                waited = True
            stop.wait(STANDBY_SECONDS)
        return False

    def _relay(self, database: psycopg.Connection[Any], stop: threading.Event, declares: bool) -> None:
        if declares:  # somebody may have deleted a queue
            with a_channel(self._amqp_url, f"{self._schema} relay declares") as channel:
                declare(channel)
        publisher = self._publisher = Publisher(self._amqp_url, f"{self._schema} relay")
        try:
            database.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel_of(self._schema))))
            self._set_active(True)
            while not stop.is_set():
                rows = self._read(database)
                if rows:
                    self._send(database, publisher, rows)
                else:
                    publisher.wait(POLL_SECONDS, database.fileno())
                    self._drain_notifies(database)
                self._measure_depth(database)
        finally:
            with self._publishing:
                self._publisher = None
            publisher.close()

    def _read(self, database: psycopg.Connection[Any]) -> list[Any]:
        """The next batch: single corrections first, then by id, bounded in messages and in bytes."""
        now = time.monotonic()
        self._held = {key: until for key, until in self._held.items() if until > now}
        statement = sql.SQL(
            "SELECT id, message_id, exchange, routing_key, event, cause_id, lane, headers, body FROM ("
            " SELECT *, sum(octet_length(body)) OVER (ORDER BY lane, id) - octet_length(body) AS bytes_before"
            " FROM (SELECT * FROM {} WHERE routing_key <> ALL(%s) AND exchange <> ALL(%s)"
            " ORDER BY lane, id LIMIT %s) AS next"
            ") AS measured WHERE bytes_before < %s ORDER BY lane, id"
        ).format(self._table())
        with database.cursor(row_factory=namedtuple_row) as cursor:
            held = list(self._held)
            return cursor.execute(statement, [held, held, BATCH_MESSAGES, BATCH_BYTES]).fetchall()

    def _send(self, database: psycopg.Connection[Any], publisher: Publisher, rows: list[Any]) -> None:
        outcome = publisher.publish([_sending(row) for row in rows])
        self._delete(database, outcome.confirmed)
        for lane, name in enumerate(LANES):
            sent = sum(row.lane == lane and row.id in outcome.confirmed for row in rows)
            PUBLISHED.labels(self._schema, name).inc(sent)
        if outcome.returned or outcome.refused:
            self._hold(row for row in rows if row.id in outcome.returned or row.id in outcome.refused)

    def _delete(self, database: psycopg.Connection[Any], ids: set[int]) -> None:
        database.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(self._table()), [sorted(ids)])

    def _hold(self, rows: Iterable[Any]) -> None:
        until = time.monotonic() + HOLD_SECONDS
        count = 0
        for row in rows:
            # Public events keep their order: while one has to wait, no other goes on.
            self._held[PUBLIC if row.exchange == PUBLIC else row.routing_key] = until
            count += 1
        UNROUTED.labels(self._schema).inc(count)
        _log.error("relay_unroutable", schema=self._schema, held=sorted(self._held), messages=count)

    def _drain_notifies(self, database: psycopg.Connection[Any]) -> None:
        for _ in database.notifies(timeout=0):
            pass

    def _measure_depth(self, database: psycopg.Connection[Any]) -> None:
        if time.monotonic() < self._depth_at:
            return
        self._depth_at = time.monotonic() + DEPTH_SECONDS
        row = database.execute(sql.SQL("SELECT count(*) FROM {}").format(self._table())).fetchone()
        DEPTH.labels(self._schema).set(row[0] if row else 0)

    def _table(self) -> sql.Identifier:
        return sql.Identifier(self._schema, "outbox")

    def _set_active(self, is_active: bool) -> None:
        self.is_active = is_active
        ACTIVE.labels(self._schema).set(is_active)


def _sending(row: Any) -> Sending:
    headers = {**(row.headers or {}), "cause_id": str(row.cause_id), "lane": LANES[row.lane]}
    is_public = row.exchange == PUBLIC
    properties = pika.BasicProperties(
        content_type="application/cloudevents+json" if is_public else "application/json",
        delivery_mode=pika.DeliveryMode.Persistent,
        message_id=str(row.message_id),
        type=row.event,
        headers=headers,
    )
    # Other systems need not listen; a service that doesn't is a message without a place to wait.
    return Sending(row.id, row.exchange, row.routing_key, properties, row.body.encode(), not is_public)
