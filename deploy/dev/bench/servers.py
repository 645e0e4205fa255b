"""The benchmark's own servers and workers, all in one temporary folder and ended with it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from deploy.dev.derived import derived_from
from deploy.local.servers.install import ensure_rabbitmq
from deploy.local.servers.postgres import Postgres, start_postgres
from deploy.local.servers.rabbitmq import RabbitMQ, start_rabbitmq
from deploy.ops.bootstrap import bootstrap
from deploy.ops.roles import role_url
from libs.common.files.objects import OBJECTS_VARIABLE

PASSWORDS = derived_from("the benchmark's own")
SERVICES = ("ingest", "matching", "payments")


@dataclass
class Servers:
    """A private PostgreSQL (fsync on) and RabbitMQ."""

    folder: Path
    postgres: Postgres
    rabbitmq: RabbitMQ
    made: int = 0

    @property
    def pids(self) -> dict[str, int]:
        """By name, for `measure.cpu_of`."""
        return {"postgres": self.postgres.pid, "rabbitmq": self.rabbitmq.pid}

    def a_database(self) -> str:
        """The superuser's URL of a fresh database."""
        self.made += 1
        name = f"bench{self.made}"
        with psycopg.connect(self.postgres.admin_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return urlsplit(self.postgres.admin_url)._replace(path=f"/{name}").geturl()

    def a_vhost(self) -> str:
        """The AMQP URL of a fresh vhost."""
        self.made += 1
        return self.rabbitmq.add_vhost(f"bench{self.made}")


@contextmanager
def servers() -> Iterator[Servers]:
    """Start both, and leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="caretally-bench-"))
    os.chmod(folder, 0o711)  # PostgreSQL's unprivileged user passes through
    try:
        ensure_rabbitmq()
        postgres = start_postgres(folder / "postgres")
        try:
            rabbitmq = start_rabbitmq(folder / "rabbitmq")
            try:
                yield Servers(folder, postgres, rabbitmq)
            finally:
                rabbitmq.stop()
        finally:
            postgres.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Stack:
    """A fresh database with all schemas and a fresh vhost, with the workers at work on them."""

    admin_url: str
    amqp_url: str
    urls: dict[str, str]
    pids: dict[str, int]


@contextmanager
def working_stack(servers: Servers) -> Iterator[Stack]:
    """The workers run as processes of their own, as in production, until the block ends."""
    admin_url, amqp_url = servers.a_database(), servers.a_vhost()
    bootstrap(admin_url, PASSWORDS)
    urls = {service: role_url(admin_url, f"{service}_work", PASSWORDS) for service in SERVICES}
    objects = servers.folder / f"objects{servers.made}"
    os.environ[OBJECTS_VARIABLE] = f"file://{objects}"
    log = servers.folder / "workers.log"
    processes = {service: _start(service, urls[service], amqp_url, log) for service in SERVICES}
    pids = {f"{service} worker": process.pid for service, process in processes.items()}
    try:
        yield Stack(admin_url, amqp_url, urls, pids | servers.pids)
    finally:
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        for process in processes.values():
            process.wait(60)
        with psycopg.connect(servers.postgres.admin_url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")  # the next part does not write what this one left
        time.sleep(0.5)


def _start(service: str, database_url: str, amqp_url: str, log: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "AMQP_URL": amqp_url, "DATABASE_URL": database_url, "HEALTH_PORT": "0"}
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "deploy.ops.run", service, "worker"],
            env=environment,
            stdout=out,
            stderr=out,
        )
