"""What a story tells of invoices on both sides, and how they are compared (RULES 13)."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.payments.invoices import crediting, settings_steps, steps, views
from tests.oracle.books import Oracle
from tests.oracle.facts.values import pounds
from tests.oracle.money.invoices import Line
from tests.support.council.council import Council

OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
STATES = {"submit_invoice": "Pending", "accept_invoice": "Accepted", "reject_invoice": "Rejected"}
KINDS = {"payable": "cost", "deduction": "income"}
Shown = tuple[int, str, str, str]
"""CPLI, Monday, kind and pounds as services show them: income is below nothing."""


class Invoicing:
    """Tells a council and the oracle the same of invoices."""

    def __init__(self, council: Council, oracle: Oracle) -> None:
        self.council, self.oracle = council, oracle

    def set_terms(self, contract: str, start: dt.date, terms: str) -> None:
        """Set a contract's terms from an open period on."""
        with self.council.payments() as s:
            settings_steps.set_contract_terms(s, OFFICER, contract=contract, start=start, terms=terms)
        self.oracle.set_terms(contract, start, terms)

    def create(self, number: str, organisation: int, contract: str, start: dt.date) -> str:
        """Make an invoice: ``made``, or the refusal, which is of both sides where there is nothing to invoice."""
        about = {"organisation": self.oracle.care.names[organisation], "contract": contract, "start": start}
        try:
            with self.council.payments() as s:
                steps.create_invoice(s, OFFICER, invoice_id=uuid.uuid4(), number=number, **about)
        except Refused as refused:
            code = refused.code
        else:
            code = "made"
        if code in ("made", "nothing_to_invoice"):
            assert self.oracle.create_invoice(number, organisation, contract, start) == (code == "made")
        return code

    def move(self, step: str, number: str, **facts: Any) -> str:
        """Submit, accept or reject an invoice or credit note: its state then, or the refusal."""
        whose = self._whose(number)
        if step == "accept_invoice":
            facts["seen"] = Decimal(self.describe(number)["gross"])
        try:
            with self.council.payments() as s:
                found = getattr(steps, step)(s, OFFICER, number=number, organisation=whose, **facts)
        except Refused as refused:
            return refused.code
        if found["state"] == STATES[step]:
            self.oracle.move_invoice(number, STATES[step])
        return str(found["state"])

    def credit(self, number: str, line: Line, amount: Decimal) -> str:
        """Make a credit note of a cost line: its number."""
        facts = {"cpli_id": line[1], "monday": line[2], "amount": amount, "reason": "Too much"}
        with self.council.payments() as s:
            made = crediting.credit_invoice(
                s,
                OFFICER,
                credit_id=uuid.uuid4(),
                number=number,
                organisation=self._whose(number),
                **facts,
            )
        self.oracle.credit_invoice(number, made["number"], line, amount)
        return made["number"]

    def describe(self, number: str) -> dict[str, Any]:
        """An invoice as payments says it."""
        with self.council.payments() as s:
            found = views.describe_invoice(s, OFFICER, number=number, organisation=self._whose(number))
        return dict(found)

    def _whose(self, number: str) -> str:
        return self.oracle.care.names[self.oracle.ledger.invoices.known[number].organisation]

    def compare(self, *starts: dt.date) -> None:
        """Every invoice with its state and lines, and what is to be invoiced or credited in these periods."""
        for number, invoice in self.oracle.ledger.invoices.known.items():
            found = self.describe(number)
            lines = {(one["cpli_id"], one["week"], one["kind"], one["amount"]) for one in found["lines"]}
            assert (number, found["state"], lines) == (
                number,
                invoice.state,
                set(map(shown, invoice.lines.items())),
            )
        for start in starts:
            with self.council.payments() as s:
                due = views.list_to_invoice(s, OFFICER, start=start, organisation=None, contract=None)
            said = {(one["cpli_id"], one["week"], one["kind"], one["difference"]) for one in due}
            expected = self.oracle.ledger.invoices.due(start, self.oracle.weeks())
            assert said == set(map(shown, expected.items())), start


def shown(line: tuple[Line, Decimal]) -> Shown:
    """A line of the oracle as services show it."""
    (kind, cpli_id, monday, _, _), amount = line
    return cpli_id, monday.isoformat(), KINDS[kind], pounds(amount if kind == "payable" else -amount)
