"""What a week costs (RULES 6, 17)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.terms import FROM_START, Term
from libs.common.seams.events import VisitOfWeek
from services.payments.packages.rules import VisitType
from services.payments.pay_rules.rules import DatedRules, PayRules
from services.payments.pricing.rules import Price, explain, planned_day_of, price_week
from tests.support.builders.care import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    VISIT_TYPES,
    WEDNESDAY,
    a_paid_visit,
    a_term,
    hours_delivered,
)

WEEK = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY)
DIAMOND_RATE = "23.226"


def price_of(visits: Sequence[VisitOfWeek], rate: str = DIAMOND_RATE) -> Price:
    """The price of these visits at one rate."""
    return price_week(visits, (a_term(unit_cost=rate),), VISIT_TYPES)


# The table of visit types.


@pytest.mark.parametrize(
    ("visit_type", "actual", "frustrated", "charged"),
    [  # planned for an hour, delivered (where it was) for an hour and a half
        ("DHS", "34.84", "0.00", "34.84"),
        ("DHF", "34.84", "0.00", "34.84"),
        ("E", "34.84", "0.00", "34.84"),
        ("C", "0.00", "23.23", "23.23"),
        ("U", "0.00", "23.23", "23.23"),
        ("C24", "0.00", "0.00", "0.00"),
        ("H", "0.00", "0.00", "0.00"),
    ],
)
def test_each_visit_type_is_paid_and_charged_on_its_own_time(
    visit_type: str, actual: str, frustrated: str, charged: str
) -> None:
    delivered = 5400 if visit_type in ("DHS", "DHF", "E") else None
    price = price_of([a_paid_visit(visit_type, delivered=delivered)])
    assert (str(price.actual), str(price.frustrated), str(price.charged)) == (actual, frustrated, charged)
    assert price.payable == Decimal(actual) + Decimal(frustrated)


@pytest.mark.parametrize(
    ("paid", "charged", "payable", "cost_charged"),
    [(True, False, "23.23", "0.00"), (False, True, "0.00", "23.23"), (False, False, "0.00", "0.00")],
)
def test_the_table_is_data_so_a_type_may_be_paid_but_not_charged(
    paid: bool, charged: bool, payable: str, cost_charged: str
) -> None:
    types = {"H": VisitType("H", paid, charged, "planned")}
    price = price_week([a_paid_visit("H")], (a_term(unit_cost=DIAMOND_RATE),), types)
    assert (str(price.payable), str(price.charged)) == (payable, cost_charged)


def test_a_week_without_visits_costs_nothing() -> None:
    assert price_of([]) == Price()
    assert str(price_of([]).payable) == "0.00"


# The golden figures of RULES 17.


@pytest.mark.parametrize(
    ("hours", "rate", "figure"),
    [
        *zip(
            ("7", "5", "3.5", "2", "28"),
            ["23.226"] * 5,
            ("162.58", "116.13", "81.29", "46.45", "650.33"),
            strict=True,
        ),
        *zip(
            ("3.5", "5", "7", "14", "2"),
            ["23.77"] * 5,
            ("83.20", "118.85", "166.39", "332.78", "47.54"),
            strict=True,
        ),
        *zip(("3.5", "2", "15.75"), ["23.79"] * 3, ("83.27", "47.58", "374.69"), strict=True),
    ],
)
def test_so_many_hours_at_this_rate_cost_this(hours: str, rate: str, figure: str) -> None:
    assert str(price_of([hours_delivered(hours)], rate).payable) == figure


def test_delivered_and_frustrated_hours_are_rounded_each_and_their_differences_are_subtractions() -> None:
    price = price_of([hours_delivered("3.05"), a_paid_visit("C")])
    assert (str(price.actual), str(price.frustrated)) == ("70.84", "23.23")
    commissioned_hours, commissioned = Decimal(5), price_of([hours_delivered("5")]).payable
    hours = Decimal(price.delivered_seconds + price.frustrated_seconds) / 3600
    assert hours - commissioned_hours == Decimal("-0.95")
    assert commissioned - price.payable == Decimal("22.06")


def test_the_example_week_comes_to_255_49() -> None:
    agnes = [
        a_paid_visit("C24" if day == TUESDAY else "DHS", day, times)
        for day in WEEK
        for times in ("09:00-09:30", "20:00-20:30")
    ]
    agnes[-1] = a_paid_visit("E", SUNDAY, "20:00-20:30", delivered=9000)
    types = {THURSDAY: "U", FRIDAY: "C", SUNDAY: "H"}
    rose = [a_paid_visit(types.get(day, "DHS"), day, "08:10-08:40") for day in WEEK]
    first, second = price_of(agnes), price_of(rose)
    assert (str(first.actual), str(first.frustrated)) == ("185.81", "0.00")
    assert (str(second.actual), str(second.frustrated)) == ("46.45", "23.23")
    assert str(first.payable + second.payable) == "255.49"


# Time and rounding.


def test_exact_products_of_two_rates_are_summed_and_then_rounded_once() -> None:
    """0.0050 and 0.0054 would each be rounded up to 0.01: together they are 0.0104, so 0.01 and not 0.02."""
    terms = (a_term(unit_cost="0.0050"), a_term(THURSDAY, unit_cost="0.0054"))
    visits = [hours_delivered("1", MONDAY), hours_delivered("1", FRIDAY)]
    assert str(price_week(visits, terms, VISIT_TYPES).actual) == "0.01"


def test_a_visit_is_paid_at_the_rate_of_its_planned_date() -> None:
    terms = (a_term(unit_cost="10"), a_term(THURSDAY, unit_cost="20"))
    visits = [a_paid_visit("DHS", WEDNESDAY), a_paid_visit("DHS", THURSDAY), a_paid_visit("C", SUNDAY)]
    price = price_week(visits, terms, VISIT_TYPES)
    assert (price.actual, price.frustrated, price.charged) == (Decimal(30), Decimal(20), Decimal(50))


def test_many_visits_are_rounded_once_for_all() -> None:
    """Seven half hours at 23.226 are 81.291; rounded visit by visit they would come to 81.27."""
    assert str(price_of([a_paid_visit("DHS", day, "08:10-08:40") for day in WEEK]).actual) == "81.29"


def test_a_frustrated_visit_past_midnight_lasts_until_the_next_day() -> None:
    price = price_of([a_paid_visit("C", times="23:30-00:45")], "20")
    assert (price.frustrated_seconds, price.frustrated) == (4500, Decimal(25))


@pytest.mark.parametrize(
    ("times", "rate", "figure"),
    [
        ("09:00-09:00:01", "18", "0.01"),  # 0.005
        ("09:00-09:00:01", "17.99", "0.00"),
        ("09:00:30-09:29:59", "23.226", "11.41"),  # 1,769 s are 11.41300
    ],
)
def test_time_is_paid_to_the_second(times: str, rate: str, figure: str) -> None:
    assert str(price_of([a_paid_visit("C", times=times)], rate).frustrated) == figure


def test_half_a_penny_is_rounded_up() -> None:
    assert str(price_of([hours_delivered("0.5")], "23.77").actual) == "11.89"


RATES = st.decimals(0, 100, places=4)
SOME_VISITS = st.lists(
    st.builds(
        a_paid_visit,
        visit_type=st.sampled_from(sorted(VISIT_TYPES)),
        planned_on=st.sampled_from(WEEK),
        times=st.sampled_from(("09:00-09:30", "20:00:10-20:31:07", "23:30-00:30")),
    ),
    max_size=20,
)


@given(SOME_VISITS, RATES, RATES, st.randoms())
def test_a_price_is_exact_to_half_a_penny_for_each_part_in_any_order(
    visits: list[VisitOfWeek], rate: Decimal, later_rate: Decimal, random: Any
) -> None:
    terms = (a_term(unit_cost=rate), a_term(THURSDAY, unit_cost=later_rate))
    price = price_week(visits, terms, VISIT_TYPES)
    exact = {"planned": Fraction(0), "delivered": Fraction(0), "": Fraction(0)}
    for visit in visits:
        duration = (visit.planned_exit - visit.planned_entry) % 86_400
        of_day = Fraction(later_rate if planned_day_of(visit) >= THURSDAY else rate)
        exact[VISIT_TYPES[visit.visit_type].basis] += Fraction(duration, 3600) * of_day
    for rounded, part in ((price.actual, "delivered"), (price.frustrated, "planned")):
        assert -Fraction(1, 200) < Fraction(rounded) - exact[part] <= Fraction(1, 200)
    assert price.payable == price.actual + price.frustrated == price.charged
    random.shuffle(visits)
    assert price_week(visits, terms, VISIT_TYPES) == price


@given(SOME_VISITS, RATES, RATES)
def test_the_explanation_of_a_price_adds_up_to_it(
    visits: list[VisitOfWeek], rate: Decimal, later_rate: Decimal
) -> None:
    terms = (a_term(unit_cost=rate), a_term(THURSDAY, unit_cost=later_rate))
    price = price_week(visits, terms, VISIT_TYPES)
    for part, amount, of_part in (
        ("actual", price.actual, price.delivered_seconds),
        ("frustrated", price.frustrated, price.frustrated_seconds),
    ):
        lines = [line for line in explain(price) if line["part"] == part]
        total = sum(
            (Fraction(str(line["unit_cost"])) * int(str(line["seconds"])) for line in lines), Fraction(0)
        )
        assert abs(total / 3600 - Fraction(amount)) <= Fraction(1, 200)
        assert sum(int(str(line["seconds"])) for line in lines) == of_part


def test_a_visit_type_counts_as_it_is_on_the_planned_date() -> None:
    first, second = date(2022, 10, 5), date(2022, 10, 7)
    hospital = VisitType(
        "H", False, False, "", ((first, True, True, "planned"), (second, True, False, "planned"))
    )
    visits = [
        VisitOfWeek(f"V{day}", "H", f"2022-10-{day:02d}", 9 * 3600, 10 * 3600, None)
        for day in (4, 5, 6, 7, 8)
    ]
    terms = (Term(FROM_START, Decimal(7), Decimal("20.00"), None, "Council"),)
    price = price_week(visits, terms, {"H": hospital})
    assert (price.frustrated, price.charged) == (Decimal("80.00"), Decimal("40.00"))
    rules = (DatedRules(FROM_START, PayRules()),)
    assert price_week(visits, terms, {"H": hospital}, rules).charged == Decimal("40.00")
