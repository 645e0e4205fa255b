"""From when on two visits of one carer are an overlap, and what a visit that was left running looks like (RULES 16). Pure."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

SECONDS_IN_A_DAY = 86_400
ENDED_TOGETHER, TOO_LONG = "ended_together", "too_long"


class OverlapLimits(NamedTuple):
    """Whole minutes; ``least_minutes``: what is shorter is no overlap. The others say what was left running."""

    least_minutes: int = 1
    end_minutes: int = 5
    delivered_minutes: int = 120
    planned_minutes: int = 30


LimitsOn = Callable[[date], OverlapLimits]
DEFAULTS = OverlapLimits()


class Pair(NamedTuple):
    """Two visits of one carer that ran at once, of which the first was begun no later than the second.

    In seconds since the midnight of the first one's delivered day; ``planned_seconds`` are the first one's, None where
    it has no planned times.
    """

    entry: int
    leaving: int
    planned_seconds: int | None
    other_entry: int
    other_leaving: int


def least_seconds(limits: OverlapLimits) -> int:
    """From how many seconds on two visits overlap; those that only touch never do."""
    return max(limits.least_minutes * 60, 1)


def signs_of_running_on(pair: Pair, limits: OverlapLimits) -> tuple[str, ...]:
    """Why the first visit looks as if the carer forgot to end it and went to the next person.

    It ended within so many minutes of the second one's end, before or after; or it lasted so long or longer where so
    little or less was planned.
    """
    signs = []
    if abs(pair.leaving - pair.other_leaving) <= limits.end_minutes * 60:
        signs.append(ENDED_TOGETHER)
    is_long = pair.leaving - pair.entry >= limits.delivered_minutes * 60
    if is_long and pair.planned_seconds is not None and pair.planned_seconds <= limits.planned_minutes * 60:
        signs.append(TOO_LONG)
    return tuple(signs)
