"""What ends, blocks or silences a nameko container as it comes, and must not end ours."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import amqp
import pytest
from kombu.connection import Connection

from libs.common.errors import ServiceUnavailable
from libs.common.rpc import SYSTEM, wire
from libs.common.rpc.client import RpcClient
from tests.common.broker.rpc_process import RpcProcess
from tests.support.run.waiting import wait_until

HEALTH_REQUEST = json.dumps({"args": [SYSTEM], "kwargs": {}})


class Line:
    """A bare connection, for sending what no client of ours would."""

    def __init__(self, amqp_url: str) -> None:
        address: Any = Connection
        self._connection = address(amqp_url).transport.establish_connection()
        self._channel = self._connection.channel()
        self._answers: list[dict[str, Any]] = []
        self._channel.basic_consume(
            "amq.rabbitmq.reply-to", no_ack=True, callback=lambda m: self._answers.append(json.loads(m.body))
        )

    def send(self, body: str | bytes, method: str = "health", reply: bool = True, **properties: Any) -> None:
        if reply:
            properties = {"reply_to": "amq.rabbitmq.reply-to", "correlation_id": "1", **properties}
        message = amqp.Message(body, **{"content_type": "application/json", **properties})
        self._channel.basic_publish(message, wire.RPC_EXCHANGE, routing_key=f"probe.{method}")

    def await_answer(self) -> dict[str, Any]:
        while not self._answers:
            self._connection.drain_events(timeout=20)
        return self._answers.pop()

    def count_waiting(self) -> int:
        """Requests in the service's queue that nobody has taken."""
        return int(self._channel.queue_declare(wire.rpc_queue("probe"), passive=True).message_count)

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def line(probe: RpcProcess) -> Iterator[Line]:
    found = Line(probe.amqp_url)
    yield found
    found.close()


def test_a_request_without_reply_to_is_logged_and_gone(
    line: Line, client: RpcClient, probe: RpcProcess
) -> None:
    before = len(probe.log_lines_of("rpc_without_reply_to"))
    failures = len(probe.log_lines_of("rpc_failed"))
    line.send(HEALTH_REQUEST, reply=False)
    line.send(HEALTH_REQUEST, method="fail", reply=False)
    wait_until(lambda: len(probe.log_lines_of("rpc_without_reply_to")) == before + 2)
    assert len(probe.log_lines_of("rpc_failed")) == failures, (
        "it was run, though nobody could hear its answer"
    )
    assert client.call("probe", "health", SYSTEM)["pid"] == probe.pid
    assert line.count_waiting() == 0


@pytest.mark.parametrize(
    ("body", "properties"),
    [
        (b"\x89PNG not json", {}),
        (b"\xff\xfe\x00", {"content_encoding": "utf-8"}),
        (b"[1, 2]", {}),
        (b'{"args": [], "kwargs": 3}', {}),
        (b"\x80\x04K\x01.", {"content_type": "application/x-python-serialize", "content_encoding": "binary"}),
        (b"not zlib", {"application_headers": {"compression": "application/x-gzip"}}),
        (b"[" * 100_000, {}),
    ],
    ids=["png", "not_utf8", "a_list", "no_kwargs", "a_pickle", "not_gzip", "deep"],
)
def test_a_body_that_cannot_be_read_is_answered_and_logged(
    line: Line, client: RpcClient, probe: RpcProcess, body: bytes, properties: dict[str, Any]
) -> None:
    before = len(probe.log_lines_of("rpc_refused"))
    line.send(body, **properties)
    assert line.await_answer()["error"]["code"] == "invalid"
    assert len(probe.log_lines_of("rpc_refused")) == before + 1
    assert client.call("probe", "health", SYSTEM)["pid"] == probe.pid


def test_unreadable_bodies_do_not_use_up_the_prefetch(
    line: Line, client: RpcClient, probe: RpcProcess
) -> None:
    for _ in range(50):
        line.send(b"no json", reply=False)
        line.send(b"not zlib", reply=False, application_headers={"compression": "application/x-gzip"})
    assert client.call("probe", "health", SYSTEM)["pid"] == probe.pid


def test_a_network_error_in_an_acknowledgement_is_survived(client: RpcClient, probe: RpcProcess) -> None:
    assert client.call("probe", "break_connection_at_ack", SYSTEM) == probe.pid
    wait_until(lambda: probe.log_lines_of("rpc_settling_failed"))
    assert client.call("probe", "health", SYSTEM)["pid"] == probe.pid


def test_an_expired_request_is_never_run(
    addresses: tuple[str, str], marks: Any, a_client: Callable[..., RpcClient]
) -> None:
    with RpcProcess(*addresses):
        pass  # the queue is there from now on
    hasty = a_client(addresses[0], timeout_seconds=0.5)
    with pytest.raises(ServiceUnavailable):
        hasty.call("probe", "mark", SYSTEM, mark="expired")
    with RpcProcess(*addresses):
        a_client(addresses[0]).call("probe", "mark", SYSTEM, mark="in time")
        assert marks() == ["in time"]


def test_a_request_that_kills_the_process_is_not_run_for_ever(addresses: tuple[str, str], marks: Any) -> None:
    """Without an expiry it would come back to each new process."""
    with RpcProcess(*addresses) as process:
        line = Line(addresses[0])
        line.send(json.dumps({"args": [SYSTEM], "kwargs": {"mark": "deadly"}}), method="die")
        wait_until(lambda: not process.is_running())
    with RpcProcess(*addresses) as process:
        assert line.await_answer()["error"]["code"] == "unavailable"
        assert process.is_running()
    line.close()
    assert marks() == ["deadly"]


def test_a_service_that_was_never_there_is_known_at_once(
    vhost: str, client: RpcClient, a_client: Callable[..., RpcClient]
) -> None:
    """Where other services run, and where none ever did."""
    for asker in (client, a_client(vhost)):
        started = time.monotonic()
        with pytest.raises(ServiceUnavailable, match="not running"):
            asker.call("never_started", "health", SYSTEM)
        assert time.monotonic() - started < 8


def test_a_service_that_is_down_is_given_up_in_time(
    probe: RpcProcess, a_client: Callable[..., RpcClient]
) -> None:
    """Its queue is there, and nobody takes from it: the process is stopped by a signal."""
    client = a_client(probe.amqp_url, timeout_seconds=1)
    os.kill(probe.pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        with pytest.raises(ServiceUnavailable, match="in time"):
            client.call("probe", "health", SYSTEM)
        assert 0.9 < time.monotonic() - started < 6
    finally:
        os.kill(probe.pid, signal.SIGCONT)
    assert wait_until(lambda: client.call("probe", "health", SYSTEM))["pid"] == probe.pid


def test_a_late_answer_is_not_taken_for_the_next_one(
    probe: RpcProcess, a_client: Callable[..., RpcClient]
) -> None:
    client = a_client(probe.amqp_url, timeout_seconds=1)
    with pytest.raises(ServiceUnavailable):
        client.call("probe", "slow_query", SYSTEM, seconds=1.2)
    for number in range(10):
        time.sleep(0.05)
        assert client.call("probe", "echo", SYSTEM, number=number)["payload"] == {"number": number}
