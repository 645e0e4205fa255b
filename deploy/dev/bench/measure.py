"""Clocks, processor time by process, and waiting."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
POLL_SECONDS = 0.05
"""Looking on costs processor time that what is looked at would use."""


class Stopwatch:
    """Seconds of named parts, in the order in which they were taken."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Take the time of the block."""
        began = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def cpu_of(pids: Mapping[str, int]) -> dict[str, float]:
    """Processor seconds of each named process with its children, and of this process."""
    parents = _parents()
    own = resource.getrusage(resource.RUSAGE_SELF)
    spent = {name: _seconds_of_family(pid, parents) for name, pid in pids.items()}
    return spent | {"bench": own.ru_utime + own.ru_stime}


def difference(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """What was spent between two measurements."""
    return {name: round(seconds - before.get(name, 0.0), 2) for name, seconds in after.items()}


def wait_for(condition: Callable[[], object], seconds: float) -> float:
    """Ask every 50 ms; the moment (perf_counter) at which it was so. Raises TimeoutError."""
    until = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > until:
            raise TimeoutError(f"not so within {seconds:g} s")
        time.sleep(POLL_SECONDS)
    return time.perf_counter()


def _parents() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    return children


def _seconds_of_family(pid: int, children: Mapping[int, list[int]]) -> float:
    fields = _stat(pid)
    if not fields:
        return 0.0
    # utime, stime, and those of children that have ended
    own = sum(map(int, fields[11:15])) / TICKS
    return own + sum(_seconds_of_family(child, children) for child in children.get(pid, ()))


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
