"""500 connections that send slowly: other people's pages come as ever, through the proxy and without one."""

from __future__ import annotations

import http.client
import socket
import ssl
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from deploy.local.machine.ports import free_port, is_free
from deploy.local.servers.proxy import find_program, start_proxy
from tests.faults.test_many_guesses import Running, running, running_of_all
from tests.support.run.waiting import wait_until

__all__ = ["running", "running_of_all"]

SLOW_CONNECTIONS = 500
SLOW = (
    b"G",
    b"GET /login HTTP/1.1\r\nHost: here\r\nX-Long: ",
    b"POST /login HTTP/1.1\r\nHost: here\r\nContent-Length: 5000\r\n\r\nemail=",
    b"POST /visits-files HTTP/1.1\r\nHost: here\r\nContent-Length: 40000000\r\n\r\n" + b"x" * 30_000,
)
MEDIAN_SECONDS, WORST_SECONDS = 1.0, 5.0
"""How long others may wait. The machine of a test has other work, so the worst may be worse."""


def seconds_of(port: int, path: str) -> float:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200, path
    return time.monotonic() - began


def assert_others_are_served(port: int) -> None:
    """While 500 send slowly."""
    with ExitStack() as slow:
        for number in range(SLOW_CONNECTIONS):
            one = slow.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            one.sendall(SLOW[number % len(SLOW)])
        took = [seconds_of(port, path) for _ in range(10) for path in ("/login", "/healthz", "/readyz")]
    assert statistics.median(took) < MEDIAN_SECONDS
    assert max(took) < WORST_SECONDS


def test_the_portal_by_itself_serves_others(running: Running) -> None:
    assert_others_are_served(running.port)


@contextmanager
def a_proxy(pages_port: int, log: Path) -> Iterator[int]:
    """The port of a proxy before a portal."""
    program = find_program()
    if program is None:
        pytest.skip("this machine has no HAProxy")
    port = free_port()
    started = start_proxy(program, port, pages_port, log)
    try:
        wait_until(lambda: not is_free(port))
        yield port
    finally:
        started.stop()


def test_the_portal_behind_its_proxy_serves_others(running: Running, tmp_path: Path) -> None:
    with a_proxy(running.port, tmp_path / "proxy.log") as port:
        assert_others_are_served(port)


def status_of(port: int, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_the_proxy_shows_no_counts(running: Running, tmp_path: Path) -> None:
    with a_proxy(running.port, tmp_path / "proxy.log") as port:
        assert status_of(port, "/metrics") == 404
        assert status_of(port, "/login") == 200


def test_the_proxy_speaks_tls_with_a_certificate(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, tls_port = tmp_path / "council.pem", free_port()
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    made = subprocess.run(
        [*command, "-keyout", "-", "-out", "-"], check=True, capture_output=True, encoding="ascii"
    )
    certificate.write_text(made.stdout)
    monkeypatch.setenv("PROXY_CERTIFICATE", str(certificate))
    monkeypatch.setenv("PROXY_TLS_BIND", f"127.0.0.1:{tls_port}")
    with a_proxy(running.port, tmp_path / "proxy.log") as port:
        assert status_of(port, "/login") == 308
        assert status_of(port, "/api/v1/visits") == 403
        assert status_of(port, "/healthz") == 200
        trusting = ssl.create_default_context(cadata=made.stdout[made.stdout.index("-----BEGIN CERT") :])
        trusting.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", tls_port, timeout=30, context=trusting)
        connection.request("GET", "/login")
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        connection.close()
