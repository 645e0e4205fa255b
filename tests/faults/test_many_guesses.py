"""500 guesses at once on a portal of four processes: it locks once, tells nothing, and logs no secret (RULES 14)."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import signal
import ssl
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from deploy.local.machine.ports import free_port
from deploy.local.probe import answers_ready
from libs.common.files.objects import OBJECTS_VARIABLE
from services.portal.accounts import environment as accounts_environment
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts import store as accounts_store
from services.portal.accounts.passwords import Passwords
from services.portal.accounts.vault import new_key
from tests.support.portal.accounts import CODE, QUICK, Clock, Portal, csrf_token, positions_of
from tests.support.run.schemas import Schemas
from tests.support.run.waiting import wait_until

GUESSES, BROWSERS, PROCESSES = 500, 50, 4
HELD_SECONDS = 60
CANARY_PASSWORD = "Canary7Feather"
NOT_THE_PASSWORD = "Canary8Feather"


@dataclass
class Running:
    """A portal of several processes, its log, and the accounts in its database."""

    ports: Iterator[int]
    parts: accounts_environment.Parts
    schemas: Schemas
    log: Path
    log_begins: int = 0

    @property
    def port(self) -> int:
        """Of one process after the other."""
        return next(self.ports)

    def starts_anew(self) -> None:
        """Forget all accounts and what was logged."""
        self.schemas.empty(("portal",))
        self.log_begins = self.log.stat().st_size

    def read_log(self) -> str:
        """What was logged since then."""
        return self.log.read_bytes()[self.log_begins :].decode()


@pytest.fixture(scope="module")
def running_of_all(
    schemas: Callable[[], Schemas], vhost_of_all: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    ports, own = [free_port() for _ in range(PROCESSES)], schemas()
    given = {
        "AMQP_URL": vhost_of_all,
        "DATABASE_URL": own.url_of("portal_rpc"),
        "PORTAL_CODE_KEYS": f"1:{new_key()}",
        "PORTAL_SECRET": "a secret of tests, for cookies",
        "PORTAL_INSECURE": "1",
        "LOG_LEVEL": "DEBUG",
    }
    folder = tmp_path_factory.mktemp("guesses")
    given[OBJECTS_VARIABLE] = f"file://{folder}/objects"
    log = folder / "portal.log"
    with pytest.MonkeyPatch.context() as environment:
        for name, value in given.items():
            environment.setenv(name, value)
        parts = accounts_environment.from_environment()
        with portals(ports, log):
            yield Running(itertools.cycle(ports), parts, own, log)
        parts.close()


@pytest.fixture
def running(running_of_all: Running) -> Running:
    """A portal without accounts, and with nothing in its log."""
    running_of_all.starts_anew()
    return running_of_all


@contextmanager
def portals(ports: Sequence[int], log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "deploy.ops.run", "portal", "web"]
    with log.open("ab") as out:
        processes = [
            subprocess.Popen(
                command,
                env={
                    **os.environ,
                    "PORTAL_PORT": str(port),
                    "RPC_TRUSTED_KEYS": "none",
                    "CARETALLY_TRYING_OUT": "1",
                },
                stdout=out,
                stderr=out,
            )
            for port in ports
        ]
    try:
        for port in ports:
            wait_until(lambda port=port: answers_ready(f"http://127.0.0.1:{port}"), 60)
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(30)


class Stranger:
    """A browser of its own: a connection, its cookies, and what it was asked."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._connection = (
            http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            if tls is None
            else http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=tls)
        )
        self._cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []
        """all that were given, as they were"""
        self.seconds = 0.0

    def _ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        """The answer. Where a page gave up waiting for its turn, nothing was done: the same is asked again."""
        until = time.monotonic() + HELD_SECONDS
        while (found := self._ask_once(method, path, **fields))[0] == 503 and time.monotonic() < until:
            time.sleep(0.2)
        return found

    def _ask_once(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
        started = time.perf_counter()
        self._connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = self._connection.getresponse()
        page = answer.read().decode()
        self.seconds = time.perf_counter() - started
        self.set_cookies += answer.headers.get_all("Set-Cookie", [])
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, page

    def looks_at_the_form(self) -> None:
        self._token = csrf_token(self._ask("GET", "/login")[1])

    def copy_form_of(self, other: Stranger) -> Stranger:
        """One who has looked at the form too."""
        self._cookies, self._token = dict(other._cookies), other._token
        return self

    def gives_password(self, email: str, password: str) -> None:
        assert self._ask("POST", "/login", csrf_token=self._token, email=email, password=password)[0] == 303

    def positions(self) -> tuple[int, int]:
        return positions_of(self._ask("GET", "/login/digits")[1])

    def looks_at(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path)

    def gives_digits(self, first: str, second: str) -> tuple[int, str]:
        status, page = self._ask("POST", "/login/digits", csrf_token=self._token, first=first, second=second)
        return status, re.sub(r'value="[^"]+"', "", page)


def a_holder(running: Running, passwords: Passwords) -> str:
    email = Portal(running.parts, Clock()).a_holder("canary-jo@diamond.example")
    with running.parts.sessions.begin() as transaction:
        found = accounts_store.account_of(transaction, accounts_rules.subject_of(email))
        assert found is not None
        found.password_hash = passwords.hash(CANARY_PASSWORD)
    return email


def test_five_hundred_guesses_at_once_lock_once(running: Running) -> None:
    """Everybody knows the password and guesses digits; no guess is right, and none is asked for other positions."""
    email = a_holder(running, Passwords(QUICK))
    first = Stranger(running.port)
    first.looks_at_the_form()
    first.gives_password(email, CANARY_PASSWORD)
    right = [CODE[position - 1] for position in first.positions()]
    wrong = [f"{guess:02}" for guess in range(100) if f"{guess:02}" != "".join(right)]
    start = threading.Barrier(BROWSERS)

    def guesses(number: int) -> list[tuple[int, str]]:
        strangers = [Stranger(running.port).copy_form_of(first) for _ in range(number, GUESSES, BROWSERS)]
        for stranger in strangers:
            stranger.gives_password(email, CANARY_PASSWORD)
        start.wait(240)
        return [
            stranger.gives_digits(*wrong[(number + turn * BROWSERS) % len(wrong)])
            for turn, stranger in enumerate(strangers)
        ]

    with ThreadPoolExecutor(BROWSERS) as pool:
        answers = [answer for found in pool.map(guesses, range(BROWSERS)) for answer in found]
    assert len(answers) == GUESSES
    assert Counter(answers).most_common() == [((403, answers[0][1]), GUESSES)]
    portal = Portal(running.parts, Clock())
    assert portal.rows("SELECT failures, locks FROM attempts WHERE counter = ''") == [(5, 1)]
    log = running.read_log()
    assert log.count('"sign_in_locked"') == 1
    assert log.count('"sign_in_failed"') == GUESSES
    assert first.gives_digits(*right)[0] == 403  # the right ones come too late


def test_what_is_typed_at_sign_in_is_in_no_log_and_time_tells_nothing(running: Running) -> None:
    email = a_holder(running, running.parts.passwords)
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for turn in range(25):
        for kind, address in (("known", email), ("unknown", f"canary-{turn}@diamond.example")):
            stranger = Stranger(running.port)
            stranger.looks_at_the_form()
            stranger.gives_password(address, NOT_THE_PASSWORD)
            took[kind].append(stranger.seconds)
            assert stranger.gives_digits("4", "8")[0] == 403
    known, unknown = (statistics.median(took[kind]) for kind in ("known", "unknown"))
    # generous: without the hash for nobody the one would take a small part of the other
    assert 0.6 < known / unknown < 1.7, (known, unknown)
    log = running.read_log()
    assert log.count('"sign_in_failed"') == 50
    for secret in (CANARY_PASSWORD, NOT_THE_PASSWORD, "canary-", CODE, "first=", '"first"', "positions"):
        assert secret not in log
