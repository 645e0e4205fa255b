"""What keeps a database or a folder from doing its work just now, told by the error: for answers, pages and probes."""

from __future__ import annotations

import errno
from typing import Final, NamedTuple

import psycopg

from libs.common.errors import ServiceUnavailable, Why
from libs.common.process.database import CONNECTION_TROUBLE

NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
FULL_DATABASE: Final = "the disk of its database is full"
_FULL_STATES: Final = ("53100",)
_HELD_STATES: Final = ("55P03", "40P01", "40001")
_SLOW_STATES: Final = ("57014", "25P03")
_NO_SPACE_WORDS: Final = "No space left on device"


class Trouble(NamedTuple):
    """Why something can't be done now, and in words, to follow "can't do this now: "."""

    why: Why
    words: str


def trouble_of(error: BaseException) -> Trouble | None:
    """What is the trouble; None where the error is no passing trouble, but a bug or bad data."""
    if isinstance(error, ServiceUnavailable):
        return Trouble(error.why, str(error))
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return Trouble("full", "there is no room left where files are kept")
    inner = getattr(error, "orig", None) or error
    if isinstance(inner, psycopg.Error) and (found := _of_database(inner)):
        return found
    if isinstance(error, CONNECTION_TROUBLE):
        return Trouble("away", "it can't reach its database")
    return None


def _of_database(error: psycopg.Error) -> Trouble | None:
    state = error.sqlstate or ""
    if state in _FULL_STATES or _NO_SPACE_WORDS in str(error):
        return Trouble("full", FULL_DATABASE)
    if state in _HELD_STATES:
        return Trouble("held", "something else holds what it needs")
    if state in _SLOW_STATES:
        return Trouble("held", "it took longer than it may, and was undone")
    return None
