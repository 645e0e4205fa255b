"""The worker of disputes. It hears no event yet: it waits, and its health can be asked."""

from __future__ import annotations

import signal
import threading

from libs.common import database, logs
from libs.common.config import settings
from libs.common.health import serve_health

_log = logs.log(__name__)


def main() -> None:
    """Wait until SIGTERM or SIGINT."""
    known = settings()
    logs.configure("disputes", "worker", known.log_level)
    stop_asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop_asked.set())
    server = serve_health(known.health_port, {"database": database.answers(known.database_url)})
    _log.info("worker_started")
    stop_asked.wait()
    if server is not None:
        server.close()
    _log.info("worker_stopped")
