"""What the commands do with a stack: bring it up beside the terminal, look at it, take it down."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from deploy.local.home import PROJECT, Notes, StackFailed, forget, read_notes, stack_home
from deploy.local.leftovers import end_leftovers
from deploy.local.machine.private import write_private
from deploy.local.machine.processes import Noted, end, spawn, wait_until
from deploy.local.plan import planned
from deploy.local.probe import why_no_broker, why_no_database, why_not_ready

UP_SECONDS = 300  # a fresh machine installs a package first
DOWN_SECONDS = 120


def running_notes(home: Path) -> Notes | None:
    """The notes of the stack that is up on this home, or coming up; None when there is none."""
    notes = read_notes(home)
    return notes if notes is not None and notes.supervisor.alive() else None


def up_detached(port: int) -> Notes:
    """Start the supervisor apart from this terminal and wait until all is ready. Raises StackFailed.

    A stack that is up, or coming up, is waited for and not started again.
    """
    home = stack_home()
    home.mkdir(parents=True, exist_ok=True)
    child = None if running_notes(home) else _spawn(home, port)
    wait_until(lambda: _is_up(home) or _gave_up(home, child), UP_SECONDS, 0.1)
    notes = running_notes(home)
    if notes is None or not _is_up(home):
        raise StackFailed(_last_line(home / "supervisor.log"))
    return notes


def down() -> bool:
    """Take the stack down; False when there was none. Raises StackFailed when it does not end."""
    home = stack_home()
    notes = read_notes(home)
    if notes is None:
        return False
    if notes.supervisor.alive():
        end(notes.supervisor, signal.SIGTERM, DOWN_SECONDS)
    end_leftovers(home, notes)
    forget(home)
    left = [name for name, process in notes.processes.items() if process.alive()]
    if left:
        raise StackFailed(f"Still running: {', '.join(left)}.")
    return True


def status() -> dict[str, Any]:
    """{"processes": [{"name", "pid", "ready"}], "urls": {"portal", "amqp", "database"}}; pid null: not here; who is not
    ready says the "reason". All are asked at once, so that one that hangs holds up no other."""
    notes = read_notes(stack_home())
    if notes is None:
        return {"processes": [], "urls": {"portal": None, "amqp": None, "database": None}}
    names = ["database", "broker", *(process.name for process in planned())]
    names += ["proxy"] if "proxy" in notes.health_urls else []
    urls = {"portal": notes.portal_url, "amqp": notes.amqp_url, "database": notes.admin_url}
    with ThreadPoolExecutor(len(names)) as threads:
        return {"processes": list(threads.map(partial(_process, notes), names)), "urls": urls}


def _process(notes: Notes, name: str) -> dict[str, Any]:
    noted = notes.processes.get(name)
    alive = noted is not None and noted.alive()
    is_there = alive or name in notes.given or _is_elsewhere(notes, name)
    reason = _why_not(notes, name) if is_there else "it does not run"
    pid = noted.pid if alive and noted is not None else None
    found = {"name": name, "pid": pid, "ready": reason is None}
    return found if reason is None else {**found, "reason": reason}


def _is_elsewhere(notes: Notes, name: str) -> bool:
    """A broker in a container has no process here."""
    noted = notes.processes.get(name)
    return name == "broker" and noted is not None and noted.pid == 0


def _why_not(notes: Notes, name: str) -> str | None:
    """Why it is not ready; None when it is."""
    if name == "database":
        return why_no_database(notes.admin_url)
    if name == "broker":
        return why_no_broker(notes.amqp_url)
    return why_not_ready(notes.health_urls.get(name, "http://127.0.0.1:9"))


def _spawn(home: Path, port: int) -> Noted:
    log = home / "supervisor.log"
    write_private(log, "")
    command = [sys.executable, "-m", "deploy.local.stack", str(port)]
    return spawn(command, log, env={**os.environ, "CARETALLY_HOME": str(home)}, cwd=PROJECT)


def _is_up(home: Path) -> bool:
    notes = running_notes(home)
    return notes is not None and notes.ready


def _gave_up(home: Path, child: Noted | None) -> bool:
    return not child.alive() if child is not None else running_notes(home) is None


def _last_line(log: Path) -> str:
    lines = log.read_text().strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "Caretally did not come up."
