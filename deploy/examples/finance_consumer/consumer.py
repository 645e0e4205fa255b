"""Hearing the events: the system's own queue, and the archive when something is missing.

Events come at least once. A message is acknowledged after the ledger has kept it, so one that was in hand when
this program or the broker died comes again, and the ledger knows it by its id.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import AMQPError

from .ledger import Ledger

ARCHIVE = "caretally.payments.archive.v2"
PREFETCH = 100
ARCHIVE_QUIET_SECONDS = 3.0
"""The archive has no end that could be seen: after this long without an event it has been read."""

RETRY_SECONDS = 30.0
"""How long to wait before the archive is read again for what was not in it."""

RECONNECT_SECONDS = (0.5, 1.0, 2.0, 5.0)


class Consumer:
    """Takes every event of a queue into the ledger. `run` returns when nothing came for a while, if asked to."""

    def __init__(self, amqp_url: str, queue: str, ledger: Ledger) -> None:
        self._parameters = pika.URLParameters(amqp_url)
        self._parameters.client_properties = {"connection_name": f"reads {queue}"}
        self._queue = queue
        self._ledger = ledger
        self._search_at = 0.0

    def run(self, until_quiet: float | None = None) -> None:
        """Hear events for ever, or until none came for so many seconds. A lost connection is made again."""
        failures = 0
        while True:
            try:
                with BlockingConnection(self._parameters) as connection:
                    failures = 0
                    self._hear(connection, until_quiet)
                    return
            except (AMQPError, OSError) as error:
                pause = RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)]
                failures += 1
                say(f"The broker is away ({type(error).__name__}); asked again in {pause} s.")
                time.sleep(pause)

    def _hear(self, connection: BlockingConnection, until_quiet: float | None) -> None:
        # What was said before this system had a queue, or was dropped from it while nobody read it. The
        # queue alone would not show that until the next event of each stream.
        self._read_archive(connection, to_its_end=True)
        channel = connection.channel()
        channel.basic_qos(prefetch_count=PREFETCH)
        heard_at = time.monotonic()
        for method, _, body in channel.consume(self._queue, inactivity_timeout=0.5):
            if method is not None:
                heard_at = time.monotonic()
                self._take(body)
                channel.basic_ack(method.delivery_tag)
            if self._ledger.gaps() and time.monotonic() > self._search_at:
                self._read_archive(connection, to_its_end=False)
                heard_at = time.monotonic()
            if until_quiet is not None and time.monotonic() > heard_at + until_quiet:
                return

    def _take(self, body: bytes) -> str:
        return self._ledger.take(json.loads(body))

    def _read_archive(self, connection: BlockingConnection, *, to_its_end: bool) -> None:
        """Take what the archive has, from where it was read last: all, or until no gap is left."""
        channel = connection.channel()
        channel.basic_qos(prefetch_count=PREFETCH)
        last = self._ledger.archive_read_to()
        start: Any = "first" if last is None else last + 1
        for method, properties, body in channel.consume(
            ARCHIVE, arguments={"x-stream-offset": start}, inactivity_timeout=ARCHIVE_QUIET_SECONDS
        ):
            if method is None:
                break
            self._take(body)
            self._ledger.note_archive(int(properties.headers["x-stream-offset"]))
            channel.basic_ack(method.delivery_tag)
            if not to_its_end and not self._ledger.gaps():
                break
        close(channel)
        for stream, first, to in self._ledger.gaps():
            say(f"The archive does not have events {first} to {to} of the stream {stream} (yet).")
        self._search_at = time.monotonic() + (RETRY_SECONDS if self._ledger.gaps() else 0)


def close(channel: BlockingChannel) -> None:
    """End the consumption: what was prefetched stays in the stream."""
    channel.cancel()
    channel.close()


def say(line: str) -> None:
    """Say something to whoever operates this program."""
    print(line, file=sys.stderr, flush=True)
