"""Bulk actions: their states, and what their rows come to (RULES 20). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

MOST_ROWS: Final = 1_000
"""So many rows are done at once."""
SHOWN, DOING, STOPPED, DONE = "shown", "doing", "stopped", "done"
STATES: Final = (SHOWN, DOING, STOPPED, DONE)
ROW_DONE, ROW_LEFT = "done", "left"
KEPT_SHOWN: Final = dt.timedelta(days=1)
"""How long what was shown can still be done."""
LEASE: Final = dt.timedelta(seconds=60)
"""After so long whoever was doing it is gone, and another press goes on: longer than the work of a request."""
WORK_SECONDS: Final = 15.0
"""So long a press works; the next goes on with what is left."""


class FoundRow(NamedTuple):
    """A row as it is now.

    key: by which its service knows it. about: in words. amount: pounds, None where that is not known. seen: its
    version. why_not: why it can't be done; nothing where it can.
    """

    key: str
    about: str
    organisation: str
    amount: Decimal | None
    seen: str
    why_not: str = ""


class Sums(NamedTuple):
    """How many rows there are, and their pounds: `to_do` of those that wait, `done`, and `left` of those that are not
    done. unknown: how many of those to do, or done, have no known amount."""

    to_do: int
    done: int
    left: int
    amount_to_do: Decimal
    amount_done: Decimal
    unknown: int


def cut(keys: Sequence[str]) -> tuple[list[str], bool]:
    """The keys that are done at once, each once, and whether there were more."""
    once = list(dict.fromkeys(keys))
    return once[:MOST_ROWS], len(once) > MOST_ROWS


def is_free(state: str, tried_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a press may do it: nobody does, or whoever did is gone; what is done is done."""
    if state == DOING:
        return tried_at is not None and tried_at < now - LEASE
    return state in (SHOWN, STOPPED)
