"""A council for tests, emptied for each of them, on the run's database server and broker."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from libs.common.messaging.amqp import a_channel
from libs.common.messaging.topology import (
    DEAD_LETTERS_QUEUE,
    RETRY_SECONDS,
    declare,
    event_queues,
    letters_queue,
    retry_name,
)
from tests.support.council.council import Council
from tests.support.run.schemas import SERVICES, Schemas


@pytest.fixture(scope="session")
def council_of_all(schemas: Callable[[], Schemas]) -> Iterator[Council]:
    """The council of all tests of a worker."""
    council = Council(schemas())
    yield council
    council.close()


@pytest.fixture(scope="session")
def vhost_of_all(rabbitmq: Any) -> Iterator[str]:
    """The vhost of that council: some thirty quorum queues take longer to make than most tests to run."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    url = rabbitmq.add_vhost(name)
    with a_channel(url, "a test") as channel:
        declare(channel)
    yield url
    rabbitmq.delete_vhost(name)


class Workforce:
    """The workers of a council, who go on from test to test: to begin takes them longer than most tests."""

    def __init__(self, council: Council, vhost: str) -> None:
        self._council, self._vhost = council, vhost
        self._at_work = ExitStack()
        self._is_at_work = False

    def work(self) -> None:
        """Be at work on a council that knows nothing."""
        if self._is_at_work and not self._council.is_settled():
            self.rest()
        empty_queues(self._vhost)
        self._council.schemas.empty()
        if not self._is_at_work:
            self._at_work.enter_context(self._council.working(self._vhost))
            self._is_at_work = True

    def rest(self) -> None:
        """Finish what is in hand, and stop."""
        self._at_work.close()
        self._is_at_work = False


@pytest.fixture(scope="module")
def workforce(council_of_all: Council, vhost_of_all: str) -> Iterator[Workforce]:
    """The workers of a file's tests."""
    found = Workforce(council_of_all, vhost_of_all)
    yield found
    found.rest()


@pytest.fixture
def idle_council(council_of_all: Council, workforce: Workforce) -> Council:
    """All schemas, and nobody working."""
    workforce.rest()
    council_of_all.schemas.empty()
    return council_of_all


@pytest.fixture
def council(council_of_all: Council, workforce: Workforce) -> Council:
    """All schemas, and the workers of all services at work."""
    workforce.work()
    return council_of_all


def empty_queues(vhost: str) -> None:
    """Forget what the test before has left: first what would come back, at last where all may end."""
    with a_channel(vhost, "a test") as channel:
        letters = map(letters_queue, SERVICES)
        for queue in [*map(retry_name, RETRY_SECONDS), *event_queues(), DEAD_LETTERS_QUEUE, *letters]:
            channel.queue_purge(queue)
