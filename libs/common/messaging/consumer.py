"""Hearing events: one consumer a queue, one transaction a message.

A message is acknowledged after the commit. Killed between the two, it comes again and `receive` says
that it was heard. A handler that fails loses nothing: what may pass is tried again after a while and
a bounded number of times, the rest goes to the dead letters with its reason.

A message that kills its process is counted by the broker: after `DELIVERY_LIMIT` deliveries it goes
to the dead letters. The broker counts for every message the process held, so a consumer holds few.
"""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import Any

import structlog
from prometheus_client import Counter, Histogram

from libs.common.messaging.failures import (
    Verdict,
    attempts_allowed,
    is_hopeless_as_it_is,
    judge,
    reason_of,
    retry_seconds,
)
from libs.common.messaging.link import Delivery
from libs.common.messaging.listener import Listener, Sessions
from libs.common.messaging.messages import BadMessage, Message, decode
from libs.common.messaging.outbox import receive
from libs.common.messaging.topology import DEAD_LETTERS_EXCHANGE, RETRY_SECONDS, retry_name
from libs.common.operations.apart import Handler, InParts, is_for_parts

_log = structlog.get_logger(__name__)

_LABELS = ["service", "event", "lane"]
HANDLED = Counter("caretally_messages_handled", "Messages handled and committed.", _LABELS)
REPEATED = Counter("caretally_messages_repeated", "Messages that had been handled before.", _LABELS)
RETRIED = Counter("caretally_messages_retried", "Messages put off to be tried again.", _LABELS)
DEAD = Counter("caretally_messages_dead", "Messages sent to the dead letters.", _LABELS)
SECONDS = Histogram(
    "caretally_message_seconds",
    "Time from taking a message to its commit, in seconds.",
    _LABELS,
    buckets=(0.005, 0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0),
)

ATTEMPTS, HELD_UP = "attempts", "held_up"
"""Headers: how often a message failed, and how often it was only held up by a lock or a full disk."""
WAITS = 3
"""Times a message is tried at once again after its connection to the database was lost. Then the
message itself is suspected and put off like any that fails in passing."""


class Consumer(Listener):
    """Hears one queue and hands each message to ``handler(session, message)`` in a transaction.

    The session is committed here: handlers never do.
    """

    def __init__(
        self, queue: str, handler: Handler, sessions: Sessions, amqp_url: str, prefetch: int = 1
    ) -> None:
        super().__init__(queue, sessions, amqp_url, prefetch)
        self._handler = handler
        self._in_parts = handler.in_parts if isinstance(handler, InParts) else None

    def _take(self, delivery: Delivery) -> None:
        try:
            message = read_message(delivery, self._event, self._lane)
        except BadMessage as error:
            self._bury(delivery, error)
            return
        facts = {"cause_id": message.cause_id, "message_id": message.message_id, "queue_name": self.queue}
        with structlog.contextvars.bound_contextvars(**facts):
            self._handle(delivery, message)

    def _handle(self, delivery: Delivery, message: Message) -> None:
        for waits_left in reversed(range(WAITS + 1)):
            error = self._attempt(message, self._handler)
            if error is not None and self._in_parts is not None and is_time_for_parts(error, delivery):
                _log.warning("message_in_parts", exc_info=error)
                error = self._attempt(message, self._in_parts)
            if error is None:
                self._link.acknowledge(delivery)
                return
            verdict = judge(error)
            if verdict is not Verdict.WAIT:
                self._dispose(delivery, error, verdict)
                return
            _log.warning("database_away", error=type(error).__name__)
            if not self._await_database(delivery):
                return  # stopping, or the broker gives it again: it was not acknowledged
            if not waits_left:
                self._dispose(delivery, error, Verdict.PASSING)

    def _attempt(self, message: Message, handler: Handler) -> Exception | None:
        began = time.perf_counter()
        labels = (self._service, self._event, self._lane)
        try:
            with self._sessions() as session, session.begin():
                is_new = receive(session, message)
                if is_new:
                    handler(session, message)
        except (
            Exception
        ) as error:  # the edge of a handler: judged by `_handle`, which retries it or buries it
            return error
        (HANDLED if is_new else REPEATED).labels(*labels).inc()
        seconds = time.perf_counter() - began
        SECONDS.labels(*labels).observe(seconds)
        # With the cause's id on each line, a file can be followed from its check to the items that it paid.
        _log.info("message_handled" if is_new else "message_repeated", seconds=round(seconds, 4))
        return None

    def _dispose(self, delivery: Delivery, error: Exception, verdict: Verdict) -> None:
        if (
            verdict is Verdict.HELD_UP
        ):  # no attempt: another failure after a long night would else be the last
            counted, number = HELD_UP, _count_of(delivery, HELD_UP) + 1
        else:
            counted, number = ATTEMPTS, _attempts_of(delivery) + 1
            if number >= attempts_allowed(verdict):
                self._bury(delivery, error)
                return
        seconds = retry_seconds(number, RETRY_SECONDS)
        RETRIED.labels(self._service, self._event, self._lane).inc()
        _log.warning("message_put_off", **{counted: number}, seconds=seconds, exc_info=error)
        headers = {**_own_headers(delivery), counted: number}
        self._link.pass_on(delivery, retry_name(seconds), self.queue, headers)

    def _bury(self, delivery: Delivery, error: Exception) -> None:
        DEAD.labels(self._service, self._event, self._lane).inc()
        _log.error("message_dead", queue_name=self.queue, exc_info=error)
        headers = {
            **_own_headers(delivery),
            "attempts": _attempts_of(delivery) + 1,
            "reason": reason_of(error),
            "queue": self.queue,
            "died_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        self._link.pass_on(delivery, DEAD_LETTERS_EXCHANGE, self.queue, headers)


def read_message(delivery: Delivery, event: str, lane: str) -> Message:
    """The message of a delivery. Raises `BadMessage` when envelope or body don't fit."""
    properties = delivery.properties
    if properties.content_type != "application/json":
        raise BadMessage(
            "content_type", f"the content type is {properties.content_type!r}, not 'application/json'"
        )
    if properties.type != event:
        raise BadMessage("envelope", f"the type is {properties.type!r}, not {event!r}")
    message_id = _uuid_of("message_id", properties.message_id)
    cause_id = _uuid_of("cause_id", delivery.headers.get("cause_id"))
    return Message(message_id, event, cause_id, decode(event, delivery.body), lane)


def is_time_for_parts(error: Exception, delivery: Delivery) -> bool:
    """At once where no later attempt can do better, else when the attempts are used up."""
    if not is_for_parts(error):
        return False
    return is_hopeless_as_it_is(error) or _attempts_of(delivery) + 1 >= attempts_allowed(judge(error))


def _uuid_of(name: str, value: object) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError as error:
        raise BadMessage("envelope", f"{name} is not a uuid") from error


def _attempts_of(delivery: Delivery) -> int:
    return _count_of(delivery, ATTEMPTS)


def _count_of(delivery: Delivery, name: str) -> int:
    found = delivery.headers.get(name, 0)
    return found if type(found) is int and found > 0 else 0


def _own_headers(delivery: Delivery) -> dict[str, Any]:
    """The headers without the broker's own, which say where the message has been before."""
    return {key: value for key, value in delivery.headers.items() if not key.startswith("x-")}
