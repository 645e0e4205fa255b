"""Whole numbers that the council may set from a day on (RULES 16): defaults that hold until then. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

Held = TypeVar("Held", bound=NamedTuple)
"""Whole numbers, by the names under which they are set."""


class NumberSet(NamedTuple):
    """A number as it was set: what holds from a day on."""

    name: str
    effective_from: date
    value: int


def holding_on(defaults: Held, set_ones: Iterable[NumberSet]) -> Callable[[date], Held]:
    """What holds on a day. Of two for the same day the later in ``set_ones`` holds."""
    dated: dict[str, dict[date, int]] = defaultdict(dict)
    for name, effective_from, value in set_ones:
        dated[name][effective_from] = value
    in_order = {name: (sorted(of), [of[day] for day in sorted(of)]) for name, of in dated.items()}

    @lru_cache(maxsize=4096)
    def on(day: date) -> Held:
        changes: dict[str, int] = {}
        for name, (days, values) in in_order.items():
            if place := bisect_right(days, day):
                changes[name] = values[place - 1]
        return defaults._replace(**changes)

    return on
