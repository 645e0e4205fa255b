"""Broker and database killed while messages flow. They are this module's own, so that no other test suffers."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.postgres import start_postgres
from deploy.local.rabbitmq import start_rabbitmq
from deploy.local.stack import SETTLE_SECONDS
from tests.broker.events.stage import Stage, wait_heard
from tests.run_folder import a_home
from tests.waiting import wait_until

MANY = 400


@pytest.fixture
def servers() -> Iterator[dict[str, Any]]:
    """A database and a broker that a test may kill."""
    home = a_home("restarts")
    found: dict[str, Any] = {"home": home}
    try:
        found["postgres"] = start_postgres(home / "postgres")
        found["rabbitmq"] = start_rabbitmq(home / "rabbitmq")
        yield found
    finally:
        for name in ("postgres", "rabbitmq"):
            if name in found:
                found[name].stop()
        shutil.rmtree(home)


def test_broker_and_database_killed_under_load_lose_nothing_and_repeat_nothing(
    servers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.common.relay.BATCH_MESSAGES", MANY // 4)  # the broker dies between two of them
    stage = Stage(servers["postgres"].admin_url, servers["rabbitmq"].amqp_url)
    time.sleep(SETTLE_SECONDS)  # a broker killed sooner forgets its new queues
    stage.say(range(MANY))
    with stage.running(stage.relay().run, stage.consumer().run):
        wait_until(stage.heard, 30)
        os.kill(servers["rabbitmq"].pid, signal.SIGKILL)
        wait_until(lambda: not servers["rabbitmq"].alive())
        servers["rabbitmq"].stop()  # its port mapper is still there
        stage.say(range(MANY, MANY + 10))
        servers["rabbitmq"] = start_rabbitmq(servers["home"] / "rabbitmq")
        at_restart = len(stage.heard())
        wait_until(lambda: len(stage.heard()) > at_restart, 60)

        os.kill(servers["postgres"].pid, signal.SIGKILL)
        wait_until(lambda: not servers["postgres"].alive())
        servers["postgres"].stop()
        servers["postgres"] = start_postgres(servers["home"] / "postgres")
        wait_heard(stage, range(MANY + 10), 90)
        wait_until(lambda: stage.outbox() == 0)
    assert stage.dead_letters() == []
    stage.dispose()
