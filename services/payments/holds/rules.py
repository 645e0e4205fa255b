"""What may be done with a posted item, and what that makes of it (RULES 8). Pure: values in, values out.

An item never changes. A move adds lines about it: what leaves a period under one status (below nothing) and what
comes instead. The sum of an item's lines in one period with one status is a *portion* of it. A portion that has
moved on (carried forward, released, in instalments) stays to be seen in the period that it left, and counts where
it came.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from libs.common.care.money import PENNY
from libs.common.care.weeks import next_period
from services.payments.items.rules import PAYABLE, Portion

MOST_INSTALMENTS = 13
"""A year of four-week periods."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a move makes of a portion: its new status, and where it is paid instead (``""``: nowhere)."""

    becomes: str
    pays_in: str = ""
    is_of_open_period: bool = True
    """whether the portion's period must be open; what is finalised keeps its totals for good"""


MOVES = {
    ("cancel", PAYABLE): Outcome("cancelled"),
    ("suspend", PAYABLE): Outcome("suspended"),
    ("carry_forward", PAYABLE): Outcome("carried_forward", "next"),
    ("split", PAYABLE): Outcome("in_instalments", "instalments"),
    ("cancel", "suspended"): Outcome("cancelled"),
    ("release", "suspended"): Outcome("released", "earliest open", is_of_open_period=False),
    ("release", "cancelled"): Outcome("released", "earliest open", is_of_open_period=False),
}
"""The allowed moves: what is done, to a portion of which status. Items of a week's cost and deductions are held and
released with their week (`week_rules`), and only split by themselves."""

NAMES = ("cancel", "suspend", "carry_forward", "split", "release")


OF_AN_ITEM_OF_A_WEEK = ("split",)


def allowed_moves(status: str, *, is_open: bool, is_of_week: bool = False) -> list[str]:
    """What may be done with a portion of this status; `is_open`: its period is, for its contract."""
    return [
        name
        for name in (OF_AN_ITEM_OF_A_WEEK if is_of_week else NAMES)
        if (outcome := MOVES.get((name, status))) and (is_open or not outcome.is_of_open_period)
    ]


def lines_of_move(name: str, portion: Portion, *, earliest_open: date, instalments: int = 2) -> list[Portion]:
    """The lines of an allowed move. Of a split, the first part stays where it is.

    earliest_open: the earliest open period of the item's contract that is not before the portion's.
    """
    outcome = MOVES[name, portion.status]
    own = portion.period_start
    if outcome.pays_in == "instalments":
        _, *later = instalments_of(portion.amount, instalments)
        return [*turned(portion, outcome.becomes, sum(later, Decimal(0))), *paid_in_turn(own, later)]
    if outcome.pays_in == "next":
        return [*turned(portion, outcome.becomes), Portion(next_period(own), PAYABLE, portion.amount)]
    if outcome.pays_in == "earliest open":
        if earliest_open == own:
            return turned(portion, PAYABLE)
        return [*turned(portion, outcome.becomes), Portion(earliest_open, PAYABLE, portion.amount)]
    return turned(portion, outcome.becomes)


def turned(portion: Portion, status: str, amount: Decimal | None = None) -> list[Portion]:
    """So much of a portion (None: all) leaves its status and takes another, in the same period."""
    moved = portion.amount if amount is None else amount
    return [
        Portion(portion.period_start, portion.status, -moved),
        Portion(portion.period_start, status, moved),
    ]


def paid_in_turn(start: date, amounts: Iterable[Decimal]) -> list[Portion]:
    """One payable part in each of the periods after that of `start`."""
    lines = []
    for amount in amounts:
        start = next_period(start)
        lines.append(Portion(start, PAYABLE, amount))
    return lines


def instalments_of(amount: Decimal, count: int) -> list[Decimal]:
    """`count` equal parts, each cut off to the penny; what is left over is in the last."""
    equal = (amount / count).quantize(PENNY, rounding=ROUND_DOWN)
    return [equal] * (count - 1) + [amount - equal * (count - 1)]


def may_be_split(amount: Decimal, count: int) -> bool:
    """RULES 8: into two parts or more, each of which is a penny at least."""
    return 2 <= count <= MOST_INSTALMENTS and abs(amount) >= PENNY * count
