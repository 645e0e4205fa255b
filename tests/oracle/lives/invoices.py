"""Invoices as they are drawn: terms and rates, invoices made, submitted, accepted, rejected, paid, credited by line."""

import datetime as dt
import random
from decimal import Decimal

from tests.oracle.lives.care import DrawnCare
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, Story

A_PERIOD = dt.timedelta(days=28)
VAT_NUMBERS = ("980 7806 84", "GB 980780684", "980 7806 84", "980 7806 85", "908 7806 84", "98078068")
"""Half of them have the right check digits."""
RATES = (Decimal(20), Decimal(20), Decimal("17.5"), Decimal(5), Decimal(0))


class DrawnInvoices:
    """Draws what providers invoice and the council decides, by a chance of its own."""

    def __init__(self, rnd: random.Random, story: Story, care: DrawnCare) -> None:
        self.rnd, self.story, self.care = rnd, story, care
        self.told: list[str] = []

    def begin(self) -> None:
        """Some care is paid by invoice from now on, and a contract has other terms."""
        known = self.care.rows
        rows = [known[i] for i in self.rnd.sample(sorted(known), min(2, len(known)))]
        self.care.send([row | {"PaymentMethod": "Invoice", "Unit": "Hr", "Authorised": "Y"} for row in rows])
        contract = self.rnd.choice(self.care.contracts())
        opens = self.story.oracle.ledger.periods.opens(FIRST_PERIOD, contract)
        start = opens + self.rnd.choice((0, 0, 1)) * A_PERIOD
        self.story.set_terms(contract, start, self.rnd.choice(("invoice", "invoice", "schedule")))
        self._set_rate()

    def go_on(self) -> None:
        """Invoices are made, or some go on."""
        steps = (self._create, self._submit, self._decide, self._credit, self._pay, self._set_rate)
        for step in self.rnd.choices(steps, (3, 4, 4, 2, 1, 1), k=3):
            step()

    def _set_rate(self) -> None:
        """A service has a VAT rate, mostly one that is invoiced; or its contract's terms don't allow it."""
        care, invoices = self.story.oracle.care, self.story.oracle.ledger.invoices
        packages = [one for one in care.packages.values() if one.method in ("Invoice", "Actuals")]
        if packages:
            package = self.rnd.choice(packages)
            service = invoices.rates.service_of(package)
            self.told.append(
                f"rate {self.story.set_vat_rate(package.organisation, service, self.rnd.choice(RATES))}"
            )

    def _pay(self) -> None:
        """A run that would pay an invoice is approved, if its period is final; at times it is made so before."""
        ledger = self.story.oracle.ledger
        accepted = [one for one in ledger.invoices.known.values() if one.state == "Accepted"]
        if not accepted:
            return
        invoice = self.rnd.choice(accepted)
        start, contract = invoice.posted_in, self.rnd.choice((None, invoice.contract))
        assert start is not None
        through = ledger.periods.final_through(contract or "")
        opens = FIRST_PERIOD if through < FIRST_PERIOD else through + A_PERIOD
        if start == opens <= SECOND_PERIOD and self.rnd.random() < 0.3:
            self.story.finalise(start, contract)
        self.told.append(self.story.approve_run(start, contract))

    def _create(self) -> None:
        start = self.rnd.choice((FIRST_PERIOD, SECOND_PERIOD))
        invoices = self.story.oracle.ledger.invoices
        due = sorted(invoices.due(start, self.story.oracle.weeks()))
        if due:
            line = self.rnd.choice(due)
            number = f"I{len(invoices.known) + 1}"
            about = (line[3], invoices.contract_of_line(line), start)
            self.told.append(self.story.create_invoice(number, *about))

    def _in_state(self, *states: str) -> list[str]:
        return [
            number for number, one in self.story.oracle.ledger.invoices.known.items() if one.state in states
        ]

    def _submit(self) -> None:
        invoices = self.story.oracle.ledger.invoices
        for number in self._in_state("Unsubmitted"):
            while invoices.why_not_submit(number) == "vat_number_missing" and self.rnd.random() < 0.7:
                self.story.attach_vat_invoice(number, self.rnd.choice(VAT_NUMBERS))
            self.told.append(self.story.submit_invoice(number))

    def _decide(self) -> None:
        for number in self._in_state("Pending"):
            accepts = self.rnd.random() < 0.8
            step = self.story.accept_invoice if accepts else self.story.reject_invoice
            self.told.append(step(number))

    def _credit(self) -> None:
        invoices = self.story.oracle.ledger.invoices
        for number in self._in_state("Accepted", "Paid"):
            left = invoices.left_of(number) if invoices.known[number].of is None else {}
            if left and self.rnd.random() < 0.5:
                line = self.rnd.choice(sorted(left))
                amount = self.rnd.choice(
                    (left[line], max(left[line] / 4, Decimal("0.01")).quantize(Decimal("0.01")))
                )
                self.told.append(self.story.credit_invoice(number, line, amount))
