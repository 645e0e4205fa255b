"""Cases and how they move (RULES 8 to 12), pure.

A case is something that the council and a provider settle between them: a dispute, an enquiry, an action, a review or
a one-off claim. Each has a state, a side whose turn it is, and a conversation. What may be done in a state, and by
whom, is the table MOVES; everything else is refused.
"""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from libs.common.care.clock import LONDON

COUNCIL: Final = "council"
PROVIDER: Final = "provider"
NOBODY: Final = ""
"""The turn in a case that is over."""

DAYS_TO_RESPOND: Final = 7


class Move(NamedTuple):
    """Something that can be done with a case.

    sides: who may do it. before: in which states. after: the state that follows. turn: whose turn it is then.
    has_deadline: whether that side has seven days from then on.
    once_overdue: in which states besides, once the deadline has passed.
    """

    sides: tuple[str, ...]
    before: tuple[str, ...]
    after: str
    turn: str
    has_deadline: bool = False
    once_overdue: tuple[str, ...] = ()


IN_DISPUTE, REQUESTED, RESOLVED = "In Dispute", "Resolution Requested", "Resolved"
WITH_COUNCIL, WITH_PROVIDER, SETTLED = "With the Council", "With the Provider", "Settled"
LA, AT_PROVIDER, CLOSED = "LA (Finance Team)", "Provider", "Closed"
ASKED, APPROVED_INTERNALLY, APPROVED, TURNED_DOWN, TAKEN_BACK = (
    "Requested",
    "Approved Internally",
    "Approved",
    "Rejected",
    "Withdrawn",
)
UNSUBMITTED, PENDING, ACCEPTED, REJECTED, CANCELLED = (
    "Unsubmitted",
    "Pending",
    "Accepted",
    "Rejected",
    "Cancelled",
)

MOVES: Final[dict[str, dict[str, Move]]] = {
    # RULES 9: raise, respond and request resolution, close. Before the provider has responded or its seven days are
    # over, the council can only take back what it raised in error.
    "dispute": {
        "request_resolution": Move((PROVIDER,), (IN_DISPUTE,), REQUESTED, COUNCIL),
        "ask_again": Move((COUNCIL,), (REQUESTED,), IN_DISPUTE, PROVIDER, True),
        "resolve": Move((COUNCIL,), (REQUESTED,), RESOLVED, NOBODY, once_overdue=(IN_DISPUTE,)),
        "withdraw_visits": Move((COUNCIL,), (), RESOLVED, NOBODY, once_overdue=(IN_DISPUTE,)),
        "take_back": Move((COUNCIL,), (IN_DISPUTE,), RESOLVED, NOBODY),
    },
    # RULES 8: the same conversation and the same deadlines, begun by the provider
    "enquiry": {
        "answer": Move((COUNCIL,), (WITH_COUNCIL,), WITH_PROVIDER, PROVIDER, True),
        "ask_again": Move((PROVIDER,), (WITH_PROVIDER,), WITH_COUNCIL, COUNCIL, True),
        "settle": Move((COUNCIL, PROVIDER), (WITH_COUNCIL, WITH_PROVIDER), SETTLED, NOBODY),
    },
    # RULES 12: assigned to one side or the other, closed by the council
    "action": {
        "assign_to_provider": Move((COUNCIL,), (LA,), AT_PROVIDER, PROVIDER),
        "assign_to_council": Move((PROVIDER,), (AT_PROVIDER,), LA, COUNCIL),
        "close": Move((COUNCIL,), (LA, AT_PROVIDER), CLOSED, NOBODY),
    },
    # RULES 12: over 15 minutes on any visit needs an internal approval besides the ordinary review
    "review": {
        "approve_internally": Move((COUNCIL,), (ASKED,), APPROVED_INTERNALLY, COUNCIL),
        "approve": Move((COUNCIL,), (ASKED, APPROVED_INTERNALLY), APPROVED, NOBODY),
        "reject": Move((COUNCIL,), (ASKED, APPROVED_INTERNALLY), TURNED_DOWN, NOBODY),
        "withdraw": Move((PROVIDER,), (ASKED, APPROVED_INTERNALLY), TAKEN_BACK, NOBODY),
    },
    # RULES 10
    "claim": {
        "submit": Move((PROVIDER,), (UNSUBMITTED,), PENDING, COUNCIL),
        "accept": Move((COUNCIL,), (PENDING,), ACCEPTED, NOBODY),
        "reject": Move((COUNCIL,), (PENDING,), REJECTED, NOBODY),
        "cancel": Move((PROVIDER,), (UNSUBMITTED,), CANCELLED, NOBODY),
    },
}

