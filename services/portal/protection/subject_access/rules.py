"""How exports go on, where their folders lie and for how long, and what files in them are called. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from pathlib import PurePosixPath
from typing import Final

from services.portal.storage.rules import UNATTACHED

WAITING, MAKING, MADE, FAILED = "waiting", "making", "made", "failed"
STATES: Final = {WAITING: "Waiting", MAKING: "Being made", MADE: "Ready", FAILED: "Failed"}
GONE: Final = "Not kept any more"
MOST_ATTEMPTS: Final = 5
LEASE: Final = dt.timedelta(minutes=30)
"""Whoever makes a folder for longer is taken to have died, and another makes it."""
KEPT: Final = UNATTACHED
"""How long a folder is kept: no service needs it, so the sweep of the object store takes it then."""
FOLDER: Final = "subject-access"
TO_READ: Final = "read-before-handing-over"
"""The folder of what somebody wrote: other people may be named in it."""
DATA: Final = "data"
LONGEST_NAME: Final = 60


def key_of(export_id: uuid.UUID) -> str:
    """Where an export's folder lies in the object store."""
    return f"{FOLDER}/{export_id}.zip"


def is_kept(state: str, made_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether its folder can be downloaded."""
    return state == MADE and made_at is not None and now < made_at + KEPT


def state_in_words(state: str, made_at: dt.datetime | None, now: dt.datetime) -> str:
    """Where an export stands."""
    return STATES[state] if state != MADE or is_kept(state, made_at, now) else GONE


def state_after(attempts: int) -> str:
    """That of an export which could not be made, for a reason that may pass: tried again, or given up."""
    return FAILED if attempts >= MOST_ATTEMPTS else WAITING


def name_of_folder(reference: str, as_at: dt.date) -> str:
    """subject-access_A123456_2026-11-30"""
    return f"subject-access_{plain(reference)}_{as_at.isoformat()}"


def place_of(part: str, *, is_prose: bool) -> str:
    """Where in the folder a part lies."""
    return f"{TO_READ if is_prose else DATA}/{part}.csv"


def place_of_file(part: str, number: int, name: str) -> str:
    """Where in the folder an attached file lies: under a name that every system takes."""
    path = PurePosixPath(name.replace("\\", "/"))
    return f"{TO_READ}/files/{part}-{number:03}-{plain(path.stem)[:LONGEST_NAME]}{_ending(path.suffix)}"


def _ending(suffix: str) -> str:
    return f".{plain(suffix)[:10].lower()}" if suffix.removeprefix(".") else ""


def plain(text: str) -> str:
    """Letters and digits of ASCII, hyphens for all else."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-") or "unnamed"
