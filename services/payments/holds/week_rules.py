"""Holds of a CPLI's week: what they take, what becomes of what is posted later, what is charged (RULES 7, 8). Pure.

Money of a week that is not paid yet is *unpaid*: payable in a period that is still open, or held. Of a series (cost,
income) one sign is more money: costs are above nothing, deductions below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from libs.common.care.money import NOTHING
from services.payments.holds.rules import turned
from services.payments.items.rules import MOVED_ON, PAYABLE, Holder, Portion

CANCEL, SUSPEND, CARRY_FORWARD, RELEASE = "cancel", "suspend", "carry-forward", "release"
HOLDS = (CANCEL, SUSPEND, CARRY_FORWARD)
KEEP, CHARGE_NOTHING = "keep", "nothing"
CHARGES = (KEEP, CHARGE_NOTHING)
CHARGE_BY_DEFAULT = {CANCEL: CHARGE_NOTHING, SUSPEND: KEEP, CARRY_FORWARD: KEEP, RELEASE: KEEP}
"""RULES 8: what is charged where the officer decides nothing else."""

STATUS_OF = {
    CANCEL: "cancelled",
    SUSPEND: "suspended",
    CARRY_FORWARD: "carried_forward",
    RELEASE: "released",
}
HELD = ("cancelled", "suspended")
"""The statuses of money that waits; what is carried forward waits as payable in a later period."""

WEEK_SERIES = ("cost", "income")
"""What a hold takes: the cost of a week and its deductions. Other items are held one by one."""

MORE = {"cost": 1, "income": -1}
"""The sign of more money of a series."""


@dataclass(frozen=True, slots=True)
class WeekHold:
    """The newest decision about a CPLI's week. ``pays_from`` is when a carried week is payable again.

    ``released`` is what of the cost was held when it was released: what stays uncharged if that is decided.
    """

    kind: str
    charge: str
    holder: Holder
    pays_from: date | None = None
    released: Decimal = NOTHING
    reason: str = ""
    owner: str = ""
    placed_by: str = ""

    def holds_in(self, period: date) -> bool:
        """Whether what is posted into this period is held."""
        return self.kind in HOLDS and (self.pays_from is None or period < self.pays_from)

    def is_holding(self, portion: Portion) -> bool:
        """Whether a portion of the week is what waits by this hold."""
        if self.pays_from is None:
            return portion.status in HELD
        return portion.status == PAYABLE and portion.period_start >= self.pays_from


@dataclass(frozen=True, slots=True)
class Part:
    """Pounds of a posting that stand with one status; ``pays_in`` is where what is carried forward is payable."""

    amount: Decimal
    status: str = PAYABLE
    pays_in: date | None = None


def parts_of(series: str, amount: Decimal, held: Decimal, hold: WeekHold) -> list[Part]:
    """RULES 8: more money is held; less uses up what is held first, and only the rest is taken from what was paid.

    ``held`` is what of the series is held until now. Both parts have the sign of the amount.
    """
    more = MORE[series]
    to_hold = amount
    if amount * more < 0:
        to_hold = -min(-amount * more, max(held * more, NOTHING)) * more
    parts = [Part(to_hold, STATUS_OF[hold.kind], hold.pays_from), Part(amount - to_hold)]
    return [part for part in parts if part.amount]


def left_out_of_charge(hold: WeekHold, held_cost: Decimal) -> Decimal:
    """RULES 8, *charge nothing*: what is held, or was when it was released, is left out of the week's cost charged."""
    if hold.charge == KEEP:
        return NOTHING
    return hold.released if hold.kind == RELEASE else max(held_cost, NOTHING)


def cost_charged(charged: Decimal, payable: Decimal, left_out: Decimal) -> Decimal:
    """What of a week's cost is charged where so much of its payable is left out; nothing where that is all of it."""
    if not left_out:
        return charged
    return NOTHING if left_out >= payable else max(charged - left_out, NOTHING)


