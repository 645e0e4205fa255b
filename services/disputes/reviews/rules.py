"""Provider-led reviews: planned extra care for two weeks at most (RULES 12; [003] Provider Led Reviews). Pure.

Where visits are longer, or come besides, by more than a quarter of an hour, somebody of the council approves it
internally first, and somebody else approves the review itself; for less the ordinary review is enough.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from libs.common.care.weeks import WEEKDAYS

MOST_DAYS: Final = 14
SECONDS_WITHOUT_APPROVAL: Final = 15 * 60
SECONDS_IN_A_DAY: Final = 24 * 3600
SECONDS_IN_AN_HOUR: Final = 3600


class Extra(NamedTuple):
    """Time that is asked for in each week: a visit of its own, or what is added to one. Seconds since midnight."""

    weekday: int
    entry: int
    exit: int
    is_longer: bool

    @property
    def seconds(self) -> int:
        """How long it is; past midnight too."""
        return (self.exit - self.entry) % SECONDS_IN_A_DAY


class Fault(NamedTuple):
    """What is wrong with what is asked: a code, the field it is about, and a sentence."""

    code: str
    field: str
    sentence: str


def find_fault(first_on: dt.date, last_on: dt.date, extras: Sequence[Extra], today: dt.date) -> Fault | None:
    """Why this can't be asked; None when it can. Planned care lies ahead, today included."""
    if first_on < today:
        sentence = "Enter a first day that is not in the past: a review is for care that is planned ahead"
        return Fault("in_the_past", "first_on", sentence)
    if last_on < first_on:
        return Fault("end_before_start", "last_on", "The last day must not be before the first day")
    if (last_on - first_on).days >= MOST_DAYS:
        sentence = f"Enter a last day within {MOST_DAYS} days: ask the council about care beyond two weeks"
        return Fault("too_long", "last_on", sentence)
    if not extras:
        return Fault("no_visits", "visits.0", "Enter the extra visits, or the time that is added to visits")
    weekdays = weekdays_of(first_on, last_on)
    for place, extra in enumerate(extras):
        if extra.weekday not in weekdays:
            sentence = f"There is no {WEEKDAYS[extra.weekday]} between the first and the last day"
            return Fault("no_such_day", f"visits.{place}", sentence)
        if not extra.seconds:
            return Fault("no_duration", f"visits.{place}", "Enter two different times")
    return None


def weekdays_of(first_on: dt.date, last_on: dt.date) -> set[int]:
    """The days of the week that there are from a first to a last day; Monday is 0."""
    return {(first_on + dt.timedelta(days=n)).weekday() for n in range((last_on - first_on).days + 1)}


def needs_internal_approval(extras: Iterable[Extra]) -> bool:
    """Whether any of it is more than a quarter of an hour."""
    return any(extra.seconds > SECONDS_WITHOUT_APPROVAL for extra in extras)


def hours_a_week(extras: Iterable[Extra]) -> Decimal:
    """The quantity of the second CPLI: hours of a whole week, rounded half up to two decimals."""
    seconds = sum(extra.seconds for extra in extras)
    return (Decimal(seconds) / SECONDS_IN_AN_HOUR).quantize(Decimal("0.01"), ROUND_HALF_UP)
