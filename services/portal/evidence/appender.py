"""The appender: a process of its own, whose role alone can add to the chain and can change nothing that is chained."""

from __future__ import annotations

import signal
import threading
import time
from typing import Final

import psycopg

from libs.common.process import logs
from libs.common.process.config import settings
from libs.common.process.health import serve_health
from libs.common.process.threads import KeptThreads
from services.portal.evidence import rules, store
from services.portal.evidence.rules import Batch
from services.portal.evidence.store import Connection

_log = logs.log(__name__)

MOST_ROWS: Final = 5_000
"""Of a batch."""
PAUSE_SECONDS: Final = 1.0
TROUBLE_SECONDS: Final = 3.0
LATE_SECONDS: Final = 30.0
"""Evidence that has waited so long is said not to be chained."""


class Appender:
    """Chains what waits, a batch a second; `run` until the event is set."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._reason: str | None = "it has not begun"
        self._looked_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """The loop; after the database's trouble it begins again."""
        while not stop.is_set():
            try:
                with store.connected(self._url) as connection:
                    self._run(connection, stop)
            except psycopg.Error as error:
                self._reason = f"the database can't be used ({type(error).__name__})"
                _log.warning("chain_waits", exc_info=error)
                stop.wait(TROUBLE_SECONDS)

    def reason(self) -> str | None:
        """For /readyz: None while rows are chained."""
        if self._reason is None and time.monotonic() - self._looked_at > LATE_SECONDS:
            return "nothing was chained lately"
        return self._reason

    def _run(self, connection: Connection, stop: threading.Event) -> None:
        while not stop.is_set():
            count = append(connection)
            late = 0.0 if count else store.oldest_waiting_seconds(connection)
            self._reason = f"evidence has waited {late:.0f} s" if late > LATE_SECONDS else None
            self._looked_at = time.monotonic()
            if count < MOST_ROWS:
                stop.wait(PAUSE_SECONDS)


def append(connection: Connection, most: int = MOST_ROWS) -> int:
    """Chain the next rows, in one transaction; how many. None while another appender is at it."""
    with connection.transaction():
        if not store.is_alone(connection):
            return 0
        found = store.waiting(connection, most)
        if not found:
            return 0
        number, before = store.last_batch(connection)
        digests = {row.place: rules.digest_of(*row) for row in found}
        batch = Batch(
            number=number + 1,
            first_place=found[0].place,
            last_place=found[-1].place,
            count=len(found),
            made_at=store.now_of(connection),
            rows_hash=rules.rows_hash_of(digests.values()),
            before=before,
        )
        store.keep(connection, batch, rules.hash_of(batch), digests)
    return len(found)


def main() -> None:
    """Append until SIGTERM or SIGINT."""
    known = settings(needs=("database_url",))
    logs.configure("portal", "appender", known.log_level)
    threads = KeptThreads()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threads.stop.set())
    appender = Appender(known.database_url)
    threads.start("appender", appender.run)
    serve_health(known.health_port, {"chain": appender.reason, "threads": threads.reason})
    _log.info("appender_started")
    while not threads.stop.wait(1.0):
        if failed := threads.failed():
            _log.critical("threads_failed", threads=failed)
            raise SystemExit(1)
    threads.join()
    _log.info("appender_stopped")
