"""A whole local stack for tests, used as its users use it: by the command line, each command a process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.money.books import await_settled, read_books
from deploy.cli.system import System
from deploy.local.home import PROJECT, Notes, read_notes
from deploy.local.machine.ports import free_port
from deploy.local.probe import answers_ready, broker_ready, database_ready
from deploy.ops.reconcile.books import reconcile
from tests.support.run.run_folder import a_home
from tests.support.run.waiting import wait_until

# What would lead a command to another system than the one of its home.
ELSEWHERE = (
    "AMQP_URL",
    "DATABASE_URL",
    "DATABASE_READER_URL",
    "CARETALLY_OBJECTS",
    "CARETALLY_SECRETS",
    "CARETALLY_TRYING_OUT",
    "LOG_LEVEL",
)
COMMAND_SECONDS = 150


class Stack:
    """The stack of a home. Each command runs as `caretally` does, in a process of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._system: System | None = None

    def environment(self) -> dict[str, str]:
        """The environment of a command on this stack."""
        env = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        return env | {"CARETALLY_HOME": str(self.home), "PYTHONIOENCODING": "utf-8"}

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever its exit status."""
        return subprocess.run(
            [sys.executable, "-m", "deploy.cli", *map(str, arguments)],
            env=self.environment(),
            cwd=PROJECT,
            capture_output=True,
            encoding="utf-8",
            timeout=COMMAND_SECONDS,
        )

    def tell(self, *arguments: str | Path) -> str:
        """Standard output of a command that must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def ask(self, *arguments: str | Path) -> Any:
        """The JSON document of a command that must succeed."""
        return json.loads(self.tell(*arguments, "--json"))

    def expect_refusal(self, *arguments: str | Path) -> str:
        """The one sentence with which a command must fail: exit status 1, no document and no trace."""
        done = self.run(*arguments)
        assert done.returncode == 1, (arguments, done.returncode, done.stdout, done.stderr)
        assert done.stdout == "", done.stdout
        sentence = done.stderr.strip()
        assert sentence.endswith("."), sentence
        assert "\n" not in sentence, sentence
        assert "Traceback" not in sentence, sentence
        return sentence

    def books(self) -> dict[str, Any]:
        """The books when all that was sent is processed."""
        found: dict[str, Any] = self.ask("books", "--wait", "60")
        return found

    def glance(self) -> dict[str, Any]:
        """The same as `books`, asked by this process: for tests that only want to see whether anything changed."""
        self._system = self._system or System(self.notes().amqp_url, keys_in=self.home)
        await_settled(self._system, 60)
        return read_books(self._system)

    def reconcile(self) -> dict[str, Any]:
        """What `reconcile` says when nothing is in flight: weeks are looked at for doubts by themselves at any time."""

        def at_rest() -> dict[str, Any] | None:
            found = reconcile(self.notes().reader_url)
            return None if found["in_flight"] else found

        found = wait_until(at_rest, 60)
        assert found is not None
        return found

    def close(self) -> None:
        """Give back what `glance` opened."""
        if self._system is not None:
            self._system.close()

    def pid_of(self, name: str) -> int | None:
        """The number of a process of the stack; None while it is being started again."""
        process = self.notes().processes[name]
        return process.pid if process.alive() else None

    def notes(self) -> Notes:
        """What `up` noted: addresses, passwords and processes."""
        notes = read_notes(self.home)
        assert notes is not None, f"nothing is up in {self.home}"
        return notes

    def await_ready(self, seconds: float = 60) -> None:
        """Wait until every process of the stack is ready."""
        wait_until(lambda: are_ready(self.notes()), seconds)


def are_ready(notes: Notes) -> bool:
    """Whether all answer, as `status` would say, which itself is a process and in the way of those that start."""
    servers = database_ready(notes.admin_url) and broker_ready(notes.amqp_url)
    return servers and all(answers_ready(url) for url in notes.health_urls.values())


@contextmanager
def a_stack(home: Path) -> Iterator[Stack]:
    """A stack that is up until the block ends; then nothing of it is left."""
    stack = Stack(home)
    try:
        stack.tell("up", "--detach", "--port", str(free_port()))
        yield stack
    finally:
        stack.close()
        stack.tell("down")
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A stack that the tests of one worker share: what they import into it must be their own."""
    with a_stack(a_home("stack")) as found:
        yield found
