"""Debts: what a negative total makes of them, and what comes off where (RULES 8)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.weeks import next_period
from services.payments.debts.rules import Due, is_for_an_invoice, periods_without, shortfall_of, taken_off

FIRST = dt.date(2022, 10, 3)
SECOND = next_period(FIRST)
THIRD = next_period(SECOND)


def a_due(debt_id: str, amount: str, arose_in: dt.date = FIRST) -> Due:
    return Due(debt_id, arose_in, "DAPL", THIRD, Decimal(amount))


@pytest.mark.parametrize(
    ("total", "dues", "new", "carried"),
    [
        ("-488.39", [], "488.39", {}),
        ("0.00", [a_due("a", "5.00")], "0.00", {}),
        ("11.61", [a_due("a", "488.39")], "0.00", {}),
        ("-20.00", [a_due("a", "50.00")], "0.00", {"a": "20.00"}),
        ("-70.00", [a_due("a", "50.00")], "20.00", {"a": "50.00"}),
        ("-30.00", [a_due("a", "100.00"), a_due("b", "30.00", SECOND)], "0.00", {"b": "30.00"}),
        ("-31.00", [a_due("b", "30.00", SECOND), a_due("a", "100.00")], "0.00", {"b": "30.00", "a": "1.00"}),
        ("-40.00", [a_due("a", "30.00"), a_due("b", "30.00")], "0.00", {"b": "30.00", "a": "10.00"}),
    ],
)
def test_what_a_total_lacks_is_a_new_debt_or_waits_on_the_newest_first(
    total: str, dues: list[Due], new: str, carried: dict[str, str]
) -> None:
    found = shortfall_of(Decimal(total), dues)
    assert (str(found.new), {debt: str(amount) for debt, amount in found.carried.items()}) == (new, carried)


@pytest.mark.parametrize(
    ("total", "taken"),
    [
        ("-5.00", []),
        ("0.00", []),
        ("60.00", [("a", "60.00")]),
        ("110.00", [("a", "100.00"), ("b", "10.00")]),
        ("500.00", [("a", "100.00"), ("b", "30.00")]),
    ],
)
def test_what_waits_comes_off_another_contract_oldest_first_and_never_below_nothing(
    total: str, taken: list[tuple[str, str]]
) -> None:
    found = taken_off(Decimal(total), [a_due("b", "30.00", SECOND), a_due("a", "100.00")])
    assert [(one.debt_id, str(amount)) for one, amount in found] == taken


pence = st.integers(0, 100_000).map(lambda n: Decimal(n) / 100)


@given(st.lists(pence, max_size=5), st.integers(-100_000, 100_000))
def test_what_is_carried_brings_the_total_to_nothing_and_is_never_more_than_was_due(
    amounts: list[Decimal], others_pence: int
) -> None:
    others = Decimal(others_pence) / 100
    dues = [a_due(str(n), str(amount)) for n, amount in enumerate(amounts)]
    total = others - sum(amounts)
    found = shortfall_of(total, dues)
    came_to = total + found.new + sum(found.carried.values())
    assert came_to == max(total, Decimal(0))
    assert all(Decimal(0) < part <= amounts[int(debt)] for debt, part in found.carried.items())
    assert found.new == max(-others, Decimal(0))


@pytest.mark.parametrize(
    ("last", "through", "without", "listed"),
    [
        (FIRST, None, 0, False),
        (FIRST, FIRST, 0, False),
        (FIRST, THIRD, 2, False),
        (FIRST, next_period(THIRD), 3, True),
        (SECOND, next_period(THIRD), 2, False),
        (THIRD, FIRST, 0, False),
    ],
)
def test_a_debt_is_for_an_invoice_after_three_periods_in_which_nothing_came_off(
    last: dt.date, through: dt.date | None, without: int, listed: bool
) -> None:
    assert (periods_without(last, through), is_for_an_invoice(last, through)) == (without, listed)
