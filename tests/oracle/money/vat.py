"""VAT worked out a second time (RULES 13): rates of services, VAT by rate, and what may be a registration number."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from tests.oracle.facts.care import Care
from tests.oracle.facts.packages import Package
from tests.oracle.facts.values import penny

WEIGHTS = range(8, 1, -1)
REMAINDERS = (0, 42, 55)
"""What the first seven digits, weighted, and the last two come to modulo 97: in the three series of numbers."""
NINE = 9


class Rates:
    """The rates in per cent, by organisation and the folded name that a service had as its rate was set."""

    def __init__(self, care: Care) -> None:
        self.care = care
        self.known: dict[tuple[int, str], Decimal] = {}

    def of(self, organisation: int, service: str) -> Decimal:
        """The rate of a service by its folded name; nought is exempt."""
        return self.known.get((organisation, service), Decimal())

    def service_of(self, package: Package) -> str:
        """The folded name of a package's service today."""
        return self.care.services.called[package.service]

    def any_of(self, contract: str) -> bool:
        """Whether a service of a contract has a rate above nought."""
        return any(
            self.of(package.organisation, self.service_of(package)) > 0
            for package in self.care.packages.values()
            if self.care.contract_of(package) == contract
        )


def vat_of(costs: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """The VAT of (rate, cost before deductions): half up for each rate."""
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    for rate, cost in costs:
        sums[rate] += cost
    return sum((penny(Fraction(cost) * Fraction(rate) / 100) for rate, cost in sums.items()), Decimal())


def is_vat_number(text: str) -> bool:
    """Whether nine digits, with or without GB before them, have the right check digits."""
    digits = text.replace(" ", "").removeprefix("GB")
    if len(digits) != NINE or not digits.isdigit():
        return False
    weighted = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False))
    return (weighted + int(digits[-2:])) % 97 in REMAINDERS
