"""The textbook way beside the pipeline: one event and one transaction a visit, on the same servers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from nameko.standalone.events import event_dispatcher
from pika.exceptions import AMQPError

from deploy.dev.bench.council import MadeCouncil
from deploy.dev.bench.floor import CPLIS, load_care, visits_of
from deploy.dev.bench.measure import wait_for
from deploy.dev.bench.servers import Servers
from deploy.dev.bench.textbook_services import HEARS, TABLES, queue_of
from libs.common.messaging.amqp import a_channel


def measured(servers: Servers, council: MadeCouncil, count: int) -> dict[str, Any]:
    """Send the first `count` visits as one event each; seconds until the last is priced."""
    visits = [visit for file in council.visits() for visit in visits_of(file)][:count]
    admin_url, amqp_url = servers.a_database(), servers.a_vhost()
    with psycopg.connect(admin_url, autocommit=True) as database:
        database.execute(CPLIS)
        database.execute(TABLES)
        load_care(database, council)
        with _services(servers, admin_url, amqp_url):
            wait_for(lambda: all(_is_there(amqp_url, queue_of(service)) for service in HEARS), 60)
            began = time.perf_counter()
            dispatch = event_dispatcher({"AMQP_URI": amqp_url})
            for visit in visits:
                dispatch("bench", "visit_sent", [_plain(value) for value in visit])
            seconds = wait_for(lambda: _count_items(database) >= len(visits), 600) - began
    return {"visits": len(visits), "seconds": seconds, "visits_a_second": len(visits) / seconds}


@contextmanager
def _services(servers: Servers, database_url: str, amqp_url: str) -> Iterator[None]:
    environment = {**os.environ, "DATABASE_URL": database_url, "AMQP_URL": amqp_url}
    module = "deploy.dev.bench.textbook_services"
    with (servers.folder / "textbook.log").open("ab") as log:
        processes = [
            subprocess.Popen([sys.executable, "-m", module, service], env=environment, stdout=log, stderr=log)
            for service in HEARS
        ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


def _is_there(amqp_url: str, queue: str) -> bool:
    """An event that is said before its hearer's queue exists would be lost."""
    try:
        with a_channel(amqp_url, "bench looks") as channel:
            channel.queue_declare(queue, passive=True)
    except AMQPError:
        return False
    return True


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def _count_items(database: psycopg.Connection[Any]) -> int:
    row = database.execute("SELECT count(*) FROM items").fetchone()
    return 0 if row is None else int(row[0])
