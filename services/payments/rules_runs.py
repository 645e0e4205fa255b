"""Payment runs (RULES 8): which changes are large, and how a run moves on. Pure: values in, values out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

PREPARED, SUPERSEDED = "prepared", "superseded"
DECISIONS = {(PREPARED, "approve"): "approved", (PREPARED, "reject"): "rejected"}
"""The allowed moves: a run is decided once; one that a newer run has taken the place of, not at all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on a change is large: above both, a percentage of the last total and pounds."""

    percent: Decimal
    pounds: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """What an organisation is paid under a contract in a run, in pounds; `fingerprint` tells its items apart."""

    organisation_id: str
    contract: str
    items: int
    cost: Decimal
    deductions: Decimal
    last_payable: Decimal
    fingerprint: str

    @property
    def payable(self) -> Decimal:
        """Cost with the deductions, which are below nothing, taken off."""
        return self.cost + self.deductions


def is_large(payable: Decimal, last_payable: Decimal, limits: Limits) -> bool:
    """Whether an organisation's total differs from last period's by more than both limits."""
    change = abs(payable - last_payable)
    return change > limits.pounds and change * 100 > limits.percent * abs(last_payable)


def paid(totals: Iterable[Total]) -> Mapping[tuple[str, str], tuple[int, Decimal, Decimal, str]]:
    """What is paid to whom, in a form that differs when any item does."""
    return {
        (one.organisation_id, one.contract): (one.items, one.cost, one.deductions, one.fingerprint)
        for one in totals
        if one.items
    }
