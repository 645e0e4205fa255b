"""Secrets that are given at sign-in and in requests are found again nowhere: no log, message, dead letter, file or
table of a real stack holds one; not even when a request fails in a way that nobody expected. A client's name stands
where care keeps it, and on pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pyotp
import pytest
import requests
from psycopg import sql

from deploy.dev.visitor import Visitor
from tests.journeys.test_health import overhear
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.run.waiting import wait_until
from tests.support.stack.stack import Stack

EMAIL, ORGANISATION = "manager@finch.example", "Finch Homecare Ltd"
PASSWORDS = ("Canary7Feather", "Canary8Feather", "Canary9Feather")
WRONG_PASSWORD, WRONG_CODE = "Canary4Nothing", "604831"
SURNAME = "Featherstonehaugh"
CODES = ("738264", "927463")


@dataclass
class Cage:
    """Everything secret that went over the wire."""

    secrets: set[str] = field(default_factory=set)

    def visitor(self, url: str) -> Visitor:
        """A browser whose cookies and form tokens are secrets too."""
        visitor = Visitor(url)
        visitor._session.hooks["response"].append(self._remember)
        self._remember(visitor.page)
        return visitor

    def _remember(self, answer: requests.Response, *_: Any, **__: Any) -> None:
        values = (cookie.value for cookie in answer.cookies if cookie.value)
        self.secrets.update(value.strip('"') for value in values)
        self.secrets.update(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text))

    def find_in(self, text: str) -> list[str]:
        """Which secrets stand there, plainly or as the hexadecimal digits that a database shows bytes by."""
        return [
            secret for secret in self.secrets if _stands_alone(secret, text) or secret.encode().hex() in text
        ]


def _stands_alone(secret: str, text: str) -> bool:
    """Six digits stand by chance in longer numbers: they count where they stand alone."""
    if secret not in text:
        return False
    return not secret.isdigit() or re.search(rf"(?<![\w.]){secret}(?!\w)", text) is not None


@contextmanager
def nothing_can_be_stored(stack: Stack) -> Iterator[None]:
    """A file lies where uploads go: whoever writes there fails in a way that no code expects."""
    folder = stack.home / "objects" / "visits-files"
    folder.mkdir(exist_ok=True)
    aside = folder.rename(folder.with_name("visits-files-aside"))
    folder.write_text("in the way")
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


@pytest.fixture(scope="module")
def caged(stack: Stack) -> tuple[Cage, list[str]]:
    """A provider's first login, a failed and a good sign-in, an app, a reset, the API and two failures; all that was
    secret in it, and what was said over the broker meanwhile."""
    cage = Cage({*PASSWORDS, WRONG_PASSWORD, WRONG_CODE, *CODES})
    url = stack.notes().portal_url
    care, visits = stack.home / "canary-care.csv", stack.home / "canary-visits.csv"
    service = f"{ORGANISATION} - DAPL Oxford"
    row = a_care_row(
        980_000_001, SSRef="F1", OrganisationName=ORGANISATION, ServiceName=service, Surname=SURNAME
    )
    care.write_text(a_care_file(row))
    visits.write_text(a_file(a_row(SSRef="F1", ServiceName=service)))
    with overhear(stack.notes().amqp_url) as heard:
        stack.ask("care", "import", care)
        made = stack.ask(
            "user", "add", "--email", EMAIL, "--role", "home_manager", "--organisation", ORGANISATION
        )
        token = stack.ask("token", "add", "--organisation", ORGANISATION)["token"]
        cage.secrets |= {made["password"], token.rpartition("_")[2]}
        holder = cage.visitor(url)
        holder.first_login(EMAIL, made["password"], PASSWORDS[0], CODES[0])
        wrong_twice(cage.visitor(url))
        other = cage.visitor(url)
        other.signs_in(EMAIL, PASSWORDS[0], CODES[0])
        cage.secrets |= an_app_is_added(other)
        link = stack.ask("user", "reset", "--email", EMAIL, "--remove-app")["link"]
        cage.secrets.add(link.rpartition("/")[2])
        last = cage.visitor(url)
        last.uses_link(link, EMAIL, PASSWORDS[2], CODES[1])
        last.go("/visits-files")
        last.send(action="/visits-files", file=visits)
        checked = last.page.url
        api = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv", "Idempotency-Key": "canary"}
        with nothing_can_be_stored(stack):
            last.go("/visits-files")
            with pytest.raises(requests.HTTPError, match="500"):
                last.send(action="/visits-files", file=visits)
            failed = requests.post(f"{url}/api/v1/visits-files", visits.read_bytes(), headers=api, timeout=30)
            assert failed.status_code == 500
        sent = requests.post(f"{url}/api/v1/visits-files?confirm=true", a_file(), headers=api, timeout=30)
        assert sent.status_code == 422  # the key was another request's
        wait_until(lambda: any("visits-files/" in message for message in heard))
        last.go(checked)
        last.send(action="/confirm")
        stack.books()
        last.go("/visits?week=2022-08-01")
        assert SURNAME in last.page.text
    return cage, heard


def wrong_twice(stranger: Visitor) -> None:
    """A wrong password, and wrong digits."""
    for password, code in ((WRONG_PASSWORD, CODES[0]), (PASSWORDS[0], WRONG_CODE)):
        with pytest.raises(requests.HTTPError, match="403"):
            stranger.signs_in(EMAIL, password, code)


def an_app_is_added(holder: Visitor) -> set[str]:
    """The app's key and the number that showed it."""
    holder.go("/account/app")
    key = re.search(r"\b[A-Z2-7]{32}\b", holder.page.text)
    assert key is not None
    number = pyotp.TOTP(key[0]).now()
    holder.send(action="/account/app", present=PASSWORDS[0], number=number)
    return {key[0], number}


