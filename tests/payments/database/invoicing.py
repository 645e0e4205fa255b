"""Payments on an idle council that is invoiced: owed, made, submitted, accepted, credited."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.process import database
from libs.common.rpc import Caller
from services.payments.care import steps as care_steps
from services.payments.invoices import crediting, settings_steps, steps, views
from services.payments.posting import steps as posting_steps
from tests.payments.database.held_weeks import FINANCE, PERIOD, Payments
from tests.support.builders.messages import (
    DIAMOND,
    MONDAY,
    PEARL,
    a_package,
    a_week,
    care_changed,
    weeks_matched,
)
from tests.support.council.council import Council

NAME, OTHER = "Diamond Home Care Ltd", "Pearl Carers Ltd"
PROVIDER: Caller = {"who": "clerk", "role": "provider", "organisation": DIAMOND}
ANOTHER: Caller = {"who": "another clerk", "role": "provider", "organisation": PEARL}
HOURLY = {"unit": "Hr", "frequency": "Weekly", "authorised": True, "service": "Zone 6"}
WEEK = MONDAY.isoformat()
MOVES = (steps.submit_invoice, steps.accept_invoice, steps.reject_invoice)


def an_invoice_package(cpli_id: int = 1, **facts: Any) -> dict[str, Any]:
    """Seven hours a week at £20.00 for the week of MONDAY alone, paid by invoice."""
    facts = {"start_on": "2022-10-03", "end_on": "2022-10-09"} | facts
    return a_package(cpli_id, **facts) | HOURLY | {"payment_method": "Invoice"}


class Invoices(Payments):
    """The steps of invoices, each in a transaction; what the worker hears is done at once."""

    def name_organisations(self) -> None:
        message = care_changed()
        message.body["organisations"] = [
            {"organisation_id": one, "name": name, "former_names": [], "version": 1}
            for one, name in ((DIAMOND, NAME), (PEARL, OTHER))
        ]
        with self.council.payments() as s:
            care_steps.take_care(s, message)

    def take_actual(self, hours: float, cpli_id: int = 1) -> None:
        """An actual of the CPLI's week was saved."""
        self.version += 1
        week = a_week(cpli_id, hours=(), version=self.version)
        week["lines"] = [[WEEK, "2022-10-09", int(hours * 3600), 0, None]]
        with self.council.payments() as s:
            posting_steps.take_weeks(s, weeks_matched(week, reason="actuals"))

    def set_terms(self, terms: str) -> None:
        with self.council.payments() as s:
            settings_steps.set_contract_terms(s, FINANCE, contract="DAPL", start=PERIOD, terms=terms)
        self.settle()

    def set_rate(self, rate: int, service: str = "Zone 6") -> None:
        """A service's VAT rate, under terms *Invoice*."""
        with self.council.payments() as s:
            settings_steps.set_vat_rate(
                s, FINANCE, organisation=NAME, service_name=service, rate=Decimal(rate)
            )

    def attach(self) -> None:
        """What a VAT invoice needs is there."""
        attached = "vat_number = 'GB980780684', attachment_key = 'attachments/a', attachment_name = 'a.pdf'"
        with self.council.payments() as s:
            s.execute(text(f"UPDATE invoices SET {attached} WHERE kind = 'invoice'"))

    def create(self, number: str = "INV 1", caller: Caller = FINANCE) -> dict[str, Any]:
        with self.council.payments() as s:
            made = steps.create_invoice(
                s,
                caller,
                invoice_id=uuid.uuid4(),
                start=PERIOD,
                contract="DAPL",
                organisation=NAME,
                number=number,
            )
        self.settle()
        return dict(made)

    def do(self, step: Any, number: str = "INV 1", **facts: Any) -> dict[str, Any]:
        if step in MOVES:
            facts = {"move_id": uuid.uuid4()} | facts
        with self.council.payments() as s:
            document = step(s, FINANCE, number=number, organisation=NAME, **facts)
        self.settle()
        return document or {}

    def accept(self, number: str = "INV 1", seen: str | None = None) -> dict[str, Any]:
        gross = seen or self.do(views.describe_invoice, number)["gross"]
        return self.do(steps.accept_invoice, number, seen=Decimal(gross))

    def accepted(self, number: str = "INV 1") -> dict[str, Any]:
        """An invoice that was made, submitted and accepted."""
        self.create(number)
        self.do(steps.submit_invoice, number)
        return self.accept(number)

    def credit(self, amount: str, number: str = "INV 1", cpli_id: int = 1) -> dict[str, Any]:
        facts = {"cpli_id": cpli_id, "monday": MONDAY, "amount": Decimal(amount), "reason": "Too much"}
        return self.do(crediting.credit_invoice, number, credit_id=uuid.uuid4(), **facts)

    def items(self) -> list[tuple[str, str, str]]:
        with self.council.payments() as s:
            rows = s.execute(
                text("SELECT series, amount::text, reason FROM items ORDER BY posted_at, series")
            )
            return [tuple(row) for row in rows]

    def to_invoice(self) -> list[tuple[str, str]]:
        with self.council.payments() as s:
            found = views.list_to_invoice(s, FINANCE, start=PERIOD, organisation=None, contract=None)
        return [(one["kind"], one["difference"]) for one in found]

    def wrong_books(self) -> list[dict[str, Any]]:
        """What `reconcile` finds of money, apart from the weeks behind which there are no visits here."""
        return [
            one
            for one in self.council.differences()
            if one["what"] in ("invoices", "portions", "hold", "closed")
        ]

    @contextmanager
    def asked_by(self, caller: Caller) -> Iterator[Session]:
        """A transaction as the RPC process has it, with the caller's row-level security."""
        engine = database.engine(self.council.schemas.url_of("payments_rpc"), "payments", pool_size=1)
        try:
            with database.transaction(database.sessions(engine), caller) as session:
                yield session
        finally:
            engine.dispose()


@pytest.fixture
def invoices(idle_council: Council) -> Invoices:
    """A council that knows two providers by name."""
    found = Invoices(idle_council)
    found.name_organisations()
    return found
