"""Serves the portal's pages until it is told to stop: what is being worked out then is still answered."""

from __future__ import annotations

import logging
import resource
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from flask import Flask
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.adjustments import Adjustments  # type: ignore[import-untyped]

from libs.common.process import logs
from libs.common.process.health import HealthServer, Readiness, serve_on
from services.portal.web.serving.connections import MOST_BYTES, MOST_WAITING_BYTES, Connection, Server
from services.portal.web.serving.proxies import BELIEVES, BelievesProxies
from services.portal.web.serving.threads import Threads

MOST_CONNECTIONS: Final = 2000
FILES_BESIDES: Final = 300
"""File handles that the process wants for others than its connections: the database, the broker, uploads."""
GRACE_SECONDS: Final = 8.0
"""How long answers under way may take once the process was asked to end."""
TURN_SECONDS: Final = 1.0
"""The longest turn of the loop, when nothing happens."""

_SETTINGS: Final = {
    "ident": None,
    "backlog": 1024,
    "recv_bytes": 1 << 16,
    "connection_limit": 1 << 20,  # the server bounds them itself
    "max_request_header_size": 1 << 15,
    "max_request_body_size": MOST_BYTES,
    "inbuf_overflow": 1 << 16,
    "outbuf_overflow": 1 << 17,
    # an answer goes to a temporary file: no thread waits for who reads slowly
    "outbuf_high_watermark": MOST_WAITING_BYTES,
    "log_socket_errors": False,
    "asyncore_use_poll": True,
}
_log = logs.log(__name__)


class Serving:
    """One portal on sockets that listen already. `run` is for the main thread; others may call `stop`."""

    def __init__(
        self, app: Flask, listening: Sequence[socket.socket], health: socket.socket | None = None
    ) -> None:
        """listening: for pages, one or more. health: where threads of their own answer for health; None for nowhere."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._believes: BelievesProxies | None = app.extensions.get(BELIEVES)
        self._threads = Threads(self._client_of)
        self._map: dict[int, wasyncore.dispatcher] = {}
        self.connections: dict[int, Connection] = {}
        self._servers = [self._server_on(app, one) for one in listening]
        readiness: Readiness = app.extensions["readiness"]
        readiness.add("pages", self._threads.reason)
        self._health: HealthServer | None = None if health is None else serve_on(health, readiness)
        self._stopping = threading.Event()
        self._looks_at = 0.0
        self._each_turn: Callable[[], None] = lambda: None

    def run(self, each_turn: Callable[[], None] | None = None) -> None:
        """Serve until `stop`. each_turn: called between turns of the loop, of which none waits over a second."""
        self._each_turn = each_turn or self._each_turn
        self._threads.start()
        _log.info("portal_serves", port=self._servers[0].effective_port)
        while not self._stopping.is_set():
            self._turn(TURN_SECONDS)
        self._finish()

    @property
    def waiting_pages(self) -> int:
        """How many requests wait for a thread."""
        return len(self._threads.queue)

    def _client_of(self, connection: Connection) -> str:
        """Whose request it is that waits first there."""
        address: str = connection.addr[0]
        forwarded = connection.requests[0].headers.get("X_FORWARDED_FOR", "")
        return self._believes.client_of(address, forwarded) if self._believes else address

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._servers[0].pull_trigger()

    def set_most_connections(self, most: int) -> None:
        """Allow so many at once, over all addresses."""
        for server in self._servers:
            server.most_connections = most

    def _server_on(self, app: Flask, listening: socket.socket) -> Server:
        where = (listening.family, listening.type, listening.proto, listening.getsockname())
        server = Server(
            app,
            self._map,
            _sock=listening,
            dispatcher=self._threads,
            adj=Adjustments(sockets=[listening], **_SETTINGS),
            sockinfo=where,
            bind_socket=False,
        )
        server.active_channels = self.connections  # the bounds are for all together
        server.most_connections = _most_connections()
        return server

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, map=self._map, use_poll=True, count=1)
        if time.monotonic() >= self._looks_at:
            self._looks_at = time.monotonic() + 1.0
            self._servers[0].end_the_late()
        self._each_turn()

    def _finish(self) -> None:
        """No new connections; what was asked is answered and sent."""
        self._stop_listening()
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and any(
            one.requests or one.total_outbufs_len for one in list(self.connections.values())
        ):
            self._turn(0.1)
        self._threads.shutdown(timeout=0)
        for connection in list(self.connections.values()):
            connection.handle_close()
        for server in self._servers:
            server.trigger.close()
        wasyncore.close_all(self._map, ignore_all=True)
        _log.info("portal_ended")

    def _stop_listening(self) -> None:
        for server in self._servers:
            server.accepting = False
            server.socket.close()
            self._map.pop(server._fileno, None)
        if self._health is not None:
            self._health.close()


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
