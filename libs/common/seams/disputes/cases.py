"""Cases of every kind, and what is said in them (RULES 8 to 12)."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.disputes.facts import CaseFacts


class SentAttachment(TypedDict):
    """A file that the portal has checked and stored, as it is handed over with a message."""

    attachment_id: str
    name: str
    content_type: str
    size_bytes: int
    sha256: str
    object_key: str


class StoredFile(TypedDict):
    """A file as its sender called it, and where it lies."""

    name: str
    object_key: str


class StoredAttachment(SentAttachment):
    """Where an attachment of a case lies."""

    case_id: str


class CaseAttachment(TypedDict):
    """A file of a message; ``side``: who sent it."""

    attachment_id: str
    message_id: str
    name: str
    content_type: str
    size_bytes: int
    side: str
    added_by: str
    added_at: str


class CaseMessage(TypedDict):
    """What a side said, with the move that was made by it (empty for words alone) and the state after it."""

    message_id: str
    side: str
    said_by: str
    said_at: str
    move: str
    state: str
    words: str


class Case(TypedDict):
    """A case as whoever asks sees it; ``turn``: whose it is, nothing when it is over; ``allowed``: moves of this side."""

    case_id: str
    number: int
    kind: str
    organisation_id: str
    state: str
    turn: str
    due_at: str | None
    subject: str
    client_reference: str
    cpli_id: int | None
    first_on: str | None
    last_on: str | None
    facts: CaseFacts
    opened_by: str
    opened_at: str
    changed_at: str
    is_open: bool
    is_overdue: bool
    allowed: list[str]


class ListedCase(Case):
    """A case in a list, with the last words of each side."""

    council_words: str | None
    provider_words: str | None


class CaseWithMessages(Case):
    """A case with its conversation, the latest message last."""

    messages: list[CaseMessage]
    attachments: list[CaseAttachment]


class BegunCase(TypedDict):
    """A case that was begun; not new when the same form had begun it."""

    case_id: str
    is_new: bool


class SaidInCase(TypedDict):
    """How a case stands after something was said in it; not moved: somebody else had moved it, the words are kept."""

    state: str
    is_moved: bool


class CaseCount(TypedDict):
    """How many cases of a kind are open, and how many of them await the side that asks."""

    open: int
    awaiting: int


class DeliveryActionOpened(TypedDict):
    """The action of a line item's delivery: the one that was begun, or the one that is open."""

    case_id: str
    number: int
    is_new: bool


class DeliveryAction(TypedDict):
    """The newest action of a line item's delivery: how it stands, and what was said last in it."""

    case_id: str
    number: int
    cpli_id: int
    state: str
    opened_at: str
    changed_at: str
    last_words: str
