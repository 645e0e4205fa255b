"""Listening to one queue: a thread that takes its deliveries one by one, until it is told to stop."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from libs.common.messaging.link import Delivery, Link
from libs.common.messaging.topology import parts_of

Sessions = Callable[[], Session]

PROBE_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)


class Listener(ABC):
    """Takes the deliveries of one queue.

    ``run`` is for a thread of its own; ``sessions`` makes sessions (`database.sessions`).
    """

    def __init__(
        self, queue: str, sessions: Sessions, amqp_url: str, prefetch: int = 1, *, may_declare: bool = True
    ) -> None:
        self.queue = queue
        self._service, self._event, self._lane = parts_of(queue)
        self._sessions = sessions
        self._link = Link(queue, amqp_url, prefetch, may_declare=may_declare)
        self._stop = threading.Event()

    @property
    def is_connected(self) -> bool:
        return self._link.is_connected

    def run(self, stop: threading.Event) -> None:
        """Handles messages until ``stop`` is set; the one in hand is finished."""
        self._stop = stop
        self._link.start()
        try:
            while not stop.is_set():
                delivery = self._link.next(seconds=0.5)
                if delivery is not None and not stop.is_set():
                    self._take(delivery)
                elif not self._link.is_alive:
                    raise RuntimeError(f"the thread that serves {self.queue} ended")
        finally:
            self._link.close()

    def wake(self) -> None:
        """Makes `run` look at ``stop`` at once."""
        self._link.wake()

    def _await_database(self, delivery: Delivery) -> bool:
        """Waits until the database answers; False if asked to stop or the delivery is no longer ours."""
        probes = 0
        while not self._stop.wait(PROBE_SECONDS[min(probes, len(PROBE_SECONDS) - 1)]):
            probes += 1
            if not self._link.is_current(delivery):
                return False
            try:
                with self._sessions() as session:
                    session.execute(text("SELECT 1"))
                return True
            except SQLAlchemyError:
                continue
        return False

    @abstractmethod
    def _take(self, delivery: Delivery) -> None:
        """Does what the delivery asks, and acknowledges it or passes it on."""
