"""Concerns and breach notices in words (RULES 16)."""

from __future__ import annotations

from typing import Final, NamedTuple

from libs.common.casework.concerns import (
    ACCEPTED,
    ANSWERED,
    BREACH_NOTICE,
    CLOSED,
    INVESTIGATING,
    OVER,
    RECEIVED,
    REFERRED,
    REMEDIED,
    SENT,
    UNFOUNDED,
)

SOURCES: Final = {
    "client": "Client",
    "family": "Family",
    "social_worker": "Social worker",
    "placement": "Placement team",
    "finance": "Finance",
    "commissioning": "Commissioning",
}
REFERRALS: Final = {"quality_improvement": "Quality Improvement", "safeguarding": "Safeguarding"}
ENDINGS: Final = {"new_provider": "A new provider", "personal_budget": "A personal budget"}
ABOUT: Final = {"charge_query": "A query of a charge", "dispute": "A dispute", "visit": "A visit"}
TAGS: Final = {
    RECEIVED: "blue",
    INVESTIGATING: "yellow",
    UNFOUNDED: "grey",
    REMEDIED: "green",
    REFERRED: "purple",
    BREACH_NOTICE: "red",
    CLOSED: "grey",
    SENT: "yellow",
    ANSWERED: "blue",
    ACCEPTED: "green",
    OVER: "grey",
}
"""The colours of the tags of states."""


class Button(NamedTuple):
    """What a move is called before it is made, and the kind of its button."""

    words: str
    kind: str = "secondary"


BUTTONS: Final = {
    "investigate": Button("Start investigating", ""),
    "find_unfounded": Button("Find it unfounded"),
    "remedy": Button("Say that it is remedied"),
    "refer": Button("Refer it"),
    "accept_answer": Button("Accept the answer", ""),
    "investigate_further": Button("Investigate further"),
    "close": Button("Close the concern", "warning"),
}
"""Of the moves that the form of a concern makes. A breach notice has a form of its own."""
NOTE: Final = Button("Add a note")
MADE: Final = {
    "investigate": "started investigating",
    "find_unfounded": "found it unfounded",
    "remedy": "said that it is remedied",
    "refer": "referred it",
    "send_notice": "sent a breach notice",
    "provider_answered": "answered the breach notice",
    "accept_answer": "accepted the provider’s answer",
    "investigate_further": "went on investigating",
    "close": "closed the concern",
}
"""Each move as the history tells it, after who made it."""
DONE: Final = {
    "": "Your note is kept.",
    "investigate": "The concern is being investigated.",
    "find_unfounded": "The concern is unfounded.",
    "remedy": "The concern is remedied.",
    "refer": "The concern is referred.",
    "accept_answer": "The answer is accepted, and the concern remedied.",
    "investigate_further": "The concern is being investigated further.",
    "close": "The concern is closed.",
}
"""What whoever made a move is told."""
LETTERS: Final = {
    "send_notice": "The council has sent you breach notice {number}.",
    "accept_answer": "The council has accepted your answer to breach notice {number}.",
    "investigate_further": "The council goes on without accepting an answer to breach notice {number}.",
    "close": "The council has closed breach notice {number}.",
}
"""What a provider is told, by the move."""
NOTICES_STATES: Final = {
    SENT: "Waits for the provider’s answer",
    ANSWERED: "The council looks at the answer",
    ACCEPTED: "The council has accepted the answer",
    OVER: "The council has gone on; no answer is expected any more",
}
