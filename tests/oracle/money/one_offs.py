"""The part of the second calculation (tests/oracle/books.py) that knows one-off payments and the claims that stand for them.

RULES 2 and 10: worked out from the rules alone, without a line of the services.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

FOUR_WEEKS = dt.timedelta(days=28)
Key = tuple[int, int, int]  # CPLI, organisation, client


def is_one_off(package: Any) -> bool:
    return package.unit == "Payment" and package.frequency == "One-off"


def worth(package: Any) -> Decimal:
    """Quantity x UnitCost, half up to the penny; nothing unless it is authorised."""
    if not package.authorised:
        return Decimal()
    term = package.term_on(package.start)
    pennies = Fraction(term.quantity) * Fraction(term.unit_cost) * 100
    return Decimal((pennies + Fraction(1, 2)).__floor__()) / 100


@dataclass
class Stay:
    """A stay in hospital that an accepted claim pays for."""

    organisation: int
    client: int
    admitted: dt.date
    discharged: dt.date


@dataclass
class OneOffs:
    """What was posted of one-off payments, and the stays of accepted claims in the order of their acceptance."""

    posted: dict[Key, dict[dt.date, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    starts: dict[int, dt.date] = field(default_factory=dict)
    stays: list[Stay] = field(default_factory=list)
    paid: dict[tuple[int, str, dt.date], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """By organisation, contract and period: one-offs and claims."""

    def claimed_cplis(self, packages: Iterable[Any]) -> set[int]:
        """CPLIs that claims stand for: again and again the nearest pair that is left, the lowest CpliId first."""
        left = [p for p in packages if is_one_off(p) and p.level == "Hospital Incentive Payment"]
        stays = list(self.stays)
        taken = set()
        while True:
            pairs = [
                (days_between(p.start, s), p.cpli_id, s.admitted, n)
                for p in left
                for n, s in enumerate(stays)
                if (p.organisation, p.client) == (s.organisation, s.client)
                and s.admitted - FOUR_WEEKS <= p.start <= s.discharged + FOUR_WEEKS
            ]
            if not pairs:
                return taken
            _, cpli_id, _, n = min(pairs)
            taken.add(cpli_id)
            left = [p for p in left if p.cpli_id != cpli_id]
            del stays[n]

    def targets(self, packages: Iterable[Any]) -> dict[Key, Decimal]:
        """What each one-off should come to today, for its holder of today."""
        packages = list(packages)
        claimed = self.claimed_cplis(packages)
        return {
            (p.cpli_id, p.organisation, p.client): worth(p)
            for p in packages
            if is_one_off(p) and p.cpli_id not in claimed
        }

    def post(
        self,
        packages: dict[int, Any],
        contract_of: Callable[[Any], str],
        opens: Callable[[dt.date, str], dt.date],
        period_of: Callable[[dt.date], dt.date],
    ) -> None:
        """Post differences where the StartDate belongs; another StartDate moves what stands in open periods.

        ``opens`` answers a period of a contract or, once that is final, the earliest open one.
        """
        targets = self.targets(packages.values())
        for key in sorted(targets.keys() | self.posted.keys()):
            package, posted = packages[key[0]], self.posted[key]
            contract = contract_of(package)
            home = opens(period_of(package.start), contract)
            if self.starts.get(key[0], package.start) != package.start:
                for period in [p for p in posted if p != home and opens(p, contract) == p]:
                    self.paid[key[1], contract, period] -= posted.pop(period)
            difference = targets.get(key, Decimal()) - sum(posted.values())
            if difference:
                posted[home] = posted.get(home, Decimal()) + difference
                self.paid[key[1], contract, home] += difference
        self.starts |= {cpli_id: package.start for cpli_id, package in packages.items()}

    def sums(self) -> dict[tuple[str, int], Decimal]:
        """What was posted by (first day of the period, organisation)."""
        found: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
        for (_, organisation, _), of_periods in self.posted.items():
            for period, amount in of_periods.items():
                found[period.isoformat(), organisation] += amount
        return found


def days_between(day: dt.date, stay: Stay) -> int:
    """Nought within the stay."""
    if day < stay.admitted:
        return (stay.admitted - day).days
    return (day - stay.discharged).days if day > stay.discharged else 0
