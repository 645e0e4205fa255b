"""Payment runs (RULES 8): which changes are large, and how a run moves on. Pure: values in, values out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from libs.common.care.money import NOTHING

PREPARED, SUPERSEDED = "prepared", "superseded"
DECISIONS = {(PREPARED, "approve"): "approved", (PREPARED, "reject"): "rejected"}
"""The allowed moves: a run is decided once; one that a newer run has taken the place of, not at all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on a change is large: so much per cent of the last total, or so many pounds.

    ``adjustments``: so many pounds one person may adjust by hand, for a provider and period.
    """

    percent: Decimal
    pounds: Decimal
    adjustments: Decimal = Decimal(1000)


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
    """RULES 8: whether a total differs from last period's by one of the limits at least, up or down."""
    change = abs(payable - last_payable)
    if not change:
        return False
    return change >= limits.pounds or change * 100 >= limits.percent * abs(last_payable)


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is about an organisation (or all of them) besides its totals; pounds.

    ``adjusted`` is the sum of manual adjustments, ``adjusted_size`` that of their sizes, up and down; ``lacking``
    what its negative totals lack to be nothing; ``rejected`` how many rejected the payment; ``first_payments`` how many
    are paid who never were before.
    """

    first_payments: int = 0
    adjustments: int = 0
    adjusted: Decimal = NOTHING
    adjusted_size: Decimal = NOTHING
    held_items: int = 0
    held: Decimal = NOTHING
    lacking: Decimal = NOTHING
    rejected: int = 0


def needs_two(amount: Decimal, adjusted_size: Decimal, limits: Limits) -> bool:
    """RULES 8: whether an adjustment brings the sum of sizes of a provider's period over the limit."""
    return adjusted_size + abs(amount) > limits.adjustments


REMARKS = (
    "large_change",
    "fell_to_nothing",
    "first_payment",
    "below_nothing",
    "adjustments",
    "holds",
    "rejected",
)
"""What may stand out of a total, in the order in which it is said."""


def remarks_of(payable: Decimal, last_payable: Decimal, standing: Standing, limits: Limits) -> list[str]:
    """RULES 8: what an approver must see of a total, as the names of `REMARKS`."""
    stands_out = {
        "large_change": is_large(payable, last_payable, limits),
        "fell_to_nothing": bool(last_payable) and not payable,
        "first_payment": bool(standing.first_payments),
        "below_nothing": bool(standing.lacking),
        "adjustments": bool(standing.adjustments),
        "holds": bool(standing.held_items),
        "rejected": bool(standing.rejected),
    }
    return [name for name in REMARKS if stands_out[name]]


def paid(totals: Iterable[Total]) -> Mapping[tuple[str, str], tuple[int, Decimal, Decimal, str]]:
    """What is paid to whom, in a form that differs when any item does."""
    return {
        (one.organisation_id, one.contract): (one.items, one.cost, one.deductions, one.fingerprint)
        for one in totals
        if one.items
    }
