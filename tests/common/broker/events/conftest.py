"""The stage of the tests about events."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.common.broker.events.stage import Stage
from tests.support.council.fixtures import empty_queues


@pytest.fixture
def stage(database: Callable[[], str], vhost_of_all: str) -> Iterator[Stage]:
    """A fresh database with the messaging tables, and a vhost with the topology and no message."""
    empty_queues(vhost_of_all)
    found = Stage(database(), vhost_of_all)
    yield found
    found.dispose()


@pytest.fixture
def own_stage(database: Callable[[], str], vhost: str) -> Iterator[Stage]:
    """The same with a vhost of its own, for what changes the topology or reads the archive."""
    found = Stage(database(), vhost)
    found.declare()
    yield found
    found.dispose()
