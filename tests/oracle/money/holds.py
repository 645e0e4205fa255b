"""Held weeks in the second calculation of the books (RULES 7, 8): plain sums of money by where it stands.

More money is above nothing here, for deductions too. `Money` is where the money of one holder's week of one kind
(payable, deduction) stands; a `Decision` is the newest about a week.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

HELD = {"cancel": "cancelled", "suspend": "suspended"}
Week = tuple[int, dt.date]
Place = tuple[dt.date, str, str]
"""A period, the contract under which it was posted, and a status: payable, cancelled or suspended."""
Opens = Callable[[str], dt.date]
"""The first period in which a week may still be paid under a contract."""


@dataclass(frozen=True)
class Decision:
    """Cancel, suspend, carry-forward or release; whose week it is about; what is charged meanwhile."""

    kind: str
    charge: str
    organisation: int
    client: int
    pays_from: dt.date | None = None
    released: Decimal = Decimal()

    def holds(self, opens: dt.date) -> bool:
        if self.kind == "carry-forward":
            assert self.pays_from is not None
            return opens < self.pays_from
        return self.kind in HELD


class Money:
    """Where the money of a holder's week stands."""

    def __init__(self) -> None:
        self.at: dict[Place, Decimal] = defaultdict(Decimal)

    def portions_held(self, decision: Decision | None) -> dict[Place, Decimal]:
        """What is held: cancelled, suspended, or payable in the period that the week is carried to, or later."""
        pays_from = decision.pays_from if decision else None
        return {
            place: amount
            for place, amount in self.at.items()
            if place[2] in HELD.values() or (pays_from and place[2] == "payable" and place[0] >= pays_from)
        }

    def amount_held(self, decision: Decision | None) -> Decimal:
        return sum(self.portions_held(decision).values(), Decimal())

    def post(self, amount: Decimal, period: dt.date, contract: str, decision: Decision | None) -> None:
        """Add an amount: held while a hold is in force, of less money only so much as is held."""
        held = Decimal()
        if decision:
            held = amount if amount > 0 else -min(-amount, max(self.amount_held(decision), Decimal()))
            if decision.pays_from:
                self.at[decision.pays_from, contract, "payable"] += held
            else:
                self.at[period, contract, HELD[decision.kind]] += held
        self.at[period, contract, "payable"] += amount - held

    def decide(self, decision: Decision, before: Decision | None, opens: Opens) -> None:
        """All that is not paid yet comes to stand as decided; not where that is less than nothing, but for what is held."""
        waiting = self.portions_held(before)
        unpaid = waiting | {
            place: amount
            for place, amount in self.at.items()
            if place[2] == "payable" and place[0] >= opens(place[1])
        }
        if sum(unpaid.values(), Decimal()) <= 0:
            unpaid = waiting
        for place, amount in unpaid.items():
            period, contract, _ = place
            self.at[place] -= amount
            if decision.kind in HELD:
                self.at[period, contract, HELD[decision.kind]] += amount
            else:
                first = opens(contract)
                self.at[max(decision.pays_from or first, first), contract, "payable"] += amount


class Holds:
    """The newest decision about each week, and the money of every week by where it stands."""

    def __init__(self) -> None:
        self.newest: dict[Week, Decision] = {}
        self.money: dict[tuple[Any, ...], Money] = defaultdict(Money)

    def in_force(self, week: Week, organisation: int, client: int, opens: dt.date) -> Decision | None:
        """The hold of a holder's week, if it holds what is posted into the period that is open for the week."""
        found = self.newest.get(week)
        if found and (found.organisation, found.client) == (organisation, client) and found.holds(opens):
            return found
        return None

    def decide(self, week: Week, decision: Decision, before: Decision | None, opens: Opens) -> None:
        self.newest[week] = decision
        for kind in ("payable", "deduction"):
            key = (kind, *week, decision.organisation, decision.client)
            if key in self.money:
                self.money[key].decide(decision, before, opens)

    def merge(self, client: int, stays: int) -> None:
        """Two clients are one: what was decided and posted for the first is the second one's."""
        for week, decision in self.newest.items():
            self.newest[week] = replace(decision, client=stays) if decision.client == client else decision
        for key in [key for key in self.money if key[4] == client]:
            for place, amount in self.money.pop(key).at.items():
                self.money[*key[:4], stays].at[place] += amount

    def charge(self, week: Week, charge: str) -> None:
        self.newest[week] = replace(self.newest[week], charge=charge)

    def cost_held(self, week: Week, holder: tuple[int, int], decision: Decision | None) -> Decimal:
        """What of a holder's cost of a week is held."""
        key = ("payable", *week, *holder)
        return self.money[key].amount_held(decision) if key in self.money else Decimal()

    def amount_held(self, week: Week, decision: Decision) -> Decimal:
        """What waits of a week: its cost less its deductions."""
        holder = decision.organisation, decision.client
        cost, deduction = (
            self.money[kind, *week, *holder].amount_held(decision)
            if (kind, *week, *holder) in self.money
            else Decimal()
            for kind in ("payable", "deduction")
        )
        return cost - deduction

    def sums_by_status(self) -> dict[tuple[Any, ...], Decimal]:
        """All money by (kind, period, status, organisation)."""
        sums: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        for key, money in self.money.items():
            for (period, _, status), amount in money.at.items():
                sums[key[0], period.isoformat(), status, key[3]] += amount
        return {place: amount for place, amount in sums.items() if amount}
