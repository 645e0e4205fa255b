"""Starting a process and knowing it again: its number alone is not enough, since numbers are given out anew."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_children: dict[int, subprocess.Popen[bytes]] = {}  # what this process started and has not seen the end of

NEVER = -1  # no process started then


@dataclass(frozen=True)
class Noted:
    """A process as it was noted: its number and its start time in clock ticks since boot."""

    pid: int
    started: int

    def alive(self) -> bool:
        """True while this very process lives (a zombie does not)."""
        _reap(self.pid)
        return started_ticks(self.pid) == self.started

    def await_end(self, wakes: int, seconds: float) -> None:
        """Wait until it may have ended, the file descriptor ``wakes`` is readable, or the time is over."""
        waiting = select.poll()
        waiting.register(wakes, select.POLLIN)
        with ExitStack() as given_back:
            with suppress(OSError):  # ended, or a container's
                handle = os.pidfd_open(self.pid)
                given_back.callback(os.close, handle)
                waiting.register(handle, select.POLLIN)
            waiting.poll(seconds * 1000)


def spawn(
    command: Sequence[str | Path], log: Path, *, env: Mapping[str, str], cwd: Path | str, **options: Any
) -> Noted:
    """Start a process apart from this one's terminal, its output appended to a log; `options` are Popen's.

    One that ended at once is noted too: it is not alive. OSError when it could not be started.
    """
    with log.open("ab") as out:
        child = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            **options,
        )
    _children[child.pid] = child
    started = started_ticks(child.pid)
    return Noted(child.pid, NEVER if started is None else started)


def _reap(pid: int) -> None:
    """Take it off the process table if it is a dead child of ours."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        _children.pop(pid, None)


def started_ticks(pid: int) -> int | None:
    """Start time of a live process in clock ticks since boot; None when there is none, or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before may hold spaces and brackets
    return None if fields[0] in "ZX" else int(fields[19])


def note(pid: int) -> Noted:
    """Note a running process; ProcessLookupError when there is none."""
    started = started_ticks(pid)
    if started is None:
        raise ProcessLookupError(pid)
    return Noted(pid, started)


def working_in(folder: Path) -> list[Noted]:
    """The live processes whose working folder is this one (a server's children stay in its data)."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            same = os.readlink(entry / "cwd") == str(folder)
        except OSError:
            continue  # gone meanwhile, or another user's
        started = started_ticks(int(entry.name)) if same else None
        if started is not None:
            found.append(Noted(int(entry.name), started))
    return found


def end(process: Noted, first: signal.Signals = signal.SIGTERM, seconds: float = 20) -> None:
    """Ask a process to end, wait, then kill it; nothing when it is gone or not the noted one."""
    for sign, limit in ((first, seconds), (signal.SIGKILL, 10.0)):
        if not process.alive():
            return
        try:
            os.kill(process.pid, sign)
        except ProcessLookupError:
            return
        wait_until(lambda: not process.alive(), limit)


def end_all_in(folder: Path, sign: signal.Signals = signal.SIGTERM) -> None:
    """End what works in a folder and is nobody's any more: the children that outlive a server for a moment."""
    wait_until(lambda: not working_in(folder), 0.5)
    for process in working_in(folder):
        end(process, sign, 5)


def wait_until(is_so: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Ask again and again; True as soon as it is so, False when the seconds are over."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(step)
    return True
