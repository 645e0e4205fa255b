"""Invoices and credit notes come to the same in whatever order messages arrive, and however often (RULES 13).

What somebody decides is of what was seen: everything is heard before an invoice is made, submitted or accepted. Between
these, messages arrive in any order, doubled, and again when they are long out of date.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.files.objects import write_object
from libs.common.rpc import Caller
from services.payments.invoices import crediting, settings_steps, steps, views
from tests.journeys.test_order_of_actuals import by_actuals, save
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.council.council import Council
from tests.support.council.delivery import JOBS, Delivery, Letter
from tests.support.run.schemas import Schemas

OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
PERIOD = dt.date(2022, 10, 3)
HOUR = 3600
DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Care Ltd"
DIAMOND_DAPL = "Diamond Home Care - DAPL Oxford"
CONTRACTS = {DIAMOND: "DAPL", PEARL: "APL"}
COLLECTED = {"AssessedContribution": "90.00", "ContributionCollectedBy": "Provider"}
TWO_WEEKS = {"StartDate": "03/10/2022", "EndDate": "16/10/2022"}
OF_PEARL = {"OrganisationName": PEARL, "ServiceName": "Pearl Care - APL", "Contract": "APL"}


def by_invoice(cpli_id: int, **cells: str) -> dict[str, str]:
    shared = {"UnitCost": "23.226", "PaymentMethod": "Invoice", "Quantity": "5"} | TWO_WEEKS | COLLECTED
    return a_care_row(cpli_id, **(shared | cells))


BASE = (
    by_invoice(1),
    by_invoice(2, SSRef="A200", ContributionCollectedBy="Council"),
    by_actuals(3, SSRef="A200", **TWO_WEEKS),
    by_actuals(4, **TWO_WEEKS | COLLECTED),
    by_invoice(5, SSRef="A200", **OF_PEARL),
)
WHILE_PENDING = (
    by_invoice(1, UnitCost="25.3335", EffectiveFrom="06/10/2022"),
    by_invoice(2, SSRef="A200", ContributionCollectedBy="Council", Suspensions="03/10/2022-04/10/2022 x"),
    by_invoice(5, SSRef="A200", AssessedContribution="40.00", **OF_PEARL),
)
AFTER_ACCEPTING = (
    by_invoice(1, UnitCost="19.995", EffectiveFrom="10/10/2022"),
    by_invoice(2, SSRef="A200", PaymentMethod="Visits"),
    by_actuals(3, SSRef="A200", Authorised="N", **TWO_WEEKS),
    by_invoice(5, SSRef="A200", Quantity="3", **OF_PEARL),
)


@pytest.fixture(scope="module")
def emptied_council(schemas: Callable[[], Schemas]) -> Iterator[Council]:
    council = Council(schemas())
    yield council
    council.close()


class LateDelivery(Delivery):
    """Keeps copies of what was delivered, which come again later."""

    def __init__(self, council: Council, choice: random.Random, *, copies: int) -> None:
        super().__init__(council, choice, copies=copies)
        self.late: list[Letter] = []

    def _hand_over(self, letter: Letter) -> None:
        hearer, message = letter
        if self.copies > 1 and message.event not in JOBS:
            self.late.append((hearer, replace(message, message_id=str(uuid.uuid4()))))
        super()._hand_over(letter)

    def come_again(self) -> None:
        """Have some of what was delivered before lie there once more, of whatever age."""
        for _ in range(min(len(self.late), 10)):
            self.letters.append(self.late.pop(self.choice.randrange(len(self.late))))


class Year:
    """What happens to the invoices of two providers, with messages delivered in between as chance has it."""

    def __init__(self, council: Council, choice: random.Random, copies: int, *, waits: bool) -> None:
        council.empty()
        self.council, self.choice, self.waits = council, choice, waits
        self.delivery = LateDelivery(council, choice, copies=copies)

    def hear(self) -> None:
        """Some of what was said is heard; or all of it, where everything is waited for."""
        self.delivery.come_again()
        if self.waits:
            self.delivery.deliver_all()
        else:
            self.delivery.deliver_some(self.choice.randrange(4))

    def hear_all(self) -> None:
        self.delivery.come_again()
        self.delivery.deliver_all()

    def shuffled(self, *actions: Callable[[], object]) -> None:
        """Things that happen in any order, and messages between them."""
        for action in self.choice.sample(actions, len(actions)):
            action()
            self.hear()

    def import_rows(self, *rows: dict[str, str]) -> None:
        self.shuffled(*(lambda row=row: self.delivery.import_care(a_care_file(row)) for row in rows))

    def do(self, step: Any, number: str, provider: str, **facts: Any) -> Any:
        with self.council.payments() as s:
            return step(s, OFFICER, number=number, organisation=provider, **facts)

    def create(self, number: str, provider: str) -> None:
        facts = {"invoice_id": uuid.uuid4(), "start": PERIOD, "contract": CONTRACTS[provider]}
        self.do(steps.create_invoice, number, provider, **facts)

    def submit(self, number: str, provider: str) -> None:
        """Submit it, with what an invoice with VAT needs."""
        found = self.do(views.describe_invoice, number, provider)
        if found["vat"] != "0.00" and found["kind"] == "invoice":
            key = f"attachments/{uuid.uuid4()}"
            write_object(key, b"%PDF-1.7 an invoice")
            facts = {"vat_number": "980 7806 84", "object_key": key, "file_name": "vat.pdf"}
            self.do(settings_steps.attach_vat_invoice, number, provider, **facts)
        self.do(steps.submit_invoice, number, provider, move_id=uuid.uuid4())

    def accept(self, number: str, provider: str) -> None:
        """Accept it as it stands; where it was sent back, it is submitted again before."""
        found = self.do(views.describe_invoice, number, provider)
        if found["state"] == "Unsubmitted":
            self.submit(number, provider)
        facts = {"move_id": uuid.uuid4(), "seen": Decimal(found["gross"])}
        assert self.do(steps.accept_invoice, number, provider, **facts)["state"] == "Accepted"

    def reject(self, number: str, provider: str) -> None:
        self.do(steps.reject_invoice, number, provider, move_id=uuid.uuid4(), reason="Not agreed")

    def credit(self, number: str, provider: str, cpli_id: int, amount: str) -> str:
        facts = {"credit_id": uuid.uuid4(), "cpli_id": cpli_id, "monday": PERIOD, "reason": "Too much"}
        made = self.do(crediting.credit_invoice, number, provider, amount=Decimal(amount), **facts)
        self.hear()
        self.submit(made["number"], provider)
        return str(made["number"])

    def credit_and_accept(self, number: str, provider: str, cpli_id: int, amount: str) -> None:
        """A credit note follows nothing: what it is accepted of needs no waiting."""
        credit = self.credit(number, provider, cpli_id, amount)
        self.hear()
        self.accept(credit, provider)

    def credit_and_reject(self, number: str, provider: str, cpli_id: int, amount: str) -> None:
        credit = self.credit(number, provider, cpli_id, amount)
        self.hear()
        self.reject(credit, provider)

    def begin(self) -> None:
        """Care is known, actuals are saved, terms and a VAT rate are set."""
        self.delivery.import_care(a_care_file(*BASE))
        self.hear_all()
        with self.council.payments() as s:
            settings_steps.set_contract_terms(s, OFFICER, contract="DAPL", start=PERIOD, terms="invoice")
        with self.council.payments() as s:
            rate = {"organisation": DIAMOND, "service_name": DIAMOND_DAPL, "rate": Decimal(20)}
            settings_steps.set_vat_rate(s, OFFICER, **rate)
        for cpli_id in (3, 4):
            save(self.council, cpli_id, PERIOD, HOUR // 2)
            self.hear()
        self.hear_all()

    def run(self) -> None:
        self.begin()
        self.shuffled(lambda: self.create("D 1", DIAMOND), lambda: self.create("P 1", PEARL))
        self.hear_all()
        self.shuffled(lambda: self.submit("D 1", DIAMOND), lambda: self.submit("P 1", PEARL))
        self.import_rows(*WHILE_PENDING)
        save(self.council, 3, PERIOD, 1200)
        self.hear_all()
        self.shuffled(lambda: self.accept("D 1", DIAMOND), lambda: self.reject("P 1", PEARL))
        self.hear_all()
        self.create("P 2", PEARL)
        self.hear()
        self.submit("P 2", PEARL)
        self.hear_all()
        self.accept("P 2", PEARL)
        self.shuffled(
            lambda: self.import_rows(*AFTER_ACCEPTING),
            lambda: save(self.council, 4, PERIOD, 600),
            lambda: self.credit_and_accept("D 1", DIAMOND, 1, "30.00"),
            lambda: self.credit_and_accept("P 2", PEARL, 5, "25.55"),
            lambda: self.credit_and_reject("D 1", DIAMOND, 2, "0.01"),
        )
        self.hear_all()

    def outcome(self) -> dict[str, Any]:
        """Books, money, what invoices say, and what is to be invoiced or credited."""
        assert self.council.differences() == []
        with self.council.payments() as s:
            every = s.execute(
                text("SELECT number, o.name FROM invoices JOIN organisations o USING (organisation_id)")
            )
            about = [tuple(row) for row in every]
            due = views.list_to_invoice(s, OFFICER, start=PERIOD, organisation=None, contract=None)
        said = {number: self.do(views.describe_invoice, number, whose) for number, whose in about}
        kept = ("state", "net", "vat", "gross", "posted_in", "lines")
        # credits of one invoice are numbered in the order in which they are made
        invoices = sorted(str([one[name] for name in kept]) for one in said.values())
        return self.council.books_now() | self.council.money() | {"invoices": invoices, "due": due}


def outcome_of(council: Council, choice: random.Random, copies: int, *, waits: bool) -> dict[str, Any]:
    year = Year(council, choice, copies, waits=waits)
    year.run()
    return year.outcome()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_invoices_do_not_depend_on_the_order_of_messages(emptied_council: Council, seed: int) -> None:
    in_order = outcome_of(emptied_council, random.Random(0), 1, waits=True)
    assert outcome_of(emptied_council, random.Random(seed), 3, waits=False) == in_order
    states = [one.split("'")[1] for one in in_order["invoices"]]
    assert states.count("Accepted") == 4
    assert states.count("Rejected") == 2
    assert in_order["due"]
