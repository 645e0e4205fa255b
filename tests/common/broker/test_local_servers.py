"""The private PostgreSQL and RabbitMQ: they start, survive a kill, and leave nothing running."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pika
import psycopg
import pytest

from deploy.local.machine.processes import wait_until, working_in
from deploy.local.servers.postgres import Postgres, running_postgres, start_postgres
from tests.support.run.killable import KillableBroker
from tests.support.run.run_folder import a_home


@pytest.fixture
def home() -> Iterator[Path]:
    folder = a_home("servers of a test")
    yield folder
    shutil.rmtree(folder)


def _kill(server: Postgres) -> None:
    os.kill(server.pid, signal.SIGKILL)
    assert wait_until(lambda: not server.alive(), 10)


def test_committed_rows_are_there_after_a_killed_database_starts_again(home: Path) -> None:
    first = start_postgres(home)
    with psycopg.connect(first.admin_url) as session:
        session.execute("CREATE TABLE kept (n int)")
    _kill(first)
    second = start_postgres(home)
    try:
        assert second.admin_url == first.admin_url
        with psycopg.connect(second.admin_url) as session:
            assert session.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    finally:
        second.stop()
    assert working_in(second.data) == []


def test_a_database_refuses_a_wrong_password_and_keeps_its_own_unreadable(home: Path) -> None:
    server = start_postgres(home)
    try:
        wrong = server.admin_url.replace("caretally:", "caretally:not")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        assert (home / "password").stat().st_mode & 0o077 == 0
    finally:
        server.stop()


def test_a_running_database_is_found_and_stopped_by_its_home(home: Path) -> None:
    started = start_postgres(home)
    found = running_postgres(home)
    assert found is not None
    found.stop()
    assert not started.alive()
    assert running_postgres(home) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it as somebody else")
def test_data_in_a_folder_that_only_root_enters_comes_back_when_it_stops(home: Path) -> None:
    os.chmod(home, 0o700)
    server = start_postgres(home)
    outside = server.data.parent
    server.stop()
    assert outside != home
    assert not outside.exists()
    assert (home / "data" / "PG_VERSION").exists()
    assert home.stat().st_mode & 0o777 == 0o700
    start_postgres(home).stop()


def test_durable_messages_are_there_after_a_killed_broker_starts_again(
    killable: KillableBroker, killable_vhost: str
) -> None:
    address = killable.server.amqp_url
    with pika.BlockingConnection(pika.URLParameters(killable_vhost)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare("kept", durable=True, arguments={"x-queue-type": "quorum"})
        channel.basic_publish("", "kept", b"here", pika.BasicProperties(delivery_mode=2), mandatory=True)
    # RabbitMQ 3.10 writes the names of new quorum queues down twice a second; a broker killed before
    # that forgets what is in them, confirmed or not (seen: the queue has no leader any more)
    time.sleep(2)
    killable.kill()
    killable.start()
    assert killable.server.amqp_url == address
    with pika.BlockingConnection(pika.URLParameters(killable_vhost)) as connection:
        assert connection.channel().basic_get("kept", auto_ack=True)[2] == b"here"


def test_each_test_gets_a_vhost_and_a_database_of_its_own(vhost: str, database: Callable[[], str]) -> None:
    with pika.BlockingConnection(pika.URLParameters(vhost)) as connection:
        connection.channel().queue_declare("mine")
    with psycopg.connect(database()) as session:
        assert session.execute("SELECT 1").fetchone() == (1,)
