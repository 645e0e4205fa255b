"""One-off payments: what they are worth, which claims they are paid with, where they are posted (RULES 2, 10)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.charges.rules import Contribution, contribution_of_week
from services.payments.one_offs.rules import (
    HOSPITAL_INCENTIVE,
    MOVED,
    ClaimedStay,
    claimed_cplis,
    postings_of,
    worth_of,
)
from services.payments.packages.rules import Package
from services.payments.periods.rules import Periods
from tests.support.builders.care import a_package, a_term

GRID = dt.date(2022, 3, 21)
FIRST, SECOND, THIRD = dt.date(2022, 9, 5), dt.date(2022, 10, 3), dt.date(2022, 10, 31)
DIAMOND = ("diamond", "agnes")
LATE = "Retrospective change to a Care Package Line Item"


def a_one_off(cpli_id: int = 1, start_on: dt.date = dt.date(2022, 10, 10), **facts: Any) -> Package:
    """A hospital incentive of £15.00."""
    own = {"unit": "Payment", "frequency": "One-off", "service_level": HOSPITAL_INCENTIVE}
    terms = {name: facts.pop(name) for name in ("quantity", "unit_cost", "terms") if name in facts}
    package = a_package(cpli_id, start_on=start_on, **({"quantity": "1", "unit_cost": "15.00"} | terms))
    for name, value in (own | facts).items():
        setattr(package, name, value)
    return package


def a_stay(first: str, last: str, item_id: str = "i1", **facts: Any) -> ClaimedStay:
    own = {"organisation_id": "diamond", "client_id": "agnes"} | facts
    days = {"admitted_on": dt.date.fromisoformat(first), "discharged_on": dt.date.fromisoformat(last)}
    return ClaimedStay(item_id, **own, **days)


@pytest.mark.parametrize(
    ("facts", "pounds"),
    [
        ({}, "15.00"),
        ({"quantity": "2"}, "30.00"),
        ({"quantity": "0.5", "unit_cost": "23.77"}, "11.89"),
        ({"authorised": False}, "0.00"),
        ({"unit": "Hr"}, "0.00"),
        ({"frequency": "Weekly"}, "0.00"),
    ],
)
def test_a_one_off_is_worth_quantity_times_unit_cost_when_it_is_authorised(
    facts: Mapping[str, Any], pounds: str
) -> None:
    assert worth_of(a_one_off(**facts)) == Decimal(pounds)


def test_the_terms_of_the_start_date_decide_what_a_one_off_is_worth() -> None:
    terms = (
        a_term(quantity="1", unit_cost="15.00"),
        a_term(dt.date(2022, 10, 11), quantity="1", unit_cost="20.00"),
    )
    assert worth_of(a_one_off(terms=terms, start_on=dt.date(2022, 10, 10))) == Decimal("15.00")


@pytest.mark.parametrize(
    ("start", "is_claimed"),
    [
        ("2022-09-06", False),
        ("2022-09-07", True),
        ("2022-10-07", True),
        ("2022-11-06", True),
        ("2022-11-07", False),
    ],
)
def test_a_claim_stands_for_what_starts_from_28_days_before_admission_to_28_after_discharge(
    start: str, is_claimed: bool
) -> None:
    package = a_one_off(start_on=dt.date.fromisoformat(start))
    claimed = claimed_cplis([package], [a_stay("2022-10-05", "2022-10-09")])
    assert claimed == ({1: "i1"} if is_claimed else {})


@pytest.mark.parametrize(
    "facts",
    [
        {"service_level": "personal care"},
        {"unit": "Hr"},
        {"frequency": "Weekly"},
        {"organisation_id": "pearl"},
        {"client_id": "bert"},
    ],
)
def test_a_claim_stands_for_nothing_of_another_level_kind_provider_or_client(
    facts: Mapping[str, Any],
) -> None:
    assert claimed_cplis([a_one_off(**facts)], [a_stay("2022-10-05", "2022-10-09")]) == {}


def test_the_nearest_stands_for_a_claim_then_the_lowest_and_each_only_once() -> None:
    before = a_one_off(1, start_on=dt.date(2022, 10, 3))
    within, as_well = a_one_off(7, start_on=dt.date(2022, 10, 9)), a_one_off(3, start_on=dt.date(2022, 10, 5))
    stay = a_stay("2022-10-05", "2022-10-09")
    assert claimed_cplis([before, within, as_well], [stay]) == {3: "i1"}
    later = a_stay("2022-10-20", "2022-10-21", "i2")
    assert claimed_cplis([before, within, as_well], [later, stay]) == {3: "i1", 7: "i2"}
    assert claimed_cplis([before], [later, stay]) == {1: "i1"}


STARTS = st.dates(dt.date(2022, 9, 1), dt.date(2022, 12, 31))


@given(st.lists(STARTS, max_size=5), st.lists(STARTS, max_size=4), st.randoms())
def test_which_one_offs_claims_stand_for_depends_on_no_order(
    starts: list[dt.date], admissions: list[dt.date], rnd: Any
) -> None:
    packages = [a_one_off(n, start_on=day) for n, day in enumerate(starts, 1)]
    stays = [
        ClaimedStay(f"i{n}", *DIAMOND, day, day + dt.timedelta(days=n)) for n, day in enumerate(admissions)
    ]
    claimed = claimed_cplis(packages, stays)
    assert len(set(claimed.values())) == len(claimed)
    rnd.shuffle(packages)
    rnd.shuffle(stays)
    assert claimed_cplis(packages, stays) == claimed


def post(
    package: Package, owed: str, standing: Mapping[Any, Mapping[dt.date, Decimal]], **facts: Any
) -> list[tuple[str, dt.date, str, str]]:
    """Kind, period, pounds and reason of what is to be posted; DAPL's first period is final."""
    periods = Periods(GRID, {"DAPL": FIRST})
    asked: dict[str, Any] = {"ordinal": 0, "is_moved": False, "changed": "care"} | facts
    found = [posting for *_, posting in postings_of(package, Decimal(owed), standing, periods, **asked)]
    assert [posting.ordinal for posting in found] == [asked["ordinal"] + n for n in range(len(found))]
    return [(p.kind, p.period_start, str(p.amount), p.reason) for p in found]


