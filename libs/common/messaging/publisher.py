"""Publishing many messages at once and learning which of them the broker keeps.

Confirms are pipelined: all of a batch is sent, then the confirms are awaited. Waiting for each
confirm before the next message gives some 1,200 messages a second, pipelined more than ten times that.

One thread does it all. Between batches it calls `wait`, which serves the connection (heartbeats).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pika
from pika.exceptions import AMQPConnectionError

from libs.common.messaging.amqp import parameters

CONFIRM_SECONDS = 20
"""A connection that confirms nothing for so long is given up; the batch is sent again. While the broker says that it
takes nothing (short of memory or disk), its confirms are waited for, up to BLOCKED_SECONDS."""

CLOSE_SECONDS = 5
CHUNK_MESSAGES = 200


@dataclass(frozen=True, slots=True)
class Sending:
    """One message to publish. ``key`` is the caller's own name for it, unique within a batch."""

    key: int
    exchange: str
    routing_key: str
    properties: pika.BasicProperties
    body: bytes
    mandatory: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: keys that are safe, keys that no queue wanted, keys refused."""

    confirmed: set[int]
    returned: set[int]
    refused: set[int]


class _Connection(pika.SelectConnection):  # type: ignore[misc]
    """Hands many small frames to the socket at once: pika makes three sends of each message."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._corked: list[bytes] | None = None
        super().__init__(*arguments, **named)

    def cork(self) -> None:
        """From here on frames are collected."""
        self._corked = []

    def uncork(self) -> None:
        """The collected frames are handed over, in order."""
        corked, self._corked = self._corked, None
        if corked:
            super()._adapter_emit_data(b"".join(corked))

    def _adapter_emit_data(self, data: bytes) -> None:
        if self._corked is None:
            super()._adapter_emit_data(data)
        else:
            self._corked.append(data)


