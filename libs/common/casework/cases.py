"""Cases of the council and a provider: their states, their moves and their limits, stated once (RULES 8 to 12). Pure.

A case is something that the council and a provider settle between them: a dispute, an enquiry, an action, a review or
a one-off claim. Each has a state, a side whose turn it is, and a conversation. What may be done in a state, and by
whom, is the table MOVES; everything else is refused. Disputes keeps to it; pages, forms and the API read it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

COUNCIL: Final = "council"
PROVIDER: Final = "provider"
NOBODY: Final = ""
"""The turn in a case that is over."""
SIDES: Final = (COUNCIL, PROVIDER)

DISPUTE, ENQUIRY, ACTION, REVIEW, CLAIM = "dispute", "enquiry", "action", "review", "claim"


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
AT_COUNCIL, AT_PROVIDER, CLOSED = "LA (Finance Team)", "Provider", "Closed"
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

PAYS_NOTHING: Final = (REJECTED, CANCELLED)
"""The states in which a one-off claim is over without being paid."""

MOVES: Final[dict[str, dict[str, Move]]] = {
    # RULES 9: raise, respond and request resolution, close. Before the provider has responded or its seven days are
    # over, the council can only take back what it raised in error.
    DISPUTE: {
        "request_resolution": Move((PROVIDER,), (IN_DISPUTE,), REQUESTED, COUNCIL),
        "ask_again": Move((COUNCIL,), (REQUESTED,), IN_DISPUTE, PROVIDER, True),
        "resolve": Move((COUNCIL,), (REQUESTED,), RESOLVED, NOBODY, once_overdue=(IN_DISPUTE,)),
        "withdraw": Move((COUNCIL,), (), RESOLVED, NOBODY, once_overdue=(IN_DISPUTE,)),
        "take_back": Move((COUNCIL,), (IN_DISPUTE,), RESOLVED, NOBODY),
    },
    # RULES 8: the same conversation and the same deadlines, begun by the provider
    ENQUIRY: {
        "answer": Move((COUNCIL,), (WITH_COUNCIL,), WITH_PROVIDER, PROVIDER, True),
        "ask_again": Move((PROVIDER,), (WITH_PROVIDER,), WITH_COUNCIL, COUNCIL, True),
        "settle": Move((COUNCIL, PROVIDER), (WITH_COUNCIL, WITH_PROVIDER), SETTLED, NOBODY),
    },
    # RULES 12: assigned to one side or the other, closed by the council
    ACTION: {
        "assign_to_provider": Move((COUNCIL,), (AT_COUNCIL,), AT_PROVIDER, PROVIDER),
        "assign_to_council": Move((PROVIDER,), (AT_PROVIDER,), AT_COUNCIL, COUNCIL),
        "close": Move((COUNCIL,), (AT_COUNCIL, AT_PROVIDER), CLOSED, NOBODY),
    },
    # RULES 12: over 15 minutes on any visit needs an internal approval besides the ordinary review
    REVIEW: {
        "approve_internally": Move((COUNCIL,), (ASKED,), APPROVED_INTERNALLY, COUNCIL),
        "approve": Move((COUNCIL,), (ASKED, APPROVED_INTERNALLY), APPROVED, NOBODY),
        "reject": Move((COUNCIL,), (ASKED, APPROVED_INTERNALLY), TURNED_DOWN, NOBODY),
        "withdraw": Move((PROVIDER,), (ASKED, APPROVED_INTERNALLY), TAKEN_BACK, NOBODY),
    },
    # RULES 10
    CLAIM: {
        "submit": Move((PROVIDER,), (UNSUBMITTED,), PENDING, COUNCIL),
        "accept": Move((COUNCIL,), (PENDING,), ACCEPTED, NOBODY),
        "reject": Move((COUNCIL,), (PENDING,), REJECTED, NOBODY),
        "cancel": Move((PROVIDER,), (UNSUBMITTED,), CANCELLED, NOBODY),
    },
}

FIRST: Final[dict[tuple[str, str], tuple[str, str, bool]]] = {
    (DISPUTE, COUNCIL): (IN_DISPUTE, PROVIDER, True),
    (ENQUIRY, PROVIDER): (WITH_COUNCIL, COUNCIL, True),
    (ACTION, PROVIDER): (AT_COUNCIL, COUNCIL, False),
    (ACTION, COUNCIL): (AT_PROVIDER, PROVIDER, False),
    (REVIEW, PROVIDER): (ASKED, COUNCIL, False),
    (CLAIM, PROVIDER): (UNSUBMITTED, PROVIDER, False),
}
"""Who may begin a case of a kind, and how it begins: state, turn, whether that side has seven days."""

HIDDEN: Final[dict[tuple[str, str], tuple[str, ...]]] = {(CLAIM, COUNCIL): (UNSUBMITTED, CANCELLED)}
"""RULES 10: what a provider never submitted is its own. By kind and side, the states in which it sees no case."""

OWN_STEPS: Final = (
    (DISPUTE, "withdraw"),
    (REVIEW, "approve_internally"),
    (REVIEW, "approve"),
    *((CLAIM, move) for move in MOVES[CLAIM]),
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

REASONS: Final = (
    "Invoice Case",
    "Reablement / Other Case",
    "Ceased Care Package",
    "Client Deceased",
    "Client Has Gone Private",
    "Client In Hospital",
    "Client In Respite Care",
    "Incorrect Data",
    "Client Disputes Visits Data",
    "Missing Comment",
)
"""The types of dispute of [003], in its order. The type of a dispute is the subject of its case."""
ABOUT: Final = ("item", "period", "missing")
"""What an enquiry is about: a payment item, a period's payment, or one that did not come."""

LONGEST_WORDS: Final = 8_000
LONGEST_SUBJECT: Final = 200
MOST_ATTACHMENTS: Final = 5
"""Files with one message."""
MOST_CLAIM_ITEMS: Final = 20
MOST_REVIEW_VISITS: Final = 50
MOST_CPLI_ID: Final = 2**63 - 1


def states_seen_by(kind: str, side: str) -> tuple[str, ...]:
    """The states in which there are cases of a kind for a side."""
    return tuple(state for state in STATES[kind] if state not in HIDDEN.get((kind, side), ()))
