"""Requisitions and their offers (RULES 16). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

OFFERED, ACCEPTED, DECLINED, LAPSED, WITHDRAWN = "offered", "accepted", "declined", "lapsed", "withdrawn"
"""States of an offer; all but the first are ends."""
TO_OFFER, EXHAUSTED = "to_offer", "exhausted"
"""Of a requisition, beside those of its offers that it takes over: offered, accepted, withdrawn."""
STATES: Final = (TO_OFFER, OFFERED, ACCEPTED, EXHAUSTED, WITHDRAWN)
WAITING, SKIPPED = "waiting", "skipped"
"""Of a provider that was not asked."""
DEFAULT_HOURS: Final = 24
"""An offer stands so long unless the council sets another number of hours."""
SECONDS_IN_AN_HOUR: Final = 3600


def state_now(answer: str | None, lapses_at: dt.datetime, now: dt.datetime) -> str:
    """An offer's state by the clock: one that stands no longer has lapsed, whether that was noted yet or not."""
    if answer is not None:
        return answer
    return OFFERED if now < lapses_at else LAPSED


def next_place(places: Sequence[int], done: Collection[int]) -> int | None:
    """The best place that was neither asked nor skipped; None when nobody is left."""
    return min((place for place in places if place not in done), default=None)


def hours_on(day: dt.date, dated: Sequence[tuple[dt.date, int]]) -> int:
    """For how many hours an offer of a day stands; of two numbers set for one day the later in ``dated`` holds."""
    held = [(since, place, hours) for place, (since, hours) in enumerate(dated) if since <= day]
    return max(held)[2] if held else DEFAULT_HOURS


def median_hours(seconds: Sequence[int | Fraction]) -> str | None:
    """The median (of an even number, the mean of the middle two) in hours, to two decimals half up."""
    if not seconds:
        return None
    in_order, middle = sorted(seconds), len(seconds) // 2
    of_middle = in_order[middle : middle + 1] if len(seconds) % 2 else in_order[middle - 1 : middle + 1]
    hours = Fraction(sum(of_middle), len(of_middle) * SECONDS_IN_AN_HOUR)
    exact = Decimal(hours.numerator) / Decimal(hours.denominator)
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def counted(states: Mapping[str, int]) -> dict[str, int]:
    """How many offers came to each end, and how many there were; withdrawn ones are none."""
    offers = sum(number for state, number in states.items() if state != WITHDRAWN)
    return {"offers": offers, **{state: states.get(state, 0) for state in (ACCEPTED, DECLINED, LAPSED)}}
