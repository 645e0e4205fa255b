"""A real RPC process for each module of tests, and what a test that starts its own needs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from libs.common.rpc_client import RpcClient
from tests.broker.rpc_process import RpcProcess


@pytest.fixture(scope="module")
def probe(rabbitmq: Any, database: Callable[[], str]) -> Iterator[RpcProcess]:
    """The probe service, running in a vhost of its own."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    with RpcProcess(rabbitmq.add_vhost(name), database()) as process:
        yield process
    rabbitmq.delete_vhost(name)


@pytest.fixture
def client(probe: RpcProcess) -> Iterator[RpcClient]:
    """Calls the probe service."""
    found = RpcClient(probe.amqp_url)
    yield found
    found.close()


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
