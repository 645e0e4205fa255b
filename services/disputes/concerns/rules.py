"""How concerns and breach notices may move, and what a move needs (RULES 16), pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from libs.common.care.clock import london_day
from libs.common.casework.concerns import (
    ACCEPTED,
    ANSWERED,
    BREACH_NOTICE,
    CLOSED,
    ENDINGS,
    INVESTIGATING,
    OVER,
    RECEIVED,
    REFERRALS,
    REFERRED,
    REMEDIED,
    SENT,
    UNFOUNDED,
)

NOTE: Final = ""
"""The move of words and evidence alone: possible in every state but *Closed*."""
SEND_NOTICE, ACCEPT_ANSWER, REFER, CLOSE = "send_notice", "accept_answer", "refer", "close"


class Move(NamedTuple):
    """A move of a concern: from which states, to which; needs_words: whether it must say why."""

    before: tuple[str, ...]
    after: str
    needs_words: bool = True


MOVES: Final[dict[str, Move]] = {
    "investigate": Move((RECEIVED,), INVESTIGATING, needs_words=False),
    "find_unfounded": Move((INVESTIGATING,), UNFOUNDED),
    "remedy": Move((INVESTIGATING,), REMEDIED),
    REFER: Move((INVESTIGATING,), REFERRED),
    SEND_NOTICE: Move((INVESTIGATING,), BREACH_NOTICE),
    ACCEPT_ANSWER: Move((BREACH_NOTICE,), REMEDIED, needs_words=False),
    "investigate_further": Move((UNFOUNDED, REMEDIED, REFERRED, BREACH_NOTICE), INVESTIGATING),
    CLOSE: Move((UNFOUNDED, REMEDIED, REFERRED, BREACH_NOTICE), CLOSED, needs_words=False),
}

MOST_DAYS_TO_ANSWER: Final = 366


def may(move: str, state: str, *, notice_state: str | None = None) -> bool:
    """Whether a concern in this state can make the move; notice_state: of its newest breach notice, if it has one."""
    if move == NOTE:
        return state != CLOSED
    found = MOVES.get(move)
    if found is None or state not in found.before:
        return False
    return move != ACCEPT_ANSWER or notice_state == ANSWERED


def allowed_moves(state: str, *, notice_state: str | None = None) -> list[str]:
    """The moves that can be made, in the order of the table."""
    return [move for move in MOVES if may(move, state, notice_state=notice_state)]


def is_open(state: str) -> bool:
    """Whether something can still be done."""
    return state != CLOSED


def notice_state_after(move: str) -> str | None:
    """What becomes of a breach notice that waits or is answered, when its concern makes this move; None: nothing."""
    if move == ACCEPT_ANSWER:
        return ACCEPTED
    return OVER if move in MOVES and BREACH_NOTICE in MOVES[move].before else None


def may_answer(state: str) -> bool:
    """Whether a provider can answer a breach notice in this state: before its deadline and after, once or again."""
    return state in (SENT, ANSWERED)


def is_past(due_on: dt.date, now: dt.datetime) -> bool:
    """Whether the last day to answer is over in London."""
    return london_day(now) > due_on


def is_overdue(state: str, due_on: dt.date, now: dt.datetime) -> bool:
    """Whether a breach notice waits for an answer that did not come in time."""
    return state == SENT and is_past(due_on, now)


def find_fault_of_move(move: str, words: str, *, referred_to: str = "", ended_in: str = "") -> str | None:
    """Why a move can't be made as it was asked: a sentence; None when it can."""
    if (move == NOTE or MOVES[move].needs_words) and not words.strip():
        return "Say why, or what was found."
    if (move == REFER) != bool(referred_to) or referred_to not in ("", *REFERRALS):
        return "Say to which team it is referred, and only where it is."
    if (ended_in and move != CLOSE) or ended_in not in ("", *ENDINGS):
        return "Say what it ended in only where it is closed."
    return None


def find_fault_of_deadline(due_on: dt.date, today: dt.date) -> str | None:
    """Why this can't be the last day to answer a breach notice: a sentence; None when it can."""
    if due_on <= today:
        return "The deadline must be after today."
    if (due_on - today).days > MOST_DAYS_TO_ANSWER:
        return "The deadline must be within a year."
    return None


def first_of_month(day: dt.date) -> dt.date:
    """The day that names a month."""
    return day.replace(day=1)


def months_of(first: dt.date, last: dt.date) -> Sequence[dt.date]:
    """The first days of the months that a span touches, in their order."""
    found, month = [], first_of_month(first)
    while month <= last:
        found.append(month)
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return found