class Publisher:
    """A connection with one channel in confirm mode. Use it from one thread.

    Every method raises pika's AMQPConnectionError when the connection is lost; make a new one then.
    """

    def __init__(self, amqp_url: str, name: str) -> None:
        self._ended: BaseException | None = None
        self._channel: Any = None
        self._ready = False
        self.is_blocked = False
        self._batch = _Batch([], 1)
        self._next_tag = 1
        self._connection = _Connection(
            parameters(amqp_url, name),
            on_open_callback=self._on_open,
            on_open_error_callback=self._on_ended,
            on_close_callback=self._on_ended,
        )
        self._connection.add_on_connection_blocked_callback(lambda *_: self._set_blocked(True))
        self._connection.add_on_connection_unblocked_callback(lambda *_: self._set_blocked(False))
        self._loop = self._connection.ioloop
        try:
            while not self._ready:
                self._serve(CONFIRM_SECONDS, must_progress=True)
        except BaseException:
            self.close()
            raise

    def publish(self, batch: Sequence[Sending]) -> Outcome:
        """Sends the batch and waits until the broker has answered for each message."""
        self._raise_if_ended()
        self._batch = _Batch(batch, self._next_tag)
        self._next_tag += len(batch)
        for start in range(0, len(batch), CHUNK_MESSAGES):
            self._write(batch[start : start + CHUNK_MESSAGES])
            self._serve(0)  # the broker has work while the next are encoded
        while not self._batch.is_answered:
            self._serve(CONFIRM_SECONDS, must_progress=True)
        return self._batch.outcome()

    def _write(self, chunk: Sequence[Sending]) -> None:
        self._connection.cork()
        try:
            for sending in chunk:
                self._channel.basic_publish(
                    sending.exchange, sending.routing_key, sending.body, sending.properties, sending.mandatory
                )
        finally:
            self._connection.uncork()

    def wait(self, seconds: float, wakes: int) -> None:
        """Serves the connection until the file descriptor ``wakes`` is readable or the time is over."""
        self._raise_if_ended()
        self._loop.add_handler(wakes, lambda fd, events: self._loop.stop(), self._loop.READ)
        try:
            self._serve(seconds)
        finally:
            self._loop.remove_handler(wakes)

    def wake(self) -> None:
        """Makes a waiting `wait` return. For another thread."""
        self._loop.add_callback_threadsafe(self._loop.stop)

    def close(self) -> None:
        """Closes the connection, if there still is one."""
        if not (self._connection.is_closing or self._connection.is_closed):
            self._connection.close()
        late: list[bool] = []

        def on_time() -> None:
            late.append(True)
            self._loop.stop()

        timer = self._loop.call_later(CLOSE_SECONDS, on_time)
        # The channel ends before its connection does, and only with the connection its socket is closed.
        while not self._connection.is_closed and not late:
            self._loop.start()
        self._loop.remove_timeout(timer)
        self._loop.close()

    def _serve(self, seconds: float, must_progress: bool = False) -> None:
        """Runs the loop until something stops it; too long without progress ends the connection."""
        late: list[bool] = []

        def on_time() -> None:
            late.append(True)
            self._loop.stop()

        answered = self._batch.answered
        timer = self._loop.call_later(seconds, on_time)
        self._loop.start()
        self._loop.remove_timeout(timer)
        self._raise_if_ended()
        if late and must_progress and answered == self._batch.answered and not self.is_blocked:
            raise AMQPConnectionError(f"the broker answered nothing for {seconds} s")

    def _set_blocked(self, is_blocked: bool) -> None:
        self.is_blocked = is_blocked

    def _raise_if_ended(self) -> None:
        if self._ended is not None:
            raise AMQPConnectionError(f"the connection ended: {self._ended!r}")

    def _on_open(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._on_ended)
        channel.add_on_return_callback(self._on_return)
        channel.confirm_delivery(self._on_answer, callback=self._on_ready)

    def _on_ready(self, _: Any) -> None:
        self._ready = True
        self._loop.stop()

    def _on_ended(self, _: Any, error: Any) -> None:
        self._ended = error if isinstance(error, BaseException) else RuntimeError(str(error))
        self._loop.stop()

    def _on_return(self, _: Any, method: Any, properties: pika.BasicProperties, body: bytes) -> None:
        self._batch.on_return(properties)

    def _on_answer(self, frame: Any) -> None:
        method = frame.method
        self._batch.on_answer(method.delivery_tag, method.multiple, isinstance(method, pika.spec.Basic.Ack))
        if self._batch.is_answered:
            self._loop.stop()


class _Batch:
    """Which messages of a batch have been answered for, and how.

    The broker answers by delivery tag: the count of messages published on the channel, from 1.
    """

    def __init__(self, batch: Sequence[Sending], first_tag: int) -> None:
        self._keys = [sending.key for sending in batch]
        self._keys_by_id = {str(sending.properties.message_id): sending.key for sending in batch}
        self._first_tag = first_tag
        self._lowest = first_tag
        self._waiting = set(range(first_tag, first_tag + len(batch)))
        self._good: set[int] = set()
        self._refused: set[int] = set()
        self._returned: set[int] = set()
        self.answered = 0

    @property
    def is_answered(self) -> bool:
        return not self._waiting

    def on_return(self, properties: pika.BasicProperties) -> None:
        """No queue wanted it; the broker confirms it all the same, right after."""
        key = self._keys_by_id.get(str(properties.message_id))
        if key is not None:
            self._returned.add(key)

    def on_answer(self, tag: int, multiple: bool, is_good: bool) -> None:
        into = self._good if is_good else self._refused
        tags = range(self._lowest, tag + 1) if multiple else (tag,)
        for answered in tags:
            if answered in self._waiting:
                self._waiting.discard(answered)
                into.add(self._keys[answered - self._first_tag])
        if multiple:
            self._lowest = max(self._lowest, tag + 1)
        self.answered += 1

    def outcome(self) -> Outcome:
        return Outcome(self._good - self._returned, self._returned, self._refused)
