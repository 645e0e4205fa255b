"""What may be done with a posted item: holds, releases, instalments (RULES 8)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.weeks import next_period
from services.payments.holds.rules import (
    MOST_INSTALMENTS,
    MOVES,
    NAMES,
    allowed_moves,
    instalments_of,
    lines_of_move,
    may_be_split,
)
from services.payments.items.rules import MOVED_ON, NON_PAYABLE, PAYABLE, Portion, portions_of

OCTOBER = date(2022, 10, 3)
NOVEMBER = next_period(OCTOBER)
DECEMBER = next_period(NOVEMBER)


def portion(status: str = PAYABLE, amount: str = "100.00", start: date = OCTOBER) -> Portion:
    return Portion(start, status, Decimal(amount))


def after(
    name: str, of: Portion, *, earliest_open: date = OCTOBER, instalments: int = 2
) -> list[tuple[date, str, str]]:
    """The portions that are left after a move."""
    lines = [of, *lines_of_move(name, of, earliest_open=earliest_open, instalments=instalments)]
    return [(one.period_start, one.status, str(one.amount)) for one in portions_of(lines)]


@pytest.mark.parametrize(
    ("status", "is_open", "moves"),
    [
        (PAYABLE, True, ["cancel", "suspend", "carry_forward", "split"]),
        (PAYABLE, False, []),
        ("suspended", True, ["cancel", "release"]),
        ("suspended", False, ["release"]),
        ("cancelled", True, ["release"]),
        ("cancelled", False, ["release"]),
        ("carried_forward", True, []),
        ("released", True, []),
        ("in_instalments", True, []),
    ],
)
def test_what_may_be_done_depends_on_the_status_and_on_whether_the_period_is_open(
    status: str, is_open: bool, moves: list[str]
) -> None:
    assert allowed_moves(status, is_open=is_open) == moves


def test_a_cancelled_item_is_not_paid_at_all() -> None:
    assert after("cancel", portion()) == [(OCTOBER, "cancelled", "100.00")]


def test_a_suspended_item_waits_and_is_released_where_it_stands_while_that_is_open() -> None:
    assert after("suspend", portion()) == [(OCTOBER, "suspended", "100.00")]
    assert after("release", portion("suspended")) == [(OCTOBER, "payable", "100.00")]


def test_what_was_suspended_in_a_finalised_period_is_paid_by_the_earliest_open_one() -> None:
    assert after("release", portion("suspended"), earliest_open=DECEMBER) == [
        (OCTOBER, "released", "100.00"),
        (DECEMBER, "payable", "100.00"),
    ]


def test_a_deduction_can_be_carried_forward_too() -> None:
    assert after("carry_forward", portion(amount="-35.00")) == [
        (OCTOBER, "carried_forward", "-35.00"),
        (NOVEMBER, "payable", "-35.00"),
    ]


def test_an_item_is_split_over_its_period_and_the_next_ones_with_the_rounding_in_the_last() -> None:
    assert after("split", portion(), instalments=3) == [
        (OCTOBER, "in_instalments", "66.67"),
        (OCTOBER, "payable", "33.33"),
        (NOVEMBER, "payable", "33.33"),
        (DECEMBER, "payable", "33.34"),
    ]


@pytest.mark.parametrize(
    ("amount", "count", "may"),
    [
        ("100.00", 2, True),
        ("-100.00", 13, True),
        ("100.00", 1, False),
        ("100.00", 14, False),
        ("0.02", 3, False),
    ],
)
def test_each_instalment_is_a_penny_at_least_and_there_are_two_or_more(
    amount: str, count: int, may: bool
) -> None:
    assert may_be_split(Decimal(amount), count) is may


pennies = st.integers(-1_000_000_00, 1_000_000_00).map(lambda pence: Decimal(pence) / 100)


@given(amount=pennies, count=st.integers(2, MOST_INSTALMENTS))
def test_instalments_come_to_the_item_and_all_but_the_last_are_equal(amount: Decimal, count: int) -> None:
    parts = instalments_of(amount, count)
    assert sum(parts) == amount
    assert len(parts) == count
    assert len(set(parts[:-1])) == 1
    assert abs(parts[-1] - parts[0]) < Decimal("0.01") * count


@given(
    amount=pennies.filter(bool),
    steps=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 20), st.integers(0, 3))),
)
def test_whatever_is_done_with_an_item_its_payable_and_non_payable_portions_come_to_it(
    amount: Decimal, steps: list[tuple[str, int, int]]
) -> None:
    """Counted where it came; and each period's payable and non-payable come to what was posted or came there."""
    lines = [Portion(OCTOBER, PAYABLE, amount)]
    came_there = {OCTOBER: amount}
    for name, which, periods_later in steps:
        standing = portions_of(lines)
        chosen = standing[which % len(standing)]
        if (name, chosen.status) not in MOVES:
            continue
        open_period = chosen.period_start
        for _ in range(periods_later if name == "release" else 0):
            open_period = next_period(open_period)
        if name == "split" and not may_be_split(chosen.amount, 3):
            continue
        made = lines_of_move(name, chosen, earliest_open=open_period, instalments=3)
        assert all(line.status in (PAYABLE, *NON_PAYABLE) for line in made)
        for line in made:
            if line.period_start != chosen.period_start:
                came_there[line.period_start] = came_there.get(line.period_start, Decimal(0)) + line.amount
        lines += made
    standing = portions_of(lines)
    assert sum(one.amount for one in standing if one.status not in MOVED_ON) == amount
    for start, came in came_there.items():
        assert sum(one.amount for one in standing if one.period_start == start) == came
