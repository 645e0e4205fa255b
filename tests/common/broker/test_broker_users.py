"""What the broker lets each of its users do, on the real broker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker, ConnectionClosedByBroker, UnroutableError

from deploy.dev.derived import derived_from
from deploy.ops.broker import (
    CONSUMERS_VARIABLE,
    BrokerNotPrepared,
    consumer_names,
    consumer_queue,
    prepare,
    user_urls,
)
from deploy.secrets.folder import make
from libs.common.messaging.amqp import a_channel
from libs.common.messaging.topology import (
    COMMANDS_QUEUE,
    DEAD_LETTERS_EXCHANGE,
    DEAD_LETTERS_QUEUE,
    EVENTS,
    PUBLIC,
    PUBLIC_ARCHIVE,
    declare,
    retry_name,
)
from libs.common.rpc.wire import RPC_EXCHANGE
from tests.support.events.archive import read_archive

PASSWORDS = derived_from("a secret of the tests")
OWN = consumer_queue("finance")
INSIDE = "matching.visits_changed.bulk.v1"
ITEM = "payment.item.posted.v1"

Step = Callable[[BlockingChannel], Any]


@pytest.fixture
def urls(rabbitmq: Any, vhost: str) -> dict[str, str]:
    """A prepared vhost: the URL of each user, and of its administrator."""
    return prepare_users(rabbitmq, vhost)


@pytest.fixture(scope="module")
def lasting_urls(rabbitmq: Any) -> Iterator[dict[str, str]]:
    """The same, for tests that leave it as it is: nearly all of a test's time goes into a new one."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield prepare_users(rabbitmq, rabbitmq.add_vhost(name))
    rabbitmq.delete_vhost(name)


def prepare_users(rabbitmq: Any, vhost: str) -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARETALLY_PREFIX", "t-")
        prepare(vhost, rabbitmq.management, PASSWORDS)
        return user_urls(vhost, PASSWORDS) | {"administrator": vhost}


def publish(exchange: str, key: str) -> Step:
    def step(channel: BlockingChannel) -> None:
        channel.confirm_delivery()
        channel.basic_publish(exchange, key, b"{}", pika.BasicProperties(delivery_mode=2))

    return step


def purge(queue: str) -> Step:
    return lambda channel: channel.queue_purge(queue)


def get(queue: str) -> Step:
    return lambda channel: channel.basic_get(queue, auto_ack=True)


def bind(queue: str, exchange: str, key: str = "#") -> Step:
    return lambda channel: channel.queue_bind(queue, exchange, key)


def test_the_finance_system_reads_its_own_queue_and_chooses_what_it_is_bound_to(urls: dict[str, str]) -> None:
    with a_channel(urls["administrator"], "a test") as channel:
        publish(PUBLIC, ITEM)(channel)
    with a_channel(urls["finance"], "a test") as channel:
        channel.queue_declare(OWN, passive=True)
        _, _, body = next(channel.consume(OWN, auto_ack=True, inactivity_timeout=30))
        assert body == b"{}"
        channel.cancel()
        channel.queue_unbind(OWN, PUBLIC, "#")
        channel.queue_bind(OWN, PUBLIC, "payment.#")


def test_the_finance_system_reads_the_archive_as_often_as_it_likes(urls: dict[str, str]) -> None:
    with a_channel(urls["administrator"], "a test") as channel:
        for _ in range(3):
            publish(PUBLIC, ITEM)(channel)
    assert [len(read_archive(urls["finance"], 3)) for _ in range(2)] == [3, 3]


