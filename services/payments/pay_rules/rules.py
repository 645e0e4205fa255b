"""The optional pay rules of a contract (RULES 6): which time of a visit is paid, and at what rate. Pure.

All rules are data, and none is on by default. For each visit they apply in this order: band, rounding, cap, minimum,
then the rate. Times are exact seconds; what a contract writes in minutes is whole minutes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from libs.common.care.bank_holidays import bank_holidays

A_MINUTE = 60
WAYS = ("up", "down", "nearest")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
GROUPS: Mapping[str, Collection[int]] = {"weekdays": range(5), "weekend": (5, 6), "any": range(7)}
DAY_RANKS: Mapping[str, int] = {
    "any": 0,
    "weekdays": 1,
    "weekend": 1,
    **dict.fromkeys(WEEKDAYS, 2),
    "bank_holiday": 3,
    "special_day": 4,
}
"""RULES 6: special day before bank holiday before weekday; a single weekday goes before a group of them."""


@dataclass(frozen=True, slots=True)
class Band:
    """Visits from ``first`` to ``last`` minutes (None: and longer) pay ``pay`` minutes.

    A band ends with the end of its last minute: 23-37 holds 37 minutes 59 seconds, and 38-52 goes on from there.
    """

    first: int
    last: int | None
    pay: int

    def holds(self, seconds: int) -> bool:
        """Whether a visit of so many seconds is in this band."""
        return seconds >= self.first * A_MINUTE and (
            self.last is None or seconds < (self.last + 1) * A_MINUTE
        )


@dataclass(frozen=True, slots=True)
class Rounding:
    """To whole multiples of so many minutes; ``way`` is up, down or nearest (half goes up)."""

    minutes: int
    way: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate for some visits: pounds an hour, or a percentage of the unit cost; the other is None.

    ``day`` is a key of DAY_RANKS. ``entry_from`` and ``entry_to`` are seconds since midnight, the second not included;
    a time that ends before it starts goes past midnight. ``up_to`` are minutes paid. None: for any.
    """

    day: str
    entry_from: int | None
    entry_to: int | None
    up_to: int | None
    unit_cost: Decimal | None
    percent: Decimal | None

    def of(self, unit_cost: Decimal) -> Decimal:
        """Pounds an hour, where the care package line item has this unit cost."""
        return self.unit_cost if self.unit_cost is not None else unit_cost * (self.percent or 0) / 100

    def fits(self, days: Collection[str], entry: int, seconds: int) -> bool:
        """Whether it is for a visit on a day that is all of ``days``, planned to begin then, and paid for so long."""
        is_short_enough = self.up_to is None or seconds <= self.up_to * A_MINUTE
        return self.day in days and is_short_enough and self._is_then(entry)

    def _is_then(self, entry: int) -> bool:
        if self.entry_from is None or self.entry_to is None:
            return True
        if self.entry_from < self.entry_to:
            return self.entry_from <= entry < self.entry_to
        return entry >= self.entry_from or entry < self.entry_to

    def precedence(self) -> tuple[int, bool, float]:
        """The highest of those that fit is taken: by day, then a time of day before all day, then the shortest."""
        return DAY_RANKS[self.day], self.entry_from is not None, -(self.up_to or float("inf"))


@dataclass(frozen=True, slots=True)
class PayRules:
    """The rules of a contract from a date on; ``cap`` are minutes over plan, ``minimum`` minutes. None: off."""

    bands: tuple[Band, ...] = ()
    rounding: Rounding | None = None
    cap: int | None = None
    minimum: int | None = None
    rates: tuple[Rate, ...] = ()
    special_days: Mapping[date, str] = field(default_factory=dict)


class DatedRules(NamedTuple):
    """Rules for visits that are planned on or after a date."""

    effective_from: date
    rules: PayRules


class Step(NamedTuple):
    """What one rule changed: seconds, or for ``rate`` pounds an hour. ``by`` is the rate's day, empty else."""

    rule: str
    before: int | Decimal
    after: int | Decimal
    by: str = ""


NO_RULES = PayRules()


def rules_on(dated: Sequence[DatedRules], day: date) -> PayRules:
    """The rules for a visit that is planned on this day; ``dated`` is in order. Before the first there are none."""
    in_force = NO_RULES
    for effective_from, rules in dated:
        if effective_from > day:
            break
        in_force = rules
    return in_force


def banded(rules: PayRules, seconds: int, planned_seconds: int) -> int:
    """The minutes that the visit's band pays; a visit in no band keeps its time."""
    return next((band.pay * A_MINUTE for band in rules.bands if band.holds(seconds)), seconds)


def rounded(rules: PayRules, seconds: int, planned_seconds: int) -> int:
    """To whole multiples of the rounding's minutes."""
    if rules.rounding is None:
        return seconds
    unit = rules.rounding.minutes * A_MINUTE
    added = {"up": unit - 1, "down": 0, "nearest": unit // 2}[rules.rounding.way]
    return (seconds + added) // unit * unit


def capped(rules: PayRules, seconds: int, planned_seconds: int) -> int:
    """No more than was planned and the tolerance."""
    return seconds if rules.cap is None else min(seconds, planned_seconds + rules.cap * A_MINUTE)


def raised(rules: PayRules, seconds: int, planned_seconds: int) -> int:
    """The minimum at least."""
    return seconds if rules.minimum is None else max(seconds, rules.minimum * A_MINUTE)


RULES_OF_TIME = (("band", banded), ("rounding", rounded), ("cap", capped), ("minimum", raised))
"""In their order (RULES 6); each is given the rules, the seconds so far and the planned seconds."""


def paid_seconds(rules: PayRules, seconds: int, planned_seconds: int) -> tuple[int, list[Step]]:
    """The time of a visit that is paid, and what each rule changed in it. No time stays no time."""
    steps: list[Step] = []
    if not seconds:
        return 0, steps
    for rule, applied in RULES_OF_TIME:
        after = applied(rules, seconds, planned_seconds)
        if after != seconds:
            steps.append(Step(rule, seconds, after))
        seconds = after
    return seconds, steps


def days_of(rules: PayRules, day: date) -> list[str]:
    """All that a day is: its weekday, its group, any day, and may be a bank holiday or a special day."""
    number = day.weekday()
    days = [WEEKDAYS[number], *(group for group, numbers in GROUPS.items() if number in numbers)]
    if day in bank_holidays():
        days.append("bank_holiday")
    if day in rules.special_days:
        days.append("special_day")
    return days


def paid_rate(
    rules: PayRules, unit_cost: Decimal, planned_on: date, planned_entry: int, seconds: int
) -> tuple[Decimal, list[Step]]:
    """Pounds an hour for a visit that is paid for so many seconds, looked up at its planned entry.

    The unit cost of its care package line item where no rate of the contract fits.
    """
    if not rules.rates:
        return unit_cost, []
    days = days_of(rules, planned_on)
    fitting = [rate for rate in rules.rates if rate.fits(days, planned_entry, seconds)]
    if not fitting:
        return unit_cost, []
    chosen = max(fitting, key=Rate.precedence)
    after = chosen.of(unit_cost)
    return after, [Step("rate", unit_cost, after, chosen.day)] if after != unit_cost else []
