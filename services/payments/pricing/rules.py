"""The price of a week, the client's charge and what is posted (RULES 6, 7, 8). Pure: values in, values out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal

from libs.common.care.money import NOTHING, PENNY, SECONDS_IN_AN_HOUR, to_the_penny
from libs.common.care.terms import ONE_OFF, Term, term_on
from libs.common.care.weeks import next_period, period_start_of, sunday_of
from services.payments.pricing.pay_rules import DatedRules, Step, paid_rate, paid_seconds, rules_on

SECONDS_IN_A_DAY = 86_400
STEPS_KEPT = 200
"""What pay rules changed in single visits is kept with a week's price, but no more of it than this."""


@dataclass(frozen=True, slots=True)
class VisitType:
    """A row of the table of RULES 6, with what it is from a planned date on. ``basis``: delivered, planned or empty."""

    ref: str
    paid: bool
    charged: bool
    basis: str
    later: tuple[tuple[date, bool, bool, str], ...] = ()
    """(from which planned date, paid, charged, basis) of each change, in order"""

    def on(self, planned_on: date) -> "VisitType":
        """The type as it counts for a visit that is planned on a day."""
        begun = [change for change in self.later if change[0] <= planned_on]
        return VisitType(self.ref, *begun[-1][1:]) if begun else self


@dataclass(slots=True)
class Package:
    """A care package line item as payments needs it."""

    cpli_id: int
    client_id: str
    organisation_id: str
    contract: str
    start_on: date
    end_on: date | None
    terms: tuple[Term, ...]
    unit: str = field(default="Hr", kw_only=True)
    frequency: str = field(default="Weekly", kw_only=True)
    authorised: bool = field(default=True, kw_only=True)
    service_level: str = field(default="", kw_only=True)
    """its folded name"""

    @property
    def is_one_off(self) -> bool:
        """RULES 2: a single payment, which belongs to no week and says nothing of contributions."""
        return (self.unit, self.frequency) == ONE_OFF


@dataclass(slots=True)
class PaidVisit:
    """A matched visit as pricing needs it; times are seconds."""

    visit_ref: str
    visit_type: str
    planned_on: date
    planned_entry: int
    planned_exit: int
    delivered_seconds: int | None

    @property
    def planned_seconds(self) -> int:
        """How long the visit was to last; an exit before the entry is on the next day."""
        return (self.planned_exit - self.planned_entry) % SECONDS_IN_A_DAY


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


Sums = dict[tuple[str, Decimal], int]
"""Seconds by basis and rate."""


