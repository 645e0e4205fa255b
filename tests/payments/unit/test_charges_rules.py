"""What a client is charged for a week, and what of it is deducted from providers (RULES 2, 7)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.money import NOTHING
from services.payments.charges.rules import (
    Contribution,
    charge_of_week,
    contribution_of_week,
    deductions_of_week,
)
from services.payments.packages.rules import Package
from tests.support.builders.care import MONDAY, SUNDAY, TUESDAY, WEDNESDAY, a_package, a_term


def decimal_or_none(amount: str | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


@pytest.mark.parametrize(
    ("cost", "assessed", "charge"),
    [
        ("23.92", "56.20", "23.92"),
        ("40.00", "35.00", "35.00"),
        ("35.00", "35.00", "35.00"),
        ("40.00", "0.00", "0.00"),
        ("0.00", "56.20", "0.00"),
        ("185.81", None, "185.81"),
        ("0.00", None, "0.00"),
    ],
)
def test_a_client_is_charged_the_lower_of_cost_and_contribution(
    cost: str, assessed: str | None, charge: str
) -> None:
    assert charge_of_week(Decimal(cost), Contribution(decimal_or_none(assessed), "Council")) == Decimal(
        charge
    )


PENNIES = st.decimals(0, 2000, places=2)


@given(PENNIES, st.none() | PENNIES)
def test_a_charge_is_never_more_than_the_cost_nor_than_what_was_assessed(
    cost: Decimal, assessed: Decimal | None
) -> None:
    charge = charge_of_week(cost, Contribution(assessed, "Council"))
    assert 0 <= charge <= cost
    assert charge == cost if assessed is None else charge in (cost, assessed) and charge <= assessed


def assessed_on(monday: date, *packages: Package) -> str | None:
    """What is assessed in that week, the same in whatever order the packages come."""
    found = {contribution_of_week(order, monday) for order in (packages, packages[::-1])}
    assert len(found) == 1
    assessed = found.pop().assessed
    return None if assessed is None else str(assessed)


@pytest.mark.parametrize(
    ("from_day", "assessed"),
    [
        (MONDAY - timedelta(days=1), "20"),
        (MONDAY, "20"),
        (TUESDAY, "10"),
        (SUNDAY, "10"),
    ],
)
def test_a_week_uses_the_contribution_in_force_on_its_monday(from_day: date, assessed: str) -> None:
    package = a_package(terms=[a_term(assessed="10"), a_term(from_day, assessed="20")])
    assert assessed_on(MONDAY, package) == assessed


@pytest.mark.parametrize(
    ("first", "second", "assessed"),
    [
        ({"start_on": date(2022, 7, 4)}, {"start_on": date(2022, 7, 11)}, "20"),
        ({"start_on": date(2022, 7, 11)}, {"start_on": date(2022, 7, 4)}, "10"),
        ({"cpli_id": 9}, {"cpli_id": 10}, "20"),
        ({"cpli_id": 10, "start_on": date(2022, 7, 5)}, {"cpli_id": 9}, "10"),
    ],
)
def test_where_rows_disagree_the_latest_start_then_the_highest_cpli_id_says_it(
    first: dict[str, Any], second: dict[str, Any], assessed: str
) -> None:
    one: dict[str, Any] = {"cpli_id": 1, "assessed": "10"}
    other: dict[str, Any] = {"cpli_id": 2, "assessed": "20"}
    packages = (
        a_package(**(one | first)),
        a_package(**(other | second)),
    )
    assert assessed_on(MONDAY, *packages) == assessed


def test_a_row_that_says_full_cost_can_be_the_latest() -> None:
    packages = a_package(1, assessed="10"), a_package(2, assessed=None)
    assert assessed_on(MONDAY, *packages) is None


@pytest.mark.parametrize(
    ("start_on", "end_on", "assessed"),
    [
        (MONDAY, MONDAY, "20"),
        (MONDAY, None, "20"),
        (TUESDAY, None, "10"),
        (date(2022, 7, 5), date(2022, 7, 31), "10"),
        (date(2022, 7, 5), MONDAY, "20"),
    ],
)
def test_only_a_row_in_force_on_the_monday_counts_where_there_is_one(
    start_on: date, end_on: date | None, assessed: str
) -> None:
    other = a_package(2, assessed="20", start_on=start_on, end_on=end_on)
    assert assessed_on(MONDAY, a_package(1, assessed="10"), other) == assessed


def test_a_client_whose_care_starts_in_mid_week_has_the_contribution_of_that_care() -> None:
    terms = [a_term(assessed="10"), a_term(date(2022, 9, 5), assessed="20")]
    ended = a_package(9, start_on=date(2022, 6, 6), end_on=date(2022, 7, 3), assessed="5")
    to_come = a_package(8, start_on=date(2022, 8, 8), assessed="30")
    assert assessed_on(MONDAY, ended, a_package(1, start_on=WEDNESDAY, terms=terms), to_come) == "10"


def test_a_client_whose_care_has_ended_keeps_the_last_contribution() -> None:
    first = a_package(1, end_on=date(2022, 7, 10), assessed="5")
    last = a_package(2, start_on=date(2022, 7, 11), end_on=date(2022, 7, 17), assessed="10")
    assert assessed_on(MONDAY, first, last) == "10"


def test_the_collector_is_said_with_the_contribution() -> None:
    terms = [
        a_term(assessed="10", collected_by="Council"),
        a_term(MONDAY, assessed="10", collected_by="Provider"),
    ]
    package = a_package(terms=terms)
    assert contribution_of_week([package], MONDAY - timedelta(days=7)).collected_by == "Council"
    assert contribution_of_week([package], MONDAY).collected_by == "Provider"


@pytest.mark.parametrize(
    ("charge", "costs", "deductions"),
    [
        ("30.00", {9: "20.00", 10: "40.00"}, {9: "-20.00", 10: "-10.00"}),
        ("15.00", {10: "40.00", 9: "20.00"}, {9: "-15.00"}),
        ("60.00", {9: "20.00", 10: "40.00"}, {9: "-20.00", 10: "-40.00"}),
        ("10.00", {9: "0.00", 10: "40.00"}, {10: "-10.00"}),
        ("0.00", {9: "20.00"}, {}),
        ("0.00", {}, {}),
    ],
)
def test_what_the_provider_collects_is_deducted_in_cpli_id_order_up_to_each_cost(
    charge: str, costs: dict[int, str], deductions: dict[int, str]
) -> None:
    found = deductions_of_week(
        Decimal(charge),
        Contribution(Decimal(charge), "Provider"),
        {cpli_id: Decimal(cost) for cpli_id, cost in costs.items()},
    )
    assert {cpli_id: str(part) for cpli_id, part in found.items() if part} == deductions


def test_what_the_provider_collects_is_deducted_from_care_that_is_not_held_first() -> None:
    costs = {9: Decimal(20), 10: Decimal(40), 11: Decimal(5)}
    found = deductions_of_week(Decimal(50), Contribution(Decimal(50), "Provider"), costs, held={9})
    assert found == {10: Decimal(-40), 11: Decimal(-5), 9: Decimal(-5)}


def test_what_the_council_collects_is_not_deducted() -> None:
    found = deductions_of_week(Decimal(30), Contribution(Decimal(30), "Council"), {1: Decimal(40)})
    assert not any(found.values())


@given(st.dictionaries(st.integers(1, 99), PENNIES, max_size=5), st.none() | PENNIES)
def test_deductions_sum_to_minus_the_charge_and_none_is_more_than_its_cost(
    costs: dict[int, Decimal], assessed: Decimal | None
) -> None:
    contribution = Contribution(assessed, "Provider")
    charge = charge_of_week(sum(costs.values(), NOTHING), contribution)
    deductions = deductions_of_week(charge, contribution, costs)
    assert sum(deductions.values(), NOTHING) == -charge
    for cpli_id, part in deductions.items():
        assert 0 <= -part <= costs[cpli_id]
