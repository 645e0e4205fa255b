"""The price of a CPLI's week (RULES 6). Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from libs.common.care.actuals import ActualLine, cost_of, paid_times, whole_seconds
from libs.common.care.money import NOTHING, SECONDS_IN_AN_HOUR, to_the_penny
from libs.common.care.plans import Plan
from libs.common.care.terms import Term, term_on
from libs.common.seams.events import LineOfWeek, VisitOfWeek, read_visits
from libs.common.seams.payments.prices import PricePart, PriceStep, PriceSteps
from services.payments.packages.rules import Package, VisitType
from services.payments.pay_rules.rules import DatedRules, Step, paid_rate, paid_seconds, rules_on

SECONDS_IN_A_DAY = 86_400
CpliWeek = tuple[int, date]
ClientWeek = tuple[str, date]
STEPS_KEPT = 200
"""What pay rules changed in single visits is kept with a week's price, but no more of it than this."""


@lru_cache(maxsize=4096)
def _day_of(planned_on: str) -> date:
    return date.fromisoformat(planned_on)  # thousands of visits are planned on a handful of days


def planned_day_of(visit: VisitOfWeek) -> date:
    """The day for which a visit was planned."""
    return _day_of(visit.planned_on)


def planned_seconds_of(visit: VisitOfWeek) -> int:
    """How long a visit was to last; an exit before the entry is on the next day."""
    return (visit.planned_exit - visit.planned_entry) % SECONDS_IN_A_DAY


@dataclass(slots=True)
class Price:
    """What a CPLI's week costs. Seconds and pounds; ``charged`` is what the client's charge counts."""

    delivered_seconds: int = 0
    frustrated_seconds: int = 0
    actual: Decimal = NOTHING
    frustrated: Decimal = NOTHING
    charged: Decimal = NOTHING
    parts: tuple[tuple[str, Decimal, int | Fraction], ...] = ()
    """basis, unit cost and seconds; parts of a second where some days of a line of an actual do not count"""
    steps: tuple[tuple[str, Step], ...] = ()
    """(VisitRef, step) of what pay rules changed"""
    steps_in_all: int = 0

    @property
    def payable(self) -> Decimal:
        """RULES 6: payable = actual + frustrated."""
        return self.actual + self.frustrated


@dataclass(frozen=True, slots=True)
class PricedWeek:
    """A CPLI's week as it was priced."""

    cpli_id: int
    monday: date
    version: int
    client_id: str
    price: Price


@dataclass(frozen=True, slots=True)
class Delivered:
    """What of a CPLI's week is to be priced, once: its visits, or the lines of an actual (None for a week of visits).

    It is read while it is priced, so that what can't be read is about this week alone.
    """

    visits: Iterable[VisitOfWeek]
    lines: Iterable[ActualLine] | None = None

    @classmethod
    def read(cls, visits: Iterable[Sequence[Any]], lines: Iterable[Sequence[Any]] | None) -> Delivered:
        """From what a message says, or a week holds, where each is a list."""
        return cls(read_visits(visits), None if lines is None else map(_line_of, lines))


def _line_of(said: Sequence[Any]) -> ActualLine:
    line = LineOfWeek._make(said)
    return ActualLine(
        _day_of(line.first_on), _day_of(line.last_on), line.delivered_seconds, line.frustrated_seconds
    )


Sums = dict[tuple[str, Decimal], int]
"""Seconds by basis and rate."""


def price_delivered(
    delivered: Delivered,
    package: Package,
    types: Mapping[str, VisitType],
    pay_rules: Sequence[DatedRules] = (),
) -> Price:
    """What a week costs: by its visits (RULES 6) or by the lines of an actual (RULES 13)."""
    if delivered.lines is None:
        return price_week(delivered.visits, package.terms, types, pay_rules)
    return price_actual(list(delivered.lines), package.plan, is_paid=package.pays_actuals)


def price_actual(lines: Sequence[ActualLine], plan: Plan, *, is_paid: bool) -> Price:
    """RULES 13: the time of each line's days in force, each at its day's rate; delivered and frustrated rounded once.

    The client is charged for all of it. Pay rules don't touch actuals.
    """
    delivered = paid_times([(line, line.delivered_seconds) for line in lines], plan, is_authorised=is_paid)
    frustrated = paid_times([(line, line.frustrated_seconds) for line in lines], plan, is_authorised=is_paid)
    price = Price(
        delivered_seconds=whole_seconds(delivered),
        frustrated_seconds=whole_seconds(frustrated),
        actual=cost_of(delivered),
        frustrated=cost_of(frustrated),
    )
    price.charged = price.payable
    parts = [("delivered", time) for time in delivered] + [("planned", time) for time in frustrated]
    price.parts = tuple((basis, time.unit_cost, _whole_if_whole(time.seconds)) for basis, time in parts)
    return price


def _whole_if_whole(seconds: Fraction) -> int | Fraction:
    return seconds.numerator if seconds.denominator == 1 else seconds


