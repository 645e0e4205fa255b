"""The words of actions, payment enquiries and provider-led reviews."""

from __future__ import annotations

from typing import Final, NamedTuple


class Button(NamedTuple):
    """What a move is called before it is made; kind: of the button. ends: whether the case is over then."""

    words: str
    kind: str = ""
    ends: bool = False


class Words(NamedTuple):
    """How one kind of case is spoken of.

    one, many: as headings have them. nothing: when a list is empty. turns: whose turn it is. moves: those that a
    message makes. kept: the button of a message that makes none, when others could be made. made: each move as the
    conversation tells it, after who made it. letters: what a provider is told, by move.
    """

    one: str
    many: str
    nothing: str
    turns: dict[str, str]
    moves: dict[str, Button]
    kept: str
    made: dict[str, str]
    letters: dict[str, str]


WITHOUT_WORDS: Final = ("close", "settle", "withdraw")
"""Moves that need no message."""

LA: Final = "LA (Finance Team)"
PROVIDER: Final = "Provider"
COMMENT: Final = "Comment"

WORDS: Final[dict[str, Words]] = {
    "action": Words(
        "Action",
        "Actions",
        "There are no such actions.",
        {"council": LA, "provider": PROVIDER},
        {
            "assign_to_provider": Button(COMMENT),
            "assign_to_council": Button(COMMENT),
            "close": Button("Close the action", "secondary", ends=True),
        },
        "Comment and keep it with us",
        {
            "assign_to_provider": f"answered, and assigned it to {PROVIDER}",
            "assign_to_council": f"answered, and assigned it to {LA}",
            "close": "closed the action",
        },
        {
            "open": "The council has assigned action {number} to you.",
            "": "The council has answered action {number}.",
            "assign_to_provider": "The council has answered action {number} and assigned it to you.",
            "close": "The council has closed action {number}.",
        },
    ),
    "enquiry": Words(
        "Payment enquiry",
        "Payment enquiries",
        "There are no such enquiries.",
        {"council": "The council", "provider": PROVIDER},
        {
            "answer": Button("Send answer"),
            "ask_again": Button("Reply to the council"),
            "settle": Button("Settle the enquiry", "secondary", ends=True),
        },
        "Add a note and keep it with us",
        {"answer": "answered", "ask_again": "asked again", "settle": "settled the enquiry"},
        {
            "": "The council has added to payment enquiry {number}.",
            "answer": "The council has answered payment enquiry {number}.",
            "settle": "The council has settled payment enquiry {number}.",
        },
    ),
    "review": Words(
        "Provider-led review",
        "Provider-led reviews",
        "There are no such reviews.",
        {"council": "The council", "provider": PROVIDER},
        {
            "reject": Button("Reject the review", "warning", ends=True),
            "withdraw": Button("Withdraw the review", "warning", ends=True),
        },
        COMMENT,
        {
            "approve_internally": "approved it internally",
            "approve": "approved the review",
            "reject": "rejected the review",
            "withdraw": "withdrew the review",
        },
        {
            "": "The council has written about review {number}.",
            "approve_internally": "The council has approved review {number} internally.",
            "approve": "The council has approved review {number}.",
            "reject": "The council has rejected review {number}.",
        },
    ),
}


def buttons(kind: str, allowed: list[str]) -> list[tuple[str, str, str]]:
    """The buttons of a message as (move or nothing, words, kind of button), what goes on with it first."""
    words = WORDS[kind]
    moves = [(move, words.moves[move]) for move in allowed if move in words.moves]
    going_on = [(move, button.words, button.kind) for move, button in moves if not button.ends]
    ending = [(move, button.words, button.kind) for move, button in moves if button.ends]
    plain = ("", words.kept, "secondary") if going_on else ("", COMMENT, "")
    return [*going_on, plain, *ending]
