"""Nobody is paid less than nothing (RULES 8): negative totals are debts. Pure: values in, values out.

A debt is items of the series ``debt``, which come to nothing together: what is taken out of a period (above nothing)
comes off a later one (below nothing) by the same amount. What is written off comes to what was written off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from libs.common.care.money import NOTHING
from libs.common.care.weeks import DAYS_IN_A_PERIOD

SERIES = "debt"
COMES_OFF, CARRIED, WRITTEN_OFF = "debt", "debt_carried", "debt_written_off"
"""Kinds of the items: below nothing; above nothing, as it comes off elsewhere; above nothing, as it never will."""
REASONS = {
    COMES_OFF: "Debt from an earlier period",
    CARRIED: "The total was below nothing: it comes off a later payment",
    WRITTEN_OFF: "Debt written off",
}
MOVES_OF_DEBTS = ("split",)
"""A debt can come off in instalments. Held or cancelled it would be written off by one person."""
PERIODS_BEFORE_AN_INVOICE = 3


@dataclass(frozen=True, slots=True)
class Due:
    """What of a debt comes off a contract's payment in a period, in pounds above nothing."""

    debt_id: str
    arose_in: date
    contract: str
    period_start: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a total lacks to be nothing: ``new`` is a debt of this period, the rest is of older ones, by debt."""

    new: Decimal
    carried: Mapping[str, Decimal]


def shortfall_of(total: Decimal, due: Sequence[Due]) -> Shortfall:
    """RULES 8: what a negative total makes of a period's debts. ``total`` has what is due taken off already.

    Oldest first: the newest debts are those that still have to wait.
    """
    lacking = max(-total, NOTHING)
    new = max(-(total + sum((one.amount for one in due), NOTHING)), NOTHING)
    left = lacking - new
    carried: dict[str, Decimal] = {}
    for one in sorted(due, key=_age, reverse=True):
        part = min(left, one.amount)
        if part:
            carried[one.debt_id] = part
            left -= part
    return Shortfall(new, carried)


def taken_off(total: Decimal, due: Iterable[Due]) -> list[tuple[Due, Decimal]]:
    """RULES 8, *else of its others*: what comes off a positive total of another contract, oldest first."""
    left = max(total, NOTHING)
    taken = []
    for one in sorted(due, key=_age):
        part = min(left, one.amount)
        if part:
            taken.append((one, part))
            left -= part
    return taken


def is_for_an_invoice(last_came_off: date, finalised_through: date | None) -> bool:
    """After three periods in which nothing came off; until then the period in which it arose counts as the last."""
    return periods_without(last_came_off, finalised_through) >= PERIODS_BEFORE_AN_INVOICE


def periods_without(last_came_off: date, finalised_through: date | None) -> int:
    """How many periods were finalised since something came off, or since the debt arose."""
    if finalised_through is None:
        return 0
    return max((finalised_through - last_came_off).days // DAYS_IN_A_PERIOD, 0)


def _age(due: Due) -> tuple[date, str, str]:
    return due.arose_in, due.contract, due.debt_id
