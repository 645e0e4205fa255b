"""Debts worked out a second time (RULES 8), for the oracle: each is a heap of pounds that waits for a payment."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.facts.values import PERIOD

Place = tuple[int, str, dt.date]
"""An organisation's payment: who it is, the contract, the first day of the period."""
Through = Callable[[str], dt.date]
"""The last period of a contract that is final."""


@dataclass
class Heap:
    """What is still owed of a debt. Once its contract's payment could not bear it, those of other contracts may."""

    organisation: int
    contract: str
    arose: dt.date
    owed: Decimal
    waits_for: dt.date
    has_failed: bool = False


class Debts:
    """What debts do to each payment as it is frozen."""

    def __init__(self) -> None:
        self.payments: dict[Place, Decimal] = {}
        self.moved: dict[Place, Decimal] = defaultdict(Decimal)
        self.heaps: list[Heap] = []

    def freeze(self, payments: dict[Place, Decimal], before: Through, after: Through) -> None:
        """Freeze what is paid under each contract, between what was final and what is."""
        self.payments = payments
        fresh = sorted(
            (place for place in payments if before(place[1]) < place[2] <= after(place[1])),
            key=lambda place: (place[2], place),
        )
        self.heaps.sort(key=lambda heap: (heap.arose, heap.contract))
        for heap in self.heaps:
            if before(heap.contract) < heap.waits_for <= after(heap.contract):
                self._take(heap, (heap.organisation, heap.contract, heap.waits_for))
                heap.has_failed, heap.waits_for = True, after(heap.contract) + PERIOD
        for place in fresh:
            for heap in self.heaps:
                is_others = heap.organisation == place[0] and heap.contract != place[1]
                if heap.has_failed and is_others and heap.arose < place[2]:
                    self._take(heap, place)
        for organisation, contract, start in fresh:
            lacking = -self.payments[organisation, contract, start]
            if lacking > 0:
                self.moved[organisation, contract, start] += lacking
                self.heaps.append(Heap(organisation, contract, start, lacking, after(contract) + PERIOD))

    def _take(self, heap: Heap, place: Place) -> None:
        """So much as the payment has and the heap is."""
        part = min(heap.owed, max(self.payments.get(place, Decimal()) + self.moved[place], Decimal()))
        heap.owed -= part
        self.moved[place] -= part

    def sums(self) -> dict[Place, Decimal]:
        """What debts add to each payment that is frozen, and (below nothing) take off those to come."""
        found = defaultdict(Decimal, self.moved)
        for heap in self.heaps:
            found[heap.organisation, heap.contract, heap.waits_for] -= heap.owed
        return {place: amount for place, amount in found.items() if amount}