@pytest.mark.parametrize(
    "step",
    [
        publish(PUBLIC, ITEM),
        publish(EVENTS, "visits_changed.bulk"),
        publish("", OWN),
        publish("", INSIDE),
        publish(RPC_EXCHANGE, "payments.finalise_period"),
        publish(retry_name(1), INSIDE),
        bind(OWN, EVENTS),
        bind(PUBLIC_ARCHIVE, PUBLIC),
        lambda channel: channel.queue_unbind(PUBLIC_ARCHIVE, PUBLIC, "#"),
        get(INSIDE),
        get(DEAD_LETTERS_QUEUE),
        get("payments.weeks_matched.single.v1"),
        lambda channel: channel.queue_declare("finance.another"),
        lambda channel: channel.queue_declare("", exclusive=True),
        lambda channel: channel.queue_delete(OWN),
        lambda channel: channel.queue_delete(PUBLIC_ARCHIVE),
        lambda channel: channel.exchange_declare("finance", "topic"),
        lambda channel: channel.exchange_delete(PUBLIC),
    ],
)
def test_the_finance_system_is_refused_all_else(lasting_urls: dict[str, str], step: Step) -> None:
    assert "ACCESS_REFUSED" in refusal(lasting_urls["finance"], step)


def test_nobody_can_empty_the_archive(urls: dict[str, str]) -> None:
    with a_channel(urls["administrator"], "a test") as channel:
        publish(PUBLIC, ITEM)(channel)
    assert "not supported by stream queues" in refusal(urls["finance"], purge(PUBLIC_ARCHIVE))
    assert len(read_archive(urls["finance"], 1)) == 1


@pytest.mark.parametrize("service", ["ingest", "matching", "disputes", "portal"])
def test_payments_alone_says_public_events(lasting_urls: dict[str, str], service: str) -> None:
    assert "ACCESS_REFUSED" in refusal(lasting_urls[service], publish(PUBLIC, ITEM))
    with a_channel(lasting_urls["payments"], "a test") as channel:
        publish(PUBLIC, ITEM)(channel)


@pytest.mark.parametrize("service", ["ingest", "matching", "payments", "disputes"])
def test_a_service_declares_all_that_is_shared_and_reads_its_own_queues_alone(
    lasting_urls: dict[str, str], service: str
) -> None:
    with a_channel(lasting_urls[service], "a test") as channel:
        declare(channel)
    others = {
        "matching.visits_changed.bulk.v1",
        "ingest.care_changed.bulk.v1",
        "payments.weeks_matched.bulk.v1",
        OWN,
    }
    for queue in others:
        if queue.startswith(service):
            with a_channel(lasting_urls[service], "a test") as channel:
                get(queue)(channel)
        else:
            assert "ACCESS_REFUSED" in refusal(lasting_urls[service], get(queue))


@pytest.mark.parametrize(
    "step", [get(INSIDE), publish("", INSIDE), publish(EVENTS, "x"), bind(INSIDE, EVENTS)]
)
def test_the_portal_only_asks(lasting_urls: dict[str, str], step: Step) -> None:
    assert "ACCESS_REFUSED" in refusal(lasting_urls["portal"], step)


@pytest.mark.parametrize("service", ["ingest", "matching", "payments", "disputes"])
def test_a_service_asks_nobody_and_hears_no_question_to_another(
    lasting_urls: dict[str, str], service: str
) -> None:
    other = "payments" if service != "payments" else "matching"
    own = f"{service}.listening"
    with a_channel(lasting_urls[service], "a test") as channel:
        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True)
        channel.queue_declare(own, durable=True)
        channel.queue_bind(own, RPC_EXCHANGE, f"{service}.*")
    for key in (f"{other}.debts", f"{service}.health", "x"):
        assert "ACCESS_REFUSED" in refusal(lasting_urls[service], publish(RPC_EXCHANGE, key))
    for key in ("#", "*.*", f"{other}.*", f"{other}.debts"):
        assert "ACCESS_REFUSED" in refusal(lasting_urls[service], bind(own, RPC_EXCHANGE, key))
    dead = {"x-dead-letter-exchange": RPC_EXCHANGE, "x-dead-letter-routing-key": f"{other}.debts"}
    by_its_end: Step = lambda channel: channel.queue_declare(f"{service}.dying", arguments=dead)  # noqa: E731
    assert "ACCESS_REFUSED" in refusal(lasting_urls[service], by_its_end)


