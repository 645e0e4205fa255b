"""What reports and charge statements work out (RULES 6, 7, 15). Pure: values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from libs.common.care.money import SECONDS_IN_AN_HOUR, to_the_penny
from libs.common.care.plans import Commissioned

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was commissioned on one CPLI for one week against what is payable: hours to two decimals, and pounds."""

    commissioned: Decimal
    actual: Decimal
    frustrated: Decimal
    commissioned_cost: Decimal
    actual_cost: Decimal
    frustrated_cost: Decimal

    @property
    def difference(self) -> Decimal:
        """RULES 6: (actual + frustrated) − commissioned, so that less than commissioned is below nothing."""
        return self.actual + self.frustrated - self.commissioned

    @property
    def difference_cost(self) -> Decimal:
        """RULES 6: commissioned − (actual + frustrated), as [003] prints it: what was not spent is above nothing."""
        return self.commissioned_cost - self.actual_cost - self.frustrated_cost

    @property
    def is_different(self) -> bool:
        return bool(self.difference or self.difference_cost)


def compare(commissioned: Commissioned, week: Mapping[str, Any]) -> Comparison:
    """One CPLI's week: what was commissioned for it, and the actual's seconds and costs.

    Each figure is rounded as it is printed before it is subtracted, so that a printed line adds up.
    """
    return Comparison(
        commissioned=to_the_penny(commissioned.hours),
        actual=hours_of(week["delivered_seconds"]),
        frustrated=hours_of(week["frustrated_seconds"]),
        commissioned_cost=to_the_penny(commissioned.cost),
        actual_cost=week["actual"],
        frustrated_cost=week["frustrated"],
    )


def hours_of(seconds: int) -> Decimal:
    """Hours to two decimals, half up."""
    return to_the_penny(Decimal(seconds) / SECONDS_IN_AN_HOUR)


EXCEPTIONS = ("adjustment", "claim", "one_off", "deduction", "negative", "first", "moved")


def exceptions_of(item: Mapping[str, Any]) -> list[str]:
    """Why an item of an open period is worth a look before it is paid ([004], Pending Payments Exceptions).

    ``adjustment`` corrects another week's payment; ``claim`` is an accepted one-off claim; ``one_off`` is a one-off
    payment; ``deduction`` is a contribution that the provider collects;
    ``negative`` takes money back; ``first`` is the first payment ever made on its CPLI, and of that the first instalment;
    ``moved`` came from another period, or only a part of it is payable here. Empty for an ordinary item.
    """
    found = {
        "adjustment": item["kind"] not in ("cost", "income", "claim", "one_off", "vat"),
        "claim": item["kind"] == "claim",
        "one_off": item["series"] == "one_off",
        "deduction": item["series"] == "income",
        "negative": item["series"] != "income" and item["amount"] < 0,
        "first": item["is_first"],
        "moved": item["is_moved"],
    }
    return [name for name in EXCEPTIONS if found[name]]
