"""What each version of a visit says otherwise than the one before: every cell of a file that is kept (RULES 3, 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from services.portal.visits.forms import as_read, labels


class CellChange(NamedTuple):
    """A cell by its label, before and after, as people read it."""

    label: str
    before: str
    after: str


def list_changes(versions: Sequence[Mapping[str, str]]) -> list[list[CellChange] | None]:
    """For each version, newest first, the cells that the one before it had otherwise; None for the earliest.

    versions: the cells of each by heading, newest first, as services say them.
    """
    changes: list[list[CellChange] | None] = [_compare(before, after) for after, before in pairwise(versions)]
    return [*changes, None] if versions else []


def _compare(before: Mapping[str, str], after: Mapping[str, str]) -> list[CellChange]:
    called = labels()
    return [
        CellChange(called[heading], as_read(heading, before.get(heading, "")), as_read(heading, text))
        for heading, text in after.items()
        if text != before.get(heading, "")
    ]
