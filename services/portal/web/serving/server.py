"""Serves the portal's pages, until SIGTERM or SIGINT: what is being worked out then is still answered."""

from __future__ import annotations

import logging
import resource
import signal
import threading
import time
from contextlib import suppress
from typing import Final

from flask import Flask
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.adjustments import Adjustments  # type: ignore[import-untyped]

from libs.common.process import logs
from libs.common.process.health import HealthServer, Readiness, serve_readiness
from services.portal.web.serving.connections import MOST_BYTES, Server
from services.portal.web.serving.threads import Threads

MOST_CONNECTIONS: Final = 2000
FILES_BESIDES: Final = 300
"""File handles that the process wants for others than its connections: the database, the broker, uploads."""
GRACE_SECONDS: Final = 8.0
"""How long answers under way may take once the process was asked to end."""

_SETTINGS: Final = {
    "ident": None,
    "backlog": 1024,
    "recv_bytes": 1 << 16,
    "connection_limit": 1 << 20,  # the server bounds them itself
    "max_request_header_size": 1 << 15,
    "max_request_body_size": MOST_BYTES,
    "inbuf_overflow": 1 << 16,
    "outbuf_overflow": 1 << 17,
    "outbuf_high_watermark": 1
    << 29,  # an answer goes to a temporary file: no thread waits for who reads slowly
    "log_socket_errors": False,
    "asyncore_use_poll": True,
}
_log = logs.log(__name__)


class Serving:
    """One portal on one address. `run` is for the main thread; other threads may call `stop`."""

    def __init__(self, app: Flask, host: str, port: int, health_port: int = 0) -> None:
        """health_port: where threads of their own answer for health, 0 for nowhere. OSError: a port is taken."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._threads = Threads()
        self._map: dict[int, wasyncore.dispatcher] = {}
        settings = Adjustments(host=host, port=port, **_SETTINGS)
        self._server = Server(
            app, self._map, dispatcher=self._threads, adj=settings, sockinfo=settings.listen[0]
        )
        self._server.most_connections = _most_connections()
        readiness: Readiness = app.extensions["readiness"]
        readiness.add("pages", self._threads.reason)
        self._health: HealthServer | None = serve_readiness(health_port, readiness)
        self._stopping = threading.Event()
        self._looks_at = 0.0

    def run(self) -> None:
        """Serve until `stop`."""
        self._threads.start()
        _log.info("portal_serves", port=self._server.effective_port)
        while not self._stopping.is_set():
            self._turn(1.0)
        self._finish()

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._server.pull_trigger()

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, map=self._map, use_poll=True, count=1)
        if time.monotonic() >= self._looks_at:
            self._looks_at = time.monotonic() + 1.0
            self._server.end_the_late()

    def _finish(self) -> None:
        """No new connections; what was asked is answered and sent."""
        connections = self._server.active_channels
        self._server.accepting = False
        self._server.socket.close()
        self._map.pop(self._server._fileno, None)
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and any(
            one.requests or one.total_outbufs_len for one in list(connections.values())
        ):
            self._turn(0.1)
        self._threads.shutdown(timeout=0)
        for connection in list(connections.values()):
            connection.handle_close()
        self._server.trigger.close()
        wasyncore.close_all(self._map, ignore_all=True)
        if self._health is not None:
            self._health.close()
        _log.info("portal_ended")


def serve(app: Flask, host: str, port: int, health_port: int) -> None:
    """Serve until SIGTERM or SIGINT. Call it in the main thread."""
    serving = Serving(app, host, port, health_port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: serving.stop())
    serving.run()


def _most_connections() -> int:
    """As many as there may be file handles for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS + FILES_BESIDES  # a body or an answer may have a temporary file
    if soft < wanted:
        soft = min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(100, min(MOST_CONNECTIONS, (soft - FILES_BESIDES) // 2))