def test_a_one_off_goes_to_the_period_of_its_start_or_else_to_the_earliest_open_one() -> None:
    paid = "One-off payment"
    assert post(a_one_off(), "15.00", {}) == [("one_off", SECOND, "15.00", paid)]
    late = a_one_off(start_on=dt.date(2022, 9, 12))
    assert post(late, "15.00", {}) == [("adjustment", SECOND, "15.00", LATE)]
    future = a_one_off(start_on=dt.date(2022, 11, 1))
    assert post(future, "15.00", {}) == [("one_off", THIRD, "15.00", paid)]
    assert post(a_one_off(), "15.00", {DIAMOND: {SECOND: Decimal("15.00")}}, ordinal=1) == []


def test_another_start_date_moves_what_stands_in_open_periods_alone() -> None:
    moved = a_one_off(start_on=dt.date(2022, 11, 1))
    in_second = {DIAMOND: {SECOND: Decimal("15.00")}}
    assert post(moved, "15.00", in_second, ordinal=1, is_moved=True) == [
        ("one_off", SECOND, "-15.00", MOVED),
        ("one_off", THIRD, "15.00", "One-off payment"),
    ]
    assert post(moved, "15.00", in_second, ordinal=1) == []
    in_first = {DIAMOND: {FIRST: Decimal("15.00")}}
    assert post(moved, "15.00", in_first, ordinal=1, is_moved=True) == []


def test_a_one_off_that_moves_to_another_provider_is_taken_back_from_the_first() -> None:
    package = a_one_off(organisation_id="pearl")
    standing = {DIAMOND: {FIRST: Decimal("15.00")}}
    assert [row[2] for row in post(package, "15.00", standing, ordinal=1)] == ["-15.00", "15.00"]


def test_a_one_off_says_nothing_of_contributions() -> None:
    monday = dt.date(2022, 10, 10)
    hourly = a_package(1, assessed="35.00", collected_by="Provider")
    one_off = a_one_off(2)
    assert contribution_of_week([hourly, one_off], monday) == contribution_of_week([hourly], monday)
    assert contribution_of_week([hourly], monday).assessed == Decimal("35.00")
    assert contribution_of_week([one_off], monday) == Contribution(None, "Council")
