"""A stage for events: schemas with messaging tables, a vhost, relays and consumers.

Handlers note what they heard in the table ``heard`` of their schema, in the transaction they are given.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pika
import sqlalchemy as sa
from pika.adapters.blocking_connection import BlockingChannel
from sqlalchemy.orm import Session, sessionmaker

from libs.common.messaging.amqp import a_channel
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit_many, messaging_tables
from libs.common.messaging.relay import Relay
from libs.common.messaging.topology import declare
from libs.common.messaging.worker import Consumer, Handler
from libs.common.operations.dead_letters import DeadLetter, list_dead_letters
from libs.common.process.database import engine
from tests.support.run.waiting import wait_until

SERVICES = ("ingest", "matching", "payments")
REMATCH = "matching.rematch_wanted.bulk.v1"


def a_rematch(number: int = 0) -> dict[str, Any]:
    """A body of rematch_wanted; receivers ignore the number, tests tell messages apart by it."""
    return {"organisation_ids": [], "client_ids": [], "cpli_ids": [], "number": number}


def note(session: Session, message: Message) -> None:
    """The usual handler."""
    session.execute(
        sa.text("INSERT INTO heard (message_id, number) VALUES (cast(:id AS uuid), :number)"),
        {"id": message.message_id, "number": message.body.get("number", 0)},
    )


class Stage:
    """See the module."""

    def __init__(self, database_url: str, amqp_url: str) -> None:
        self.database_url = database_url
        self.amqp_url = amqp_url
        self._engines: dict[str, sa.Engine] = {}
        for service in SERVICES:
            self._make_schema(service)

    def declare(self) -> None:
        """Make the exchanges and queues, where they are not there yet."""
        with self.channel() as channel:
            declare(channel)

    def sessions(self, service: str) -> sessionmaker[Session]:
        return sessionmaker(self._engines[service], info={"schema": service})

    def dispose(self) -> None:
        for found in self._engines.values():
            found.dispose()

    @contextmanager
    def channel(self) -> Iterator[BlockingChannel]:
        with a_channel(self.amqp_url, "a test") as channel:
            yield channel

    def say(self, numbers: Sequence[int], *, lane: str = "bulk", cause_id: str | None = None) -> str:
        """Commits rematch_wanted messages into matching's outbox; the cause."""
        cause = cause_id or str(uuid.uuid4())
        with self.sessions("matching")() as session, session.begin():
            emit_many(session, "rematch_wanted", map(a_rematch, numbers), cause_id=cause, lane=lane)
        return cause

    def publish(self, queue: str, body: bytes, **properties: Any) -> None:
        """Puts a message into a queue as anybody might."""
        with self.channel() as channel:
            channel.confirm_delivery()
            channel.basic_publish("", queue, body, pika.BasicProperties(**properties), mandatory=True)

    def publish_rematch(self, number: int, message_id: str | None = None, queue: str = REMATCH) -> str:
        """Puts a good rematch_wanted into its queue; its message id."""
        message_id = message_id or str(uuid.uuid4())
        self.publish(
            queue,
            json.dumps(a_rematch(number)).encode(),
            content_type="application/json",
            message_id=message_id,
            type="rematch_wanted",
            headers={"cause_id": str(uuid.uuid4())},
            delivery_mode=2,
        )
        return message_id

    def depth(self, queue: str) -> int:
        """Messages ready in a queue."""
        with self.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).method.message_count)

    def outbox(self, service: str = "matching") -> int:
        return int(self._ask(service, "SELECT count(*) FROM outbox")[0][0])

    def numbers_heard(self, service: str = "matching") -> list[int]:
        """The numbers of the messages heard, in the order of their commits."""
        return [row[0] for row in self._ask(service, "SELECT number FROM heard ORDER BY id")]

    def dead_letters(self) -> list[DeadLetter]:
        return list_dead_letters(self.amqp_url)

    @contextmanager
    def run_together(self, *runs: Any) -> Iterator[None]:
        """Runs these methods `run` of relays and consumers, each in its thread, for the length of a with-block."""
        stop = threading.Event()
        threads = [threading.Thread(target=run, args=(stop,)) for run in runs]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for run in runs:
                run.__self__.wake()
            for thread in threads:
                thread.join(60)
                assert not thread.is_alive()

    def relay(self, service: str = "matching") -> Relay:
        return Relay(self.database_url, self.amqp_url, service)

    def consumer(self, handler: Handler = note, queue: str = REMATCH, prefetch: int = 1) -> Consumer:
        return Consumer(
            queue, handler, self.sessions(queue.split(".", maxsplit=1)[0]), self.amqp_url, prefetch
        )

    def start_doomed(self, role: str) -> subprocess.Popen[bytes]:
        """Starts a process of `doomed.py`, in a group of its own; whoever calls ends it and waits for it."""
        command = [
            sys.executable,
            "-m",
            "tests.common.broker.events.doomed",
            role,
            self.database_url,
            self.amqp_url,
        ]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)

    def _ask(self, service: str, statement: str) -> Sequence[Any]:
        with self.sessions(service)() as session:
            return session.execute(sa.text(statement)).all()

    def _make_schema(self, service: str) -> None:
        found = self._engines[service] = engine(self.database_url, service)
        metadata = sa.MetaData(schema=service)
        messaging_tables(metadata)
        with found.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {service}"))
            metadata.create_all(connection)
            connection.execute(
                sa.text(
                    "CREATE TABLE heard (id bigint GENERATED ALWAYS AS IDENTITY, message_id uuid, number int)"
                )
            )


def wait_heard(stage: Stage, numbers: Sequence[int], seconds: float = 20) -> None:
    """Waits until exactly these have been heard, in whatever order."""
    wait_until(lambda: len(stage.numbers_heard()) >= len(numbers), seconds)
    assert sorted(stage.numbers_heard()) == sorted(numbers)
