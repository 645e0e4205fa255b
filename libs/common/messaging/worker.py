"""A service's worker process: its consumers and its outbox relay, each in a thread of its own."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType

import structlog
from pika.exceptions import AMQPError

from libs.common.messaging.amqp import a_channel
from libs.common.messaging.consumer import Consumer
from libs.common.messaging.listener import Listener, Sessions
from libs.common.messaging.messages import LANES
from libs.common.messaging.relay import Relay
from libs.common.messaging.topology import declare, queue_name
from libs.common.operations.apart import Handler
from libs.common.operations.letters import LetterConsumer, OnLetter, nothing_more
from libs.common.process.threads import KeptThreads

__all__ = ["Consumer", "Handler", "Worker", "run_worker"]

_log = structlog.get_logger(__name__)

PREFETCH = {"single": 1, "bulk": 1}

Check = Callable[[], str | None]


class Worker:
    """Consumers for every lane of the handled events, and the relay of the service's schema.

    Its sessions need a pool of two connections an event, and one more. ``on_letter`` hears of dead letters.
    """

    def __init__(
        self,
        service: str,
        handlers: Mapping[str, Handler],
        *,
        sessions: Sessions,
        amqp_url: str,
        database_url: str,
        on_letter: OnLetter = nothing_more,
    ) -> None:
        self.service = service
        self._amqp_url = amqp_url
        self.relay = Relay(database_url, amqp_url, service)
        self.consumers: list[Listener] = [
            Consumer(queue_name(service, event, lane), handler, sessions, amqp_url, PREFETCH[lane])
            for event, handler in handlers.items()
            for lane in LANES
        ]
        self.consumers.append(LetterConsumer(service, on_letter, sessions, amqp_url))
        self.stopping = threading.Event()
        self._threads = KeptThreads(self.stopping)

    def checks(self) -> dict[str, Check]:
        """For /readyz: is the broker reached by every consumer, the database by the relay?"""
        return {
            "consumers": self._consumers_reason,
            "relay": self._relay_reason,
            "threads": self._threads.reason,
        }

    def start(self) -> None:
        """Declares the topology, waiting for the broker if need be, and starts the threads."""
        self._declare()
        runs = [(f"relay {self.service}", self.relay.run)]
        runs += [(consumer.queue, consumer.run) for consumer in self.consumers]
        for name, run in runs:
            self.keep(name, run)

    def keep(self, name: str, run: Callable[[threading.Event], None]) -> None:
        """Have one more thread of the process, which is started again when it ends by itself."""
        self._threads.start(name, run)

    def wait(self) -> bool:
        """Waits until asked to stop; False when a thread ended again and again, and only a new process can help."""
        while not self.stopping.wait(0.5):
            if failed := self._threads.failed():
                _log.error("worker_threads_failed", threads=failed)
                return False
        return True

    def stop(self) -> None:
        """Ends the threads; each finishes the message in hand."""
        self.stopping.set()
        self.relay.wake()
        for consumer in self.consumers:
            consumer.wake()
        self._threads.join()

    def _declare(self) -> None:
        while not self.stopping.is_set():
            try:
                with a_channel(self._amqp_url, f"{self.service} worker declares") as channel:
                    declare(channel)
                return
            except (AMQPError, OSError) as error:
                _log.warning("broker_away", error=type(error).__name__)
                self.stopping.wait(1)

    def _consumers_reason(self) -> str | None:
        away = [consumer.queue for consumer in self.consumers if not consumer.is_connected]
        return f"not connected to {', '.join(away)}" if away else None

    def _relay_reason(self) -> str | None:
        if not self.relay.is_connected:
            return "the relay has no connection to the database"
        return "RabbitMQ takes no messages of the relay's" if self.relay.is_blocked else None


def run_worker(
    service: str,
    handlers: Mapping[str, Handler],
    *,
    sessions: Sessions,
    amqp_url: str,
    database_url: str,
    health: Callable[[Mapping[str, Check]], object] | None = None,
    on_letter: OnLetter = nothing_more,
    beside: Mapping[str, Callable[[threading.Event], None]] = MappingProxyType({}),
) -> None:
    """Runs a service's worker until SIGTERM or SIGINT. Call it in the main thread.

    ``health`` is called once with the worker's readiness checks, to serve them: for instance
    ``lambda checks: serve_health(port, checks)``. ``beside`` are other threads of the process, by name.
    Raises SystemExit(1) if a thread ended again and again.
    """
    worker = Worker(
        service,
        handlers,
        sessions=sessions,
        amqp_url=amqp_url,
        database_url=database_url,
        on_letter=on_letter,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopping.set())
    if health is not None:
        health(worker.checks())
    worker.start()
    for name, run in beside.items():
        worker.keep(name, run)
    _log.info("worker_started", queues=[consumer.queue for consumer in worker.consumers])
    is_well = worker.wait()
    worker.stop()
    _log.info("worker_stopped")
    if not is_well:
        raise SystemExit(1)
