"""What a client is charged for a week, and how its statement says it (RULES 7, 8, 15). Pure: values in, values out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from libs.common.care.money import NOTHING, PENNY
from libs.common.care.terms import term_on
from libs.common.care.weeks import sunday_of
from services.payments.holds.week_rules import HoldOfCharge, cost_charged
from services.payments.packages.rules import Package, StoredPackage
from services.payments.pricing.rules import ClientWeek, CpliWeek, PricedWeek


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


# By client-week: the charge, the deductions by CPLI, and how they came about.
Targets = dict[ClientWeek, tuple[Decimal, dict[int, Decimal], dict[str, Any]]]
NOT_HELD = HoldOfCharge(is_held=False, left_out=NOTHING)


def charge_targets(
    weeks: Mapping[CpliWeek, PricedWeek],
    packages: Mapping[int, StoredPackage],
    holds: Mapping[CpliWeek, HoldOfCharge],
) -> Targets:
    """RULES 7 for each client-week: the charge, the deductions by CPLI, and how they came about.

    ``holds`` has the weeks about which something was decided (RULES 8).
    """
    of_client = group_by_client(packages)
    targets = {}
    for (client_id, monday), of_week in group_by_client_week(weeks).items():
        contribution = contribution_of_week(of_client[client_id], monday)
        known = {week.cpli_id: holds.get((week.cpli_id, monday), NOT_HELD) for week in of_week}
        cost = sum(
            (
                cost_charged(week.price.charged, week.price.payable, known[week.cpli_id].left_out)
                for week in of_week
            ),
            NOTHING,
        )
        charge = charge_of_week(cost, contribution)
        costs = {
            week.cpli_id: max(week.price.payable - known[week.cpli_id].left_out, NOTHING)
            for week in of_week
            if packages[week.cpli_id].organisation_id == contribution.organisation_id
        }
        held = {cpli_id for cpli_id in costs if known[cpli_id].is_held}
        deductions = deductions_of_week(charge, contribution, costs, held)
        targets[client_id, monday] = charge, deductions, explain_charge(cost, contribution, known)
    return targets


def explain_charge(
    cost: Decimal, contribution: Contribution, holds: Mapping[int, HoldOfCharge]
) -> dict[str, Any]:
    """How a charge came about; where something is left out of it for a hold, how much by CPLI."""
    left_out = {str(cpli_id): str(hold.left_out) for cpli_id, hold in holds.items() if hold.left_out}
    return {
        "rule": "The lower of the cost charged and the assessed contribution",
        "cost_charged": str(cost),
        "assessed_contribution": None if contribution.assessed is None else str(contribution.assessed),
        "collected_by": contribution.collected_by,
    } | ({"left_out": left_out} if left_out else {})


def group_by_client_week(weeks: Mapping[CpliWeek, PricedWeek]) -> dict[ClientWeek, list[PricedWeek]]:
    """The priced weeks of each client's week."""
    grouped: dict[ClientWeek, list[PricedWeek]] = defaultdict(list)
    for week in weeks.values():
        grouped[week.client_id, week.monday].append(week)
    return grouped


def group_by_client(packages: Mapping[int, StoredPackage]) -> dict[str, list[StoredPackage]]:
    """All packages of each client."""
    grouped: dict[str, list[StoredPackage]] = defaultdict(list)
    for package in packages.values():
        grouped[package.client_id].append(package)
    return grouped


@dataclass(frozen=True, slots=True)
class ChargedWeek:
    """A client's week on the statement, in pounds. ``assessed`` is None for full cost, ``cost`` None without care."""

    monday: date
    cost: Decimal | None
    assessed: Decimal | None
    collected_by: str
    charge: Decimal
    corrections: Decimal
    reasons: tuple[str, ...]
    """of the corrections"""

    @property
    def total(self) -> Decimal:
        return self.charge + self.corrections


def charged_weeks(
    rows: Iterable[Mapping[str, Any]], owed: Mapping[date, Mapping[str, Any]]
) -> list[ChargedWeek]:
    """RULES 7: a line for each week that was charged or costs something.

    ``rows`` are charges, by week and in the order in which they were posted: the first is the charge, later ones
    correct it. ``owed`` explains what each week with care is charged today: where the charge stays capped, a change
    of its cost posts nothing.
    """
    posted = {monday: list(of_week) for monday, of_week in groupby(rows, itemgetter("monday"))}
    costing = {monday for monday, week in owed.items() if Decimal(week["cost_charged"])}
    return [
        _charged_week(monday, posted.get(monday, []), owed.get(monday, {}))
        for monday in sorted({*posted, *costing})
    ]


def _charged_week(monday: date, rows: Sequence[Mapping[str, Any]], owed: Mapping[str, Any]) -> ChargedWeek:
    charges, corrections = rows[:1], rows[1:]
    collectors = (row["explanation"].get("collected_by") for row in reversed(rows))
    return ChargedWeek(
        monday=monday,
        cost=_pounds(owed.get("cost_charged")),
        assessed=_pounds(owed.get("assessed_contribution")),
        collected_by=owed.get("collected_by") or next(filter(None, collectors), ""),
        charge=sum((row["amount"] for row in charges), NOTHING),
        corrections=sum((row["amount"] for row in corrections), NOTHING),
        reasons=tuple(dict.fromkeys(row["reason"] for row in corrections)),
    )


def _pounds(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
