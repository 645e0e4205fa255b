"""The threads that work pages out, and others for what says whether the portal lives."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from waitress.task import ThreadedTaskDispatcher  # type: ignore[import-untyped]

from services.portal.web.serving.turns import Turns

PAGE_THREADS: Final = 8
HEALTH_THREADS: Final = 2
HEALTH_PATHS: Final = ("/healthz", "/readyz")
LONGEST_WAIT_SECONDS: Final = 10.0
"""A request that waits longer for a thread means that the portal is not ready."""


class Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Page threads, and health's: pages that take long, all at once, let nobody think that the portal is dead.

    Who waits for a page waits for others a turn at a time, however many connections these have.
    """

    def __init__(self, client_of: Callable[[Any], str]) -> None:
        """client_of: who asks, of a connection whose request is whole."""
        super().__init__()
        self.queue: Turns[Any] = Turns(client_of)
        self._health = ThreadedTaskDispatcher()

    def start(self) -> None:
        self.set_thread_count(PAGE_THREADS)
        self._health.set_thread_count(HEALTH_THREADS)

    def add_task(self, task: Any) -> None:
        """task: a connection whose first request is whole."""
        if getattr(task.requests[0], "path", "") in HEALTH_PATHS:
            self._health.add_task(task)
            return
        task.queued_at = time.monotonic()
        super().add_task(task)

    def reason(self) -> str | None:
        """For /readyz: why pages are not answered, or None."""
        with self.lock:
            if not self.queue:
                return None
            waits = time.monotonic() - min(task.queued_at for task in self.queue.firsts())
        return f"a page has waited {waits:.0f} s for a thread" if waits > LONGEST_WAIT_SECONDS else None

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        self._health.shutdown(cancel_pending, 0)
        return bool(super().shutdown(cancel_pending, timeout))
