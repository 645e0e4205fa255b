"""What the weeks of CPLIs cost (RULES 6)."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.facts.care import Care
from tests.oracle.facts.lists import DELIVERED, FRUSTRATED
from tests.oracle.facts.packages import Package
from tests.oracle.facts.values import monday_of, penny
from tests.oracle.facts.visits import Visit, Visits
from tests.oracle.matches import match_visits
from tests.oracle.money.actuals import Actuals
from tests.oracle.money.pay_rules import rate_paid, time_paid

Weeks = dict[tuple[int, dt.date], tuple[int, int, Decimal, Decimal]]
"""Seconds delivered and frustrated, and their costs, by CPLI and Monday."""


class Prices:
    """Pay rules of contracts and kinds of visit types, each from a planned date on."""

    def __init__(self, care: Care, visits: Visits, actuals: Actuals) -> None:
        self.care, self.visits, self.actuals = care, visits, actuals
        self.rules: dict[str, dict[dt.date, dict[str, Any]]] = defaultdict(dict)
        self.types: dict[str, dict[dt.date, str]] = defaultdict(dict)

    def weeks(self) -> Weeks:
        """Delivered and frustrated seconds and costs of every CPLI and week with a matched visit, or a saved actual."""
        seconds: dict[tuple[int, dt.date], list[int]] = defaultdict(lambda: [0, 0])
        costs: dict[tuple[int, dt.date], list[Fraction]] = defaultdict(lambda: [Fraction(), Fraction()])
        matched, _ = match_visits(self.care, self.visits)
        for key, cpli_id in matched.items():
            visit = self.visits.by_ref[key]
            week = cpli_id, monday_of(visit.planned)
            kind = self._kind_of(visit)
            paid = (
                visit.delivered_seconds if kind == "delivered" else 0,
                visit.planned_seconds if kind == "planned" else 0,
            )
            for i in (0, 1):
                time, rate = self._pay(visit, self.care.packages[cpli_id], paid[i])
                seconds[week][i] += time
                costs[week][i] += time * rate / 3600
        of_visits = {
            week: (s[0], s[1], penny(costs[week][0]), penny(costs[week][1])) for week, s in seconds.items()
        }
        return of_visits | self.actuals.weeks()

    def _kind_of(self, visit: Visit) -> str:
        """The time of a visit that is paid and charged, by the table of visit types on its planned date."""
        type_ = visit.cells["VisitType"]
        changes = [(day, kind) for day, kind in self.types[type_].items() if day <= visit.planned]
        if changes:
            return max(changes)[1]
        return "delivered" if type_ in DELIVERED else "planned" if type_ in FRUSTRATED else ""

    def _pay(self, visit: Visit, package: Package, lasted: int) -> tuple[int, Fraction]:
        """Seconds and pounds an hour by the pay rules in force on the planned date, if there are any."""
        unit_cost = Fraction(package.term_on(visit.planned).unit_cost)
        of_contract = self.rules[self.care.contract_of(package)]
        begun = [start for start in of_contract if start <= visit.planned]
        if not begun:
            return lasted, unit_cost
        rules = of_contract[max(begun)]
        paid = time_paid(rules, lasted, visit.planned_seconds)
        return paid, rate_paid(rules, visit.planned, visit.cells["PlannedEntryTime"], paid, unit_cost)
