"""Helper threads that must live as long as their process.

One that ends by itself, which only a bug makes it do, is started again after a pause that grows; meanwhile, and until
it has lived for a while, the process is not ready and says why. Where it ends again and again, `has_failed` says that
only a new process can help.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from prometheus_client import Counter

_log = structlog.get_logger(__name__)

ENDED = Counter("caretally_thread_ends", "Helper threads that ended by themselves.", ["thread"])

PAUSE_SECONDS: Final = (0.2, 1.0, 5.0, 15.0)
WELL_AFTER_SECONDS: Final = 10.0
"""A thread that was started again counts as well once it has lived so long."""
MOST_ENDS: Final = 8
"""So many ends without being well in between: a new process must help."""


class KeptThread:
    """One helper thread: `run(stop)` works until the event is set, and must not return before."""

    def __init__(self, name: str, run: Callable[[threading.Event], None], stop: threading.Event) -> None:
        self.name = name
        self._run, self._stop = run, stop
        self._lock = threading.Lock()
        self._ends = 0
        self._began_at = time.monotonic()
        self._why = ""
        self._is_running = False
        self._thread = threading.Thread(target=self._keep, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)

    def reason(self) -> str | None:
        """For /readyz: None while it does its work."""
        with self._lock:
            if self._is_well():
                return None
            return f"the thread {self.name} ended ({self._why}) and is started again"

    @property
    def has_failed(self) -> bool:
        """Whether it ended too often to be started again in this process."""
        with self._lock:
            return self._ends >= MOST_ENDS

    def _is_well(self) -> bool:
        return not self._ends or (self._is_running and self._lived_long())

    def _lived_long(self) -> bool:
        return time.monotonic() - self._began_at > WELL_AFTER_SECONDS

    def _keep(self) -> None:
        while not self._stop.is_set():
            self._begin()
            why = self._end_of_run()
            if self._stop.is_set():
                return
            pause = self._note_end(why)
            ENDED.labels(self.name).inc()
            self._stop.wait(pause)

    def _begin(self) -> None:
        with self._lock:
            self._began_at, self._is_running = time.monotonic(), True

    def _end_of_run(self) -> str:
        """Run it to its end; why it ended, without data."""
        try:
            self._run(self._stop)
        except BaseException as error:  # nothing may end the thread that keeps it
            _log.error("thread_ended", thread=self.name, exc_info=error)
            return type(error).__name__
        if not self._stop.is_set():
            _log.error("thread_ended", thread=self.name)
        return "it returned"

    def _note_end(self, why: str) -> float:
        """Count it; how many seconds to wait before the next start."""
        with self._lock:
            self._ends = 1 if self._lived_long() else self._ends + 1
            self._is_running, self._why = False, why
            return PAUSE_SECONDS[min(self._ends, len(PAUSE_SECONDS)) - 1]


class KeptThreads:
    """The helper threads of a process."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.stop = stop or threading.Event()
        self._threads: list[KeptThread] = []

    def start(self, name: str, run: Callable[[threading.Event], None]) -> None:
        """Have one more, from now on."""
        thread = KeptThread(name, run, self.stop)
        self._threads.append(thread)
        thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def reason(self) -> str | None:
        """For /readyz: which ended, or None."""
        return "; ".join(filter(None, (thread.reason() for thread in self._threads))) or None

    def failed(self) -> list[str]:
        """The names of those that can't be kept in this process."""
        return [thread.name for thread in self._threads if thread.has_failed]
