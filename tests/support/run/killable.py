"""A broker that tests may kill: who kills the run's own takes all other tests along."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.machine.processes import working_in
from deploy.local.servers.install import RABBITMQ, Program
from deploy.local.servers.rabbitmq import RabbitMQ, running_rabbitmq, start_rabbitmq
from tests.support.run.run_folder import a_home
from tests.support.run.waiting import wait_until


class KillableBroker:
    """A node of its own. `server` is the one that runs, or ran last."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.server: RabbitMQ = start_rabbitmq(home)

    def kill(self) -> None:
        """End it without a word."""
        os.kill(self.server.pid, signal.SIGKILL)
        wait_until(lambda: not self.server.alive())
        self.server.stop()  # its port mapper is still there

    def start(self) -> None:
        """Have it up again, on the same address and data, where it is not."""
        if not self.server.alive():
            self.server = start_rabbitmq(self.home)


@pytest.fixture(scope="session")
def killable_of_all(installed: Callable[[Program], Path]) -> Iterator[KillableBroker]:
    """The broker that the tests of one worker kill in turns: a start takes ten seconds."""
    installed(RABBITMQ)
    found = KillableBroker(a_home("killable"))
    yield found
    found.server.stop()
    assert running_rabbitmq(found.home) is None
    assert working_in(found.home) == []


@pytest.fixture
def killable(killable_of_all: KillableBroker) -> KillableBroker:
    """A broker that is up."""
    killable_of_all.start()
    return killable_of_all


@pytest.fixture
def killable_vhost(killable: KillableBroker) -> Iterator[str]:
    """AMQP URL of a fresh vhost of that broker."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield killable.server.add_vhost(name)
    killable.start()
    killable.server.delete_vhost(name)
