"""Money that was posted: the lines of an item, and what a posting comes to (RULES 8). Pure: values in, values out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Holder = tuple[str, str]
"""Organisation and client for whom an item is posted; it stays theirs when the CPLI moves."""

PAYABLE = "payable"
NON_PAYABLE = ("cancelled", "suspended", "carried_forward", "released", "in_instalments")
MOVED_ON = ("carried_forward", "released", "in_instalments")
"""What is counted again in the period that it came to."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What of an item stands in a period with a status; as a line, what comes to it or (below nothing) leaves it."""

    period_start: date
    status: str
    amount: Decimal


def portions_of(lines: Iterable[Portion]) -> list[Portion]:
    """The portions that lines come to, without those of nothing; in order of period and status."""
    sums: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.period_start, line.status] += line.amount
    return [Portion(start, status, amount) for (start, status), amount in sorted(sums.items()) if amount]


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
    "actuals": "Retrospective change to actuals",
    "care": "Retrospective change to a Care Package Line Item",
    "claim": "Paid by an accepted one-off claim",
    "hold": "Payment held or released",
    "invoice": "Invoiced, or no longer invoiced",
    "terms": "Other terms of the contract",
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

    ``kind`` is cost, income, charge or one_off; ``changed`` is ``visits``, ``actuals``, ``care``, ``claim``, ``hold``, ``invoice`` or ``terms``;
    ``ordinal`` counts the items that were posted before it.
    """
    difference = target - posted
    if not difference:
        return None
    if period == own_period:
        return Posting(difference, period, kind, REASON_OF_KIND[kind], ordinal)
    late_kind = "adjustment" if kind in ("cost", "one_off") else kind
    return Posting(difference, period, late_kind, REASON_FOR_CHANGE[changed], ordinal)
