"""What of a provider's rows fits nothing that the council knows (RULES 16, before go-live)."""

from __future__ import annotations

from typing import TypedDict


class Misfit(TypedDict):
    """What rows name and nobody knows: of how many visits, and what that exists is nearest.

    kind: ``levels``, ``services`` or ``carers``.
    """

    kind: str
    written: str
    visits: int
    nearest: list[str]


class WrittenClient(TypedDict):
    """By what rows name a client, and of how many visits. mark: S, C or N by its column; empty where it may be any."""

    mark: str
    written: str
    visits: int


class Cleansing(TypedDict):
    """Of one organisation. is_complete: whether all rows could be looked at."""

    organisation: str
    misfits: list[Misfit]
    clients: list[WrittenClient]
    is_complete: bool


class NamingRow(TypedDict):
    """A row that names something, or the visit that it became.

    state: ``stored``, ``to confirm`` or ``rejected``; row: its number in the file; why: of a rejected one.
    """

    organisation: str
    visit_ref: str
    planned: str
    state: str
    file_id: str | None
    file_name: str
    row: int | None
    why: str


class NamingRows(TypedDict):
    """The first of them."""

    rows: list[NamingRow]
    is_complete: bool
