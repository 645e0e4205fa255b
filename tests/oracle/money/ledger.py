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
from tests.oracle.money.invoices import Invoice, Invoices, Line
from tests.oracle.money.one_offs import OneOffs, Stay
from tests.oracle.money.periods import Periods
from tests.oracle.money.weeks import Prices, Weeks


class Ledger:
    """Postings of weeks, one-offs and claims, where they stand, and debts."""

    def __init__(self, care: Care, prices: Prices) -> None:
        self.care, self.prices = care, prices
        self.periods = Periods()
        self.holding = Holding(care, self.periods)
        self.invoices = Invoices(care, prices.actuals, self.holding)
        self.one_offs = OneOffs()
        self.debts = Debts()
        self.posted: dict[tuple[Any, ...], dict[dt.date, Decimal]] = defaultdict(dict)
        self.vat: dict[Place, Decimal] = defaultdict(Decimal)

    def targets(self) -> Targets:
        """What everything should come to today."""
        weeks = self.prices.weeks()
        return self._payables(weeks) | self._charges(weeks)

    def _payables(self, weeks: Weeks) -> Targets:
        """Costs: of what needs an invoice, what was accepted."""
        accepted = {line: amount for line, amount in self.invoices.accepted().items() if line[0] == "payable"}
        return self._with_accepted(payables_of(self.care, weeks), accepted)

    def _charges(self, weeks: Weeks) -> Targets:
        """Charges, and deductions: of what needs an invoice, what was accepted."""
        accepted = {
            line: amount for line, amount in self.invoices.accepted().items() if line[0] == "deduction"
        }
        found = charges_of(self.care, self.holding, self.invoices.charged(weeks))
        return self._with_accepted(found, accepted)

    def _with_accepted(self, targets: Targets, accepted: dict[Line, Decimal]) -> Targets:
        found: Targets = defaultdict(Decimal)
        for key, amount in targets.items():
            needs = key[0] != "charge" and self.invoices.needs_invoice(self.care.packages[key[1]], key[2])
            found[key] += Decimal() if needs else amount
        for line, amount in accepted.items():
            if amount:
                found[line] += amount
        return found

    def post(self) -> None:
        """Post differences: into a week's own period, or the earliest open one once that is final.

        What was posted stays where it is, also when its CPLI moves to a contract whose periods are open.
        """
        weeks, pending = self.prices.weeks(), self.invoices.pending()
        self._post_to(self._payables(weeks), ("payable",))
        self.invoices.follow(weeks)
        self._post_to(self._charges(weeks), ("charge", "deduction"))
        self.invoices.follow(weeks)
        if self.invoices.send_back(pending):
            self.post()

    def _post_to(self, targets: Targets, kinds: tuple[str, ...]) -> None:
        for key in targets.keys() | {key for key in self.posted if key[0] in kinds}:
            posted = self.posted[key]
            difference = targets.get(key, Decimal()) - sum(posted.values())
            if difference:
                opens = self._opens_for(key)
                posted[opens] = posted.get(opens, Decimal()) + difference
                if key[0] != "charge":
                    self._stand(key, difference, opens, self.care.contract_of(self.care.packages[key[1]]))
        self.one_offs.post(self.care.packages, self.care.contract_of, self.periods.opens, period_of)

    def _stand(self, key: tuple[Any, ...], amount: Decimal, opens: dt.date, contract: str) -> None:
        """Have posted money of a week stand in a period, held where a hold is in force."""
        _, cpli_id, monday, organisation, client = key
        holds = self.holding.holds
        hold = holds.in_force((cpli_id, monday), organisation, client, opens)
        holds.money[key].post(amount, opens, contract, hold)

    def accept(self, invoice: Invoice) -> None:
        """The lines and the VAT of an invoice or credit note become items of its contract, in the period open for it."""
        opens = self.periods.opens(invoice.start, invoice.contract)
        self.vat[invoice.organisation, invoice.contract, opens] += invoice.sums()[1]
        invoice.posted_in = opens
        for line, amount in sorted(invoice.lines.items()):
            self.posted[line][opens] = self.posted[line].get(opens, Decimal()) + amount
            self._stand(line, amount, opens, invoice.contract)
        invoice.state = "Accepted"
        self.post()

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
        for place, vat in self.vat.items():
            if vat:
                found[place] += vat
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
        self.invoices.merge_clients(client, into)