def price_week(
    visits: Iterable[PaidVisit],
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
    price.charged = _cost(charged, "delivered") + _cost(charged, "planned")
    price.parts = tuple((basis, rate, seconds) for (basis, rate), seconds in sorted(paid.items()))
    if steps:
        price.steps, price.steps_in_all = tuple(steps[:STEPS_KEPT]), len(steps)
    return price


def _sum_plainly(
    visits: Iterable[PaidVisit],
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
            kind = kind.on(visit.planned_on)
        if not kind.basis:
            continue
        rate = single if single is not None else term_on(terms, visit.planned_on).unit_cost
        seconds = visit.planned_seconds if kind.basis == "planned" else visit.delivered_seconds or 0
        part = (kind.basis, rate)
        if kind.paid:
            paid[part] = paid.get(part, 0) + seconds
        if kind.charged:
            charged[part] = charged.get(part, 0) + seconds


def _sum_by_rules(
    visits: Iterable[PaidVisit],
    terms: Sequence[Term],
    types: Mapping[str, VisitType],
    pay_rules: Sequence[DatedRules],
    paid: Sums,
    charged: Sums,
) -> list[tuple[str, Step]]:
    """With the rules in force on each visit's planned date; answers what they changed, visit by visit."""
    steps = []
    for visit in visits:
        kind = types[visit.visit_type]
        if kind.later:
            kind = kind.on(visit.planned_on)
        if not kind.basis:
            continue
        rules, day = rules_on(pay_rules, visit.planned_on), visit.planned_on
        time = visit.planned_seconds if kind.basis == "planned" else visit.delivered_seconds or 0
        seconds, of_time = paid_seconds(rules, time, visit.planned_seconds)
        unit_cost = term_on(terms, day).unit_cost
        rate, of_rate = paid_rate(rules, unit_cost, day, visit.planned_entry, seconds)
        for sums, is_on in ((paid, kind.paid), (charged, kind.charged)):
            if is_on:
                sums[kind.basis, rate] = sums.get((kind.basis, rate), 0) + seconds
        if kind.paid or kind.charged:
            steps += [(visit.visit_ref, step) for step in (*of_time, *of_rate)]
    return steps


def explain(price: Price) -> list[dict[str, object]]:
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


def explain_steps(price: Price) -> dict[str, object]:
    """What the contract's pay rules changed in single visits, and how many steps that is; nothing without any."""
    if not price.steps:
        return {}
    steps = [
        {"visit": visit_ref, **step._asdict(), "before": str(step.before), "after": str(step.after)}
        for visit_ref, step in price.steps
    ]
    return {"steps": steps, "steps_in_all": price.steps_in_all}


def _seconds(parts: Sums, basis: str) -> int:
    return sum(seconds for (of, _), seconds in parts.items() if of == basis)


def _cost(parts: Sums, basis: str) -> Decimal:
    product = sum((seconds * rate for (of, rate), seconds in parts.items() if of == basis), Decimal(0))
    return to_the_penny(product / SECONDS_IN_AN_HOUR)


@dataclass(frozen=True, slots=True)
class Contribution:
    """The most a client may be charged for a week (None: the full cost), who collects it, and whose row says so."""

    assessed: Decimal | None
    collected_by: str
    organisation_id: str = ""


def contribution_of_week(packages: Iterable[Package], monday: date) -> Contribution:
    """RULES 2: the client's contribution in force on the week's Monday, across organisations.

    Where rows disagree, that of the latest (StartDate, CpliId) among the CPLIs in force on the Monday; where
    none is, among those that touch the week; else among all. One-off payments say nothing of contributions.
    """
    every = [package for package in packages if not package.is_one_off]
    if not every:
        return Contribution(None, "Council")
    sunday = sunday_of(monday)
    on_monday = [p for p in every if p.start_on <= monday and (p.end_on is None or p.end_on >= monday)]
    in_week = [p for p in every if p.start_on <= sunday and (p.end_on is None or p.end_on >= monday)]
    latest = max(on_monday or in_week or every, key=lambda p: (p.start_on, p.cpli_id))
    term = term_on(latest.terms, max(monday, latest.start_on))
    return Contribution(term.assessed_contribution, term.collected_by, latest.organisation_id)


def charge_of_week(cost_charged: Decimal, contribution: Contribution) -> Decimal:
    """RULES 7: the lower of the cost charged and the assessed contribution (Care Act 2014 s14)."""
    if contribution.assessed is None:
        return cost_charged
    # A part of a penny is cut off: rounded up, the charge would be more than was assessed.
    return min(cost_charged, contribution.assessed.quantize(PENNY, rounding=ROUND_DOWN))


def deductions_of_week(
    charge: Decimal, contribution: Contribution, costs: Mapping[int, Decimal], held: Collection[int] = ()
) -> dict[int, Decimal]:
    """RULES 7: a contribution the provider collects, spread over the CPLIs up to each one's cost, those not held first.

    ``costs`` are pounds by CpliId, of the organisation whose row decides; the answer is negative pounds by CpliId.
    """
    left = charge if contribution.collected_by == "Provider" else NOTHING
    deductions = {}
    for cpli_id in sorted(costs, key=lambda known: (known in held, known)):
        part = min(left, costs[cpli_id])
        deductions[cpli_id] = -part
        left -= part
    return deductions


@dataclass(frozen=True, slots=True)
class Periods:
    """Which periods are finalised: the start of the last one, by contract and (key None) for all."""

    grid_monday: date
    finalised_through: Mapping[str | None, date]

    def through(self, contract: str | None) -> date | None:
        """The start of the last finalised period of a contract."""
        known = [self.finalised_through[key] for key in (None, contract) if key in self.finalised_through]
        return max(known) if known else None

    def for_week(self, monday: date, contract: str | None) -> date:
        """RULES 8: a week posts to its own period while that is open, else to the earliest open one."""
        own = period_start_of(monday, self.grid_monday)
        through = self.through(contract)
        return own if through is None or own > through else next_period(through)


@dataclass(frozen=True, slots=True)
class Posting:
    """One new line of money: pounds into a period, with the reason."""

    amount: Decimal
    period_start: date
    kind: str
    reason: str
    ordinal: int


REASON_FOR_CHANGE = {
    "visits": "Retrospective change to visits data",
    "care": "Retrospective change to a Care Package Line Item",
    "claim": "Paid by an accepted one-off claim",
    "hold": "Payment held or released",
}
REASON_OF_KIND = {
    "cost": "Care delivered",
    "one_off": "One-off payment",
    "income": "Client contribution collected by the provider",
    "charge": "Care delivered",
}


def posting_for(
    target: Decimal, posted: Decimal, ordinal: int, *, kind: str, own_period: date, period: date, changed: str
) -> Posting | None:
    """RULES 8: post target minus posted; outside its own period it is an adjustment that says why.

    ``kind`` is cost, income, charge or one_off; ``changed`` is ``visits``, ``care``, ``claim`` or ``hold``;
    ``ordinal`` counts the items that were posted before it.
    """
    difference = target - posted
    if not difference:
        return None
    if period == own_period:
        return Posting(difference, period, kind, REASON_OF_KIND[kind], ordinal)
    late_kind = "adjustment" if kind in ("cost", "one_off") else kind
    return Posting(difference, period, late_kind, REASON_FOR_CHANGE[changed], ordinal)
