"""A portal for tests, on the run's database server: empty for each test."""

from collections.abc import Iterator

import pytest

from tests.support.council.council import Council
from tests.support.portal.accounts import Clock, Portal, parts_on


@pytest.fixture(scope="session")
def portal_url(council_of_all: Council) -> str:
    """The portal's database, as the portal's role."""
    return council_of_all.schemas.url_of("portal_rpc")


@pytest.fixture(scope="session")
def portal_of_all(portal_url: str) -> Iterator[Portal]:
    """The portal of all tests of a worker: an application takes longer to make than most tests to run."""
    clock = Clock()
    found = Portal(parts_on(portal_url, clock), clock)
    yield found
    found.parts.close()


@pytest.fixture
def portal(council_of_all: Council, portal_of_all: Portal) -> Portal:
    """A portal without accounts, at noon."""
    council_of_all.schemas.empty(("portal",))
    portal_of_all.starts_anew()
    return portal_of_all
