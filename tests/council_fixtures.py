"""A council for tests, emptied for each of them, on the run's database server and broker."""

from collections.abc import Callable, Iterator

import pytest

from tests.council import Council
from tests.schemas import Schemas


@pytest.fixture(scope="session")
def council_of_all(schemas: Callable[[], Schemas]) -> Iterator[Council]:
    """The council of all tests of a worker."""
    council = Council(schemas())
    yield council
    council.close()


@pytest.fixture
def idle_council(council_of_all: Council) -> Council:
    """All schemas, and nobody working."""
    council_of_all.schemas.empty()
    return council_of_all


@pytest.fixture
def council(idle_council: Council, vhost: str) -> Iterator[Council]:
    """All schemas, and the workers of all services at work."""
    with idle_council.working(vhost):
        yield idle_council
