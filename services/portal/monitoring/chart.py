"""Bars, one a span or week, as the geometry of a picture. Pure: values in, values out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

HEIGHT: Final = 240
LEFT, TOP, BOTTOM = 56, 16, 36
PLOT: Final = HEIGHT - TOP - BOTTOM
WIDEST, NARROWEST, WIDEST_PLOT = 96, 28, 520
LABEL_PIXELS: Final = 84
STEPS: Final = 4
ROUND: Final = tuple(map(Decimal, ("1", "1.5", "2", "2.5", "3", "4", "5", "10")))
"""times a power of ten"""


@dataclass(frozen=True)
class Bar:
    """A rectangle in pixels from the upper left, its value, and what is written under it where there is room."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    value: str


@dataclass(frozen=True)
class Chart:
    """Bars, lines across with their values (y, value), and a line to compare with (y, words) where there is one."""

    title: str
    in_words: str
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, str], ...]
    mark: tuple[float, str] | None
    width: int
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def chart_of(
    title: str,
    in_words: str,
    values: Sequence[tuple[str, Decimal | None]],
    mark: tuple[Decimal, str] | None = None,
) -> Chart | None:
    """The picture of labelled values, those without a value left blank; None where there is none at all."""
    known = [value for _, value in values if value is not None]
    if not known:
        return None
    step = step_for(max([*known, mark[0]] if mark else known))
    pixels = PLOT / (float(step) * STEPS)
    room = min(WIDEST, max(NARROWEST, WIDEST_PLOT / len(values)))
    labelled = math.ceil(LABEL_PIXELS / room)
    bars = []
    for number, (label, value) in enumerate(values):
        middle, height = LEFT + room * (number + 0.5), float(value or 0) * pixels
        bars.append(
            Bar(
                round(middle - room * 0.3, 1),
                round(TOP + PLOT - height, 1),
                round(room * 0.6, 1),
                round(height, 1),
                round(middle, 1),
                label if number % labelled == 0 else "",
                "" if value is None else f"{value:,}",
            )
        )
    lines = tuple(
        (round(TOP + PLOT - n * float(step) * pixels, 1), f"{n * step:,f}") for n in range(STEPS + 1)
    )
    marked = (round(TOP + PLOT - float(mark[0]) * pixels, 1), mark[1]) if mark else None
    return Chart(title, in_words, tuple(bars), lines, marked, width=LEFT + round(room * len(values)) + 8)


def step_for(most: Decimal) -> Decimal:
    """The value between two lines: a round number, so that STEPS of them hold the most."""
    wanted = max(most, Decimal(1)) / STEPS
    power = Decimal(10) ** math.floor(wanted.log10())
    step = next(times * power for times in ROUND if times * power >= wanted)
    return step.normalize() if step < 1 else step.quantize(Decimal("0.1")).normalize() + 0
