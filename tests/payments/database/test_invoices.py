"""Invoices and credit notes on a real database: owed, invoiced, accepted, credited, paid (RULES 13)."""

import uuid
from decimal import Decimal

import pytest
from sqlalchemy import text

from libs.common.errors import Refused
from services.payments.invoices import settings_steps, steps, views
from services.payments.runs import steps as runs_steps
from tests.payments.database.held_weeks import FINANCE, PERIOD
from tests.payments.database.invoicing import HOURLY, NAME, Invoices, an_invoice_package, invoices
from tests.support.builders.messages import a_package

__all__ = ["invoices"]


def test_a_week_is_charged_while_it_is_pending_and_paid_when_it_is_accepted(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package(assessed="56.20", collected_by="Provider"))
    assert invoices.to_invoice() == [("cost", "140.00"), ("income", "-56.20")]
    made = invoices.create()
    assert (made["state"], made["net"], made["gross"]) == ("Unsubmitted", "83.80", "83.80")
    assert (invoices.items(), invoices.sum_charged()) == ([], "0.00")
    invoices.do(steps.submit_invoice)
    assert (invoices.items(), invoices.sum_charged()) == ([], "56.20")
    assert invoices.accept()["state"] == "Accepted"
    assert invoices.items() == [("cost", "140.00", "Invoice INV 1"), ("income", "-56.20", "Invoice INV 1")]
    assert (invoices.sum_charged(), invoices.to_invoice()) == ("56.20", [])


def test_weeks_that_an_invoice_holds_are_named(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())

    def weeks() -> list[tuple[int, str]]:
        with invoices.council.payments() as session:
            found = views.list_invoiced_weeks(session, first=PERIOD, last=PERIOD)
        return [(one["cpli_id"], one["week"]) for one in found]

    invoices.create()
    assert weeks() == []
    invoices.do(steps.submit_invoice)
    assert weeks() == [(1, PERIOD.isoformat())]
    invoices.do(steps.reject_invoice, reason="Not agreed")
    assert weeks() == []


