"""Clients: their page, their circumstances, the search box, lists of clients (RULES 1, 2, 4)."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.matching.line_items import LineItem


class CircumstanceVersion(TypedDict):
    """What was said of a circumstance at a moment; both days are included."""

    circumstance_id: str
    client_id: str
    kind: str
    from_on: str
    to_on: str | None
    note: str
    withdrawn: bool
    changed_by: str
    changed_at: str


class Circumstance(CircumstanceVersion):
    """A circumstance as it stands, with what it said before, the newest first."""

    versions: list[CircumstanceVersion]
    suspends: bool


class CircumstanceToday(TypedDict):
    """What holds for a client today."""

    client_id: str
    kind: str
    from_on: str
    to_on: str | None
    name: str
    reference: str


class ClientMerged(TypedDict):
    """Who was merged into a client."""

    reason: str
    merged_by: str
    merged_at: str
    name: str
    reference: str


class Client(TypedDict):
    """A client with its care; ``former``: by what else it was known."""

    client_id: str
    ssref: str | None
    client_ref: str | None
    nhs_number: str | None
    date_of_birth: str | None
    name: str
    former: list[str]
    merges: list[ClientMerged]
    line_items: list[LineItem]
    circumstances: list[Circumstance]


class DataSubject(TypedDict):
    """A person whose data is held, by all that ever named them: ``client_ids`` begin with their own, and hold those of
    clients merged into them; ``identifiers``: former ones too; ``shared``: those that another client has or had.

    ``meant``: an identifier, and the first and last day of what it named the person for, both included."""

    client_id: str
    name: str
    reference: str
    client_ids: list[str]
    identifiers: list[str]
    shared: list[str]
    meant: list[tuple[str, str, str]]
    cpli_ids: list[int]


class ClientFound(TypedDict):
    """A client that the search box finds."""

    client_id: str
    name: str
    reference: str


class LineItemFound(TypedDict):
    """A care package line item that the search box finds."""

    cpli_id: int
    name: str
    reference: str
    service: str


class CareFound(TypedDict):
    """What the search box finds of care."""

    clients: list[ClientFound]
    line_items: list[LineItemFound]


class ClientsPicked(TypedDict):
    """Whom somebody may mean; ``is_known``: what was written is an identifier of a client, as it stands."""

    is_known: bool
    clients: list[ClientFound]


class ListedLineItem(TypedDict):
    """A line item of somebody on a list of clients; the quantity is today's."""

    cpli_id: int
    service: str
    service_level: str
    unit: str
    start_on: str
    end_on: str | None
    quantity: str


class ClientWeek(TypedDict):
    """A week with visits of a client: how many, and how many of them have no match."""

    monday: str
    visits: int
    unmatched: int
