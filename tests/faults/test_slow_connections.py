"""500 connections that send slowly: other people's pages come as ever, through the proxy and without one."""

from __future__ import annotations

import http.client
import socket
import ssl
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.machine.ports import free_port, is_free
from deploy.local.servers.proxy import find_program, start_proxy
from services.portal.accounts.passwords import Passwords
from tests.faults.test_many_guesses import (
    CANARY_PASSWORD,
    Running,
    Stranger,
    a_holder,
    portals,
    running,
    running_of_all,
)
from tests.support.portal.accounts import CODE, QUICK
from tests.support.run.waiting import wait_until

__all__ = ["running", "running_of_all"]

SLOW_CONNECTIONS = 500
SLOW_ADDRESS = "127.0.0.2"
"""From where they come; others come from 127.0.0.1."""
SLOW = {
    "one byte": b"G",
    "slow headers": b"GET /login HTTP/1.1\r\nHost: here\r\nX-Long: ",
    "slow form": b"POST /login HTTP/1.1\r\nHost: here\r\nContent-Length: 5000\r\n\r\nemail=",
    "slow file": b"POST /visits-files HTTP/1.1\r\nHost: here\r\nContent-Length: 40000000\r\n\r\n"
    + b"x" * 30_000,
    "slow chunks": b"POST /login HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nemail\r\n",
    "slow reader": b"GET /static/portal.css HTTP/1.1\r\nHost: here\r\n\r\n" * 20,
}
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


def a_slow_one(port: int, sent: bytes) -> socket.socket:
    """A connection that sends this, and nothing more; it reads nothing, and has room for little."""
    made = socket.socket()
    made.bind((SLOW_ADDRESS, 0))
    made.settimeout(30)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    made.connect(("127.0.0.1", port))
    made.sendall(sent)
    return made


def assert_others_are_served(port: int) -> None:
    """While 500 are slow, of all kinds, and some drip a byte now and then."""
    seconds_of(port, "/login")  # a process that has just started compiles the template
    with ExitStack() as ended:
        kinds = list(SLOW.values())
        slow = [
            ended.enter_context(a_slow_one(port, kinds[number % len(kinds)]))
            for number in range(SLOW_CONNECTIONS)
        ]
        took: dict[str, list[float]] = {"/login": [], "/healthz": [], "/readyz": []}
        for turn in range(10):
            for one in slow[turn :: len(kinds) * 2]:
                with suppress(OSError):
                    one.send(b"x")
            for path, seconds in took.items():
                seconds.append(seconds_of(port, path))
    for path, seconds in took.items():
        print(f"{path}: median {statistics.median(seconds):.3f} s, worst {max(seconds):.3f} s")
        assert statistics.median(seconds) < MEDIAN_SECONDS, path
        assert max(seconds) < WORST_SECONDS, path


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


def test_the_portal_behind_its_proxy_serves_others(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal_port = free_port()
    monkeypatch.setenv("PORTAL_PROXIES", "1")
    with (
        portals([portal_port], tmp_path / "portal.log"),
        a_proxy(portal_port, tmp_path / "proxy.log") as port,
    ):
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


@dataclass
class Tls:
    """A portal behind a proxy that has a certificate."""

    portal_port: int
    plain_port: int
    port: int
    trusting: ssl.SSLContext
    """believes that certificate alone"""


@pytest.fixture
def tls(running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tls]:
    certificate, port, portal_port = tmp_path / "council.pem", free_port(), free_port()
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout - -out -"
    made = subprocess.run(command.split(), check=True, capture_output=True, encoding="ascii").stdout
    certificate.write_text(made)
    trusting = ssl.create_default_context(cadata=made[made.index("-----BEGIN CERT") :])
    trusting.check_hostname = False  # it is asked for as 127.0.0.1
    given = {
        "PROXY_CERTIFICATE": str(certificate),
        "PROXY_TLS_BIND": f"127.0.0.1:{port}",
        "PORTAL_PROXIES": "1",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PORTAL_INSECURE")
    with (
        portals([portal_port], tmp_path / "portal.log"),
        a_proxy(portal_port, tmp_path / "proxy.log") as plain_port,
    ):
        yield Tls(portal_port, plain_port, port, trusting)


def test_people_sign_in_over_tls_and_their_cookies_go_nowhere_else(running: Running, tls: Tls) -> None:
    email = a_holder(running, Passwords(QUICK))
    stranger = Stranger(tls.port, tls.trusting)
    stranger.looks_at_the_form()
    stranger.gives_password(email, CANARY_PASSWORD)
    first, second = (CODE[position - 1] for position in stranger.positions())
    assert stranger.gives_digits(first, second)[0] == 303
    assert stranger.looks_at("/")[0] == 200
    names = {cookie.partition("=")[0] for cookie in stranger.set_cookies}
    assert {"__Host-caretally_session", "__Host-caretally_sign_in"} <= names
    for cookie in stranger.set_cookies:
        words = {word.strip().lower() for word in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/"} <= words, cookie
        assert not any(word.startswith("domain") for word in words), cookie


def test_the_plain_port_leads_to_tls_and_shows_health_alone(tls: Tls) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", tls.plain_port, timeout=30)
    connection.request("POST", "/login?next=%2Fvisits", b"email=jo")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert (answer.status, answer.headers["Location"]) == (
        308,
        f"https://127.0.0.1:{tls.port}/login?next=%2Fvisits",
    )
    assert not answer.headers.get_all("Set-Cookie")
    assert status_of(tls.plain_port, "/healthz") == 200
    assert status_of(tls.plain_port, "/metrics") == 404
    assert status_of(tls.plain_port, "/api/v1/visits") == 403
    over_tls = http.client.HTTPSConnection("127.0.0.1", tls.port, timeout=30, context=tls.trusting)
    over_tls.request("GET", "/login")
    answer = over_tls.getresponse()
    over_tls.close()
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
