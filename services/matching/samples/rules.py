"""Which CPLI-weeks a review looks at (RULES 9): some at random, or the largest differences. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from libs.common.care.money import SECONDS_IN_AN_HOUR, to_the_penny

RANDOM, LARGEST_TIME, LARGEST_COST = "random", "largest_time", "largest_cost"
WAYS: Final = (RANDOM, LARGEST_TIME, LARGEST_COST)
MOST_PICKED: Final = 200


class PlannedWeek(NamedTuple):
    """A CPLI's week of visits: planned and delivered time, and the rate of its Monday."""

    cpli_id: int
    organisation_id: str
    client: str
    planned_seconds: int
    delivered_seconds: int
    unit_cost: Decimal

    @property
    def planned_cost(self) -> Decimal:
        return to_the_penny(self.unit_cost * self.planned_seconds / SECONDS_IN_AN_HOUR)

    @property
    def delivered_cost(self) -> Decimal:
        return to_the_penny(self.unit_cost * self.delivered_seconds / SECONDS_IN_AN_HOUR)


def pick(weeks: Iterable[PlannedWeek], way: str, size: int, seed: str) -> Sequence[PlannedWeek]:
    """The sample: `size` percent of the weeks, one at least, by a seed; or so many of the largest differences.

    It depends on the weeks, the size and the seed alone, so whoever has these can pick it again.
    """
    listed = list(weeks)
    if way == RANDOM:
        number = -(-len(listed) * size // 100)
        return sorted(listed, key=lambda week: _drawn(seed, week.cpli_id))[: min(number, MOST_PICKED)]
    return sorted(listed, key=lambda week: (-abs(difference(week, way)), week.cpli_id))[
        : min(size, MOST_PICKED)
    ]


def difference(week: PlannedWeek, way: str) -> Decimal:
    """Delivered less planned: in seconds, or in money."""
    if way == LARGEST_COST:
        return week.delivered_cost - week.planned_cost
    return Decimal(week.delivered_seconds - week.planned_seconds)


def _drawn(seed: str, cpli_id: int) -> tuple[bytes, int]:
    return hashlib.sha256(f"{seed}|{cpli_id}".encode()).digest(), cpli_id
