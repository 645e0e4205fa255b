"""Rows of a checked file that have the same fault and the same mend (RULES 4)."""

from __future__ import annotations

from typing import TypedDict


class RowsOfKind(TypedDict):
    """How many rows have a fault for a value, and which cell another value of mends it.

    ``fault``: the reason why they will not match, or the code of the error that rejects them. ``amount``: about how
    many pounds they would pay with a match; None for rejected rows, of which nobody knows.
    """

    fault: str
    cell: str
    value: str
    rows: int
    amount: str | None


class RowsToMend(TypedDict):
    """Rows of one kind by their numbers, of the check that found them, and where their file lies."""

    object_key: str
    check_version: int
    rows: list[int]
