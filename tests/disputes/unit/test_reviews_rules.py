"""What a provider-led review may ask for, who approves it, and the care that it becomes (RULES 2, 12)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.terms import FROM_START, Term, term_on
from services.disputes.cases.rules import allowed_moves
from services.disputes.reviews.rules import Extra, find_fault, hours_a_week, needs_internal_approval
from services.matching.reviews.rules import Package, deciding_package, terms_of_second

TODAY = dt.date(2022, 10, 12)  # a Wednesday
NINE, HOUR, MINUTE = 9 * 3600, 3600, 60


def an_extra(weekday: int = 2, minutes: int = 30, entry: int = NINE) -> Extra:
    return Extra(weekday, entry, (entry + minutes * MINUTE) % (24 * HOUR), False)


@pytest.mark.parametrize(
    ("first", "last", "extras", "code", "field"),
    [
        (0, 13, [an_extra()], None, None),
        (0, 14, [an_extra()], "too_long", "last_on"),
        (0, 0, [an_extra()], None, None),
        (-1, 3, [an_extra()], "in_the_past", "first_on"),
        (3, 2, [an_extra(5)], "end_before_start", "last_on"),
        (0, 3, [], "no_visits", "visits.0"),
        (0, 3, [an_extra(2), an_extra(6)], "no_such_day", "visits.1"),
        (0, 3, [an_extra(minutes=0)], "no_duration", "visits.0"),
        (4, 4, [an_extra(6)], None, None),
    ],
)
def test_what_a_review_may_ask_for(
    first: int, last: int, extras: list[Extra], code: str | None, field: str | None
) -> None:
    found = find_fault(TODAY + dt.timedelta(days=first), TODAY + dt.timedelta(days=last), extras, TODAY)
    assert (found and found.code, found and found.field) == (code, field)


@pytest.mark.parametrize(
    ("minutes", "is_needed"), [((15,), False), ((16,), True), ((15, 15), False), ((5, 60), True)]
)
def test_over_a_quarter_of_an_hour_on_any_visit_is_approved_internally(
    minutes: tuple[int, ...], is_needed: bool
) -> None:
    assert needs_internal_approval([an_extra(minutes=m) for m in minutes]) is is_needed


@pytest.mark.parametrize(
    ("state", "is_needed", "left"),
    [
        ("Requested", True, ["approve_internally", "reject"]),
        ("Requested", False, ["approve", "reject"]),
        ("Approved Internally", True, ["approve", "reject"]),
    ],
)
def test_what_the_council_may_do_with_a_review(state: str, is_needed: bool, left: list[str]) -> None:
    facts = {"needs_internal_approval": is_needed}
    assert allowed_moves("review", "council", state, facts=facts) == left


def test_hours_a_week_go_past_midnight_and_are_rounded_once() -> None:
    late = an_extra(minutes=90, entry=23 * HOUR + 30 * MINUTE)
    assert hours_a_week([late, an_extra(3, 30)]) == Decimal("2.00")
    assert hours_a_week([an_extra(d, 20) for d in (0, 1, 2)]) == Decimal("1.00")


def a_term(effective_from: dt.date = FROM_START, cost: str = "20", assessed: str | None = None) -> Term:
    return Term(effective_from, Decimal(7), Decimal(cost), Decimal(assessed) if assessed else None, "Council")


def test_the_second_cpli_costs_what_the_first_does_on_each_day() -> None:
    raised = TODAY + dt.timedelta(days=5)
    extended = (
        a_term(cost="20"),
        a_term(raised, cost="21"),
        a_term(TODAY + dt.timedelta(days=90), cost="22"),
    )
    first = Package(1, dt.date(2022, 8, 1), None, extended)
    found = terms_of_second(extended, [first], Decimal("3.5"), TODAY, TODAY + dt.timedelta(days=13))
    assert [(t.effective_from, t.unit_cost, t.quantity) for t in found] == [
        (FROM_START, Decimal(20), Decimal("3.5")),
        (raised, Decimal(21), Decimal("3.5")),
    ]


days = st.dates(dt.date(2022, 9, 1), dt.date(2022, 11, 30))
assessed = st.sampled_from([None, "10", "35.50"])
packages = st.lists(
    st.builds(
        lambda start, length, changed, before, after: (
            start,
            None if length is None else start + dt.timedelta(days=length),
            (a_term(assessed=before), a_term(changed, assessed=after)),
        ),
        days,
        st.none() | st.integers(0, 60),
        days,
        assessed,
        assessed,
    ),
    min_size=1,
    max_size=4,
)


@given(packages, st.integers(0, 13))
def test_a_review_never_changes_what_the_client_contributes(found: list[Any], length: int) -> None:
    of_client = [Package(number, *facts) for number, facts in enumerate(found, 1)]
    last_on = TODAY + dt.timedelta(days=length)
    second = terms_of_second(of_client[0].terms, of_client, Decimal(1), TODAY, last_on)
    added = Package(99, TODAY, last_on, second)
    for day in (TODAY + dt.timedelta(days=n) for n in range(length + 1)):
        before = term_on(deciding_package(of_client, day).terms, day)
        after = term_on(deciding_package([*of_client, added], day).terms, day)
        assert after.assessed_contribution == before.assessed_contribution
