"""Accounts for tests: a clock that stands, chance from a seed, a browser that fills forms in."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import pyotp
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import text
from werkzeug.test import TestResponse

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import ServiceUnavailable
from libs.common.process import database
from libs.common.rights import table
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts import store as accounts_store
from services.portal.accounts.environment import Parts
from services.portal.accounts.passwords import Passwords
from services.portal.accounts.signing_in import steps as signing_in_steps
from services.portal.accounts.signing_in import store as signing_in_store
from services.portal.accounts.signing_in.sessions import open_session
from services.portal.accounts.vault import Vault
from services.portal.app import create_app
from services.portal.schema.tables_accounts import Account
from services.portal.web.names.organisations import Organisation

NOON = dt.datetime(2022, 10, 3, 12, 0, tzinfo=dt.UTC)
PASSWORD = "Blue7Kettle"
CODE = "482913"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
KEYS = {1: b"k" * 32}
APP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of the authenticator app that an account of tests has, where its role must have one."""
SEED = 14


@dataclass
class Clock:
    """Stands still until it is told to go on."""

    now: dt.datetime = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def goes_on(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


def parts_on(url: str, clock: Callable[[], dt.datetime], seed: int = SEED, **more: Any) -> Parts:
    """Parts on this database; hashes are quick, chance comes from the seed."""
    given = {
        "sessions": database.sessions(database.engine(url, "portal", 8)),
        "vault": Vault(KEYS),
        "secret": "a secret of tests",
        "passwords": Passwords(QUICK),
        "clock": clock,
        "chance": random.Random(seed),
        "is_insecure": True,
    }
    return Parts(**(given | more))


def nowhere() -> Parts:
    """Parts whose database is not there, for pages that need none."""
    return parts_on("postgresql://nobody@127.0.0.1:9/nothing", Clock())


class NoGateway:
    """Services are not asked."""

    def presences(self) -> list[Any]:
        return []

    def ask(self, *_: Any, **__: Any) -> Any:
        raise ServiceUnavailable("No service is asked here.")

    ask_quickly = ask

    def answers_by_now(self, _: Any, **__: Any) -> dict[str, Any]:
        return {}

    def check(self) -> str | None:
        return None


def a_provider(name: str) -> Organisation:
    """A provider that was never called otherwise."""
    return Organisation(organisation_id_of(name), name)


def an_account(
    parts: Parts, email: str, role: str, organisation: str | None, *, has_app: bool | None = None
) -> Account:
    """An account past its first login, with PASSWORD and CODE; where its role must have an app, with APP_KEY.

    has_app: True or False, whatever the role.
    """
    accounts_steps.add(parts, email, role, organisation and a_provider(organisation))
    with parts.sessions.begin() as transaction:
        found = accounts_store.account_of(transaction, accounts_rules.subject_of(email))
        assert found is not None
        found.password_hash, found.must_change_password = parts.passwords.hash(PASSWORD), False
        accounts_steps.put_code(parts, found, CODE)
        WITH_APP.pop(email, None)
        if signing_in_store.is_app_required(transaction, role) if has_app is None else has_app:
            accounts_steps.put_totp(parts, found, APP_KEY)
            WITH_APP[email] = parts
    return found


WITH_APP: dict[str, Parts] = {}
"""Accounts that tests made with an authenticator app, by their addresses; with what they were made."""


def app_number(email: str, within_seconds: int = 0) -> str:
    """A number of the account's app that sign-in takes now: of the first step around now that was not taken before.

    So three sign-ins of one account need no waiting. The fourth within a step fails here, and not at sign-in.
    within_seconds: how much later it may be judged, by a browser.
    """
    parts = WITH_APP[email]
    with parts.sessions.begin() as transaction:
        found = accounts_store.account_of(transaction, accounts_rules.subject_of(email))
    assert found is not None
    second = int(parts.clock().timestamp())
    present, judged = (
        second // signing_in_steps.TOTP_SECONDS,
        (second + within_seconds) // signing_in_steps.TOTP_SECONDS,
    )
    step = max(judged - 1, found.totp_step + 1)
    assert step <= present + 1, f"{email} signs in for the fourth time within half a minute"
    return pyotp.TOTP(APP_KEY).generate_otp(step)


class Compiled(BytecodeCache):
    """Templates that are compiled once for all the applications of a test run, which are many."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def sharing_templates(app: Flask) -> Flask:
    """The application, which compiles no template that another has compiled in this process."""
    app.jinja_env.bytecode_cache = COMPILED
    return app


@dataclass
class Portal:
    """A portal on a database of its own."""

    parts: Parts
    clock: Clock
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        gateway: Any = NoGateway()
        self.app = sharing_templates(create_app(gateway, self.parts))

    def starts_anew(self) -> None:
        """The same application at noon, with the chances of a new one."""
        self.clock = Clock()
        self.parts = replace(self.parts, clock=self.clock, chance=random.Random(SEED))
        self.app.extensions["accounts"] = self.parts

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def a_holder(
        self, email: str = "jo@diamond.example", role: str = "home_manager", *, has_app: bool | None = None
    ) -> str:
        """An account past its first login, as `an_account` makes it; its address."""
        organisation = "Diamond Home Care Ltd" if role in table.PROVIDER_ROLES else None
        return an_account(self.parts, email, role, organisation, has_app=has_app).email

    def browser_of(self, account: Account) -> Browser:
        """A browser in which this account is signed in."""
        with self.parts.sessions.begin() as transaction:
            session_id = open_session(transaction, self.parts, account, "tests", self.parts.clock())
        browser = self.browser()
        browser.client.set_cookie("caretally_session", session_id)
        return browser

    def scalar(self, query: str, **values: Any) -> Any:
        with self.parts.sessions.begin() as transaction:
            return transaction.execute(text(query), values).scalar()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.parts.sessions.begin() as transaction:
            return [tuple(row) for row in transaction.execute(text(query))]


class Browser:
    """Fills in forms, CSRF token included, as a person does: looks at the page first."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, at: str | None = None, **fields: str) -> TestResponse:
        """Send the form of the page `at` (else the same path)."""
        return self.client.post(path, data=fields | {"csrf_token": csrf_token(self.get(at or path).text)})

    def gives_password(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/login", email=email, password=password)

    def positions(self) -> tuple[int, int]:
        return positions_of(self.get("/login/digits").text)

    def gives_digits(self, code: str = CODE) -> TestResponse:
        first, second = self.positions()
        return self.post("/login/digits", first=code[first - 1], second=code[second - 1])

    def gives_number(self, email: str) -> TestResponse:
        """The number of the holder's authenticator app."""
        return self.post("/login/app", number=app_number(email))

    def signs_in(self, email: str, password: str = PASSWORD, code: str = CODE) -> TestResponse:
        asked = self.gives_password(email, password)
        asked = self.gives_digits(code) if path_of(asked) == "/login/digits" else asked
        is_app_asked = path_of(asked) == "/login/app" and email in WITH_APP
        return self.gives_number(email) if is_app_asked else asked

    def fails(self, email: str, times: int = 1, password: str = PASSWORD) -> None:
        """Two wrong digits, so many times."""
        for _ in range(times):
            assert self.signs_in(email, password, code="000000").status_code == 403

    def is_in(self) -> bool:
        return self.get("/account").status_code == 200


def csrf_token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def positions_of(page: str) -> tuple[int, int]:
    found = re.findall(r"(\d)(?:st|nd|rd|th) digit\s*</label>", page)
    assert len(found) == 2, page
    return int(found[0]), int(found[1])


def path_of(response: TestResponse) -> str | None:
    """Where a page sends on to; None when it does not."""
    return urlsplit(response.location).path if response.location else None
