"""The database and the broker of a stack: given by the environment, else our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from deploy.local.servers.containers import ContainerBroker, engine_answers, start_container
from deploy.local.servers.install import ensure_rabbitmq
from deploy.local.servers.postgres import Postgres, start_postgres
from deploy.local.servers.rabbitmq import RabbitMQ, RabbitMQFailed, RabbitMQMissing, start_rabbitmq
from deploy.ops.broker import BrokerNotPrepared, prepare_within
from deploy.ops.roles import Passwords
from libs.common.process.given import given_url, with_password

Broker = RabbitMQ | ContainerBroker


def given_database() -> str | None:
    """DATABASE_URL, in the form that psycopg reads."""
    url = with_password(given_url("DATABASE_URL"))
    return "postgresql://" + url.partition("://")[2] if url else None


def given_broker() -> str | None:
    return with_password(given_url("AMQP_URL")) or None


def start_database(home: Path) -> Postgres:
    return start_postgres(home / "postgres")


def database_url(server: Postgres) -> str:
    """The superuser's URL of the stack's own database."""
    return server.admin_url.removesuffix("/postgres") + "/caretally"


# After a kill -9 the queues elect their leaders anew; that takes seconds.
PREPARE_SECONDS = 30.0


def broker_starter(home: Path, passwords: Passwords) -> Callable[[], Broker]:
    """How to start the broker here, with its users: an own node, installed first if need be, else a container.

    RabbitMQMissing says what to install.
    """
    try:
        ensure_rabbitmq()
    except RabbitMQMissing:
        if not engine_answers():
            raise
        return lambda: _prepared(start_container(), passwords)
    return lambda: _prepared(start_rabbitmq(home / "rabbitmq"), passwords)


def _prepared(broker: Broker, passwords: Passwords) -> Broker:
    """The broker with its users and queues. RabbitMQFailed when it does not let itself be prepared."""
    try:
        prepare_within(PREPARE_SECONDS, broker.amqp_url, broker.management, passwords)
    except BrokerNotPrepared as error:
        broker.stop()
        raise RabbitMQFailed(str(error)) from error
    return broker
