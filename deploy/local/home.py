"""A stack's home: the folder that holds everything of one local stack, and the notes in it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.local.machine.private import read_json, write_private
from deploy.local.machine.processes import Noted, note

PROJECT = Path(__file__).resolve().parents[2]


class StackFailed(Exception):
    """The stack can't come up, or not go down; str() is the sentence to show."""


def stack_home() -> Path:
    """CARETALLY_HOME, else `.caretally` in the project."""
    return Path(os.environ.get("CARETALLY_HOME") or PROJECT / ".caretally").resolve()


@dataclass
class Notes:
    """stack.json, readable by its owner alone: it holds passwords."""

    supervisor: Noted
    amqp_url: str = ""
    """the broker as its administrator"""
    amqp_urls: dict[str, str] = field(default_factory=dict)
    """the broker as each of its own users; empty on somebody else's broker"""
    consumer_amqp_url: str = ""
    """the broker as the council's finance system, for trying out; empty on somebody else's broker"""
    admin_url: str = ""
    portal_url: str = ""
    reader_url: str = ""
    objects_url: str = ""
    role_urls: dict[str, str] = field(default_factory=dict)
    processes: dict[str, Noted] = field(default_factory=dict)
    health_urls: dict[str, str] = field(default_factory=dict)
    pages_port: int = 0
    """where the portal itself serves its pages; behind a proxy not the port of `portal_url`"""
    given: list[str] = field(default_factory=list)
    """which of database and broker are somebody else's"""
    ready: bool = False
    """all answered once; a process that dies later does not change it"""

    def write(self, home: Path) -> None:
        write_private(home / "stack.json", json.dumps(asdict(self), indent=1))


def read_notes(home: Path) -> Notes | None:
    """The notes of the last `up` on this home; None when it was taken down, or never up."""
    noted = read_json(home / "stack.json")
    if noted is None:
        return None
    noted["supervisor"] = Noted(**noted["supervisor"])
    noted["processes"] = {name: Noted(**process) for name, process in noted["processes"].items()}
    return Notes(**noted)


def secrets_of(home: Path) -> Path:
    """The folder of a stack's secrets (`deploy/secrets/folder.py`)."""
    return home / "secrets"


def forget(home: Path) -> None:
    (home / "stack.json").unlink(missing_ok=True)


def myself() -> Noted:
    """This process."""
    return note(os.getpid())
