"""Invoices as they are drawn: terms, invoices made, submitted, accepted, rejected, and credited by line."""

import datetime as dt
import random
from decimal import Decimal

from tests.oracle.lives.care import DrawnCare
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, Story

A_PERIOD = dt.timedelta(days=28)


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

    def go_on(self) -> None:
        """An invoice is made, or some go on."""
        self.rnd.choice((self._create, self._submit, self._decide, self._decide, self._credit))()

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
        for number in self._in_state("Unsubmitted"):
            self.told.append(self.story.submit_invoice(number))

    def _decide(self) -> None:
        for number in self._in_state("Pending"):
            step = self.rnd.choice(
                (self.story.accept_invoice, self.story.accept_invoice, self.story.reject_invoice)
            )
            self.told.append(step(number))

    def _credit(self) -> None:
        invoices = self.story.oracle.ledger.invoices
        for number in self._in_state("Accepted"):
            left = invoices.left_of(number) if invoices.known[number].of is None else {}
            if left and self.rnd.random() < 0.5:
                line = self.rnd.choice(sorted(left))
                amount = self.rnd.choice(
                    (left[line], max(left[line] / 4, Decimal("0.01")).quantize(Decimal("0.01")))
                )
                self.told.append(self.story.credit_invoice(number, line, amount))
