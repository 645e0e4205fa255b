"""The stage of the tests about events."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.broker.events.stage import Stage


@pytest.fixture
def stage(database: Callable[[], str], vhost: str) -> Iterator[Stage]:
    """A fresh database and vhost, with the messaging tables and the topology."""
    found = Stage(database(), vhost)
    yield found
    found.dispose()
