"""RPC while the broker restarts, hangs or is away, and while the database is away. The broker is the test's own."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest

from libs.common.errors import ServiceUnavailable
from libs.common.rpc import SYSTEM
from libs.common.rpc.client import RpcClient
from tests.common.broker.rpc_process import RpcProcess, free_port
from tests.support.run.killable import KillableBroker
from tests.support.run.waiting import wait_until


def ask_for_pid(client: RpcClient) -> int:
    """The process that answers; 0 while none does."""
    try:
        return int(client.call("probe", "health", SYSTEM)["pid"])
    except ServiceUnavailable:
        return 0


def test_service_and_caller_outlive_the_broker(
    killable: KillableBroker,
    killable_vhost: str,
    addresses: tuple[str, str],
    a_client: Callable[..., RpcClient],
) -> None:
    client = a_client(killable_vhost, timeout_seconds=2)
    with RpcProcess(killable_vhost, addresses[1]) as process:
        assert ask_for_pid(client) == process.pid
        idle_client = a_client(killable_vhost, timeout_seconds=2)
        assert ask_for_pid(idle_client) == process.pid

        killable.kill()
        started = time.monotonic()
        with pytest.raises(ServiceUnavailable, match="can't be asked now"):
            client.call("probe", "health", SYSTEM)
        assert time.monotonic() - started < 8
        wait_until(lambda: "not connected" in process.get("/readyz")[1])
        assert process.get("/healthz")[0] == 200

        killable.start()
        wait_until(lambda: process.get("/readyz")[0] == 200, 30)
        assert ask_for_pid(idle_client) == process.pid, "the first call met the connection that had died"
        assert ask_for_pid(client) == process.pid


def test_a_broker_that_hangs_costs_no_more_than_the_time_limit(
    killable: KillableBroker,
    killable_vhost: str,
    addresses: tuple[str, str],
    a_client: Callable[..., RpcClient],
) -> None:
    client = a_client(killable_vhost, timeout_seconds=1.5)
    with RpcProcess(killable_vhost, addresses[1]) as process:
        assert ask_for_pid(client) == process.pid
        os.kill(killable.server.pid, signal.SIGSTOP)
        try:
            for _ in ("with the connection it has", "with one that it must make"):
                started = time.monotonic()
                assert ask_for_pid(client) == 0
                assert time.monotonic() - started < 6
            assert client.check() == "RabbitMQ can't be reached"
        finally:
            os.kill(killable.server.pid, signal.SIGCONT)
        wait_until(lambda: ask_for_pid(client) == process.pid, 30)


def test_a_process_that_waits_for_its_broker_can_be_stopped(addresses: tuple[str, str]) -> None:
    process = RpcProcess(f"amqp://nobody:nothing@127.0.0.1:{free_port()}/none", addresses[1])
    process.start()
    wait_until(lambda: "not connected" in process.get("/readyz")[1], 20)
    started = time.monotonic()
    assert process.stop() == 0
    assert time.monotonic() - started < 9


def test_without_a_database_it_says_so_and_asks_to_be_asked_again(
    addresses: tuple[str, str], a_client: Callable[..., RpcClient]
) -> None:
    away = f"postgresql://nobody:nothing@127.0.0.1:{free_port()}/none"
    process = RpcProcess(addresses[0], away)
    process.start()
    try:
        wait_until(lambda: "database" in process.get("/readyz")[1], 20)
        client = a_client(addresses[0])
        wait_until(lambda: ask_for_pid(client) == process.pid)
        with pytest.raises(ServiceUnavailable, match="database"):
            client.call("probe", "slow_query", SYSTEM, seconds=0)
    finally:
        process.stop()
