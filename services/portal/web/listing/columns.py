"""The columns of files of lists: where the text of each comes from. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from libs.common.care.clock import LONDON

A_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
"""As services say one."""

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


def in_a_file(value: object) -> object:
    """As a file has it: nothing for None, and a moment as 2022-10-03 14:05:00 on London's clocks."""
    if isinstance(value, str) and A_MOMENT.fullmatch(value):
        value = dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(LONDON):%Y-%m-%d %H:%M:%S}"
    return "" if value is None else value
