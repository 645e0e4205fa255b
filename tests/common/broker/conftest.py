"""A real RPC process for each module of tests, and what a test that starts its own needs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import psycopg
import pytest

from libs.common.rpc.client import RpcClient
from tests.common.broker.rpc_process import RpcProcess


@pytest.fixture(scope="module")
def probe(rabbitmq: Any, database: Callable[[], str]) -> Iterator[RpcProcess]:
    """The probe service, running in a vhost of its own."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    with RpcProcess(rabbitmq.add_vhost(name), database()) as process:
        yield process
    rabbitmq.delete_vhost(name)


@pytest.fixture
def a_client() -> Iterator[Callable[..., RpcClient]]:
    """Call it as RpcClient for a client that the test's end closes."""
    with ExitStack() as stack:

        def make(amqp_url: str, timeout_seconds: float = 5) -> RpcClient:
            return stack.enter_context(closing(RpcClient(amqp_url, timeout_seconds)))

        yield make


@pytest.fixture
def client(probe: RpcProcess, a_client: Callable[..., RpcClient]) -> RpcClient:
    """Calls the probe service."""
    return a_client(probe.amqp_url)


@pytest.fixture
def addresses(vhost: str, database: Callable[[], str]) -> tuple[str, str]:
    """(amqp_url, database_url), both empty, for a test that starts and ends processes itself."""
    return vhost, database()


@pytest.fixture
def marks(addresses: tuple[str, str]) -> Callable[[], list[str]]:
    """What the probe service's `mark` was run with, at `addresses`."""
    with psycopg.connect(addresses[1], autocommit=True) as connection:
        connection.execute("create table marks (id bigserial, mark text)")

    def read() -> list[str]:
        with psycopg.connect(addresses[1]) as connection:
            return [row[0] for row in connection.execute("select mark from marks order by id")]

    return read
