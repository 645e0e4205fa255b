"""Contract documents (RULES 11)."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.matching.line_items import Identifiers


class DocumentAmount(TypedDict):
    """What a document says of money for some days: hours or payments, and pounds; ``to_on`` is None for no end."""

    from_on: str
    to_on: str | None
    quantity: str
    unit_cost: str
    cost: str


class DocumentNote(TypedDict):
    """Who did what with a document."""

    move: str
    who: str
    at: str
    reason: str


class ContractDocument(TypedDict):
    """A contract document: what it says, and what was done with it."""

    document_id: str
    number: int
    cpli_id: int
    client_id: str
    kind: str
    status: str
    published_at: str
    due_on: str
    updated_at: str
    organisation: str
    address: str
    service: str
    service_level: str
    start_on: str
    end_on: str | None
    unit: str
    frequency: str
    client: Identifiers
    client_name: str
    listed_name: str
    date_of_birth: str | None
    amounts: list[DocumentAmount]
    notes: list[DocumentNote]


class ContractDocumentDetails(ContractDocument):
    """One contract document, with what its reader may do with it."""

    moves: list[str]
    may_be_published_again: bool


class DocumentLeft(TypedDict):
    """One of many documents that was not agreed to, and why."""

    document_id: str
    message: str


class AgreedDocuments(TypedDict):
    """What became of documents that were to be agreed to: how many are, and which were left."""

    done: int
    left: list[DocumentLeft]
