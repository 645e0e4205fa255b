"""Every secret of a running stack is made anew while it works: nobody is turned away, and the old lets nobody in."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from pika.exceptions import AMQPError

from deploy.cli.system import System
from deploy.local.home import Notes
from libs.common.messaging.amqp import a_channel
from services.portal.accounts.vault import keys_from
from tests.support.run.run_folder import a_home
from tests.support.run.waiting import wait_until
from tests.support.stack.stack import Stack, a_stack

FORM = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@pytest.fixture(scope="module")
def own_stack() -> Iterator[Stack]:
    with a_stack(a_home("secrets")) as found:
        yield found


@dataclass
class Load:
    """What was asked and how often; `failures` are sentences."""

    asked: int = 0
    failures: list[str] = field(default_factory=list)

    def ask(self, what: Callable[[], Any]) -> None:
        try:
            what()
        except Exception as error:  # noqa: BLE001 (whatever goes wrong is counted)
            self.failures.append(repr(error))
        self.asked += 1


@contextmanager
def light_load(stack: Stack) -> Iterator[Load]:
    """A browser sends a form that lies open since before, and services are asked, over new connections each time."""
    notes, load, stop = stack.notes(), Load(), threading.Event()
    browser = requests.Session()
    page = browser.get(f"{notes.portal_url}/login", timeout=30)
    token = FORM.findall(page.text)[0]

    def sends_a_form() -> None:
        sent = {"csrf_token": token, "email": "nobody@council.example", "password": "Wrong7Kettle"}
        answer = browser.post(f"{notes.portal_url}/login", data=sent, timeout=30, allow_redirects=False)
        assert answer.status_code == 303, answer.status_code  # to the second step, as for everybody

    def works() -> None:
        while not stop.is_set():
            load.ask(sends_a_form)
            load.ask(lambda: requests.get(f"{notes.portal_url}/readyz", timeout=30).raise_for_status())

    thread = threading.Thread(target=works)
    thread.start()
    try:
        yield load
    finally:
        stop.set()
        thread.join()


def files_of(home: Path) -> dict[str, str]:
    return {
        str(file.relative_to(home)): file.read_text()
        for file in (home / "secrets").rglob("*")
        if file.is_file()
    }


def lets_in(url: str) -> bool:
    """Whether this address opens a connection."""
    try:
        if url.startswith("amqp"):
            with a_channel(url, "a test"):
                return True
        with psycopg.connect(url):
            return True
    except (AMQPError, psycopg.OperationalError):
        return False


def urls_of(notes: Notes) -> dict[str, str]:
    """Every address with a password that the stack has."""
    urls = {"database": notes.admin_url, "broker": notes.amqp_url}
    urls |= {f"role {name}": url for name, url in notes.role_urls.items()}
    return urls | {f"user {name}": url for name, url in notes.amqp_urls.items()}


def test_all_secrets_are_made_anew_under_load_and_nobody_is_turned_away(own_stack: Stack) -> None:
    before, files = urls_of(own_stack.notes()), files_of(own_stack.home)
    began = {name: process.pid for name, process in own_stack.notes().processes.items()}
    assert all(map(lets_in, before.values()))
    with light_load(own_stack) as load:
        said = own_stack.ask("secrets", "rotate", "all")
        reconnects(own_stack)
        asked = load.asked
        wait_until(lambda: load.asked > asked + 4, 60)
    assert load.failures == []
    assert load.asked > 8
    assert len(said["rotated"]) == 6
    after = urls_of(own_stack.notes())
    assert after.keys() == before.keys()
    assert {name for name, url in before.items() if lets_in(url)} == set()
    assert {name for name, url in after.items() if not lets_in(url)} == set()
    now = files_of(own_stack.home)
    assert now.keys() == files.keys()
    assert {name for name, text in files.items() if now[name] == text} == set()
    assert {name: process.pid for name, process in own_stack.notes().processes.items()} == began
    the_portal_s_own(files, now)


def reconnects(stack: Stack) -> None:
    """All sessions of the database are ended: each process comes again, with the new password."""
    with psycopg.connect(stack.notes().admin_url, autocommit=True) as session:
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%_work' AND state = 'idle'"
        )
    stack.await_ready()
    system = System(stack.notes().amqp_url, keys_in=stack.home)
    try:
        for service in ("ingest", "matching", "payments", "disputes"):
            assert system.ask(service, "progress")
    finally:
        system.close()


def the_portal_s_own(files: dict[str, str], now: dict[str, str]) -> None:
    """The secret before is read still, and the key before is kept for what is under way."""
    old, new = (text["secrets/portal/secret"].split() for text in (files, now))
    assert new[1:] == old
    keys, more = (keys_from(text["secrets/portal/code_keys"]) for text in (files, now))
    assert more == keys | {2: more[2]}


def test_a_process_that_is_started_again_comes_in_by_the_new_passwords(own_stack: Stack) -> None:
    own_stack.ask("secrets", "rotate", "database")
    own_stack.ask("secrets", "rotate", "broker")
    ended = own_stack.notes().processes["matching-rpc"]
    os.kill(ended.pid, signal.SIGTERM)
    wait_until(lambda: own_stack.notes().processes["matching-rpc"].pid != ended.pid, 60)
    own_stack.await_ready()
    assert {name for name, url in urls_of(own_stack.notes()).items() if not lets_in(url)} == set()


def test_an_unknown_kind_is_refused(own_stack: Stack) -> None:
    assert "portal-secret" in own_stack.expect_refusal("secrets", "rotate", "everything")


def test_the_secret_of_a_process_is_in_no_environment(own_stack: Stack) -> None:
    secrets = {line for text in files_of(own_stack.home).values() for line in text.split()}
    for process in own_stack.notes().processes.values():
        environment = Path(f"/proc/{process.pid}/environ").read_text()
        assert not [one for one in secrets if one in environment]
