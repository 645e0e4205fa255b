"""The price of a CPLI's week (RULES 6). Pure: values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from libs.common.care.money import NOTHING, SECONDS_IN_AN_HOUR, to_the_penny
from libs.common.care.terms import Term, term_on
from libs.common.seams.events import VisitOfWeek
from libs.common.seams.payments.prices import PricePart, PriceStep, PriceSteps
from services.payments.packages.rules import VisitType
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
    parts: tuple[tuple[str, Decimal, int], ...] = ()
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


Sums = dict[tuple[str, Decimal], int]
"""Seconds by basis and rate."""


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
            "seconds": seconds,
            "unit_cost": str(rate),
            "exact": str(seconds * rate / SECONDS_IN_AN_HOUR),
            "rounding": "half up, once for the part",
        }
        for basis, rate, seconds in price.parts
    ]


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
