"""The folder of a test run: all that its tests start keeps its data there, and ends with it.

The process that starts pytest makes the folder and hands its name down in the environment, to its workers and to
whatever these start. So also what a killed worker left is known by it, and ended.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.home import PROJECT
from deploy.local.machine.private import read_json
from deploy.local.servers.postgres import Postgres, running_postgres
from deploy.local.servers.rabbitmq import RabbitMQ, noted_rabbitmq
from tests.support.run.waiting import wait_until

VARIABLE = "CARETALLY_TEST_RUN"


def make_run_folder() -> None:
    """For the process that starts pytest: a folder that PostgreSQL's unprivileged user can pass through."""
    folder = tempfile.mkdtemp(prefix="caretally-test-")
    os.chmod(folder, 0o711)
    os.environ[VARIABLE] = folder


def run_folder() -> Path:
    """This run's folder."""
    return Path(os.environ[VARIABLE])


def a_home(name: str) -> Path:
    """A new folder for a test's servers or stack; `name` may hold spaces."""
    home = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=run_folder()))
    home.chmod(0o711)
    return home


def end_run() -> None:
    """End all that the run started and left, and remove its folder."""
    folder = run_folder()
    for noted in folder.glob("*/stack.json"):
        command = [sys.executable, "-m", "deploy.cli", "down"]
        env = {**os.environ, "CARETALLY_HOME": str(noted.parent)}
        subprocess.run(command, env=env, cwd=PROJECT, check=False, capture_output=True)
    for noted in (*folder.glob("*/server.json"), *folder.glob("*/*/server.json")):
        server = _server_of(noted.parent)
        if server is not None:
            server.stop()
    wait_until(lambda: not _killed_heirs(f"{VARIABLE}={folder}".encode()), seconds=10)
    del os.environ[VARIABLE]
    shutil.rmtree(folder)


def _server_of(home: Path) -> Postgres | RabbitMQ | None:
    is_broker = "mapper" in (read_json(home / "server.json") or {})
    return noted_rabbitmq(home) if is_broker else running_postgres(home)


def _killed_heirs(mark: bytes) -> list[int]:
    """Kill every other process that has this in its environment: which they were."""
    killed = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)
                killed.append(int(entry.name))
        except OSError:
            continue  # gone meanwhile, or another user's
    return killed