FIRST: Final[dict[tuple[str, str], tuple[str, str, bool]]] = {
    ("dispute", COUNCIL): (IN_DISPUTE, PROVIDER, True),
    ("enquiry", PROVIDER): (WITH_COUNCIL, COUNCIL, True),
    ("action", PROVIDER): (LA, COUNCIL, False),
    ("action", COUNCIL): (AT_PROVIDER, PROVIDER, False),
    ("review", PROVIDER): (ASKED, COUNCIL, False),
    ("claim", PROVIDER): (UNSUBMITTED, PROVIDER, False),
}
"""Who may begin a case of a kind, and how it begins: state, turn, whether that side has seven days."""

HIDDEN: Final[dict[tuple[str, str], tuple[str, ...]]] = {("claim", COUNCIL): (UNSUBMITTED, CANCELLED)}
"""RULES 10: what a provider never submitted is its own. By kind and side, the states in which it sees no case."""

OWN_STEPS: Final = (
    ("dispute", "withdraw_visits"),
    ("review", "approve_internally"),
    ("review", "approve"),
    *(("claim", move) for move in MOVES["claim"]),
)
"""Moves that do more than move: made by a step of their own, never by a message alone."""

KINDS: Final = tuple(MOVES)
STATES: Final[dict[str, tuple[str, ...]]] = {
    kind: tuple(
        dict.fromkeys(
            state for move in moves.values() for state in (*move.before, *move.once_overdue, move.after)
        )
    )
    for kind, moves in MOVES.items()
}
"""The states of each kind."""
OPEN: Final[dict[str, tuple[str, ...]]] = {
    kind: tuple(state for state in states if any(state in move.before for move in MOVES[kind].values()))
    for kind, states in STATES.items()
}
"""The states in which something can still be done; default lists show these."""
OVER: Final[dict[str, tuple[str, ...]]] = {
    kind: tuple(state for state in states if state not in OPEN[kind]) for kind, states in STATES.items()
}
"""The states in which a case is over."""


def may(kind: str, move: str, side: str, state: str, *, is_late: bool = False) -> bool:
    """Whether a side may do this with a case in this state. is_late: its deadline has passed."""
    found = MOVES[kind].get(move)
    if found is None or side not in found.sides:
        return False
    return state in found.before or (is_late and state in found.once_overdue)


def allowed(kind: str, side: str, state: str, *, is_late: bool = False) -> list[str]:
    """What a side may do with a case in this state, in the order of the table."""
    return [move for move in MOVES[kind] if may(kind, move, side, state, is_late=is_late)]


def sees(kind: str, side: str, state: str) -> bool:
    """Whether there is a case in this state for a side."""
    return state not in HIDDEN.get((kind, side), ())


def is_open(kind: str, state: str) -> bool:
    """Whether something can still be done."""
    return state in OPEN[kind]


def due_at(asked_at: dt.datetime) -> dt.datetime:
    """The end of the seventh day in London after the day on which a side was asked (RULES 9)."""
    day = asked_at.astimezone(LONDON).date() + dt.timedelta(days=DAYS_TO_RESPOND + 1)
    return dt.datetime.combine(day, dt.time(), LONDON)


def is_overdue(due: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a deadline has passed; without one, never."""
    return due is not None and now >= due
