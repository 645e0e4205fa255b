"""Concerns and breach notices by month, as the geometry of a picture (RULES 16). Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 260
LEFT: Final = 40
TOP: Final = 44
BOTTOM: Final = 40
PLOT: Final = HEIGHT - TOP - BOTTOM
WIDEST: Final = 72
NARROWEST: Final = 24
ALL_MONTHS: Final = 560
"""Pixels of a month at most and at least, and of all of them where there is room."""
LABEL_PIXELS: Final = 52
LEGEND: Final = 260
"""What the two words above the bars take, however few months there are."""
MOST_LINES: Final = 5


@dataclass(frozen=True)
class Month:
    """A month by its first day, with how many concerns and breach notices it had."""

    first: dt.date
    concerns: int
    breach_notices: int


@dataclass(frozen=True)
class Bar:
    """A rectangle, in pixels from the upper left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Pair:
    """A month's two bars, and what is written under them (nothing where there is no room)."""

    concerns: Bar
    breach_notices: Bar
    middle: float
    label: str


@dataclass(frozen=True)
class Chart:
    """The picture: pairs of bars, and lines across with their numbers: (y, number)."""

    months: tuple[Month, ...]
    pairs: tuple[Pair, ...]
    lines: tuple[tuple[float, int], ...]
    width: int
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM

    @property
    def in_words(self) -> str:
        """What the picture shows, for those who do not see it."""
        concerns = sum(month.concerns for month in self.months)
        notices = sum(month.breach_notices for month in self.months)
        count = len(self.months)
        return (
            f"In {count} month{'' if count == 1 else 's'} there were {concerns:,} concerns and {notices:,} breach"
            " notices. The table has each month’s numbers."
        )


def chart_of(months: Sequence[Month]) -> Chart:
    """The picture of these months, of which there is one at least."""
    step = step_for(max(max(month.concerns, month.breach_notices) for month in months))
    count = max(1, math.ceil(max(max(m.concerns, m.breach_notices) for m in months) / step))
    pixels = PLOT / (step * count)
    room = min(WIDEST, max(NARROWEST, ALL_MONTHS / len(months)))
    labelled = math.ceil(LABEL_PIXELS / room)
    pairs = tuple(_pair(number, month, room, pixels, labelled) for number, month in enumerate(months))
    lines = tuple((round(TOP + PLOT - n * step * pixels, 1), n * step) for n in range(count + 1))
    return Chart(tuple(months), pairs, lines, width=LEFT + max(LEGEND, round(room * len(months)) + 8))


def step_for(most: int) -> int:
    """How many between two lines: a round number, so that at most MOST_LINES of them hold the most."""
    step = 1
    while step * MOST_LINES < most:
        step = _next_round(step)
    return step


def _next_round(step: int) -> int:
    """1, 2, 5, 10, 20, 50, …"""
    return step * 5 // 2 if str(step)[0] == "2" else step * 2


def _pair(number: int, month: Month, room: float, pixels: float, labelled: int) -> Pair:
    thick = round(room * 0.36, 1)
    middle = round(LEFT + room * (number + 0.5), 1)
    label = f"{month.first:%b %y}" if number % labelled == 0 else ""
    concerns, notices = (
        Bar(round(x, 1), round(TOP + PLOT - count * pixels, 1), thick, round(count * pixels, 1))
        for x, count in ((middle - thick, month.concerns), (middle, month.breach_notices))
    )
    return Pair(concerns, notices, middle, label)
