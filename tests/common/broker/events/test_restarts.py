"""Broker and database killed while messages flow. They are not those of other tests."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.servers.postgres import start_postgres
from deploy.local.stack import SETTLE_SECONDS
from tests.common.broker.events.stage import Stage, wait_heard
from tests.support.run.killable import KillableBroker
from tests.support.run.run_folder import a_home
from tests.support.run.waiting import wait_until

MANY = 400


@pytest.fixture
def postgres_home() -> Iterator[Path]:
    """Where a test has a database that it may kill, and ends."""
    home = a_home("killable database")
    yield home
    shutil.rmtree(home)


def test_broker_and_database_killed_under_load_lose_nothing_and_repeat_nothing(
    killable: KillableBroker, killable_vhost: str, postgres_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "libs.common.messaging.relay.BATCH_MESSAGES", MANY // 4
    )  # the broker dies between two of them
    postgres = start_postgres(postgres_home)
    try:
        stage = Stage(postgres.admin_url, killable_vhost)
        stage.declare()
        time.sleep(SETTLE_SECONDS)  # a broker killed sooner forgets its new queues
        stage.say(range(MANY))
        with stage.run_together(stage.relay().run, stage.consumer().run):
            wait_until(stage.numbers_heard, 30)
            killable.kill()
            stage.say(range(MANY, MANY + 10))
            killable.start()
            at_restart = len(stage.numbers_heard())
            wait_until(lambda: len(stage.numbers_heard()) > at_restart, 60)

            os.kill(postgres.pid, signal.SIGKILL)
            wait_until(lambda: not postgres.alive())
            postgres.stop()
            postgres = start_postgres(postgres_home)
            wait_heard(stage, range(MANY + 10), 90)
            wait_until(lambda: stage.outbox() == 0)
        assert stage.dead_letters() == []
        stage.dispose()
    finally:
        postgres.stop()
