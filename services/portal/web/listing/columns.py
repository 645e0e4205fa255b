"""The columns of files of lists: where the text of each comes from. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Cell = str | Callable[[Any, Mapping[str, Any]], object]
"""What stands in a column: a key of the row, such as ``values.VisitRef``; or a function of the row and its page."""


def key(*names: str) -> Cell:
    """The first of these keys that has something, for a column."""
    return lambda row, page: next((value for name in names if (value := cell_of(name, row, page))), "")


def name_from(names: str, by: str) -> Cell:
    """What the page's ``names`` say for this key of the row, for a column."""
    return lambda row, page: page[names].get(cell_of(by, row, page), "")


def cell_of(cell: Cell, row: Any, page: Mapping[str, Any]) -> object:
    """What stands in a column of a row; None for nothing."""
    if not isinstance(cell, str):
        return cell(row, page)
    for name in cell.split("."):
        if row is None:
            return None
        row = row[name] if isinstance(row, Mapping) else getattr(row, name)
    return row
