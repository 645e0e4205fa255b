"""Keeps one process running: starts it, waits for its end, starts it again after a growing delay."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from deploy.local.home import PROJECT
from deploy.local.machine.processes import Noted, end, spawn

FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 10.0
LIVED_LONG_SECONDS = 20.0
WATCH_SECONDS = 1.0
"""How often one is looked at whose end nothing tells: a container."""


class Running(Protocol):
    """What a keeper keeps: PostgreSQL, RabbitMQ or one of our processes."""

    @property
    def process(self) -> Noted: ...
    def alive(self) -> bool: ...
    def stop(self) -> None: ...


class Child:
    """One of our own processes. Its output goes to its log file."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self.process = spawn(command, log, env=env, cwd=PROJECT)

    def alive(self) -> bool:
        return self.process.alive()

    def stop(self) -> None:
        end(self.process, seconds=15)


class Keeper(threading.Thread):
    """Keeps what `start` gives. `on_start(name, running)` is told of every start, `say` of every end."""

    def __init__(
        self,
        name: str,
        start: Callable[[], Running],
        on_start: Callable[[str, Running], None],
        say: Callable[[str], None],
        failures: tuple[type[Exception], ...] = (),
        running: Running | None = None,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._start, self._on_start, self._say = start, on_start, say
        self._failures: tuple[type[Exception], ...] = (*failures, OSError)
        self._running = running
        self._over = threading.Event()
        self._restart = threading.Event()
        self._wakes = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def run(self) -> None:
        delay = FIRST_DELAY_SECONDS
        while not self._over.is_set():
            started_at = time.monotonic()
            if self._running is None and not self._begin():
                self._over.wait(delay)
                delay = min(delay * 2, LONGEST_DELAY_SECONDS)
                continue
            self._watch()
            if self._over.is_set():
                break
            self._running = None
            delay = FIRST_DELAY_SECONDS if _long_since(started_at) else min(delay * 2, LONGEST_DELAY_SECONDS)
            self._say(f"{self.name} ended; starting it again in {delay:.1f} s")
            self._over.wait(delay)
        if self._running is not None:
            self._running.stop()

    @property
    def running(self) -> Running | None:
        """What it keeps just now; None between an end and the next start."""
        return self._running

    def begin_again(self) -> None:
        """End it, and start it anew (its surroundings have changed)."""
        self._restart.set()
        os.eventfd_write(self._wakes, 1)

    def ask_to_stop(self) -> None:
        self._over.set()
        os.eventfd_write(self._wakes, 1)

    def _begin(self) -> bool:
        try:
            self._running = self._start()
        except self._failures as error:
            self._say(f"{self.name} could not be started: {error}")
            return False
        self._on_start(self.name, self._running)
        return True

    def _watch(self) -> None:
        running = self._running
        while running is not None and running.alive() and not self._over.is_set():
            if self._restart.is_set():
                with suppress(BlockingIOError):
                    os.eventfd_read(self._wakes)
                self._restart.clear()
                running.stop()
            else:
                running.process.await_end(self._wakes, WATCH_SECONDS)


def _long_since(moment: float) -> bool:
    return time.monotonic() - moment > LIVED_LONG_SECONDS
