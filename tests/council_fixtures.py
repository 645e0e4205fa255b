"""A council for tests: fresh for each test, on the run's database server and broker."""

from collections.abc import Callable, Iterator

import pytest

from tests.council import Council
from tests.schemas import Schemas


@pytest.fixture
def idle_council(schemas: Callable[[], Schemas]) -> Iterator[Council]:
    """All schemas, and nobody working."""
    council = Council(schemas())
    yield council
    council.close()


@pytest.fixture
def council(idle_council: Council, vhost: str) -> Iterator[Council]:
    """All schemas, and the workers of all services at work."""
    with idle_council.working(vhost):
        yield idle_council
