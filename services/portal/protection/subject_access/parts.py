"""Parts that the portal itself has, beside those of services; and parts as they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from libs.common.seams.subjects import Cell, HeldPart

Rows = Iterator[list[Cell]]
SHOWN_ROWS: Final = 50
"""A part with no more rows is shown whole in the overview."""


class OwnPart(NamedTuple):
    """A part of what the portal itself holds."""

    part: HeldPart
    rows: Callable[[], Rows]


@dataclass
class Held:
    """A part as it was written: where, how many rows, and the first of them."""

    part: HeldPart
    path: str
    count: int = 0
    first: list[list[Cell]] = field(default_factory=list)


def total(held: Iterable[Held]) -> int:
    """How many rows there are in all."""
    return sum(one.count for one in held)
