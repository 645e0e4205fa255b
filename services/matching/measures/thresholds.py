"""The thresholds of RULES 16: dated data, with the defaults that hold until the council sets others. Pure."""

from collections.abc import Callable, Iterable
from datetime import date
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


ThresholdsOn = Callable[[date], Thresholds]
DEFAULTS = Thresholds()

ThresholdSet = NumberSet
"""A threshold as it was set: what holds from a planned day on."""


def by_day(set_ones: Iterable[ThresholdSet]) -> ThresholdsOn:
    """What holds on a day. Of two for the same day the later in ``set_ones`` holds."""
    return holding_on(DEFAULTS, set_ones)
