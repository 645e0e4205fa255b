"""Invoices and credit notes: the real workers against the second calculation of the books (RULES 13)."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.oracle.facts.reading import DAYS
from tests.oracle.rows import DAPL, DIAMOND, PEARL, PEARL_DAPL, ZONE, a_week, diamond_care
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, Story, items_of

HOUR = 3600
A_DAY = dt.timedelta(days=1)
SUNDAY = SECOND_PERIOD + 6 * A_DAY
DAILY = "; ".join(f"{day} 09:00-10:00" for day in DAYS)
ONE_WEEK = {"StartDate": "03/10/2022", "EndDate": "09/10/2022"}


def by_invoice(cpli_id: int = 1, **cells: str) -> dict[str, str]:
    """A row of care: an hour a day for one week at 23.226, paid by invoice."""
    cells = {"UnitCost": "23.226", "PaymentMethod": "Invoice", "Timetable": DAILY, **ONE_WEEK} | cells
    return diamond_care(cpli_id, **cells)


def create(story: Story, number: str, start: dt.date = SECOND_PERIOD) -> str:
    """Make an invoice for whoever has the first package."""
    package = story.oracle.care.packages[1]
    return story.create_invoice(number, package.organisation, story.oracle.care.contract_of(package), start)


def accept(story: Story, number: str) -> None:
    """Submit and accept."""
    assert story.submit_invoice(number) == "Pending"
    assert story.accept_invoice(number) == "Accepted"


def test_the_golden_invoice_less_what_the_provider_collects(story: Story) -> None:
    """RULES 17: 116.13 and 81.29 less 56.20 collected."""
    collected = {"AssessedContribution": "56.20", "ContributionCollectedBy": "Provider", "Timetable": ""}
    story.import_care(
        by_invoice(1, Quantity="5", **collected), by_invoice(2, Quantity="3.5", SSRef="A200", Timetable="")
    )
    assert create(story, "1") == "made"
    story.compare()
    accept(story, "1")
    story.compare()
    assert story.invoicing.describe("1")["net"] == "141.22"
    assert story.oracle.books()["total_payable"] == "197.42"


def test_care_that_changes_is_followed_until_it_is_accepted_and_credited_after(story: Story) -> None:
    care = by_invoice(AssessedContribution="50.00", ContributionCollectedBy="Provider")
    story.import_care(care)
    create(story, "1")
    for change in (
        {"UnitCost": "25.3335"},
        {"Suspensions": "04/10/2022-05/10/2022 hospital"},
        {"Quantity": "3.5"},
    ):
        story.import_care(care | change)
        story.compare()
    story.submit_invoice("1")
    story.import_care(care | {"AssessedContribution": "70.00"})
    story.compare()
    assert story.accept_invoice("1") == "Accepted"
    story.compare()
    story.import_care(care | {"Quantity": "2"})
    story.compare()
    due = story.oracle.ledger.invoices.due(SECOND_PERIOD, story.oracle.weeks())
    ((line, too_much),) = ((line, -amount) for line, amount in due.items() if line[0] == "payable")
    accept(story, story.credit_invoice("1", line, too_much))
    story.compare()
    due = story.oracle.ledger.invoices.due(SECOND_PERIOD, story.oracle.weeks())
    assert "payable" not in {line[0] for line in due}


def test_actuals_under_terms_invoice_are_paid_by_invoice_and_by_their_own_period(story: Story) -> None:
    care = by_invoice(
        PaymentMethod="Actuals", AssessedContribution="40.00", StartDate="05/09/2022", EndDate=""
    )
    story.import_care(care)
    story.save_actual(1, FIRST_PERIOD, {})
    story.save_actual(1, SECOND_PERIOD, {})
    contract = story.oracle.care.contract_of(story.oracle.care.packages[1])
    story.set_terms(contract, SECOND_PERIOD, "invoice")
    story.compare()
    assert story.oracle.books()["total_payable"] == "162.58"
    create(story, "1")
    story.save_actual(1, SECOND_PERIOD, {(SECOND_PERIOD, SECOND_PERIOD): (0, HOUR // 2)})
    story.compare()
    accept(story, "1")
    story.delete_actual(1, SECOND_PERIOD)
    story.compare()
    story.set_terms(contract, SECOND_PERIOD, "schedule")
    story.compare()


def test_what_is_accepted_after_its_period_is_final_goes_into_the_first_open_one(story: Story) -> None:
    story.import_care(by_invoice())
    create(story, "1")
    story.submit_invoice("1")
    story.finalise(SECOND_PERIOD)
    assert story.accept_invoice("1") == "Accepted"
    story.compare()
    assert [row[2:] for row in items_of(story.council, dt.date(2022, 10, 31))] == [
        ("Invoice 1", 1, "2022-10-03", "162.58")
    ]


def test_a_package_that_moves_leaves_what_was_accepted_where_it_was(story: Story) -> None:
    story.import_care(by_invoice())
    create(story, "1")
    accept(story, "1")
    story.import_care(by_invoice(OrganisationName=PEARL, ServiceName=PEARL_DAPL))
    story.compare()
    assert create(story, "2") == "made"
    accept(story, "2")
    story.compare()
    story.import_care(by_invoice(SSRef="A300"))
    story.compare()


def test_invoiced_care_is_charged_with_other_care_while_an_invoice_holds_it(story: Story) -> None:
    both = {"AssessedContribution": "100.00", "ContributionCollectedBy": "Provider"}
    story.import_care(by_invoice(**both), diamond_care(2, **both))
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    story.compare()
    create(story, "1")
    story.submit_invoice("1")
    story.compare()
    assert story.reject_invoice("1") == "Rejected"
    story.compare()
    create(story, "2")
    accept(story, "2")
    story.compare()


@pytest.mark.parametrize("kind", ["cancel", "suspend", "carry-forward"])
def test_a_held_week_is_held_when_it_is_accepted(story: Story, kind: str) -> None:
    story.import_care(by_invoice())
    story.hold(1, SECOND_PERIOD, kind)
    assert create(story, "1") == "made"
    accept(story, "1")
    story.compare()
    (line, _), *_ = story.oracle.ledger.invoices.left_of("1").items()
    accept(story, story.credit_invoice("1", line, Decimal("62.58")))
    story.compare()
    if kind != "carry-forward":
        story.release(1, SECOND_PERIOD)
        story.compare()


def test_vat_is_on_the_cost_of_each_rate_and_its_credits_come_to_it(story: Story) -> None:
    """Four pence at 12.5 per cent are half a penny, which is rounded once for a rate and not for each line."""
    terms = {"UnitCost": "0.04", "Quantity": "1", "Timetable": "", "AssessedContribution": ""}
    other = {"ServiceName": ZONE, "Contract": "LWAH"}
    story.import_care(by_invoice(1, **terms), by_invoice(2, SSRef="A200", **terms), by_invoice(3, **other))
    package = story.oracle.care.packages[1]
    assert not story.set_vat_rate(package.organisation, DAPL, Decimal("12.5"))
    story.set_terms("DAPL", SECOND_PERIOD, "invoice")
    assert story.set_vat_rate(package.organisation, DAPL, Decimal("12.5"))
    create(story, "1")
    story.compare()
    assert story.invoicing.describe("1")["vat"] == "0.01"
    assert story.submit_invoice("1") == "vat_number_missing"
    assert not story.attach_vat_invoice("1", "980 7806 85")
    assert story.attach_vat_invoice("1", "980 7806 84")
    accept(story, "1")
    story.compare()
    for line, vat in zip(sorted(story.oracle.ledger.invoices.left_of("1")), ("0.00", "-0.01"), strict=True):
        number = story.credit_invoice("1", line, Decimal("0.04"))
        assert story.invoicing.describe(number)["vat"] == vat
        accept(story, number)
    story.compare()


def test_any_amount_that_changes_sends_a_pending_vat_invoice_back_and_no_other(story: Story) -> None:
    """Two lines that change by as much, one up and one down, are two amounts that change."""
    shared = {"Quantity": "5", "Timetable": ""}
    care = by_invoice(1, **shared), by_invoice(2, SSRef="A200", **shared)
    story.import_care(*care)
    organisation = story.oracle.care.packages[1].organisation
    story.set_terms("DAPL", SECOND_PERIOD, "invoice")
    create(story, "1")
    story.submit_invoice("1")
    story.import_care(care[0] | {"Quantity": "4"}, care[1] | {"Quantity": "6"})
    story.compare()
    assert story.invoicing.describe("1")["state"] == "Pending"
    story.set_vat_rate(organisation, DAPL, Decimal(20))
    story.compare()
    assert story.invoicing.describe("1")["state"] == "Unsubmitted"
    assert story.attach_vat_invoice("1", "GB980780684")
    assert story.submit_invoice("1") == "Pending"
    story.import_care(*care)
    story.compare()
    assert story.invoicing.describe("1")["state"] == "Unsubmitted"
    accept(story, "1")
    story.set_vat_rate(organisation, DAPL, Decimal(0))
    story.set_terms("DAPL", SECOND_PERIOD, "schedule")
    story.compare()


def test_an_invoice_is_paid_with_the_run_that_holds_its_items_and_no_other(story: Story) -> None:
    story.import_care(by_invoice(1), by_invoice(2, OrganisationName=PEARL, ServiceName=PEARL_DAPL))
    create(story, "1")
    accept(story, "1")
    assert story.approve_run(SECOND_PERIOD) == "not_finalised"
    story.finalise(SECOND_PERIOD)
    assert story.invoicing.describe("1")["state"] == "Accepted"
    pearl = story.oracle.care.packages[2].organisation
    assert story.create_invoice("2", pearl, "DAPL", SECOND_PERIOD) == "made"
    accept(story, "2")
    assert story.approve_run(SECOND_PERIOD, "DAPL") == "approved"
    story.compare()
    assert [story.invoicing.describe(number)["state"] for number in "12"] == ["Paid", "Accepted"]
    (line,) = story.oracle.ledger.invoices.left_of("1")
    accept(story, story.credit_invoice("1", line, Decimal("1.00")))
    story.compare()
