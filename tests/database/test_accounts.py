"""Signing in, with real forms on a real database (RULES 14)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deploy.bootstrap import bootstrap
from deploy.roles import role_url
from tests.accounts import Clock, Portal, parts_on, path_of

SECRET = "a secret of tests"
TABLES = "accounts, attempts, sign_ins, sessions, links, reset_requests, letters, tokens"


@pytest.fixture(scope="module")
def portal_url(database: Callable[[], str]) -> str:
    admin_url = database()
    bootstrap(admin_url, SECRET)
    return role_url(admin_url, "portal_rpc", SECRET)


@pytest.fixture
def portal(portal_url: str) -> Portal:
    clock = Clock()
    found = Portal(parts_on(portal_url, clock), clock)
    for table in TABLES.split(", "):
        found.scalar(f"WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone")
    return found


def test_a_holder_signs_in_by_password_and_two_digits(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    assert not browser.is_in()
    assert path_of(browser.signs_in(jo)) == "/account"
    assert browser.is_in()
    assert "Diamond Home Care Ltd" in browser.get("/account").text
