"""The books worked out a second time, from the rules alone: plain, slow, and without a line of the services.

An ``Oracle`` is told what happened, in order (care, carers, visits, periods finalised), keeps every fact,
and works everything out anew when it is asked. RULES numbers in the text are sections of the rules.
"""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from tests.oracle.facts.care import Care
from tests.oracle.facts.clients import Identifier
from tests.oracle.facts.thresholds import Thresholds
from tests.oracle.facts.values import fold, pounds
from tests.oracle.facts.visits import Visits
from tests.oracle.matches import match_visits
from tests.oracle.money.actuals import Actuals, Entered
from tests.oracle.money.invoices import Invoice, Line
from tests.oracle.money.ledger import Ledger
from tests.oracle.money.one_offs import Stay
from tests.oracle.money.weeks import Prices, Weeks


class Oracle:
    """A council as told: facts are kept, the books are worked out anew when asked, and differences posted as they
    come."""

    def __init__(self) -> None:
        self.care = Care()
        self.visits = Visits(self.care)
        self.actuals = Actuals(self.care)
        self.prices = Prices(self.care, self.visits, self.actuals)
        self.ledger = Ledger(self.care, self.prices)
        self.thresholds = Thresholds()

    # What happens

    def import_care(self, content: str) -> int:
        """Import a care file; how many rows were accepted."""
        accepted = self.care.take_file(content)
        self.ledger.post()
        return accepted

    def import_carers(self, organisation: str, content: str) -> None:
        """Import a provider's carers."""
        self.visits.take_carers(organisation, content)

    def import_visits(self, sender: str, content: str) -> dict[str, int]:
        """Import and confirm a visits file; its counts."""
        counts = self.visits.take_file(sender, content)
        self.ledger.post()
        return counts

    def save_actual(self, cpli_id: int, monday: dt.date, entered: Entered) -> bool:
        """Save what was delivered in a week; whether it may be, being no more than planned."""
        lines = self.actuals.filled(cpli_id, monday, entered)
        if self.actuals.is_more_than_planned(cpli_id, monday, lines):
            return False
        self.actuals.saved[cpli_id, monday] = lines
        self.ledger.post()
        return True

    def delete_actual(self, cpli_id: int, monday: dt.date) -> None:
        """Save that nothing was delivered in a week."""
        lines = self.actuals.filled(cpli_id, monday, {})
        self.actuals.saved[cpli_id, monday] = dict.fromkeys(lines, (0, 0))
        self.ledger.post()

    def enter_stay(
        self, stay_id: str, identifier: Identifier, kind: str, first: dt.date, last: dt.date
    ) -> None:
        """A client is in hospital, on holiday or the like; or its days are others than was said."""
        self.care.enter_stay(stay_id, identifier, kind, first, last)
        self.ledger.post()

    def withdraw_stay(self, stay_id: str) -> None:
        """It was an error."""
        del self.care.stays[stay_id]
        self.ledger.post()

    def merge_clients(self, identifier: Identifier, into: Identifier) -> None:
        """Two clients are one: all that is the first one's is the second one's, what was charged to it too."""
        client, stays = self.care.people.newest(identifier), self.care.people.newest(into)
        self.care.merge_clients(client, stays)
        self.ledger.merge_clients(client, stays)
        self.ledger.post()

    def finalise(self, start: dt.date, contract: str | None = None) -> None:
        """Freeze a period and all before it, for a contract or for all."""
        self.ledger.finalise(start, contract)

    def hold(self, cpli_id: int, monday: dt.date, kind: str, charge: str | None = None) -> None:
        """Cancel, suspend or carry forward a week; the client is charged as by default where nothing is said."""
        self.ledger.holding.hold(cpli_id, monday, kind, charge)
        self.ledger.post()

    def release(self, cpli_id: int, monday: dt.date, charge: str | None = None) -> None:
        """Pay what of a week is held."""
        self.ledger.holding.release(cpli_id, monday, charge)
        self.ledger.post()

    def decide_charge(self, cpli_id: int, monday: dt.date, charge: str) -> None:
        """Another decision about the charge alone."""
        self.ledger.holding.holds.charge((cpli_id, monday), charge)
        self.ledger.post()

    def accept_claim(
        self,
        organisation: str,
        identifier: Identifier,
        days: tuple[dt.date, dt.date],
        paid: tuple[str, Decimal],
    ) -> None:
        """A claim for a client's stay in hospital is accepted: admission and discharge, its contract and pounds."""
        owner = self.care.organisations.bearer_of("", fold(organisation))
        assert owner is not None
        self.ledger.pay_claim(Stay(owner, self.care.people.newest(identifier), *days), *paid)
        self.ledger.post()

    def set_pay_rules(self, contract: str, start: dt.date, rules: dict[str, Any]) -> None:
        """Set a contract's pay rules for visits that are planned from a day on."""
        self.prices.rules[contract][start] = rules
        self.ledger.post()

    def change_visit_type(self, ref: str, start: dt.date, kind: str) -> None:
        """Have a visit type paid and charged on its delivered or planned time, or not, from a planned day on."""
        self.prices.types[ref][start] = kind
        self.ledger.post()

    def set_terms(self, contract: str, start: dt.date, terms: str) -> bool:
        """A contract's terms from a period on: ``schedule`` or ``invoice``; whether they may, by VAT that is on it."""
        may_be = terms == "invoice" or not self.ledger.invoices.rates.any_of(contract)
        if may_be:
            self.ledger.invoices.terms[contract][start] = terms
            self.ledger.post()
        return may_be

    def set_vat_rate(self, organisation: int, service: str, rate: Decimal) -> bool:
        """A service's rate in per cent; whether it may have one, by the terms of its contracts."""
        invoices = self.ledger.invoices
        contracts = {
            self.care.contract_of(package)
            for package in self.care.packages.values()
            if (package.organisation, invoices.rates.service_of(package)) == (organisation, fold(service))
        }
        latest = [
            invoices.terms[of][max(invoices.terms[of])] if invoices.terms[of] else "" for of in contracts
        ]
        may_be = not rate or set(latest) <= {"invoice"}
        if may_be:
            invoices.rates.known[organisation, fold(service)] = rate
            self.ledger.post()
        return may_be

    def attach_vat_invoice(self, number: str) -> None:
        """An invoice has its VAT invoice, with a number that may be one."""
        self.ledger.invoices.known[number].has_attached = True

    def approve_run(self, start: dt.date, contract: str | None) -> None:
        """The payment run of a period is approved, for a contract or for all."""
        self.ledger.invoices.pay(start, contract)

    def create_invoice(self, number: str, organisation: int, contract: str, start: dt.date) -> bool:
        """Make an invoice of what is owed; whether there is any."""
        invoice = Invoice(organisation, contract, start)
        self.ledger.invoices.fill(invoice, self.weeks())
        if invoice.lines:
            self.ledger.invoices.known[number] = invoice
        return bool(invoice.lines)

    def move_invoice(self, number: str, state: str) -> None:
        """An invoice or credit note is submitted, accepted or rejected."""
        invoice = self.ledger.invoices.known[number]
        if state == "Accepted":
            self.ledger.accept(invoice)
            return
        invoice.state = state
        self.ledger.post()

    def credit_invoice(self, number: str, credit: str, line: Line, amount: Decimal) -> None:
        """Make a credit note of a cost line."""
        self.ledger.invoices.known[credit] = self.ledger.invoices.credit(number, line, amount)

    # What it comes to

    def weeks(self) -> Weeks:
        """What the weeks of CPLIs cost."""
        return self.prices.weeks()

    def books(self) -> dict[str, Any]:
        """The books, in the form of the expected files."""
        matched, reasons = match_visits(self.care, self.visits)
        payable: dict[str, Decimal] = defaultdict(Decimal)
        charges = Decimal()
        for key, amount in self.ledger.targets().items():
            if key[0] == "payable":
                payable[self.care.names[key[3]]] += amount
            elif key[0] == "charge":
                charges += amount
        one_offs = self.ledger.one_offs.targets(self.care.packages.values())
        for (_, organisation, _), amount in one_offs.items():
            if amount:
                payable[self.care.names[organisation]] += amount
        return {
            "matched": len(matched),
            "unmatched": dict(reasons),
            "payable": {name: pounds(amount) for name, amount in payable.items()},
            "total_payable": pounds(sum(payable.values(), Decimal())),
            "total_charges": pounds(charges),
            "weeks": {
                f"{cpli_id}/{monday}": [actual, frustrated, pounds(cost), pounds(other)]
                for (cpli_id, monday), (actual, frustrated, cost, other) in self.weeks().items()
            },
        }

    def sums(self) -> dict[tuple[str, ...], Decimal]:
        """What was posted, by (series, first day of the period, organisation's folded name, none for charges)."""
        called = self.care.organisations.called
        found: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for key, of_periods in self.ledger.posted.items():
            for period, amount in of_periods.items():
                found[key[0], period.isoformat(), *(called[one] for one in key[3:4])] += amount
        for (organisation, _, opens), amount in self.ledger.vat.items():
            found["vat", opens.isoformat(), called[organisation]] += amount
        for (period, organisation), amount in self.ledger.one_offs.sums().items():
            found["one_off", period, called[organisation]] += amount
        return {key: amount for key, amount in found.items() if amount}

    def debts_by_name(self) -> dict[tuple[str, str, dt.date], Decimal]:
        """What debts add to or take from payments, by the organisation's folded name, contract and period."""
        called = self.care.organisations.called
        return {(called[one], *place): amount for (one, *place), amount in self.ledger.debts.sums().items()}

    def weeks_held(self) -> dict[tuple[int, dt.date], tuple[str, str, Decimal]]:
        """The weeks that are held: kind, charge, and what waits."""
        return self.ledger.holding.weeks_held()

    def sums_by_status(self) -> dict[tuple[str, ...], Decimal]:
        """All money of weeks by (kind, period, status, organisation's folded name)."""
        called = self.care.organisations.called
        found: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for (*place, organisation), amount in self.ledger.holding.holds.sums_by_status().items():
            found[*place, called[organisation]] += amount
        return {key: amount for key, amount in found.items() if amount}
