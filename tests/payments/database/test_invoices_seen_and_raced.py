"""Who sees invoices, what two do at once, and what is refused, on a real database (RULES 13)."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.weeks import next_period
from libs.common.errors import Refused
from libs.common.files.objects import write_object
from services.payments.invoices import settings_steps, steps, views
from services.payments.schema.tables import ROWS_OF_ORGANISATION
from tests.payments.database.held_weeks import FINANCE, PERIOD
from tests.payments.database.invoicing import (
    ANOTHER,
    HOURLY,
    NAME,
    PROVIDER,
    Invoices,
    an_invoice_package,
    invoices,
)
from tests.payments.database.test_public_events import are_gap_free, data_of, read_events
from tests.support.builders.messages import MONDAY, PEARL, a_package
from tests.support.council.racing import in_turn
from tests.support.events.asyncapi import misfits

__all__ = ["invoices"]

NEXT = next_period(PERIOD)
OWN_TABLES = sorted(table for table in ROWS_OF_ORGANISATION if "invoice" in table or "vat" in table)


def with_vat(invoices: Invoices) -> None:
    """Two packages of the week, £140.00 each: one at 20 %, one exempt."""
    invoices.take_care(an_invoice_package(1), an_invoice_package(2) | {"service": "Zone 7"})
    invoices.set_terms("invoice")
    invoices.set_rate(20)


def test_a_provider_sees_no_row_of_another_in_any_table(invoices: Invoices) -> None:
    with_vat(invoices)
    invoices.create()
    invoices.take_care(an_invoice_package(1, unit_cost="21.00"))
    assert len(OWN_TABLES) == 5
    for table in OWN_TABLES:
        count = text(f"SELECT count(*) FROM {table}")
        with invoices.asked_by(PROVIDER) as own, invoices.asked_by(ANOTHER) as others:
            assert (table, own.scalar(count) > 0, others.scalar(count)) == (table, True, 0)


def test_another_provider_finds_nothing_by_number_or_id(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    made = invoices.create()
    with invoices.asked_by(ANOTHER) as s, pytest.raises(Refused, match="not_found"):
        views.describe_invoice(s, ANOTHER, number="INV 1", organisation=None)
    with invoices.asked_by(ANOTHER) as s, pytest.raises(Refused, match="not_found"):
        views.find_named(s, ANOTHER, invoice_id=uuid.UUID(made["id"]))
    with invoices.asked_by(ANOTHER) as s, pytest.raises(Refused, match="not_found"):
        steps.submit_invoice(s, ANOTHER, move_id=uuid.uuid4(), number="INV 1", organisation=NAME)


def test_a_provider_is_owed_by_care_with_others_that_it_does_not_see(invoices: Invoices) -> None:
    """Care with Pearl uses up the assessed contribution as the client's row of Pearl decides; Diamond collects none."""
    collected = {"assessed": "56.20", "collected_by": "Provider"}
    invoices.take_care(
        an_invoice_package(**collected),
        a_package(2, organisation=PEARL, start_on="2022-10-03", **collected) | HOURLY,
    )
    with invoices.asked_by(PROVIDER) as s:
        made = steps.create_invoice(
            s,
            PROVIDER,
            invoice_id=uuid.uuid4(),
            start=PERIOD,
            contract="DAPL",
            organisation=None,
            number="P 1",
        )
        assert s.scalar(text("SELECT current_setting('app.role')")) == "provider"
    assert [(line["kind"], line["amount"]) for line in made["lines"]] == [("cost", "140.00")]


