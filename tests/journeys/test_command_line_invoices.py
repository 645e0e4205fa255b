"""``caretally invoices`` and ``contracts`` on a whole stack: owed, invoiced, accepted, credited (DESIGN 4.1, RULES 13)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.test_command_line_files import own_weeks
from tests.support.builders.actual_files import an_actual_row, an_actuals_file
from tests.support.stack.one_provider import Provider, a_provider
from tests.support.stack.stack import Stack

PERIOD, WEEK = "2022-10-03", "2022-10-03"
ONE_WEEK = {"StartDate": "03/10/2022", "EndDate": "09/10/2022", "UnitCost": "23.226", "Quantity": "5"}


@pytest.fixture
def provider(stack: Stack, tmp_path: Path) -> Provider:
    """A provider that nobody has had before, with a contract of its own."""
    return a_provider(tmp_path)


def care(provider: Provider, method: str, **cells: str) -> dict[str, str]:
    """A row of five hours for one week, under the provider's own contract."""
    return provider.care_row(
        PaymentMethod=method, Contract=f"Contract of {provider.name}", **ONE_WEEK | cells
    )


def of(provider: Provider) -> tuple[str, ...]:
    return ("--organisation", provider.name)


def create(stack: Stack, provider: Provider, number: str) -> dict[str, object]:
    contract = f"Contract of {provider.name}"
    found: dict[str, object] = stack.ask(
        "invoices", "create", PERIOD, *of(provider), "--contract", contract, "--number", number
    )
    return found


def test_an_invoice_is_made_submitted_accepted_and_credited(stack: Stack, provider: Provider) -> None:
    provider.import_care(stack, care(provider, "Invoice"))
    stack.books()
    line = {"cpli_id": provider.cpli_id, "week": WEEK, "kind": "cost", "amount": "116.13"}
    document = {"number": "INV 1", "kind": "invoice", "state": "Unsubmitted", "period": PERIOD}
    document |= {"net": "116.13", "vat": "0.00", "gross": "116.13", "lines": [line]}
    assert create(stack, provider, "INV 1") == document
    assert stack.ask("invoices", "show", "inv1", *of(provider)) == document
    assert stack.ask("invoices", "submit", "INV 1", *of(provider)) == document | {"state": "Pending"}
    assert provider.name not in {name for name, sum_ in stack.books()["payable"].items() if sum_ != "0.00"}
    assert stack.ask("invoices", "accept", "INV 1", *of(provider))["state"] == "Accepted"
    assert stack.books()["payable"][provider.name] == "116.13"
    assert stack.ask("reconcile")["differences"] == []

    too_much = ("invoices", "credit", "INV 1", *of(provider), "--cpli", str(provider.cpli_id), "--week", WEEK)
    assert "£116.13 is left" in stack.expect_refusal(*too_much, "--amount", "116.14", "--reason", "Twice")
    credit = stack.ask(*too_much, "--amount", "16.13", "--reason", "Twice")
    assert credit == {
        "number": "INV 1/C1",
        "kind": "credit_note",
        "state": "Unsubmitted",
        "period": PERIOD,
        "net": "-16.13",
        "vat": "0.00",
        "gross": "-16.13",
        "lines": [line | {"amount": "-16.13"}],
    }
    stack.ask("invoices", "submit", "INV 1/C1", *of(provider))
    assert stack.ask("invoices", "accept", "INV 1/C1", *of(provider))["state"] == "Accepted"
    assert stack.books()["payable"][provider.name] == "100.00"
    assert stack.ask("reconcile")["differences"] == []
    listed = stack.ask("invoices", "list", *of(provider))
    assert [(one["number"], one["state"]) for one in listed] == [
        ("INV 1/C1", "Accepted"),
        ("INV 1", "Accepted"),
    ]


def test_a_rejected_invoice_says_why_and_another_sum_than_was_seen_is_not_accepted(
    stack: Stack, provider: Provider
) -> None:
    provider.import_care(stack, care(provider, "Invoice"))
    stack.books()
    create(stack, provider, "A")
    stack.ask("invoices", "submit", "A", *of(provider))
    refusal = stack.expect_refusal("invoices", "accept", "A", *of(provider), "--seen", "116.12")
    assert refusal.strip() == "A is Pending and comes to £116.13 now: look at it again."
    found = stack.ask("invoices", "reject", "A", *of(provider), "--reason", "Not agreed")
    assert found["state"] == "Rejected"
    assert "A is Rejected" in stack.expect_refusal("invoices", "accept", "A", *of(provider))


def test_actuals_under_terms_invoice_are_payable_by_invoice_alone(stack: Stack, provider: Provider) -> None:
    provider.import_care(stack, care(provider, "Actuals", Timetable="Mon 09:00-14:00"))
    stack.ask("actuals", "generate", WEEK, *of(provider))
    saved = an_actuals_file(an_actual_row(provider.cpli_id, Delivered="3:30"))
    stack.ask("actuals", "import", provider.file(saved, "actuals.csv"), *of(provider), "--confirm")
    assert stack.books()["payable"][provider.name] == "81.29"
    contract = f"Contract of {provider.name}"
    terms = stack.ask("contracts", "set", contract, "--terms", "invoice", "--from", PERIOD)
    assert terms == [{"contract": contract, "from_period": PERIOD, "terms": "invoice"}]
    assert stack.books()["payable"].get(provider.name, "0.00") == "0.00"
    assert own_weeks(stack, provider) == {f"{provider.cpli_id}/{WEEK}": [12_600, 0, "81.29", "0.00"]}
    assert create(stack, provider, "B")["net"] == "81.29"
    stack.ask("invoices", "submit", "B", *of(provider))
    stack.ask("invoices", "accept", "B", *of(provider))
    assert stack.books()["payable"][provider.name] == "81.29"
    assert stack.ask("reconcile")["differences"] == []


def test_an_invoice_of_nothing_is_refused(stack: Stack, provider: Provider) -> None:
    provider.import_care(stack, care(provider, "Visits"))
    stack.books()
    contract = f"Contract of {provider.name}"
    refusal = stack.expect_refusal(
        "invoices", "create", PERIOD, *of(provider), "--contract", contract, "--number", "N"
    )
    assert "There are no items to invoice" in refusal


@pytest.mark.parametrize(
    "arguments",
    [
        ("invoices", "create", "soon", "--organisation", "X", "--contract", "Y", "--number", "1"),
        ("contracts", "set", "DAPL", "--terms", "later", "--from", PERIOD),
        ("invoices", "credit", "1", "--organisation", "X", "--cpli", "1", "--week", "2022-10-04",
         "--amount", "1", "--reason", "R"),
        ("invoices", "credit", "1", "--organisation", "X", "--cpli", "1", "--week", WEEK,
         "--amount", "much", "--reason", "R"),
    ],
)  # fmt: skip
def test_what_is_no_day_sum_or_terms_is_wrong_usage(stack: Stack, arguments: tuple[str, ...]) -> None:
    assert stack.run(*arguments).returncode == 2
