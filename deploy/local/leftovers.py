"""What a supervisor that was killed left running. Only processes that it noted are ended."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from deploy.local.home import Notes
from deploy.local.machine.processes import end
from deploy.local.servers.postgres import running_postgres
from deploy.local.servers.rabbitmq import noted_rabbitmq


def end_leftovers(home: Path, notes: Notes | None) -> None:
    """End the processes of the last stack on this home that still run: ours first, then the servers."""
    ours = {} if notes is None else notes.processes
    services = [process for name, process in ours.items() if name not in ("database", "broker")]
    for process in services:
        if process.alive():
            os.kill(process.pid, signal.SIGTERM)  # all at once: each takes seconds to end
    for process in services:
        end(process, seconds=10)
    broker = noted_rabbitmq(home / "rabbitmq")
    if broker is not None:
        broker.stop()
    database = running_postgres(home / "postgres")
    if database is not None:
        database.stop()
