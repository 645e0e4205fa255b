"""The thresholds of RULES 16: dated data, with the defaults that hold until the council sets others. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from libs.common.care.dated import NumberSet, holding_on


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


LIMITS = {
    "late_minutes": (0, 1440),
    "early_minutes": (0, 1440),
    "short_per_cent": (0, 100),
    "under_minutes": (0, 1440),
    "critical_minutes": (0, 1440),
    "very_late_is_missed": (0, 1),
    "under_delivery_per_cent": (0, 100),
    "over_delivery_per_cent": (100, 1000),
    "weeks_looked_at": (1, 52),
    "weeks_wanted": (1, 52),
}
"""The lowest and the highest value of each; 0 and 1 for what is said or not."""


def is_possible(name: str, value: int) -> bool:
    """Whether a threshold may have this value."""
    lowest, highest = LIMITS[name]
    return lowest <= value <= highest


ThresholdsOn = Callable[[date], Thresholds]
DEFAULTS = Thresholds()
OF_UNDER_DELIVERY = frozenset(
    {"under_delivery_per_cent", "over_delivery_per_cent", "weeks_looked_at", "weeks_wanted"}
)
"""No measure of an organisation depends on these."""

ThresholdSet = NumberSet
"""A threshold as it was set: what holds from a planned day on."""


def by_day(set_ones: Iterable[ThresholdSet]) -> ThresholdsOn:
    """What holds on a day. Of two for the same day the later in ``set_ones`` holds."""
    return holding_on(DEFAULTS, set_ones)


def with_values(thresholds_on: ThresholdsOn, values: Mapping[str, int]) -> ThresholdsOn:
    """What would hold on a day, had these thresholds these values on every day."""

    @lru_cache(maxsize=4096)
    def tried_on(day: date) -> Thresholds:
        return thresholds_on(day)._replace(**dict(values))

    return tried_on


def state_of(changes: Sequence[tuple[date, int]], today: date) -> dict[int, str]:
    """How each change of one threshold, (effective_from, change id), stands: ``current``, ``coming``, ``past`` or,
    where a later change is of the same day, ``replaced``."""
    newest = {day: max(number for of, number in changes if of == day) for day, _ in changes}
    current = max((day for day in newest if day <= today), default=None)
    states = {}
    for day, number in changes:
        if number != newest[day]:
            states[number] = "replaced"
        elif day > today:
            states[number] = "coming"
        else:
            states[number] = "current" if day == current else "past"
    return states
