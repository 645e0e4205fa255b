"""A small HTTP server that says whether a process lives, is ready, and what it has counted.

Only plain blocking sockets and threads are used, so that it works unchanged where eventlet has patched them: the
standard library's serve_forever polls through a selector, which may have been imported before the patching.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from libs.common.process import logs, metrics
from libs.common.process.config import settings

Check = Callable[[], str | None]
"""Returns None when all is well, else a plain reason."""

CHECK_SECONDS = 2.0
"""Whoever probes waits three seconds: all checks of a process are made at once, each within this."""
SHARED_LOOK_SECONDS = 1.0
"""How often a thread that waits on a shared socket looks whether it is to end: nothing wakes it."""
_log = logs.log(__name__)


def serve_health(port: int, checks: Mapping[str, Check], host: str | None = None) -> HealthServer | None:
    """Answer /healthz, /readyz and /metrics on this port in the background; None when port is 0.

    host: the address to listen on; what HEALTH_HOST says when None. OSError when the port is taken.
    """
    return serve_readiness(port, Readiness(checks), host)


def serve_readiness(port: int, readiness: Readiness, host: str | None = None) -> HealthServer | None:
    """The same as `serve_health`, for checks that others run too."""
    if not port:
        return None
    server = HealthServer((host or settings(needs=()).health_host, port), readiness)
    threading.Thread(target=server.serve, name="health", daemon=True).start()
    return server


def serve_on(listening: socket.socket, readiness: Readiness) -> HealthServer:
    """The same on a socket that listens already, and that other processes may hold too."""
    server = HealthServer(("", 0), readiness, listening)
    threading.Thread(target=server.serve, name="health", daemon=True).start()
    return server


class Readiness:
    """Runs the checks of a process, all at once, each within CHECK_SECONDS."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = {name: within(CHECK_SECONDS, check) for name, check in checks.items()}

    def add(self, name: str, check: Check) -> None:
        """One more check, of a part that was made later."""
        self._checks[name] = within(CHECK_SECONDS, check)

    def reasons(self) -> dict[str, str]:
        """Why this process is not ready: check name to reason; empty when it is."""
        asked = {name: _Running(check) for name, check in list(self._checks.items())}
        for running in asked.values():
            running.join()  # each is bounded itself
        return {name: running.reason for name, running in asked.items() if running.reason}


def within(seconds: float, check: Check) -> Check:
    """The same check, which gives a reason when it takes longer than so many seconds, or fails.

    Who asks while it runs waits, as long, for the same answer: it never runs twice at once.
    """
    running: list[_Running] = []
    alone = threading.Lock()

    def limited() -> str | None:
        with alone:
            if not (running and running[-1].is_alive()):
                running[:] = [_Running(check)]
            asked = running[-1]
        asked.join(seconds)
        return f"no answer within {seconds:g} s" if asked.is_alive() else asked.reason

    return limited


class _Running(threading.Thread):
    """One run of a check, and what it gave."""

    def __init__(self, check: Check) -> None:
        super().__init__(daemon=True)
        self.reason: str | None = None
        self._check = check
        self.start()

    def run(self) -> None:
        self.reason = _run(self._check)


def _run(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # a check that can't be made is not passed
        _log.warning("health_check_failed", exc_info=error)
        return f"the check failed: {type(error).__name__}"


class HealthServer(ThreadingHTTPServer):
    """Use `serve_health`. A thread for each request; `close` ends it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self, address: tuple[str, int], readiness: Readiness, listening: socket.socket | None = None
    ) -> None:
        """listening: a socket to take in place of one that is made for the address."""
        super().__init__(address, _Handler, bind_and_activate=listening is None)
        self._is_shared = listening is not None
        if listening is not None:
            self.socket.close()
            self.socket = listening
            self.socket.settimeout(SHARED_LOOK_SECONDS)
        self.readiness = readiness
        self._closed = False

    def serve(self) -> None:
        while not self._closed:
            try:
                request, client = self.get_request()
            except OSError:
                continue  # a client that went away, or the end: `_closed` tells
            self.process_request(request, client)

    def close(self) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            if not self._is_shared:  # else others would hear nobody any more either
                self.socket.shutdown(socket.SHUT_RDWR)  # wakes the accept
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        _log.debug("health_request_failed", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: HealthServer
    timeout = 5  # seconds for a client to say what it wants

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/healthz":
            self._answer_json(200, {"status": "alive"})
        elif path == "/readyz":
            reasons = self.server.readiness.reasons()
            self._answer_json(503 if reasons else 200, readiness_document(reasons))
        elif path == "/metrics":
            self._answer(200, metrics.CONTENT_TYPE, metrics.exposition())
        else:
            self._answer_json(404, {"status": "not found"})

    def _answer_json(self, status: int, document: dict[str, Any]) -> None:
        self._answer(status, "application/json", json.dumps(document).encode())

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a line for each probe would bury the others."""


def readiness_document(reasons: Mapping[str, str]) -> dict[str, Any]:
    """The body of /readyz."""
    return {"status": "not ready", "reasons": dict(reasons)} if reasons else {"status": "ready"}
