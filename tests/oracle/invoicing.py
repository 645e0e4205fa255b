"""What a story tells of invoices on both sides, and how they are compared (RULES 13)."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from libs.common.errors import Refused
from libs.common.files.objects import write_object
from libs.common.rpc import Caller
from services.payments.invoices import crediting, settings_steps, steps, views
from services.payments.runs import steps as runs_steps
from tests.oracle.books import Oracle
from tests.oracle.facts.values import pounds
from tests.oracle.money.invoices import Line
from tests.oracle.money.vat import is_vat_number
from tests.support.council.council import Council

OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
SECOND: Caller = {"who": "a second officer", "role": "council", "organisation": None}
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
        is_set = self._is_done(
            settings_steps.set_contract_terms, "has_vat", contract=contract, start=start, terms=terms
        )
        assert self.oracle.set_terms(contract, start, terms) == is_set

    def set_vat_rate(self, organisation: int, service: str, rate: Decimal) -> bool:
        """Set the rate of a service, by its name of today; whether its contract's terms allow it."""
        name = self.oracle.care.names[organisation]
        facts = {"organisation": name, "service_name": service, "rate": rate}
        is_set = self._is_done(settings_steps.set_vat_rate, "needs_invoice_terms", **facts)
        assert self.oracle.set_vat_rate(organisation, service, rate) == is_set
        return is_set

    def _is_done(self, step: Any, refusal: str, **facts: Any) -> bool:
        """Whether the council does a step, or refuses it so."""
        try:
            with self.council.payments() as s:
                step(s, OFFICER, **facts)
        except Refused as refused:
            code = refused.code
        else:
            return True
        assert code == refusal
        return False

    def attach(self, number: str, vat_number: str) -> bool:
        """Attach a provider's VAT invoice; whether its VAT registration number may be one."""
        key = f"attachments/{uuid.uuid4()}"
        write_object(key, b"%PDF-1.7 an invoice")
        facts = {"number": number, "organisation": self._whose(number), "object_key": key}
        is_attached = self._is_done(
            settings_steps.attach_vat_invoice,
            "invalid_vat_number",
            vat_number=vat_number,
            file_name="vat.pdf",
            **facts,
        )
        assert is_vat_number(vat_number) == is_attached, vat_number
        if is_attached:
            self.oracle.attach_vat_invoice(number)
        return is_attached

    def approve_run(self, start: dt.date, contract: str | None) -> str:
        """Prepare a payment run and approve it by somebody else: ``approved``, or the refusal."""
        run_id = uuid.uuid4()
        try:
            with self.council.payments() as s:
                runs_steps.prepare_run(s, OFFICER, run_id=run_id, start=start, contract=contract)
            with self.council.payments() as s:
                runs_steps.approve_run(s, SECOND, run_id=run_id)
        except Refused as refused:
            return refused.code
        self.oracle.approve_run(start, contract)
        return "approved"

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
        whose, expected = self._whose(number), self._expected(step, number)
        if step == "accept_invoice":
            facts["seen"] = Decimal(self.describe(number)["gross"])
        try:
            with self.council.payments() as s:
                found = getattr(steps, step)(
                    s, OFFICER, move_id=uuid.uuid4(), number=number, organisation=whose, **facts
                )
        except Refused as refused:
            came_to = refused.code
        else:
            came_to = found["state"]
        assert (number, came_to) == (number, expected)
        if came_to == STATES[step]:
            self.oracle.move_invoice(number, came_to)
        return came_to

    def _expected(self, step: str, number: str) -> str:
        """The state that a step leads to, or the refusal."""
        invoices = self.oracle.ledger.invoices
        if step == "submit_invoice":
            return invoices.why_not_submit(number) or STATES[step]
        if invoices.known[number].state != "Pending":
            return "wrong_state"
        is_empty = step == "accept_invoice" and not invoices.known[number].lines
        return "Pending" if is_empty else STATES[step]

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
            rates = {(one["cpli_id"], one["week"], one["kind"]): one["vat_rate"] for one in found["lines"]}
            sums = tuple(found[name] for name in ("net", "vat", "gross"))
            assert (number, found["state"], lines, sums, found["posted_in"], rates) == (
                number,
                invoice.state,
                set(map(shown, invoice.lines.items())),
                tuple(map(pounds, invoice.sums())),
                invoice.posted_in and invoice.posted_in.isoformat(),
                {
                    (line[1], line[2].isoformat(), KINDS[line[0]]): f"{rate.normalize():f}"
                    for line, rate in invoice.rates.items()
                },
            )
            assert bool(found["vat_number"]) == invoice.has_attached
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
