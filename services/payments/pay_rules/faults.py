"""What is wrong with pay rules before they are set: what would leave a visit's pay to chance or to nothing (RULES 6). Pure."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from services.payments.pay_rules.rules import Band, PayRules, Rate


class Fault(NamedTuple):
    """Which part of the rules (``bands``, ``rates``), which of its rows from 0 on, and a sentence that says what to do."""

    part: str
    row: int
    sentence: str


def faults_of(rules: PayRules) -> list[Fault]:
    """All faults; none when the rules can be set."""
    return [*_bands(rules.bands), *_rates(rules)]


def _bands(bands: tuple[Band, ...]) -> Iterator[Fault]:
    for row, band in enumerate(bands):
        if band.last is not None and band.last < band.first:
            yield Fault("bands", row, "The band must end at or after its first minute")
    for (_, one), (row, other) in combinations(enumerate(bands), 2):
        if _first_shared(one, other):
            shown = f"{one.first} to {one.last}" if one.last is not None else f"{one.first} and over"
            yield Fault(
                "bands", row, f"The band shares minutes with the band {shown}: each minute is in one band"
            )


def _first_shared(one: Band, other: Band) -> bool:
    def last(band: Band) -> float:
        return float("inf") if band.last is None else band.last

    return max(one.first, other.first) <= min(last(one), last(other))


def _rates(rules: PayRules) -> Iterator[Fault]:
    for row, rate in enumerate(rules.rates):
        if (rate.entry_from is None) != (rate.entry_to is None):
            yield Fault("rates", row, "Enter both times of day, or neither")
        elif rate.entry_from is not None and rate.entry_from == rate.entry_to:
            yield Fault("rates", row, "The two times of day must differ: leave both empty for all day")
        if (rate.unit_cost is None) == (rate.percent is None):
            yield Fault("rates", row, "Enter a rate in pounds an hour, or as a percentage of the unit cost")
        if rate.day == "special_day" and not rules.special_days:
            yield Fault("rates", row, "Enter at least one special day below, or choose another day")
    for (_, one), (row, other) in combinations(enumerate(rules.rates), 2):
        if _are_rivals(one, other):
            yield Fault(
                "rates", row, "Two rates are for the same visits: change the day, the times or the minutes"
            )


def _are_rivals(one: Rate, other: Rate) -> bool:
    """Whether both can fit one visit, and neither goes before the other."""
    if one.day != other.day or one.up_to != other.up_to:
        return False
    spans = [(rate.entry_from, rate.entry_to) for rate in (one, other)]
    if spans[0] == (None, None) or spans[1] == (None, None):
        return spans[0] == spans[1]
    return any(rate.fits([other_rate.day], start, 0) for rate, other_rate, start in _starts(one, other))


def _starts(one: Rate, other: Rate) -> Iterator[tuple[Rate, Rate, int]]:
    """Two spans of the clock meet when either begins within the other."""
    if other.entry_from is not None:
        yield one, other, other.entry_from
    if one.entry_from is not None:
        yield other, one, one.entry_from
