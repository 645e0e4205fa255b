"""CSV that the portal writes: no spreadsheet runs a cell of it as a formula (RULES 15)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

MARK = "\ufeff"
"""The byte-order mark: with it a spreadsheet reads UTF-8 as such. See `downloads.py`."""
_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """These rows under these headings, with \\r\\n line ends."""
    return csv_part([headings, *rows])


def csv_part(rows: Iterable[Sequence[Any]]) -> str:
    """These rows alone, for what is sent in parts."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([defused(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def defused(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would run it; a number stays one."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell
