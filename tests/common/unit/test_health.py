"""The health server: alive, ready or why not, and what was counted."""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from libs.common.process.health import Check, HealthServer, serve_health, within
from tests.common.broker.rpc_process import free_port

Serve = Callable[[Mapping[str, Check]], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server with these checks; its port."""
    servers: list[HealthServer] = []

    def start(checks: Mapping[str, Check]) -> int:
        port = free_port()
        server = serve_health(port, checks)
        assert server is not None
        servers.append(server)
        return port

    yield start
    for server in servers:
        server.close()


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=15) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_it_is_alive_and_ready(serve: Serve) -> None:
    port = serve({"broker": lambda: None})
    assert get(port, "/healthz")[0] == 200
    assert get(port, "/readyz") == (200, '{"status": "ready"}')


def test_it_says_why_it_is_not_ready(serve: Serve) -> None:
    port = serve({"broker": lambda: "not connected to RabbitMQ", "database": lambda: None})
    status, body = get(port, "/readyz")
    assert status == 503
    assert json.loads(body)["reasons"] == {"broker": "not connected to RabbitMQ"}
    assert get(port, "/healthz")[0] == 200


def test_a_check_that_fails_is_a_reason(serve: Serve) -> None:
    def fails() -> str | None:
        raise RuntimeError("Aled")

    status, body = get(serve({"database": fails}), "/readyz")
    assert status == 503
    assert json.loads(body)["reasons"] == {"database": "the check failed: RuntimeError"}


def test_a_check_that_hangs_is_a_reason_within_two_seconds_and_is_not_run_twice(serve: Serve) -> None:
    release = threading.Event()
    runs: list[int] = []

    def hangs() -> str | None:
        runs.append(1)
        release.wait(30)
        return None

    port = serve({"database": hangs})
    started = time.monotonic()
    assert "no answer within 2 s" in get(port, "/readyz")[1]
    assert time.monotonic() - started < 5  # and not the half minute for which it hangs
    assert get(port, "/readyz")[0] == 503
    assert runs == [1]
    release.set()


def test_who_asks_meanwhile_gets_the_same_answer() -> None:
    """Two probes at once are no outage."""
    asked, release = threading.Event(), threading.Event()
    runs: list[int] = []

    def slow() -> str | None:
        runs.append(1)
        asked.set()
        release.wait(30)
        return None

    limited = within(30, slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(limited)
        assert asked.wait(10)
        second = pool.submit(limited)
        assert not wait([second], timeout=0.2).done
        release.set()
        assert (first.result(), second.result(), runs) == (None, None, [1])


def test_it_shows_its_metrics(serve: Serve) -> None:
    status, body = get(serve({}), "/metrics")
    assert status == 200
    assert "caretally_rpc_seconds" in body


def test_an_idle_connection_does_not_keep_others_out(serve: Serve) -> None:
    port = serve({})
    with socket.create_connection(("127.0.0.1", port)):
        assert get(port, "/healthz")[0] == 200


def test_anything_else_is_not_found(serve: Serve) -> None:
    assert get(serve({}), "/../etc/passwd")[0] == 404


def test_port_0_serves_nothing() -> None:
    assert serve_health(0, {}) is None
