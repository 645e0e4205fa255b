"""What is posted when, and paid with it (RULES 8)."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from tests.oracle.facts.care import Care
from tests.oracle.facts.values import PERIOD, period_of
from tests.oracle.money.charges import Targets, charges_of, payables_of
from tests.oracle.money.debts import Debts, Place
from tests.oracle.money.holding import Holding
from tests.oracle.money.one_offs import OneOffs, Stay
from tests.oracle.money.periods import Periods
from tests.oracle.money.weeks import Prices


class Ledger:
    """Postings of weeks, one-offs and claims, where they stand, and debts."""

    def __init__(self, care: Care, prices: Prices) -> None:
        self.care, self.prices = care, prices
        self.periods = Periods()
        self.holding = Holding(care, self.periods)
        self.one_offs = OneOffs()
        self.debts = Debts()
        self.posted: dict[tuple[Any, ...], dict[dt.date, Decimal]] = defaultdict(dict)

    def targets(self) -> Targets:
        """What everything should come to today."""
        weeks = self.prices.weeks()
        return payables_of(self.care, weeks) | charges_of(self.care, self.holding, weeks)

    def post(self) -> None:
        """Post differences: into a week's own period, or the earliest open one once that is final.

        What was posted stays where it is, also when its CPLI moves to a contract whose periods are open.
        """
        weeks = self.prices.weeks()
        self._post_to(payables_of(self.care, weeks), ("payable",))
        self._post_to(charges_of(self.care, self.holding, weeks), ("charge", "deduction"))

    def _post_to(self, targets: Targets, kinds: tuple[str, ...]) -> None:
        for key in targets.keys() | {key for key in self.posted if key[0] in kinds}:
            posted = self.posted[key]
            difference = targets.get(key, Decimal()) - sum(posted.values())
            if difference:
                opens = self._opens_for(key)
                posted[opens] = posted.get(opens, Decimal()) + difference
                if key[0] != "charge":
                    _, cpli_id, monday, organisation, client = key
                    holds = self.holding.holds
                    hold = holds.in_force((cpli_id, monday), organisation, client, opens)
                    contract = self.care.contract_of(self.care.packages[cpli_id])
                    holds.money[key].post(difference, opens, contract, hold)
        self.one_offs.post(self.care.packages, self.care.contract_of, self.periods.opens, period_of)

    def _opens_for(self, key: tuple[Any, ...]) -> dt.date:
        """The period into which a key is posted; charges are a client's, of no contract."""
        contract = "" if key[0] == "charge" else self.care.contract_of(self.care.packages[key[1]])
        return self.periods.opens(key[2], contract)

    def finalise(self, start: dt.date, contract: str | None) -> None:
        """Freeze a period and all before it, for a contract or for all; what is below nothing is a debt."""
        before = Periods()
        before.all_final_through = self.periods.all_final_through
        before.final_through_of = dict(self.periods.final_through_of)
        contracts = {self.care.contract_of(package) for package in self.care.packages.values()}
        self.periods.finalise(start, contract, contracts)
        self.post()
        self.debts.freeze(self._payments(), before.final_through, self.periods.final_through)

    def _payments(self) -> dict[Place, Decimal]:
        """What each organisation is paid under each contract in each period, before debts."""
        found: dict[Place, Decimal] = defaultdict(Decimal, self.one_offs.paid)
        for key, money in self.holding.holds.money.items():
            for (period, contract, status), amount in money.at.items():
                if status == "payable":
                    found[key[3], contract, period] += amount if key[0] == "payable" else -amount
        return found

    def pay_claim(self, stay: Stay, contract: str, amount: Decimal) -> None:
        """Pay an accepted claim for a stay in hospital, under a contract, in pounds.

        It is paid in the earliest open period: until one is final, the first that holds anything, or its own.
        """
        through, own = self.periods.final_through(contract), period_of(stay.admitted)
        held = [period for _, of, period in self._places() if of == contract]
        opens = min([own, *held]) if through == dt.date.min else through + PERIOD
        self.one_offs.paid[stay.organisation, contract, opens] += amount
        self.one_offs.stays.append(stay)

    def _places(self) -> set[Place]:
        """Where items stand, payable or not."""
        held = {(key[3], c, p) for key, money in self.holding.holds.money.items() for p, c, _ in money.at}
        return held | self.one_offs.paid.keys()

    def merge_clients(self, client: int, into: int) -> None:
        """What was posted, held and claimed for one client is the other's."""
        for stay in self.one_offs.stays:
            stay.client = into if stay.client == client else stay.client
        for key in [key for key in self.posted if client == (key[1] if key[0] == "charge" else key[4])]:
            of_one = ("charge", into, key[2]) if key[0] == "charge" else (*key[:4], into)
            for period, amount in self.posted.pop(key).items():
                of_both = self.posted[of_one]
                of_both[period] = of_both.get(period, Decimal()) + amount
        self.holding.holds.merge(client, into)
