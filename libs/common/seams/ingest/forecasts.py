"""How a checked visits file will match: counted, and row by row (RULES 4)."""

from __future__ import annotations

from typing import TypedDict


class KeptForecast(TypedDict):
    """`WillMatch` as it is kept; ``unmatched`` as (reason, visits, pounds)."""

    matched: int
    apart: int
    unmatched: list[tuple[str, int, str]]
    amount: str
    duplicates: int


class UnmatchedReason(TypedDict):
    """How many visits will have no match for a reason, and about how many pounds they would pay if they had one."""

    reason: str
    visits: int
    amount: str


class MatchForecast(TypedDict):
    """What will become of the visits that a checked file stores: those that it leaves unchanged and deletes left out.

    ``apart``: those of weeks that could not be matched. ``amount``: about how many pounds all without a match would pay.
    ``duplicates``: how many may be there already under another VisitRef.
    """

    matched: int
    apart: int
    unmatched: list[UnmatchedReason]
    amount: str
    duplicates: int


class UnmatchedRow(TypedDict):
    """A row that will have no match, with what it says; ``amount``: about how many pounds it would pay if it had one.

    ``is_new``: no visit of this VisitRef is stored yet.
    """

    row: int
    ref: str
    is_new: bool
    client: str
    planned_on: str
    service: str
    service_level: str
    reason: str
    amount: str


class DuplicateRow(TypedDict):
    """A row with the client, carer, date and planned times of another VisitRef: in row ``other_row``, None for a visit
    that is stored already.
    """

    row: int
    ref: str
    other_row: int | None
    other_ref: str
    client: str
    carer_ref: str
    planned_on: str
    planned_entry: str
    planned_exit: str
