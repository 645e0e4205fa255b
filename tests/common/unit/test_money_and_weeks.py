"""Money is rounded half up, weeks begin on Monday, periods follow the grid, terms have dates (RULES 2, 8)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.money import pounds_text, to_the_penny
from libs.common.care.terms import FROM_START, term_on, terms_as_json, terms_from_json
from libs.common.care.weeks import (
    financial_year_of,
    monday_of,
    next_period,
    period_end_of,
    period_start_of,
    sunday_of,
)
from tests.support.builders.care import MONDAY, SUNDAY, a_term

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("11.885", "11.89"),  # the hospital incentive of an hour at 23.77 (RULES 10)
        ("11.88499999", "11.88"),
        ("0.005", "0.01"),
        ("2.675", "2.68"),  # a float would say 2.67
        ("-11.885", "-11.89"),
        ("11.895", "11.90"),  # half to even would say so too, 11.885 not
        ("162.582", "162.58"),
        ("0", "0.00"),
    ],
)
def test_money_is_rounded_half_up_to_the_penny(exact: str, rounded: str) -> None:
    assert to_the_penny(Decimal(exact)) == Decimal(rounded)
    assert pounds_text(Decimal(exact)) == rounded


@given(st.decimals(-10_000_000, 10_000_000, places=8))
def test_a_rounded_amount_is_at_most_half_a_penny_off_and_its_negative_rounds_alike(pounds: Decimal) -> None:
    assert abs(to_the_penny(pounds) - pounds) <= Decimal("0.005")
    assert to_the_penny(-pounds) == -to_the_penny(pounds)


@given(DAYS)
def test_a_week_runs_from_monday_to_sunday(day: date) -> None:
    monday = monday_of(day)
    assert monday.isoweekday() == 1
    assert sunday_of(monday).isoweekday() == 7
    assert monday <= day <= sunday_of(monday)
    assert (sunday_of(monday) - monday).days == 6


@pytest.mark.parametrize("day", [MONDAY, date(2022, 8, 4), SUNDAY])
def test_every_day_of_a_week_has_the_same_monday(day: date) -> None:
    assert monday_of(day) == MONDAY


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2022, 3, 21), date(2022, 3, 21), date(2022, 4, 17)),
        (date(2022, 4, 17), date(2022, 3, 21), date(2022, 4, 17)),
        (date(2022, 3, 20), date(2022, 2, 21), date(2022, 3, 20)),
        (date(2022, 4, 18), date(2022, 4, 18), date(2022, 5, 15)),
        (date(2022, 10, 3), date(2022, 10, 3), date(2022, 10, 30)),
        (date(2022, 10, 30), date(2022, 10, 3), date(2022, 10, 30)),
        (date(2022, 10, 2), date(2022, 9, 5), date(2022, 10, 2)),
    ],
)
def test_a_period_is_four_weeks_of_the_grid(day: date, start: date, end: date) -> None:
    assert period_start_of(day) == start
    assert period_end_of(start) == end
    assert next_period(start) == end + timedelta(days=1)


def test_the_council_can_have_a_grid_of_its_own() -> None:
    assert period_start_of(date(2022, 10, 10), date(2022, 10, 10)) == date(2022, 10, 10)
    assert period_start_of(date(2022, 10, 9), date(2022, 10, 10)) == date(2022, 9, 12)


@given(DAYS)
def test_every_week_lies_in_one_period(day: date) -> None:
    monday = monday_of(day)
    assert period_start_of(monday) == period_start_of(sunday_of(monday)) == period_start_of(day)
    assert period_start_of(monday).isoweekday() == 1


@pytest.mark.parametrize(
    ("start", "year"),
    [
        (date(2022, 3, 21), "2021/22"),
        (date(2022, 4, 18), "2022/23"),
        (date(2022, 3, 31), "2021/22"),
        (date(2022, 4, 1), "2022/23"),
        (date(2023, 1, 23), "2022/23"),
        (date(1999, 4, 5), "1999/00"),
    ],
)
def test_a_period_belongs_to_the_financial_year_of_its_start(start: date, year: str) -> None:
    assert financial_year_of(start) == year


TERMS = (a_term(quantity="7"), a_term(date(2022, 8, 3), quantity="5"), a_term(date(2022, 9, 1), quantity="3"))


@pytest.mark.parametrize(
    ("day", "quantity"),
    [
        (date(1999, 1, 1), 7),
        (date(2022, 8, 2), 7),
        (date(2022, 8, 3), 5),
        (date(2022, 8, 31), 5),
        (date(2022, 9, 1), 3),
        (date(2030, 1, 1), 3),
    ],
)
def test_a_term_holds_from_its_date_until_the_next_one(day: date, quantity: int) -> None:
    assert term_on(TERMS, day).quantity == quantity


def test_before_the_first_known_term_that_first_one_holds() -> None:
    assert term_on(TERMS[1:], date(2022, 1, 1)).quantity == 5


def test_terms_survive_the_journey_through_a_message_in_any_order() -> None:
    terms = (
        a_term(FROM_START, unit_cost="23.226", assessed=None),
        a_term(date(2022, 8, 3), assessed="0.00", collected_by="Provider"),
        a_term(date(2022, 9, 1), unit_cost="24.10", assessed="56.20"),
    )
    said = terms_as_json(terms)
    assert terms_from_json(reversed(said)) == terms
    assert all(isinstance(value, str | None) for row in said for value in row.values())
