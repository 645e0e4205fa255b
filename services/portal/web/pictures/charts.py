"""Bars, one or two beside each other for each label, as the geometry of a picture. Pure: values in, values out.

`charts.html` draws it. The numbers stand in a table too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Final

TOP: Final = 16
TOP_WITH_LEGEND: Final = 44
RIGHT: Final = 8
THICK: Final = {1: 0.6, 2: 0.36}
"""Of the room of a group, what each of its bars takes, by how many they are."""


@dataclass(frozen=True)
class Scale:
    """At what values lines stand: a round number apart, at least `least`, so that `steps` of them hold the most."""

    rounds: tuple[Decimal, ...]
    """times a power of ten"""
    steps: int
    least: Decimal
    is_cut: bool
    """whether it ends at the line that the most reaches"""

    def step_for(self, most: Decimal) -> Decimal:
        """The value between two lines."""
        wanted = max(most / self.steps, self.least)
        power = Decimal(10) ** math.floor(wanted.log10())
        step = next(times * power for times in self.rounds if times * power >= wanted)
        return step.normalize() + 0

    def lines_for(self, most: Decimal) -> list[Decimal]:
        """The values at which lines stand, from nought."""
        step = self.step_for(most)
        count = max(1, math.ceil(most / step)) if self.is_cut else self.steps
        return [number * step for number in range(count + 1)]


AMOUNTS: Final = Scale(
    tuple(map(Decimal, ("1", "1.5", "2", "2.5", "3", "4", "5", "10"))), 4, Decimal("0.25"), is_cut=False
)
COUNTS: Final = Scale(tuple(map(Decimal, (1, 2, 5, 10))), 5, Decimal(1), is_cut=True)


@dataclass(frozen=True)
class Series:
    """Bars that are drawn alike: plain or hatched, so that two are told apart without colours."""

    name: str
    legend: int
    """pixels that its square and its name take above the bars"""
    is_hatched: bool = False


@dataclass(frozen=True)
class Layout:
    """What a picture has room for, in pixels."""

    plot: int = 188
    """how high bars can be"""
    left: int = 56
    """where the bars begin, beside the values of the lines"""
    bottom: int = 36
    narrowest: int = 28
    widest: int = 96
    all_groups: int = 520
    """what a label with its bars takes at least and at most, and what all of them take where there is room"""
    label: int = 84
    scale: Scale = AMOUNTS
    series: tuple[Series, ...] = ()
    """where there is more than one, in the order of their values"""


ONE_SERIES: Final = Layout()


@dataclass(frozen=True)
class Bar:
    """A rectangle, in pixels from the upper left, and what is written above it."""

    x: float
    y: float
    width: float
    height: float
    value: str
    is_hatched: bool


@dataclass(frozen=True)
class Group:
    """The bars of a label, and what is written under them (nothing where there is no room)."""

    bars: tuple[Bar, ...]
    middle: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Groups of bars, lines across with their values (y, value), and a line to compare with (y, words) if there is one.

    in_words: what the picture shows, for those who do not see it. legend: where each series is named (x, series).
    """

    title: str
    in_words: str
    groups: tuple[Group, ...]
    lines: tuple[tuple[float, str], ...]
    mark: tuple[float, str] | None
    legend: tuple[tuple[int, Series], ...]
    left: int
    base: int
    width: int
    height: int


def chart_of(
    title: str,
    in_words: str,
    labelled: Sequence[tuple[str, Sequence[Decimal | None]]],
    layout: Layout = ONE_SERIES,
    mark: tuple[Decimal, str] | None = None,
) -> Chart | None:
    """The picture of labelled values, one for each series; None where there is no value at all.

    A value that is not known is left blank. Values of one series alone stand above their bars.
    """
    known = [value for _, values in labelled for value in values if value is not None]
    if not known:
        return None
    lines = layout.scale.lines_for(max([*known, mark[0]] if mark else known))
    top = TOP_WITH_LEGEND if layout.series else TOP
    room = min(layout.widest, max(layout.narrowest, layout.all_groups / len(labelled)))
    canvas = _Canvas(layout, base=top + layout.plot, room=room, most=lines[-1])
    every = math.ceil(layout.label / room)
    *starts, end = accumulate((series.legend for series in layout.series), initial=layout.left)
    groups = [
        canvas.group(number, "" if number % every else label, values)
        for number, (label, values) in enumerate(labelled)
    ]
    return Chart(
        title,
        in_words,
        tuple(groups),
        tuple((canvas.y(value), f"{value:,f}") for value in lines),
        (canvas.y(mark[0]), mark[1]) if mark else None,
        tuple(zip(starts, layout.series, strict=True)),
        left=layout.left,
        base=canvas.base,
        width=max(end, layout.left + round(room * len(labelled)) + RIGHT),
        height=canvas.base + layout.bottom,
    )


@dataclass(frozen=True)
class _Canvas:
    """Where things stand: on a base, each group with its room, the most at the top of the plot."""

    layout: Layout
    base: int
    room: float
    most: Decimal

    def height(self, value: Decimal) -> float:
        return float(value) * self.layout.plot / float(self.most)

    def y(self, value: Decimal) -> float:
        return round(self.base - self.height(value), 1)

    def group(self, number: int, label: str, values: Sequence[Decimal | None]) -> Group:
        """The bars of the group of this number, side by side about its middle."""
        middle = round(self.layout.left + self.room * (number + 0.5), 1)
        thick = round(self.room * THICK[len(values)], 1)
        first = middle - thick * len(values) / 2
        bars = (self.bar(first + thick * at, thick, at, value) for at, value in enumerate(values))
        return Group(tuple(bars), middle, label)

    def bar(self, x: float, width: float, at: int, value: Decimal | None) -> Bar:
        """The bar of the series at this place."""
        known, series = value or Decimal(0), self.layout.series
        above = "" if value is None or series else f"{value:,}"
        is_hatched = bool(series) and series[at].is_hatched
        return Bar(round(x, 1), self.y(known), width, round(self.height(known), 1), above, is_hatched)
