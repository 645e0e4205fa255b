"""A service's RPC process. Imported by `serve_rpc` after eventlet has patched the standard library."""

from __future__ import annotations

import importlib
import logging
import signal
import sys
from typing import Any

import eventlet

from libs.common.messaging.probe import takes_messages
from libs.common.process import logs
from libs.common.process.config import Settings, settings
from libs.common.process.health import Check, serve_health
from libs.common.process.probes import database_answers, files_can_be_kept
from libs.common.rpc import green_wait
from libs.common.rpc.address import tls_of
from libs.common.rpc.database import POOL_SIZE
from libs.common.rpc.service import RpcContainer, RpcQueueConsumer
from libs.common.rpc.signing import trusted

# Two workers more than database sessions: a question that needs no database is answered while all sessions work.
MAX_WORKERS = POOL_SIZE + 2
HEARTBEAT_SECONDS = 20
STOP_SECONDS = 8.0
_log = logs.log(__name__)


def run(module_name: str, class_name: str) -> None:
    """Serve until SIGTERM or SIGINT; SystemExit(1) when the container died, for the supervisor to start again."""
    known = settings()
    service_class = getattr(importlib.import_module(module_name), class_name)
    logs.configure(service_class.name, "rpc", known.log_level)
    green_wait.install()
    # nameko logs each exception of a method with its words; ours are logged once, redacted, where they are mapped
    logging.getLogger("nameko.containers").setLevel(logging.CRITICAL)
    container = RpcContainer(service_class, nameko_config(known))
    serve_health(
        known.health_port,
        {
            "broker": _consumes(container),
            "questions": takes_messages(known.amqp_url),
            "database": database_answers(known.database_url, service_class.name),
            "files": files_can_be_kept,
        },
    )
    stop_asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop_asked.append(1))
    # Started beside the loop below, so that a process that still waits for its broker can be stopped.
    starting = eventlet.spawn(container.start)
    starting.link(_kill_if_failed, container)
    _log.info("rpc_starting")
    while not stop_asked and not container._died.ready():
        eventlet.sleep(0.1)
    if stop_asked:
        _stop(container)
        _log.info("rpc_stopped")
        return
    _end_of_dead(container)


def nameko_config(known: Settings) -> dict[str, Any]:
    """nameko's configuration, with DATABASE_URL for the `Database` provider, and TRUST: who may ask."""
    return {
        "AMQP_URI": known.amqp_url,
        "AMQP_SSL": tls_of(known.amqp_url),
        "DATABASE_URL": known.database_url,
        "HEARTBEAT": HEARTBEAT_SECONDS,
        "max_workers": MAX_WORKERS,
        "serializer": "json",
        "ACCEPT": ["json"],
        "TRUST": trusted(),
    }


def _consumes(container: RpcContainer) -> Check:
    def check() -> str | None:
        consumers = [found for found in container.extensions if isinstance(found, RpcQueueConsumer)]
        return None if any(consumer.connected for consumer in consumers) else "not connected to RabbitMQ"

    return check


def _kill_if_failed(starting: Any, container: RpcContainer) -> None:
    try:
        starting.wait()
    except Exception:  # whatever stops the start ends the process, with its trace in the log
        container.kill(sys.exc_info())


def _stop(container: RpcContainer) -> None:
    try:
        with eventlet.Timeout(STOP_SECONDS):
            container.stop()
    except eventlet.Timeout:
        _log.warning("rpc_stop_took_too_long", limit_seconds=STOP_SECONDS)


def _end_of_dead(container: RpcContainer) -> None:
    try:
        container.wait()
    except Exception as error:  # the last edge: say why, and let the supervisor start the process again
        _log.critical("rpc_container_died", exc_info=error)
        raise SystemExit(1) from error