def test_the_portal_asks_services_and_nobody_can_say_to_be_another_user(lasting_urls: dict[str, str]) -> None:
    with a_channel(lasting_urls["ingest"], "a test") as channel:
        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True)
    with a_channel(lasting_urls["portal"], "a test") as channel:
        channel.basic_publish(RPC_EXCHANGE, "payments.debts", b"{}")
        channel.basic_publish(RPC_EXCHANGE, "payments.debts", b"{}", pika.BasicProperties(user_id="t-portal"))
    assert "ACCESS_REFUSED" in refusal(lasting_urls["portal"], publish(RPC_EXCHANGE, "elsewhere.debts"))

    def as_portal(channel: BlockingChannel) -> None:
        channel.confirm_delivery()
        channel.basic_publish(EVENTS, "x", b"{}", pika.BasicProperties(user_id="t-portal"))

    assert "PRECONDITION_FAILED" in refusal(lasting_urls["ingest"], as_portal)


def test_the_portal_alone_reads_what_the_command_line_did(lasting_urls: dict[str, str]) -> None:
    for service in ("ingest", "matching", "payments", "disputes", "finance"):
        assert "ACCESS_REFUSED" in refusal(lasting_urls[service], get(COMMANDS_QUEUE))
    with a_channel(lasting_urls["portal"], "a test") as channel:
        get(COMMANDS_QUEUE)(channel)
        publish(DEAD_LETTERS_EXCHANGE, COMMANDS_QUEUE)(channel)  # what it can't keep


def test_a_system_that_is_away_too_long_loses_the_oldest_and_stops_nobody(rabbitmq: Any, vhost: str) -> None:
    """Its queue drops from the head; one that refused new messages would hold up the relay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("deploy.ops.broker.CONSUMER_MESSAGES", 2)
        prepare(vhost, rabbitmq.management, PASSWORDS)
    with a_channel(vhost, "a test") as channel:
        channel.confirm_delivery()
        for number in range(5):
            channel.basic_publish(
                PUBLIC, ITEM, json.dumps(number).encode(), pika.BasicProperties(delivery_mode=2)
            )
        kept = [int(channel.basic_get(OWN, auto_ack=True)[2]) for _ in range(2)]
    assert kept == [3, 4]
    assert [int(body) for _, body in read_archive(vhost, 5)] == list(range(5))


def test_the_broker_is_prepared_by_a_command_too(rabbitmq: Any, vhost: str, tmp_path: Path) -> None:
    make(tmp_path, ["finance", "ledger"])
    management = rabbitmq.management
    authority = f"{management.user}:{management.password}@{management.host}:{management.port}"
    env = {
        **os.environ,
        "AMQP_URL": vhost,
        "AMQP_MANAGEMENT_URL": f"http://{authority}",
        "CARETALLY_SECRETS": str(tmp_path),
        CONSUMERS_VARIABLE: "finance, ledger",
    }
    for _ in range(2):
        command = [sys.executable, "-m", "deploy.ops.run", "broker"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "The broker is up to date.\n"), done.stderr
    with a_channel(vhost, "a test") as channel:
        channel.queue_declare(consumer_queue("ledger"), passive=True)


@pytest.mark.parametrize("name", ["payments", "Finance", "a.b", ".*"])
def test_a_council_system_has_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(CONSUMERS_VARIABLE, name)
    with pytest.raises(BrokerNotPrepared):
        consumer_names()


def refusal(url: str, step: Step) -> str:
    """What the broker says to a step that it must refuse."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    try:
        step(connection.channel())
    except (ChannelClosedByBroker, ConnectionClosedByBroker) as error:
        return str(error.reply_text)
    except (AMQPError, UnroutableError) as error:
        return repr(error)
    finally:
        if connection.is_open:
            connection.close()
    return "not refused"