def test_a_rejected_invoice_holds_nothing(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.create()
    invoices.do(steps.submit_invoice)
    assert invoices.sum_charged() == "140.00"
    assert invoices.do(steps.reject_invoice, reason="Not agreed")["state"] == "Rejected"
    assert (invoices.sum_charged(), invoices.to_invoice()) == ("0.00", [("cost", "140.00")])
    assert invoices.create("INV 2")["gross"] == "140.00"


def test_accepting_another_sum_than_was_seen_shows_the_invoice_again(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.create()
    invoices.do(steps.submit_invoice)
    invoices.take_care(an_invoice_package(unit_cost="21.00"))
    shown = invoices.accept(seen="140.00")
    assert (shown["state"], shown["gross"], invoices.items()) == ("Pending", "147.00", [])
    assert [(one["before"], one["after"]) for one in shown["changes"]] == [("140.00", "147.00")]
    assert invoices.accept(seen="147.00")["state"] == "Accepted"


def test_what_was_accepted_never_changes_and_is_credited_by_line(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.accepted()
    invoices.take_care(an_invoice_package(unit_cost="15.00"))
    assert invoices.items() == [("cost", "140.00", "Invoice INV 1")]
    assert (invoices.sum_charged(), invoices.to_invoice()) == ("105.00", [("cost", "-35.00")])
    with pytest.raises(Refused, match="nothing_to_invoice"):
        invoices.create("INV 2")
    with pytest.raises(Refused, match="too_much"):
        invoices.credit("140.01")
    credit = invoices.credit("35.00")
    assert (credit["number"], credit["net"], credit["credits"]) == ("INV 1/C1", "-35.00", "INV 1")
    with pytest.raises(Refused, match="too_much"):
        invoices.credit("105.01")
    invoices.do(steps.submit_invoice, "inv1/c1")
    invoices.accept("INV 1/C1")
    assert invoices.items()[1:] == [("cost", "-35.00", "Credit note INV 1/C1")]
    assert (invoices.to_invoice(), invoices.wrong_books()) == ([], [])


def test_actuals_on_terms_invoice_are_taken_back_and_paid_by_invoice(invoices: Invoices) -> None:
    invoices.take_care(a_package(1) | HOURLY | {"payment_method": "Actuals"})
    invoices.take_actual(3.5)
    assert invoices.items() == [("cost", "70.00", "Care delivered")]
    invoices.set_terms("invoice")
    assert [amount for _, amount, _ in invoices.items()] == ["70.00", "-70.00"]
    assert (invoices.sum_charged(), invoices.to_invoice()) == ("70.00", [("cost", "70.00")])
    made = invoices.create()
    assert len(made["unsubmitted"]) == 3
    invoices.take_actual(5)
    assert invoices.do(views.describe_invoice)["changes"][0]["after"] == "100.00"
    invoices.do(steps.submit_invoice)
    invoices.accept()
    assert invoices.items()[-1] == ("cost", "100.00", "Invoice INV 1")
    assert (invoices.sum_charged(), invoices.to_invoice(), invoices.wrong_books()) == ("100.00", [], [])


@pytest.mark.parametrize("number", ["inv1", "INV  1", "I n V 1"])
def test_a_number_is_used_once_whatever_its_letter_case_and_spaces(invoices: Invoices, number: str) -> None:
    invoices.take_care(an_invoice_package())
    invoices.accepted()
    with pytest.raises(Refused, match="number_taken"):
        invoices.create(number)


def test_a_second_invoice_waits_until_the_first_is_decided_or_deleted(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.create()
    with pytest.raises(Refused, match="invoice_exists"):
        invoices.create("INV 2")
    invoices.do(steps.delete_invoice)
    assert invoices.create("inv 1")["number"] == "inv 1"


def test_a_vat_invoice_that_changes_goes_back_and_its_vat_is_an_item_of_no_week(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    with pytest.raises(Refused, match="needs_invoice_terms"), invoices.council.payments() as s:
        settings_steps.set_vat_rate(s, FINANCE, organisation=NAME, service_name="zone 6", rate=Decimal(20))
    invoices.set_terms("invoice")
    with invoices.council.payments() as s:
        settings_steps.set_vat_rate(s, FINANCE, organisation=NAME, service_name="zone 6", rate=Decimal(20))
    assert invoices.create()["vat"] == "28.00"
    with pytest.raises(Refused, match="vat_number_missing"):
        invoices.do(steps.submit_invoice)
    with invoices.council.payments() as s:
        s.execute(
            text(
                "UPDATE invoices SET vat_number = 'GB980780684', attachment_key = 'a', attachment_name = 'a.pdf'"
            )
        )
    invoices.do(steps.submit_invoice)
    invoices.take_care(an_invoice_package(unit_cost="21.00"))
    invoices.settle()
    assert invoices.do(views.describe_invoice)["state"] == "Unsubmitted"
    assert invoices.sum_charged() == "0.00"
    invoices.do(steps.submit_invoice)
    assert invoices.accept()["gross"] == "176.40"
    assert [one[:2] for one in invoices.items()] == [("cost", "147.00"), ("vat", "29.40")]
    assert invoices.wrong_books() == []


def test_an_approved_run_pays_what_was_accepted_into_its_period(invoices: Invoices) -> None:
    invoices.take_care(an_invoice_package())
    invoices.accepted()
    invoices.finalise(PERIOD)
    run_id = uuid.uuid4()
    with invoices.council.payments() as s:
        runs_steps.prepare_run(s, FINANCE, run_id=run_id, start=PERIOD, contract=None)
    with invoices.council.payments() as s:
        runs_steps.approve_run(s, {**FINANCE, "who": "another"}, run_id=run_id)
    assert invoices.do(views.describe_invoice)["state"] == "Paid"
    assert invoices.credit("1.00")["state"] == "Unsubmitted"
