"""A small service for the RPC tests: run by a real process, asked over a real broker."""

from __future__ import annotations

import os
import signal
import socket
import time
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields
from nameko.extensions import DependencyProvider
from sqlalchemy import text

from libs.common.errors import Refused
from libs.common.rpc import Caller, Database, rpc
from libs.common.rpc.service import RpcQueueConsumer


class Consumer(DependencyProvider):  # type: ignore[misc]
    """Gives the service its own container's consumer, for breaking its connection."""

    def get_dependency(self, worker_ctx: Any) -> RpcQueueConsumer:
        return next(found for found in self.container.extensions if isinstance(found, RpcQueueConsumer))


class _Question(Schema):
    row = fields.Integer(required=True)


class ProbeService:
    name = "probe"
    db = Database(schema="public")
    consumer = Consumer()

    @rpc
    def health(self, caller: Caller) -> dict[str, Any]:
        return {"status": "ok", "pid": os.getpid()}

    @rpc
    def echo(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        return {"caller": caller, "payload": payload}

    @rpc
    def plain_values(self, caller: Caller) -> dict[str, Any]:
        return {
            "money": Decimal("1E+2"),
            "on": date(2024, 4, 1),
            "id": uuid.UUID(int=7),
            "pence": Decimal("0.10"),
        }

    @rpc
    def refuse(self, caller: Caller) -> None:
        raise Refused("period_finalised", "This period is finalised.", {"period": "2024-04-01"})

    @rpc
    def fail(self, caller: Caller) -> None:
        raise RuntimeError("Aled Jones could not be priced")

    @rpc
    def unsendable(self, caller: Caller) -> object:
        return object()

    @rpc
    def validated(self, caller: Caller, **payload: Any) -> Any:
        return _Question().load(payload)

    @rpc
    def slow_query(self, caller: Caller, seconds: float) -> float:
        with self.db.transaction(caller) as session:
            session.execute(text("select pg_sleep(:seconds)"), {"seconds": seconds})
        return seconds

    @rpc
    def seen_by_the_database(self, caller: Caller) -> dict[str, Any]:
        statement = "select current_setting('app.organisation', true), current_setting('app.role', true)"
        with self.db.transaction(caller) as session:
            inside = tuple(session.execute(text(statement)).one())
        with self.db.sessions() as session:
            after = tuple(session.execute(text(statement)).one())
        return {"inside": inside, "after": after}

    @rpc
    def mark(self, caller: Caller, mark: str) -> None:
        with self.db.transaction(caller) as session:
            session.execute(text("insert into marks (mark) values (:mark)"), {"mark": mark})

    @rpc
    def break_connection_at_ack(self, caller: Caller) -> int:
        """Make the very next acknowledgement meet a socket that is closed, as a broker's death does."""
        acknowledge = self.consumer.ack_message

        def break_then_acknowledge(message: Any) -> None:
            self.consumer.ack_message = acknowledge
            message.channel.connection.transport.sock.shutdown(socket.SHUT_RDWR)
            acknowledge(message)

        self.consumer.ack_message = break_then_acknowledge
        return os.getpid()

    @rpc
    def die(self, caller: Caller, mark: str) -> None:
        self.mark(caller, mark)
        os.kill(os.getpid(), signal.SIGKILL)

    @rpc
    def burn(self, caller: Caller, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pass