def test_what_was_caged_is_worth_looking_for(caged: tuple[Cage, list[str]]) -> None:
    cage, _ = caged
    assert len(cage.secrets) > 25
    assert min(map(len, cage.secrets)) >= 6
    assert cage.find_in(f"password={PASSWORDS[1]} and {PASSWORDS[0].encode().hex()}")
    assert cage.find_in(f"code={CODES[0]} in a log") == [CODES[0]]
    assert cage.find_in(f"at 12:00:00.{CODES[0]}Z") == []


def test_no_log_holds_a_secret_not_even_of_what_nobody_expected(
    stack: Stack, caged: tuple[Cage, list[str]]
) -> None:
    cage, _ = caged
    logs = [*(stack.home / "logs").glob("*.log"), stack.home / "supervisor.log"]
    portal = (stack.home / "logs" / "portal.log").read_text()
    events = [json.loads(line) for line in portal.splitlines() if line.startswith("{")]
    failures = {event["event"] for event in events if event.get("raised_at")}
    assert failures >= {"page_failed", "api_failed"}
    for log in logs:
        assert cage.find_in(log.read_text()) == [], log


def test_no_message_and_no_dead_letter_holds_a_secret(stack: Stack, caged: tuple[Cage, list[str]]) -> None:
    cage, heard = caged
    assert len(heard) > 10
    assert cage.find_in("\n".join(heard)) == []
    assert cage.find_in(json.dumps(stack.ask("dead-letters", "list"))) == []


def test_no_table_and_no_stored_file_holds_a_secret_that_can_be_read(
    stack: Stack, caged: tuple[Cage, list[str]]
) -> None:
    cage, _ = caged
    tables = every_table(stack.notes().admin_url)
    assert tables.keys() >= {
        "portal.accounts",
        "portal.sessions",
        "portal.tokens",
        "ingest.visits_files",
    }
    assert EMAIL in tables["portal.accounts"]  # what is plain is found
    for table, rows in tables.items():
        assert cage.find_in(rows) == [], table
    for file in (stack.home / "objects").rglob("*"):
        assert file.is_dir() or cage.find_in(file.read_text(errors="replace")) == [], file


def test_a_client_s_name_stands_in_care_alone(stack: Stack, caged: tuple[Cage, list[str]]) -> None:
    _, heard = caged
    assert [message for message in heard if SURNAME in message] == []
    assert SURNAME not in json.dumps(stack.ask("dead-letters", "list"))
    for log in (stack.home / "logs").glob("*.log"):
        assert SURNAME not in log.read_text(), log
    holding = {table for table, rows in every_table(stack.notes().admin_url).items() if SURNAME in rows}
    assert holding == {"matching.clients", "matching.cpli_history", "matching.contract_documents"}


def every_table(admin_url: str) -> dict[str, str]:
    """The rows of each table of all schemas as text; bytes as hexadecimal digits."""
    with psycopg.connect(admin_url) as connection:
        found = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        texts = {}
        for schema, table in found:
            rows = sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(schema, table))
            texts[f"{schema}.{table}"] = "\n".join(row for (row,) in connection.execute(rows))
    return texts
