"""The words of every kind of case. Its states and moves are in `libs.common.casework.cases`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from libs.common.casework.cases import (
    ACTION,
    AT_COUNCIL,
    AT_PROVIDER,
    CLAIM,
    COUNCIL,
    DISPUTE,
    ENQUIRY,
    PROVIDER,
    REVIEW,
)

KEPT_ALL_THE_SAME: Final = "Your message is kept. Somebody else changed this meanwhile, so nothing else was done: look at where it stands."
COMMENT: Final = "Comment"
SENT: Final = "Your message is sent."


class Button(NamedTuple):
    """What a move is called before it is made; kind: of the button.

    ends: whether the case is over then. needs_words: whether a message must go with it.
    """

    words: str
    kind: str = ""
    ends: bool = False
    needs_words: bool = True


class Words(NamedTuple):
    """How one kind of case is spoken of.

    one, many: as headings have them. buttons: of the moves that a message makes. made: each move as the conversation
    tells it, after who made it. done: what whoever made a move is told. letters: what a provider is told, by move.
    nothing: when a list is empty. turns: whose turn it is. beside, alone: the button of a message that makes no move,
    when others could be made and when none could.
    """

    one: str
    many: str
    buttons: Mapping[str, Button]
    made: Mapping[str, str]
    done: Mapping[str, str]
    letters: Mapping[str, str]
    nothing: str = ""
    turns: Mapping[str, str] = {COUNCIL: "The council", PROVIDER: "Provider"}
    beside: str = COMMENT
    alone: str = COMMENT

    def needs_words(self, move: str) -> bool:
        """Whether a message must be written with this move; with none, always."""
        return move not in self.buttons or self.buttons[move].needs_words


def _tell_as_made(made: Mapping[str, str]) -> dict[str, str]:
    """What whoever made a move is told, in the words of the conversation."""
    return {"": SENT, **{move: f"Done: {words}." for move, words in made.items()}}


_DISPUTES: Final = Words(
    "Dispute",
    "Disputes",
    buttons={
        "request_resolution": Button("Request Resolution"),
        "ask_again": Button("Ask again"),
        "resolve": Button("Resolve", needs_words=False),
        "withdraw": Button("Withdraw what is in dispute", "warning"),
        "take_back": Button("Take the dispute back", "secondary"),
    },
    made={
        "request_resolution": "requested resolution",
        "ask_again": "asked again",
        "resolve": "resolved the dispute",
        "withdraw": "withdrew what was in dispute",
        "take_back": "took the dispute back",
    },
    done={
        "": "Your message is kept.",
        "request_resolution": "The resolution request has been sent to the LA.",
        "ask_again": "The provider is asked again, and has seven days.",
        "resolve": "The dispute is resolved.",
        "withdraw": "The dispute is resolved. What was in dispute is being deleted, and what it paid is taken back.",
        "take_back": "The dispute is taken back.",
    },
    letters={
        "": "The council has written in a dispute.",
        "ask_again": "The council has asked again in a dispute.",
        "resolve": "The council has resolved a dispute.",
        "withdraw": "The council has resolved a dispute and withdrawn what was in dispute.",
        "take_back": "The council has taken back a dispute.",
    },
    nothing="There are no such disputes.",
    beside="Add a comment",
    alone="Send",
)

_MADE_OF_ACTIONS: Final = {
    "assign_to_provider": f"answered, and assigned it to {AT_PROVIDER}",
    "assign_to_council": f"answered, and assigned it to {AT_COUNCIL}",
    "close": "closed the action",
}
_ACTIONS: Final = Words(
    "Action",
    "Actions",
    buttons={
        "assign_to_provider": Button(COMMENT),
        "assign_to_council": Button(COMMENT),
        "close": Button("Close the action", "secondary", ends=True, needs_words=False),
    },
    made=_MADE_OF_ACTIONS,
    done=_tell_as_made(_MADE_OF_ACTIONS),
    letters={
        "open": "The council has assigned action {number} to you.",
        "": "The council has answered action {number}.",
        "assign_to_provider": "The council has answered action {number} and assigned it to you.",
        "close": "The council has closed action {number}.",
    },
    nothing="There are no such actions.",
    turns={COUNCIL: AT_COUNCIL, PROVIDER: AT_PROVIDER},
    beside="Comment and keep it with us",
)

_MADE_OF_ENQUIRIES: Final = {
    "answer": "answered",
    "ask_again": "asked again",
    "settle": "settled the enquiry",
}
_ENQUIRIES: Final = Words(
    "Payment enquiry",
    "Payment enquiries",
    buttons={
        "answer": Button("Send answer"),
        "ask_again": Button("Reply to the council"),
        "settle": Button("Settle the enquiry", "secondary", ends=True, needs_words=False),
    },
    made=_MADE_OF_ENQUIRIES,
    done=_tell_as_made(_MADE_OF_ENQUIRIES),
    letters={
        "": "The council has added to payment enquiry {number}.",
        "answer": "The council has answered payment enquiry {number}.",
        "settle": "The council has settled payment enquiry {number}.",
    },
    nothing="There are no such enquiries.",
    beside="Add a note and keep it with us",
)

_MADE_OF_REVIEWS: Final = {
    "approve_internally": "approved it internally",
    "approve": "approved the review",
    "reject": "rejected the review",
    "withdraw": "withdrew the review",
}
_REVIEWS: Final = Words(
    "Provider-led review",
    "Provider-led reviews",
    buttons={
        "reject": Button("Reject the review", "warning", ends=True),
        "withdraw": Button("Withdraw the review", "warning", ends=True, needs_words=False),
    },
    made=_MADE_OF_REVIEWS,
    done=_tell_as_made(_MADE_OF_REVIEWS),
    letters={
        "": "The council has written about review {number}.",
        "approve_internally": "The council has approved review {number} internally.",
        "approve": "The council has approved review {number}.",
        "reject": "The council has rejected review {number}.",
    },
    nothing="There are no such reviews.",
)

_CLAIMS: Final = Words(
    "One-off claim",
    "One-off claims",
    buttons={
        "accept": Button("Accept", needs_words=False),
        "reject": Button("Reject the claim", "warning"),
    },
    made={
        "submit": "submitted the claim",
        "accept": "accepted the claim",
        "reject": "rejected the claim",
        "cancel": "cancelled the claim",
    },
    done={
        "": "Your note is kept.",
        "submit": "The claim is submitted. The council looks at it, and you see here what it decides.",
        "accept": "The claim is accepted, and the provider is told.",
        "reject": "The claim is rejected, and the provider is told.",
        "cancel": "The claim is cancelled.",
    },
    letters={
        "accept": "The council has accepted your one-off claim {number}.",
        "reject": "The council has rejected your one-off claim {number}.",
    },
    nothing="There are no such claims.",
    beside="Add the note",
)

WORDS: Final[Mapping[str, Words]] = {
    DISPUTE: _DISPUTES,
    ENQUIRY: _ENQUIRIES,
    ACTION: _ACTIONS,
    REVIEW: _REVIEWS,
    CLAIM: _CLAIMS,
}


def buttons_of(kind: str, allowed: Sequence[str]) -> list[tuple[str, str, str]]:
    """The buttons of a message as (move or nothing, words, kind of button), what goes on with it first."""
    words = WORDS[kind]
    moves = [(move, words.buttons[move]) for move in allowed if move in words.buttons]
    going_on = [(move, button.words, button.kind) for move, button in moves if not button.ends]
    ending = [(move, button.words, button.kind) for move, button in moves if button.ends]
    plain = ("", words.beside, "secondary") if going_on else ("", words.alone, "")
    return [*going_on, plain, *ending]
