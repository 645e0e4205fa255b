"""PostgreSQL and RabbitMQ for the whole test run: one of each, shared by all its workers.

The run that starts pytest makes a folder for them, the first worker that needs a server starts it
there, and the run ends them and removes the folder. DATABASE_URL and AMQP_URL name others to use.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from deploy.local.servers.containers import engine_answers, start_container
from deploy.local.servers.install import RABBITMQ, Program, ensure
from deploy.local.servers.management import Management
from deploy.local.servers.postgres import running_postgres, start_postgres
from deploy.local.servers.rabbitmq import RabbitMQ, RabbitMQMissing, running_rabbitmq, start_rabbitmq
from tests.journeys.api_council import api_council  # noqa: F401 - fixtures, as are the others
from tests.support.council.fixtures import (  # noqa: F401
    council,
    council_of_all,
    idle_council,
    vhost_of_all,
    workforce,
)
from tests.support.portal.fixtures import portal, portal_of_all, portal_url  # noqa: F401
from tests.support.run.killable import killable, killable_of_all, killable_vhost  # noqa: F401
from tests.support.run.run_folder import VARIABLE, end_run, make_run_folder, run_folder
from tests.support.run.schemas import schemas  # noqa: F401
from tests.support.run.spread import FilesAndGroups, check_groups, spread
from tests.support.stack.stack import stack  # noqa: F401

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # how long examples take says something of the machine, and nothing of us


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        make_run_folder()
        signal.signal(signal.SIGTERM, _interrupt)  # else nobody would end what was started
    # Hundreds of processes start: none of them must compile all our modules for itself.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and VARIABLE in os.environ:
        end_run()


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    spread(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        check_groups(session.items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesAndGroups:
    return FilesAndGroups(config, log)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _hold_lock(name: str) -> Iterator[Path]:
    """Hold this run's lock of that name; the run's folder."""
    folder = run_folder()
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@pytest.fixture(scope="session")
def postgres_admin_url() -> str:
    """URL (postgresql://…) of a superuser, or of whom DATABASE_URL names."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return re.sub(r"^postgresql\+\w+://", "postgresql://", given)
    with _hold_lock("postgres") as folder:
        home = folder / "postgres"
        server = running_postgres(home)
        if server is None:
            # Thousands of connections are made: proving a password is most of one's work, and nobody is to guess here.
            server = start_postgres(home, settings={"fsync": "off", "scram_iterations": "1"})
            _set_password_anew(server.admin_url)
        return server.admin_url


@pytest.fixture(scope="session")
def database(postgres_admin_url: str) -> Iterator[Callable[..., str]]:
    """Call it for a fresh database, empty or the copy of another that nobody is using: its superuser's URL.
    On a server that is not ours all are dropped when the worker ends."""
    made: list[str] = []

    def make(copied_url: str = "/template1") -> str:
        name = f"caretally_test_{uuid.uuid4().hex[:12]}"
        copied = urlsplit(copied_url).path.lstrip("/")
        names = sql.Identifier(name), sql.Identifier(copied)
        _run_sql(postgres_admin_url, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        made.append(name)
        return urlsplit(postgres_admin_url)._replace(path=f"/{name}").geturl()

    yield make
    for name in made if os.environ.get("DATABASE_URL") else ():
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        _run_sql(postgres_admin_url, drop)


@pytest.fixture(scope="session")
def installed() -> Callable[[Program], Path]:
    """Call it for a program's path. It is installed where it is missing, by one of the run's workers."""

    def ensure_alone(program: Program) -> Path:
        with _hold_lock("install"):
            return ensure(program)

    return ensure_alone


@pytest.fixture(scope="session")
def rabbitmq(installed: Callable[[Program], Path]) -> RabbitMQ | GivenBroker:
    """The broker: `.amqp_url`, `.add_vhost(name) -> url`, `.delete_vhost(name)`, `.management`."""
    given = os.environ.get("AMQP_URL")
    if given:
        return GivenBroker(given)
    with _hold_lock("rabbitmq") as folder:
        home = folder / "rabbitmq"
        try:
            installed(RABBITMQ)
        except RabbitMQMissing:
            if not engine_answers():
                raise
            container = start_container()  # which ends with this process
            return GivenBroker(container.amqp_url, container.management)
        server = running_rabbitmq(home)
        if server is None:
            server = start_rabbitmq(home)
        return server


@pytest.fixture
def vhost(rabbitmq: RabbitMQ | GivenBroker) -> Iterator[str]:
    """AMQP URL of a fresh vhost, which goes with the test: a broker with a hundred is busy with them alone."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield rabbitmq.add_vhost(name)
    rabbitmq.delete_vhost(name)


class GivenBroker:
    """The broker that AMQP_URL names, or one in a container; AMQP_MANAGEMENT_PORT says where its HTTP interface is
    (15672)."""

    def __init__(self, amqp_url: str, management: Management | None = None) -> None:
        self.amqp_url = amqp_url
        parts = urlsplit(amqp_url)
        self.authority = f"{parts.scheme}://{parts.netloc}"
        self.management = management or Management(
            int(os.environ.get("AMQP_MANAGEMENT_PORT", "15672")),
            parts.username or "guest",
            parts.password or "guest",
            parts.hostname or "127.0.0.1",
        )

    def add_vhost(self, name: str) -> str:
        self.management.add_vhost(name)
        return f"{self.authority}/{name}"

    def delete_vhost(self, name: str) -> None:
        self.management.delete_vhost(name)


def _set_password_anew(admin_url: str) -> None:
    """So that it is kept by the settings of today."""
    user = urlsplit(admin_url)
    names = sql.Identifier(user.username or ""), sql.Literal(user.password)
    _run_sql(admin_url, sql.SQL("ALTER ROLE {} PASSWORD {}").format(*names))


def _run_sql(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