def price_week(
    visits: Iterable[VisitOfWeek],
    terms: Sequence[Term],
    types: Mapping[str, VisitType],
    pay_rules: Sequence[DatedRules] = (),
) -> Price:
    """RULES 6: the exact products of seconds and rate are summed, then rounded once.

    The client is charged for what is charged by type, at the same rates and rounded in the same two parts.
    ``pay_rules`` are those of the contract, in order of their dates; they decide what time and which rate count.
    """
    paid: Sums = {}
    charged: Sums = {}
    steps = _sum_by_rules(visits, terms, types, pay_rules, paid, charged) if pay_rules else []
    if not pay_rules:
        _sum_plainly(visits, terms, types, paid, charged)
    price = Price(
        delivered_seconds=_seconds(paid, "delivered"),
        frustrated_seconds=_seconds(paid, "planned"),
        actual=_cost(paid, "delivered"),
        frustrated=_cost(paid, "planned"),
    )
    price.charged = price.payable
    if charged != paid:
        price.charged = _cost(charged, "delivered") + _cost(charged, "planned")
    price.parts = tuple((basis, rate, seconds) for (basis, rate), seconds in sorted(paid.items()))
    if steps:
        price.steps, price.steps_in_all = tuple(steps[:STEPS_KEPT]), len(steps)
    return price


def _sum_plainly(
    visits: Iterable[VisitOfWeek],
    terms: Sequence[Term],
    types: Mapping[str, VisitType],
    paid: Sums,
    charged: Sums,
) -> None:
    """Without pay rules: the time as it was, at the unit cost. Nearly all weeks go this way, so it is the short one."""
    single = terms[0].unit_cost if len(terms) == 1 else None
    for visit in visits:
        kind = types[visit.visit_type]
        if kind.later:
            kind = kind.on(planned_day_of(visit))
        if not kind.basis:
            continue
        rate = single if single is not None else term_on(terms, planned_day_of(visit)).unit_cost
        seconds = planned_seconds_of(visit) if kind.basis == "planned" else visit.delivered_seconds or 0
        part = (kind.basis, rate)
        if kind.paid:
            paid[part] = paid.get(part, 0) + seconds
        if kind.charged:
            charged[part] = charged.get(part, 0) + seconds


def _sum_by_rules(
    visits: Iterable[VisitOfWeek],
    terms: Sequence[Term],
    types: Mapping[str, VisitType],
    pay_rules: Sequence[DatedRules],
    paid: Sums,
    charged: Sums,
) -> list[tuple[str, Step]]:
    """With the rules in force on each visit's planned date; answers what they changed, visit by visit."""
    steps = []
    for visit in visits:
        day, planned = planned_day_of(visit), planned_seconds_of(visit)
        kind = types[visit.visit_type]
        if kind.later:
            kind = kind.on(day)
        if not kind.basis:
            continue
        rules = rules_on(pay_rules, day)
        time = planned if kind.basis == "planned" else visit.delivered_seconds or 0
        seconds, of_time = paid_seconds(rules, time, planned)
        unit_cost = term_on(terms, day).unit_cost
        rate, of_rate = paid_rate(rules, unit_cost, day, visit.planned_entry, seconds)
        for sums, is_on in ((paid, kind.paid), (charged, kind.charged)):
            if is_on:
                sums[kind.basis, rate] = sums.get((kind.basis, rate), 0) + seconds
        if kind.paid or kind.charged:
            steps += [(visit.visit_ref, step) for step in (*of_time, *of_rate)]
    return steps


def explain(price: Price) -> list[PricePart]:
    """RULES 6, every amount explains itself: the seconds, rate and exact product of each part of a price."""
    return [
        {
            "part": "actual" if basis == "delivered" else "frustrated",
            "seconds": int(seconds + Fraction(1, 2)) if isinstance(seconds, Fraction) else seconds,
            "unit_cost": str(rate),
            "exact": _exact_text(seconds, rate),
            "rounding": "half up, once for the part",
        }
        for basis, rate, seconds in price.parts
    ]


def _exact_text(seconds: int | Fraction, rate: Decimal) -> str:
    """The product before it is rounded; one that no decimals hold is cut to nine."""
    if isinstance(seconds, int):
        return str(seconds * rate / SECONDS_IN_AN_HOUR)
    exact = seconds * Fraction(rate) / SECONDS_IN_AN_HOUR
    return str(Decimal(int(exact * 10**9)).scaleb(-9))


def explain_steps(price: Price) -> PriceSteps:
    """What the contract's pay rules changed in single visits, and how many steps that is; nothing without any."""
    if not price.steps:
        return {}
    steps: list[PriceStep] = [
        {
            "visit": visit_ref,
            "rule": step.rule,
            "before": str(step.before),
            "after": str(step.after),
            "by": step.by,
        }
        for visit_ref, step in price.steps
    ]
    return {"steps": steps, "steps_in_all": price.steps_in_all}


def _seconds(parts: Sums, basis: str) -> int:
    return sum(seconds for (of, _), seconds in parts.items() if of == basis)


def _cost(parts: Sums, basis: str) -> Decimal:
    product = sum((seconds * rate for (of, rate), seconds in parts.items() if of == basis), Decimal(0))
    return to_the_penny(product / SECONDS_IN_AN_HOUR) if product else NOTHING
