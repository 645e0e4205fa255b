"""The thresholds of RULES 16: dated data, with the defaults that hold until the council sets others. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple


class Thresholds(NamedTuple):
    """From what on something counts; minutes, per cent and weeks are whole."""

    late_minutes: int = 15
    early_minutes: int = 15
    short_per_cent: int = 80
    under_minutes: int = 30
    critical_minutes: int = 15
    very_late_is_missed: int = 0
    under_delivery_per_cent: int = 80
    over_delivery_per_cent: int = 110
    weeks_looked_at: int = 6
    weeks_wanted: int = 4


ThresholdsOn = Callable[[date], Thresholds]
DEFAULTS = Thresholds()
OF_UNDER_DELIVERY = frozenset(
    {"under_delivery_per_cent", "over_delivery_per_cent", "weeks_looked_at", "weeks_wanted"}
)
"""No measure of an organisation depends on these."""


class ThresholdSet(NamedTuple):
    """A threshold as it was set: what holds from a planned day on."""

    name: str
    effective_from: date
    value: int


def by_day(set_ones: Iterable[ThresholdSet]) -> ThresholdsOn:
    """What holds on a day. Of two for the same day the later in ``set_ones`` holds."""
    dated: dict[str, dict[date, int]] = defaultdict(dict)
    for name, effective_from, value in set_ones:
        dated[name][effective_from] = value
    in_order = {name: (sorted(of), [of[day] for day in sorted(of)]) for name, of in dated.items()}

    @lru_cache(maxsize=4096)
    def thresholds_on(day: date) -> Thresholds:
        changes: dict[str, Any] = {}
        for name, (days, values) in in_order.items():
            if place := bisect_right(days, day):
                changes[name] = values[place - 1]
        return DEFAULTS._replace(**changes)

    return thresholds_on