def test_only_the_council_decides(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.create()
    invoices.do(steps.submit_invoice)
    for step, facts in (
        (steps.accept_invoice, {"seen": Decimal(140)}),
        (steps.reject_invoice, {"reason": "No"}),
    ):
        about: dict[str, Any] = {
            "move_id": uuid.uuid4(),
            "number": "INV 1",
            "organisation": None,
            **facts,
        }
        with invoices.asked_by(PROVIDER) as s, pytest.raises(Refused, match="not_allowed"):
            step(s, PROVIDER, **about)


def test_of_two_who_accept_at_once_one_does(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.create()
    invoices.do(steps.submit_invoice)
    refused: list[str] = []

    def accept(session: Session) -> None:
        try:
            about = {"number": "INV 1", "organisation": NAME, "seen": Decimal("140.00")}
            steps.accept_invoice(session, FINANCE, move_id=uuid.uuid4(), **about)
        except Refused as refusal:
            refused.append(refusal.code)

    in_turn(invoices.council.sessions["payments"], accept, accept)
    assert refused == ["wrong_state"]
    assert invoices.items() == [("cost", "140.00", "Invoice INV 1")]
    assert invoices.wrong_books() == []


def test_of_two_made_at_once_for_a_period_one_is(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    refused: list[str] = []

    def create(number: str) -> Any:
        about = {"start": PERIOD, "contract": "DAPL", "organisation": NAME, "number": number}

        def step(session: Session) -> None:
            try:
                steps.create_invoice(session, FINANCE, invoice_id=uuid.uuid4(), **about)
            except Refused as refusal:
                refused.append(refusal.code)

        return step

    in_turn(invoices.council.sessions["payments"], create("A"), create("B"))
    assert refused == ["invoice_exists"]


@pytest.mark.parametrize("number", ["", "   ", "x" * 51])
def test_a_number_has_one_to_fifty_characters(invoices: Invoices, number: str) -> None:
    invoices.take_care(an_invoice_package())
    with pytest.raises(Refused, match="invalid_number"):
        invoices.create(number)


def test_a_number_of_fifty_characters_can_be_credited(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.accepted("x" * 50)
    assert invoices.credit("1.00", "x" * 50)["number"] == f"{'x' * 50}/C1"


def test_making_one_twice_makes_it_once(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    about = {"start": PERIOD, "contract": "DAPL", "organisation": NAME, "number": "INV 1"}
    invoice_id = uuid.uuid4()
    for _ in range(2):
        with invoices.council.payments() as s:
            made = steps.create_invoice(s, FINANCE, invoice_id=invoice_id, **about)
    assert (made["id"], made["gross"]) == (str(invoice_id), "140.00")


@pytest.mark.parametrize(
    ("before", "step", "facts", "state"),
    [
        ((), steps.submit_invoice, {}, "Pending"),
        ((steps.submit_invoice,), steps.accept_invoice, {"seen": Decimal("140.00")}, "Accepted"),
        ((steps.submit_invoice,), steps.reject_invoice, {"reason": "Not agreed"}, "Rejected"),
    ],
    ids=["submit", "accept", "reject"],
)
def test_a_move_that_is_asked_twice_is_made_once_and_answered_the_same(
    invoices: Invoices, before: tuple[Any, ...], step: Any, facts: dict[str, Any], state: str
) -> None:
    invoices.take_care(an_invoice_package())
    invoices.create()
    for one in before:
        invoices.do(one)
    move_id = uuid.uuid4()
    first, again = (invoices.do(step, move_id=move_id, **facts) for _ in range(2))
    assert first == again
    assert [one["state"] for one in again["steps"]].count(state) == 1
    assert len(invoices.items()) == (state == "Accepted")
    with pytest.raises(Refused, match="wrong_state"):
        invoices.do(step, **facts)
    others = {steps.submit_invoice: {}, steps.reject_invoice: {"reason": "No"}}
    for other, other_facts in others.items():
        if other is not step:
            with pytest.raises(Refused, match="move_used"):
                invoices.do(other, move_id=move_id, **other_facts)


def test_the_id_of_a_move_is_of_one_invoice(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.accepted()
    credit, move_id = invoices.credit("40.00"), uuid.uuid4()
    invoices.do(steps.submit_invoice, credit["number"], move_id=move_id)
    with pytest.raises(Refused, match="move_used"):
        invoices.do(steps.submit_invoice, move_id=move_id)


def test_of_one_move_asked_twice_at_once_one_is_made(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.create()
    invoices.do(steps.submit_invoice)
    about = {"move_id": uuid.uuid4(), "number": "INV 1", "organisation": NAME, "seen": Decimal("140.00")}
    states: list[str] = []

    def accept(session: Session) -> None:
        states.append(steps.accept_invoice(session, FINANCE, **about)["state"])

    in_turn(invoices.council.sessions["payments"], accept, accept)
    assert states == ["Accepted", "Accepted"]
    assert invoices.items() == [("cost", "140.00", "Invoice INV 1")]


def test_a_provider_asks_twice_too(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.create()
    about: dict[str, Any] = {"move_id": uuid.uuid4(), "number": "INV 1", "organisation": None}
    for _ in range(2):
        with invoices.asked_by(PROVIDER) as s:
            assert steps.submit_invoice(s, PROVIDER, **about)["state"] == "Pending"


def test_the_vat_of_credits_comes_to_that_of_the_invoice(invoices: Invoices) -> None:
    with_vat(invoices)
    invoices.create()
    invoices.attach()
    invoices.do(steps.submit_invoice)
    assert invoices.accept()["gross"] == "308.00"
    vats = []
    for amount in ("46.67", "46.67", "46.66"):
        credit = invoices.credit(amount)
        invoices.do(steps.submit_invoice, credit["number"])
        vats.append(Decimal(invoices.accept(credit["number"])["vat"]))
    assert sum(vats) == Decimal("-28.00")
    assert invoices.credit("140.00", cpli_id=2)["vat"] == "0.00"
    assert invoices.wrong_books() == []


def test_a_rejected_credit_leaves_its_line_to_be_credited(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.accepted()
    credit = invoices.credit("140.00")
    with pytest.raises(Refused, match="too_much"):
        invoices.credit("0.01")
    invoices.do(steps.submit_invoice, credit["number"])
    invoices.do(steps.reject_invoice, credit["number"], reason="Not agreed")
    assert invoices.credit("140.00")["number"] == "INV 1/C2"


def test_what_is_attached_must_be_a_pdf_and_the_number_right(invoices: Invoices) -> None:
    with_vat(invoices)
    invoices.create()
    keys = [f"attachments/{uuid.uuid4()}" for _ in range(2)]
    for key, content in zip(keys, (b"%PDF-1.7 an invoice", b"PK no PDF"), strict=True):
        write_object(key, content)
    facts = {"vat_number": "GB 980 7806 84", "object_key": keys[0], "file_name": "vat.pdf"}
    for code, other in (
        ("not_a_pdf", {"object_key": keys[1]}),
        ("invalid_vat_number", {"vat_number": "980780685"}),
    ):
        with pytest.raises(Refused, match=code):
            invoices.do(settings_steps.attach_vat_invoice, **facts | other)
    shown = invoices.do(settings_steps.attach_vat_invoice, **facts)
    assert (shown["vat_number"], shown["attachment"]) == ("GB980780684", "vat.pdf")
    assert invoices.do(steps.submit_invoice)["state"] == "Pending"


def test_terms_begin_with_an_open_period_and_earlier_weeks_keep_theirs(invoices: Invoices) -> None:
    invoices.take_care(a_package(1) | HOURLY | {"payment_method": "Actuals"})
    invoices.take_actual(3.5)
    set_terms = settings_steps.set_contract_terms
    with invoices.council.payments() as s, pytest.raises(Refused, match="not_a_period"):
        set_terms(s, FINANCE, contract="DAPL", start=PERIOD + dt.timedelta(days=7), terms="invoice")
    with invoices.council.payments() as s:
        set_terms(s, FINANCE, contract="dapl", start=NEXT, terms="invoice")
    invoices.settle()
    assert invoices.items() == [("cost", "70.00", "Care delivered")]
    invoices.finalise(PERIOD)
    with invoices.council.payments() as s, pytest.raises(Refused, match="period_finalised"):
        set_terms(s, FINANCE, contract="DAPL", start=PERIOD, terms="invoice")


def test_a_rate_that_changes_is_followed_at_once(invoices: Invoices) -> None:
    with_vat(invoices)
    invoices.create()
    invoices.attach()
    invoices.do(steps.submit_invoice)
    invoices.set_rate(5)
    invoices.settle()
    shown = invoices.do(views.describe_invoice)
    assert (shown["state"], shown["vat"]) == ("Unsubmitted", "7.00")
    assert invoices.sum_charged() == "0.00"


def test_a_rate_is_taken_away_before_terms_go_back(invoices: Invoices) -> None:
    with_vat(invoices)
    with pytest.raises(Refused, match="has_vat"):
        invoices.set_terms("schedule")
    invoices.set_rate(0)
    invoices.set_terms("schedule")


def test_a_changed_row_is_found_by_reconcile(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.accepted()
    assert invoices.wrong_books() == []
    with invoices.council.payments() as s:
        s.execute(text("UPDATE invoice_lines SET amount = amount + 1"))
    assert [one["which"].split("/")[-1] for one in invoices.wrong_books() if one["what"] == "invoices"] == [
        MONDAY.isoformat(),
        "net",
    ]


def test_accepted_ones_are_said_to_other_systems_behind_their_items(invoices: Invoices) -> None:
    with_vat(invoices)
    invoices.create()
    invoices.attach()
    invoices.do(steps.submit_invoice)
    invoices.accept()
    credit = invoices.credit("40.00")
    invoices.do(steps.submit_invoice, credit["number"])
    invoices.accept(credit["number"])
    events = read_events(invoices.council)
    assert [event["type"] for event in events if misfits(event)] == []
    assert are_gap_free(events)
    (invoice,) = data_of(events, "invoice.accepted.v1")
    assert (invoice["number"], invoice["net"], invoice["vat"], invoice["gross"]) == (
        "INV 1",
        "280.00",
        "28.00",
        "308.00",
    )
    (note,) = data_of(events, "credit_note.accepted.v1")
    assert (note["invoice_number"], note["net"], note["vat"]) == ("INV 1", "-40.00", "-8.00")
    posted = [event["type"] for event in events if event["partitionkey"] != "council"]
    assert posted.index("invoice.accepted.v1") == 3
