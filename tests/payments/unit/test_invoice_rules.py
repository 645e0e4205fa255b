"""Invoices and credit notes: what may be invoiced, what it comes to, how it goes on (RULES 13, 17)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.terms import Term
from libs.common.care.weeks import next_period
from services.payments.invoice_terms.vat_numbers import EXAMPLE, read_vat_number
from services.payments.invoiced.rules import (
    COST,
    INCOME,
    INVOICE,
    SCHEDULE,
    DatedTerms,
    LineKey,
    Whose,
    is_over,
    needs_invoice,
    price_commissioned,
    terms_of_week,
)
from services.payments.invoices.rules import (
    MOVES,
    Line,
    Lines,
    changes_of,
    costs_by_rate,
    credit_number,
    credit_sums,
    has_vat,
    may_be_invoiced,
    number_key,
    sums_of,
    vat_of,
)
from services.payments.packages.rules import Package

MONDAY = dt.date(2022, 10, 3)
NEXT = next_period(MONDAY)
ADA = Whose("ada", "A1", "zone 6")


def some_lines(*amounts: str, rate: str = "0", collected: str | None = None) -> Lines:
    """A cost line of each amount, one CPLI after the other, and what was collected of the first."""
    lines = {
        LineKey(number, MONDAY, COST): Line(Decimal(amount), ADA, Decimal(rate))
        for number, amount in enumerate(amounts, 1)
    }
    if collected:
        lines[LineKey(1, MONDAY, INCOME)] = Line(-Decimal(collected), ADA, Decimal(rate))
    return lines


@pytest.mark.parametrize(
    ("lines", "net", "vat", "gross"),
    [
        (some_lines("116.13", "81.29", collected="56.20"), "141.22", "0.00", "141.22"),
        (some_lines("116.13", "81.29", collected="56.20", rate="20"), "141.22", "39.48", "180.70"),
        (some_lines("0.12", rate="20") | {}, "0.12", "0.02", "0.14"),
        (some_lines("0.13", rate="20"), "0.13", "0.03", "0.16"),
        (some_lines("10.30", rate="5"), "10.30", "0.52", "10.82"),
        ({}, "0.00", "0.00", "0.00"),
    ],
)
def test_an_invoice_comes_to_its_lines_and_the_vat_on_the_cost_before_deductions(
    lines: Lines, net: str, vat: str, gross: str
) -> None:
    assert tuple(map(str, sums_of(lines))) == (net, vat, gross)


def test_vat_is_rounded_once_for_each_rate() -> None:
    lines = some_lines("0.02", "0.02", "0.02", rate="20")
    lines[LineKey(9, MONDAY, COST)] = Line(Decimal("0.10"), ADA, Decimal(5))
    assert costs_by_rate(lines) == {Decimal(20): Decimal("0.06"), Decimal(5): Decimal("0.10")}
    assert str(sums_of(lines).vat) == "0.02"  # 0.012 is 0.01, and 0.005 is 0.01
    assert (has_vat(lines), has_vat(some_lines("1.00"))) == (True, False)


@pytest.mark.parametrize(
    ("left", "credit", "expected"),
    [
        ("197.42", "81.29", ("-81.29", "-16.25", "-97.54")),  # 39.48 was the VAT, and 23.23 is
        ("116.13", "116.13", ("-116.13", "-23.23", "-139.36")),
        ("0.13", "0.01", ("-0.01", "-0.01", "-0.02")),
        ("0.12", "0.01", ("-0.01", "0.00", "-0.01")),
    ],
)
def test_a_credits_vat_is_that_of_what_was_left_less_that_of_what_is_left(
    left: str, credit: str, expected: tuple[str, str, str]
) -> None:
    sums = credit_sums({Decimal(20): Decimal(left)}, Decimal(20), Decimal(credit))
    assert tuple(map(str, sums)) == expected


pence = st.integers(1, 50_000).map(lambda n: Decimal(n) / 100)


@given(st.lists(pence, min_size=1, max_size=6))
def test_credits_of_all_lines_take_back_all_the_vat(amounts: list[Decimal]) -> None:
    rate = Decimal(20)
    left, taken = {rate: sum(amounts, Decimal(0))}, Decimal(0)
    whole = vat_of(left)
    for amount in amounts:
        taken += credit_sums(left, rate, amount).vat
        left[rate] -= amount
    assert (whole + taken, left[rate]) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "amount", "may_be"),
    [(COST, "0.01", True), (COST, "-0.01", False), (INCOME, "-5.00", True), (INCOME, "5.00", True)],
)
def test_a_cost_below_nought_is_credited_and_not_invoiced(kind: str, amount: str, may_be: bool) -> None:
    assert may_be_invoiced(LineKey(1, MONDAY, kind), Decimal(amount)) is may_be


@pytest.mark.parametrize(
    ("monday", "terms"),
    [
        (MONDAY - dt.timedelta(7), SCHEDULE),
        (MONDAY, INVOICE),
        (MONDAY + dt.timedelta(21), INVOICE),
        (NEXT, SCHEDULE),
    ],
)
def test_a_week_has_the_terms_of_its_own_period(monday: dt.date, terms: str) -> None:
    assert terms_of_week([DatedTerms(MONDAY, INVOICE), DatedTerms(NEXT, SCHEDULE)], monday) == terms
    assert terms_of_week([], monday) == SCHEDULE


@pytest.mark.parametrize(
    ("method", "terms", "expected"),
    [
        ("Visits", SCHEDULE, False),
        ("Visits", INVOICE, False),
        ("Actuals", SCHEDULE, False),
        ("Actuals", INVOICE, True),
        ("Invoice", SCHEDULE, True),
        ("Invoice", INVOICE, True),
    ],
)
def test_what_is_payable_through_an_invoice_alone(method: str, terms: str, expected: bool) -> None:
    assert needs_invoice(method, terms) is expected


def a_package(**facts: object) -> Package:
    """Seven hours a week at 23.226, an hour a day."""
    term = Term(dt.date.min, Decimal(7), Decimal("23.226"), None, "Council")
    known = {
        "end_on": None,
        "payment_method": "Invoice",
        "timetable": [[day, 32_400, 36_000] for day in range(7)],
    }
    known |= facts
    suspensions = known.pop("suspensions", [])
    said = {"timetable": known.pop("timetable"), "suspensions": suspensions}
    return Package(1, "ada", "diamond", "Spot", MONDAY, terms=(term,), said_plan=said, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "cost", "seconds"),
    [
        ({}, "162.58", 25_200),
        ({"timetable": []}, "162.58", 25_200),
        ({"suspensions": [["2022-10-03", "2022-10-03"]]}, "139.36", 21_600),
        ({"end_on": MONDAY + dt.timedelta(4)}, "116.13", 18_000),
        ({"authorised": False}, "0.00", 0),
        ({"unit": "Payment"}, "0.00", 0),
    ],
)
def test_a_week_paid_by_invoice_costs_what_is_commissioned(
    facts: dict[str, object], cost: str, seconds: int
) -> None:
    price = price_commissioned(a_package(**facts), MONDAY)
    assert (str(price.payable), price.delivered_seconds, price.charged) == (cost, seconds, price.payable)


@pytest.mark.parametrize(("days_later", "expected"), [(0, False), (6, False), (7, True)])
def test_a_week_can_be_invoiced_once_its_sunday_has_passed(days_later: int, expected: bool) -> None:
    assert is_over(MONDAY, MONDAY + dt.timedelta(days_later)) is expected


@pytest.mark.parametrize("written", ["INV 1", "inv1", " Inv  1 ", "I N V 1"])
def test_numbers_compare_without_letter_case_and_spaces(written: str) -> None:
    assert number_key(written) == "inv1"


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        ([], "INV 1/C1"),
        (["INV 1/C1"], "INV 1/C2"),
        (["inv1/c1", "INV 1/C2"], "INV 1/C3"),
        (["INV 1/C2"], "INV 1/C1"),
    ],
)
def test_credit_notes_are_counted_after_their_invoices_number(taken: list[str], number: str) -> None:
    assert credit_number("INV 1", taken) == number


def test_an_open_invoice_says_what_changed_from_what_to_what() -> None:
    before, after = some_lines("10.00", "20.00"), some_lines("12.00")
    found = [
        (change.key.cpli_id, str(change.before), str(change.after)) for change in changes_of(before, after)
    ]
    assert found == [(1, "10.00", "12.00"), (2, "20.00", "0.00")]


@pytest.mark.parametrize("state", ["Rejected", "Paid"])
def test_what_is_rejected_or_paid_moves_no_more(state: str) -> None:
    assert not [move for before, move in MOVES if before == state]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (EXAMPLE, "GB980780684"),
        ("980780684", "GB980780684"),
        ("980 7806 85", None),
        ("GB 12", None),
        ("", None),
        ("a number", None),
    ],
)
def test_a_vat_numbers_check_digits_must_be_right(written: str, kept: str | None) -> None:
    assert read_vat_number(written) == kept
