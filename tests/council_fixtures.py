"""A council for tests, emptied for each of them, on the run's database server and broker."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from libs.common.amqp import a_channel
from libs.common.topology import DEAD_LETTERS_QUEUE, RETRY_SECONDS, declare, event_queues, retry_name
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


@pytest.fixture(scope="session")
def vhost_of_all(rabbitmq: Any) -> Iterator[str]:
    """The vhost of that council: some thirty quorum queues take longer to make than most tests to run."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    url = rabbitmq.add_vhost(name)
    with a_channel(url, "a test") as channel:
        declare(channel)
    yield url
    rabbitmq.delete_vhost(name)


@pytest.fixture
def council(idle_council: Council, vhost_of_all: str) -> Iterator[Council]:
    """All schemas, and the workers of all services at work."""
    empty_queues(vhost_of_all)
    with idle_council.working(vhost_of_all):
        yield idle_council


def empty_queues(vhost: str) -> None:
    """Forget what the test before has left: first what would come back, at last where all may end."""
    with a_channel(vhost, "a test") as channel:
        for queue in [*map(retry_name, RETRY_SECONDS), *event_queues(), DEAD_LETTERS_QUEUE]:
            channel.queue_purge(queue)
