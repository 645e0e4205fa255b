"""A portal for tests, on the run's database server: empty for each test."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from deploy.bootstrap import bootstrap
from deploy.roles import role_url
from tests.accounts import Clock, Portal, parts_on

SECRET = "a secret of tests"
TABLES = (
    "accounts",
    "attempts",
    "change_requests",
    "contacts",
    "letters",
    "links",
    "reset_requests",
    "sessions",
    "sign_ins",
    "subscriptions",
    "told",
    "tokens",
)


@pytest.fixture(scope="module")
def portal_url(database: Callable[[], str]) -> str:
    """The portal's database, as the portal's role."""
    admin_url = database()
    bootstrap(admin_url, SECRET)
    return role_url(admin_url, "portal_rpc", SECRET)


@pytest.fixture
def portal(portal_url: str) -> Iterator[Portal]:
    """A portal without accounts, at noon."""
    clock = Clock()
    found = Portal(parts_on(portal_url, clock), clock)
    with psycopg.connect(role_url(portal_url, "portal_owner", SECRET)) as owner:  # nobody else can
        owner.execute("TRUNCATE portal.audit, portal.audit_ends")
    for table in TABLES:
        found.scalar(f"WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone")
    yield found
    found.parts.close()
