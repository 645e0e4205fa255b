"""A council for tests: fresh for each test, on the run's database server and broker."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.bootstrap import bootstrap
from tests.council import SECRET, Council, prefix_of


@pytest.fixture(scope="session")
def with_all_schemas(database: Callable[..., str]) -> str:
    """A database with all schemas, to be copied: to migrate one takes ten times as long."""
    url = database()
    bootstrap(url, SECRET, prefix_of(url))
    return url


@pytest.fixture
def idle_council(database: Callable[..., str], with_all_schemas: str, tmp_path: Path) -> Iterator[Council]:
    """All schemas, and nobody working."""
    copy = database(with_all_schemas)
    council = Council(copy, tmp_path / "objects", prefix_of(with_all_schemas))
    yield council
    council.close()


@pytest.fixture
def council(idle_council: Council, vhost: str) -> Iterator[Council]:
    """All schemas, and the workers of all services at work."""
    with idle_council.working(vhost):
        yield idle_council
