"""What a failure of a handler means for its message."""

from __future__ import annotations

import errno
from enum import Enum

import psycopg
import sqlalchemy.exc

from libs.common.errors import ServiceUnavailable
from libs.common.messaging.messages import BadMessage


class Again(Exception):
    """Raised by a handler: not now, but it may pass. The message is tried again after a while."""


class Verdict(Enum):
    """What to do with the message."""

    WAIT = "wait"
    """The database is away: keep the message and try again when it is back, without counting."""
    HELD_UP = "held up"
    """A lock that somebody holds, or a full disk: delayed retries for as long as it takes, since somebody has to act."""
    PASSING = "passing"
    """Something that passes: delayed retries, up to `PASSING_ATTEMPTS`."""
    UNKNOWN = "unknown"
    """Anything else, a bug perhaps: delayed retries, up to `UNKNOWN_ATTEMPTS`."""
    HOPELESS = "hopeless"
    """It can never be handled, as it fits no schema or says what nothing can hold: to the dead letters at once."""


PASSING_ATTEMPTS = 10
UNKNOWN_ATTEMPTS = 4
FOR_EVER = 2**31
"""Attempts in all: the first and three retries."""

_AWAY = {
    "57P01",  # the server shuts down
    "57P02",  # it ends after the crash of another session
    "57P03",  # it starts up
    "53300",  # too many connections
    "25P03",  # idle in a transaction for too long
}
_HELD_UP = {
    "55P03",  # a lock was not to be had in time
    "53100",  # the disk is full
}
_NO_SPACE_WORDS = "No space left on device"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_PASSING_CLASSES = ("40", "53", "55", "57", "58")
"""Rolled back (deadlock, serialisation), out of something, in use, told to stop, system error."""


def judge(error: BaseException) -> Verdict:
    """What an exception that left a handler means."""
    if isinstance(error, BadMessage):
        return Verdict.HOPELESS
    if isinstance(error, Again | sqlalchemy.exc.TimeoutError):
        return Verdict.PASSING
    if isinstance(error, ServiceUnavailable) or (isinstance(error, OSError) and error.errno in _NO_ROOM):
        return Verdict.HELD_UP
    if isinstance(error, sqlalchemy.exc.DBAPIError) and error.connection_invalidated:
        return Verdict.WAIT
    if is_hopeless_as_it_is(error):
        return Verdict.HOPELESS
    error = getattr(error, "orig", None) or error
    if isinstance(error, psycopg.Error):
        return _judge_database(error)
    return Verdict.UNKNOWN


def _judge_database(error: psycopg.Error) -> Verdict:
    state = error.sqlstate
    if state is None:
        # No SQLSTATE: the connection was lost, never made, or used after it was lost.
        is_lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return Verdict.WAIT if is_lost else Verdict.UNKNOWN
    if state in _AWAY or state.startswith("08"):
        return Verdict.WAIT
    if state in _HELD_UP or _NO_SPACE_WORDS in str(error):
        return Verdict.HELD_UP
    return Verdict.PASSING if state.startswith(_PASSING_CLASSES) else Verdict.UNKNOWN


_TOO_LARGE = "54"  # a limit of the program: an index row, an array, a statement


def is_hopeless_as_it_is(error: BaseException) -> bool:
    """Whether an error comes of values that will be the same at every attempt: PostgreSQL can't hold them, or no
    date or number can. Of others a later attempt may think better: what they lacked may arrive meanwhile."""
    inner = getattr(error, "orig", None) or error
    if isinstance(inner, psycopg.Error):
        return isinstance(inner, psycopg.DataError) or (inner.sqlstate or "").startswith(_TOO_LARGE)
    return isinstance(inner, BadMessage | ArithmeticError | ValueError)


def attempts_allowed(verdict: Verdict) -> int:
    """How many attempts a message gets in all."""
    return {
        Verdict.HELD_UP: FOR_EVER,
        Verdict.PASSING: PASSING_ATTEMPTS,
        Verdict.UNKNOWN: UNKNOWN_ATTEMPTS,
    }.get(verdict, 1)


def retry_seconds(attempts: int, steps: tuple[int, ...]) -> int:
    """How long to wait after that many attempts: each step once, the last one from then on."""
    return steps[min(attempts, len(steps)) - 1]


def reason_of(error: BaseException) -> str:
    """One line that says what went wrong, for the dead letters. Never the values PostgreSQL quotes."""
    if isinstance(error, BadMessage):
        return str(error)
    inner = getattr(error, "orig", None) or error
    kind = f"{type(inner).__module__}.{type(inner).__qualname__}"
    if isinstance(inner, psycopg.Error):
        named = (
            inner.diag.schema_name,
            inner.diag.table_name,
            inner.diag.column_name,
            inner.diag.constraint_name,
        )
        return " ".join([kind, f"sqlstate={inner.sqlstate}", *(part for part in named if part)])
    words = "" if isinstance(error, sqlalchemy.exc.SQLAlchemyError) else str(error).strip().partition("\n")[0]
    return f"{kind}: {words}"[:500].rstrip(": ")