def is_decided_by(
    who: str, history: Sequence[Mapping[str, Any]], seen: int, *, kind: str, reason: str
) -> bool:
    """Whether the first decision about a week that was not seen is this very one: it was asked for twice."""
    if len(history) != seen + 1:
        return False
    newest = history[-1]
    return (newest["placed_by"], newest["kind"], newest["reason"]) == (who, kind, reason)


@dataclass(frozen=True, slots=True)
class HoldOfCharge:
    """What the charge of a client's week must know of a hold: whether the CPLI's week is held, and what is left out."""

    is_held: bool
    left_out: Decimal


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A portion of an item of a week that is not paid yet.

    `earliest_open` is the period of the item's contract. `left` is what left periods of the item for others: shared
    by its portions, since what comes back to such a period is taken off.
    """

    item_id: str
    series: str
    portion: Portion
    earliest_open: date
    left: dict[tuple[date, str], Decimal] = field(default_factory=dict)


def unpaid_of(item_id: str, series: str, portions: Sequence[Portion], earliest_open: date) -> list[Unpaid]:
    """What of an item is held, or payable in a period that is open: no week posts before its earliest open one."""
    left = {(one.period_start, one.status): one.amount for one in portions if one.status in MOVED_ON}
    return [
        Unpaid(item_id, series, portion, earliest_open, left)
        for portion in portions
        if portion.status in HELD or (portion.status == PAYABLE and portion.period_start >= earliest_open)
    ]


def moves_of(
    hold: WeekHold, before: WeekHold | None, unpaid: Sequence[Unpaid]
) -> list[tuple[Unpaid, list[Portion]]]:
    """What a decision does with the unpaid money of a week: the lines of each portion that it moves.

    A hold takes all of it, later instalments too. A series that comes to less than nothing is not taken: that is
    owed back of what was paid; only what was held already follows the newer hold.
    """
    sums = {series: sum((u.portion.amount for u in unpaid if u.series == series), NOTHING) for series in MORE}
    moved = []
    for one in unpaid:
        is_held = one.portion.status in HELD or (before is not None and before.is_holding(one.portion))
        if is_held or sums[one.series] * MORE[one.series] > 0:
            lines = lines_of(hold, one)
            if lines:
                moved.append((one, lines))
    return moved


def lines_of(hold: WeekHold, unpaid: Unpaid) -> list[Portion]:
    """The lines by which an unpaid portion comes to stand as the decision says; none where it stands so already."""
    portion, status = unpaid.portion, STATUS_OF[hold.kind]
    if hold.kind in (CANCEL, SUSPEND):
        return turned(portion, status) if portion.status != status else []
    pays_in = max(hold.pays_from or unpaid.earliest_open, unpaid.earliest_open)
    if portion.period_start == pays_in:
        return turned(portion, PAYABLE) if portion.status != PAYABLE else []
    if portion.period_start > pays_in:
        return brought_back(unpaid, pays_in, status)
    return [*turned(portion, status), Portion(pays_in, PAYABLE, portion.amount)]


def brought_back(unpaid: Unpaid, pays_in: date, status: str) -> list[Portion]:
    """The lines of a portion that is paid in an earlier period: as far as it left that one, that is undone."""
    portion, lines = unpaid.portion, []
    rest = portion.amount
    for mark in MOVED_ON:
        there = unpaid.left.get((pays_in, mark), NOTHING)
        back = min(there, rest, key=abs) if there * rest > 0 else NOTHING
        if back:
            unpaid.left[pays_in, mark] = there - back
            lines.append(Portion(pays_in, mark, -back))
            rest -= back
    gone = [Portion(portion.period_start, status, rest)] if rest else []
    leaving = Portion(portion.period_start, portion.status, -portion.amount)
    return [leaving, *gone, *lines, Portion(pays_in, PAYABLE, portion.amount)]
