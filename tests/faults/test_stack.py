"""The local stack: it comes up, starts again what is killed, and leaves nothing running."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local.home import read_notes
from deploy.local.processes import note, started_ticks
from tests.run_folder import a_home
from tests.stack import are_ready
from tests.waiting import wait_until

HEAL_SECONDS = 60


class Stack:
    """A stack in a home of its own, used by the command line as anybody does."""

    def __init__(self, home: Path) -> None:
        given = ("DATABASE_URL", "AMQP_URL")
        self.env = {name: value for name, value in os.environ.items() if name not in given}
        self.env["CARETALLY_HOME"] = str(home)
        self.home = home

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "deploy.cli", *arguments]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=250)

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return found

    def pids(self) -> dict[str, int]:
        return {process["name"]: process["pid"] for process in self.status()["processes"]}

    def await_all_ready(self) -> None:
        """Wait until `status` says so: on a busy machine one that is ready may once answer too late."""

        def all_ready() -> bool:
            return all(process["ready"] for process in self.status()["processes"])

        wait_until(all_ready, HEAL_SECONDS)

    def await_healed(self, name: str, killed: int) -> None:
        def is_healed() -> bool:
            notes = read_notes(self.home)
            assert notes is not None
            return notes.processes[name].pid != killed and are_ready(notes)

        wait_until(is_healed, HEAL_SECONDS)
        self.await_all_ready()


@pytest.fixture(scope="module")
def own_stack() -> Iterator[Stack]:
    home = a_home("stack with spaces in its name")
    stack = Stack(home)
    came_up = stack.run("up", "--detach")
    yield stack
    stack.run("down")
    shutil.rmtree(home)
    assert came_up.returncode == 0, came_up.stderr


def test_up_names_every_process_and_all_are_ready(own_stack: Stack) -> None:
    own_stack.await_all_ready()
    found = own_stack.status()
    names = [process["name"] for process in found["processes"]]
    services = ("ingest", "matching", "payments", "disputes")
    own = [f"{service}-{kind}" for service in services for kind in ("rpc", "worker")]
    assert names == ["database", "broker", *own, "portal"]
    assert all(process["pid"] for process in found["processes"])
    assert set(found["urls"]) == {"portal", "amqp", "database"}


def test_the_notes_with_the_passwords_are_their_owners_alone(own_stack: Stack) -> None:
    assert (own_stack.home / "stack.json").stat().st_mode & 0o077 == 0


def test_up_when_up_already_says_so(own_stack: Stack) -> None:
    again = own_stack.run("up", "--detach")
    assert (again.returncode, again.stderr) == (0, "")
    assert "already up" in again.stdout


@pytest.mark.parametrize("name", ["portal", "ingest-worker", "matching-rpc", "database", "broker"])
def test_a_killed_process_comes_back(own_stack: Stack, name: str) -> None:
    killed = own_stack.pids()[name]
    urls = own_stack.status()["urls"]
    os.kill(killed, signal.SIGKILL)
    own_stack.await_healed(name, killed)
    assert own_stack.status()["urls"] == urls


def test_after_a_killed_supervisor_up_takes_over_and_down_ends_all(own_stack: Stack) -> None:
    before = {name: note(pid) for name, pid in own_stack.pids().items()}
    supervisor = json.loads((own_stack.home / "stack.json").read_text())["supervisor"]["pid"]
    os.kill(supervisor, signal.SIGKILL)
    assert own_stack.run("up", "--detach").returncode == 0
    own_stack.await_all_ready()
    assert not any(process.alive() for process in before.values())
    after = own_stack.pids()
    down = own_stack.run("down")
    assert (down.returncode, down.stdout) == (0, "Caretally is down.\n")
    assert not any(started_ticks(pid) for pid in after.values())
    assert own_stack.status()["processes"] == []
    assert own_stack.run("down").stdout == "Caretally was not up.\n"
