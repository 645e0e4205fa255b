"""How cases may move, and until when a side has time (RULES 8 to 12), pure. The table of moves is in `libs.common.casework.cases`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from libs.common.care.clock import begin_of_day, london_day
from libs.common.casework.cases import ASKED, HIDDEN, MOVES, OPEN, REVIEW

DAYS_TO_RESPOND: Final = 7
NO_FACTS: Final[Mapping[str, Any]] = {}
_NOT_NOW: Final = {True: "approve", False: "approve_internally"}
"""How a review can't be approved, by whether an internal approval is still to come."""


def may(kind: str, move: str, side: str, state: str, *, is_late: bool = False) -> bool:
    """Whether a side may do this with a case in this state. is_late: its deadline has passed."""
    found = MOVES[kind].get(move)
    if found is None or side not in found.sides:
        return False
    return state in found.before or (is_late and state in found.once_overdue)


def allowed_moves(
    kind: str, side: str, state: str, *, is_late: bool = False, facts: Mapping[str, Any] = NO_FACTS
) -> list[str]:
    """What a side may do with a case in this state, in the order of the table. facts: what its kind knows besides."""
    moves = [move for move in MOVES[kind] if may(kind, move, side, state, is_late=is_late)]
    if kind != REVIEW:
        return moves
    not_now = _NOT_NOW[waits_for_approval(state, facts)]
    return [move for move in moves if move != not_now]


def waits_for_approval(state: str, facts: Mapping[str, Any]) -> bool:
    """Whether a review must be approved internally before it can be approved (RULES 12)."""
    return state == ASKED and bool(facts.get("needs_internal_approval"))


def sees(kind: str, side: str, state: str) -> bool:
    """Whether there is a case in this state for a side."""
    return state not in HIDDEN.get((kind, side), ())


def is_open(kind: str, state: str) -> bool:
    """Whether something can still be done."""
    return state in OPEN[kind]


def due_at(asked_at: dt.datetime) -> dt.datetime:
    """The end of the seventh day in London after the day on which a side was asked (RULES 9)."""
    day = london_day(asked_at) + dt.timedelta(days=DAYS_TO_RESPOND + 1)
    return begin_of_day(day)


def is_overdue(due: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a deadline has passed; without one, never."""
    return due is not None and now >= due
