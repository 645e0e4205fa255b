"""Hours planned against delivered by week, as the geometry of a picture (RULES 15). Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from libs.common.care.money import to_the_penny
from libs.common.seams.payments.reports import HoursOfWeek

HEIGHT = 280
LEFT, TOP, BOTTOM = 48, 44, 36
PLOT = HEIGHT - TOP - BOTTOM
WIDEST_WEEK, NARROWEST_WEEK, WIDEST_PLOT = 88, 20, 480
LABEL_PIXELS = 52
LEGEND = 180
"""What the two words above the bars take, however few weeks there are."""
STEPS = 4
ROUND = ("1", "1.5", "2", "2.5", "3", "4", "5", "10")
"""times a power of ten"""


@dataclass(frozen=True)
class Week:
    """A week of the table beside the picture; hours."""

    monday: dt.date
    planned: Decimal
    delivered: Decimal
    frustrated: Decimal

    @property
    def difference(self) -> Decimal:
        """As RULES 6 has it: below nothing where less was given than planned."""
        return self.delivered + self.frustrated - self.planned


@dataclass(frozen=True)
class Bar:
    """A rectangle, in pixels from the upper left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Pair:
    """A week's two bars, and what is written under them (nothing where there is no room)."""

    planned: Bar
    delivered: Bar
    middle: float
    label: str


@dataclass(frozen=True)
class Chart:
    """The picture: pairs of bars, and lines across with their hours: (y, hours)."""

    weeks: tuple[Week, ...]
    pairs: tuple[Pair, ...]
    lines: tuple[tuple[float, str], ...]
    width: int
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM

    @property
    def in_words(self) -> str:
        """What the picture shows, for those who do not see it."""
        planned = sum((week.planned for week in self.weeks), Decimal(0))
        delivered = sum((week.delivered for week in self.weeks), Decimal(0))
        weeks = f"{len(self.weeks)} week{'' if len(self.weeks) == 1 else 's'}"
        return (
            f"In {weeks}, {to_the_penny(planned):,} hours were planned"
            f" and {to_the_penny(delivered):,} delivered."
            " The table has each week’s hours."
        )


def chart_of(rows: Sequence[HoursOfWeek]) -> Chart | None:
    """The picture of these weeks; None when there is none."""
    weeks = tuple(
        Week(
            dt.date.fromisoformat(row["monday"]),
            Decimal(row["commissioned"]),
            Decimal(row["delivered"]),
            Decimal(row["frustrated"]),
        )
        for row in rows
    )
    if not weeks:
        return None
    step = step_for(max(max(week.planned, week.delivered) for week in weeks))
    pixels = PLOT / (float(step) * STEPS)
    room = min(WIDEST_WEEK, max(NARROWEST_WEEK, WIDEST_PLOT / len(weeks)))
    labelled = math.ceil(LABEL_PIXELS / room)
    pairs = tuple(_pair(number, week, room, pixels, labelled) for number, week in enumerate(weeks))
    lines = tuple(
        (round(TOP + PLOT - n * float(step) * pixels, 1), f"{n * step:,f}") for n in range(STEPS + 1)
    )
    return Chart(weeks, pairs, lines, width=LEFT + max(LEGEND, round(room * len(weeks)) + 8))


def step_for(most: Decimal) -> Decimal:
    """The hours between two lines: a round number, so that STEPS of them hold the most."""
    wanted = max(most, Decimal(1)) / STEPS
    power = Decimal(10) ** math.floor(wanted.log10())
    step = next(times * power for times in map(Decimal, ROUND) if times * power >= wanted)
    return step.normalize() if step < 1 else step.quantize(Decimal("0.1")).normalize() + 0


def _pair(number: int, week: Week, room: float, pixels: float, labelled: int) -> Pair:
    thick = round(room * 0.36, 1)
    middle = round(LEFT + room * (number + 0.5), 1)
    label = f"{week.monday.day} {week.monday:%b}" if number % labelled == 0 else ""
    planned, delivered = (
        _bar(x, float(hours) * pixels, thick)
        for x, hours in ((middle - thick, week.planned), (middle, week.delivered))
    )
    return Pair(planned, delivered, middle, label)


def _bar(x: float, height: float, width: float) -> Bar:
    return Bar(round(x, 1), round(TOP + PLOT - height, 1), width, round(height, 1))
