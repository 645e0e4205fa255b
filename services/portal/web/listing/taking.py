"""While a list is taken as a file, its page's own view is asked for its rows, part by part, with the page's filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import parse_qsl, urlsplit

from flask import g

PART: Final = 200
"""Rows that a view is asked for at once for a file; services give that many and one more."""


@dataclass
class Taking:
    """What the view has given so far. cursor: where it goes on; None at the beginning, and at the end."""

    cursor: str | None = None
    headings: Sequence[str] = ()
    cells: list[list[object]] = field(default_factory=list)
    name: str | None = None
    """of the file; None until the view has come to its list"""

    def go_on(self, more: str | None) -> None:
        """Keep the cursor of the address by which the list goes on."""
        self.cursor = dict(parse_qsl(urlsplit(more).query)).get("cursor") if more else None


def taking_now() -> Taking | None:
    """The file that this request is for; None for a page."""
    return cast("Taking | None", g.get("taking"))


def rows_wanted(shown: int) -> int:
    """How many rows of a list a view asks for: so many on a page, a part of it for a file."""
    return shown if taking_now() is None else PART
