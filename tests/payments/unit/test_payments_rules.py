"""What a week costs, what the client is charged and what is posted (RULES 2, 6, 7, 8, 17)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.money import NOTHING, to_the_penny
from libs.common.care.terms import FROM_START, Term
from services.payments.pricing.pay_rules import DatedRules, PayRules
from services.payments.pricing.rules import (
    Contribution,
    Package,
    PaidVisit,
    Periods,
    Posting,
    Price,
    VisitType,
    charge_of_week,
    contribution_of_week,
    deductions_of_week,
    explain,
    posting_for,
    price_week,
)
from tests.support.builders import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    VISIT_TYPES,
    WEDNESDAY,
    a_package,
    a_paid_visit,
    a_term,
    hours_delivered,
)

WEEK = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY)
DIAMOND_RATE = "23.226"


def priced(visits: Sequence[PaidVisit], rate: str = DIAMOND_RATE) -> Price:
    """The price of these visits at one rate."""
    return price_week(visits, (a_term(unit_cost=rate),), VISIT_TYPES)


def pounds(amount: str | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


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
    price = priced([a_paid_visit(visit_type, delivered=delivered)])
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
    assert priced([]) == Price()
    assert str(priced([]).payable) == "0.00"


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
    assert str(priced([hours_delivered(hours)], rate).payable) == figure


def test_delivered_and_frustrated_hours_are_rounded_each_and_their_differences_are_subtractions() -> None:
    price = priced([hours_delivered("3.05"), a_paid_visit("C")])
    assert (str(price.actual), str(price.frustrated)) == ("70.84", "23.23")
    commissioned_hours, commissioned = Decimal(5), priced([hours_delivered("5")]).payable
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
    first, second = priced(agnes), priced(rose)
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
    assert str(priced([a_paid_visit("DHS", day, "08:10-08:40") for day in WEEK]).actual) == "81.29"


def test_a_frustrated_visit_past_midnight_lasts_until_the_next_day() -> None:
    price = priced([a_paid_visit("C", times="23:30-00:45")], "20")
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
    assert str(priced([a_paid_visit("C", times=times)], rate).frustrated) == figure


def test_half_a_penny_is_rounded_up() -> None:
    assert str(priced([hours_delivered("0.5")], "23.77").actual) == "11.89"


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
    visits: list[PaidVisit], rate: Decimal, later_rate: Decimal, random: Any
) -> None:
    terms = (a_term(unit_cost=rate), a_term(THURSDAY, unit_cost=later_rate))
    price = price_week(visits, terms, VISIT_TYPES)
    exact = {"planned": Fraction(0), "delivered": Fraction(0), "": Fraction(0)}
    for visit in visits:
        duration = (visit.planned_exit - visit.planned_entry) % 86_400
        of_day = Fraction(later_rate if visit.planned_on >= THURSDAY else rate)
        exact[VISIT_TYPES[visit.visit_type].basis] += Fraction(duration, 3600) * of_day
    for rounded, part in ((price.actual, "delivered"), (price.frustrated, "planned")):
        assert -Fraction(1, 200) < Fraction(rounded) - exact[part] <= Fraction(1, 200)
    assert price.payable == price.actual + price.frustrated == price.charged
    random.shuffle(visits)
    assert price_week(visits, terms, VISIT_TYPES) == price


@given(SOME_VISITS, RATES, RATES)
def test_the_explanation_of_a_price_adds_up_to_it(
    visits: list[PaidVisit], rate: Decimal, later_rate: Decimal
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


# Charges and contributions.


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
    assert charge_of_week(Decimal(cost), Contribution(pounds(assessed), "Council")) == Decimal(charge)


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


# Periods.

GRID = date(2022, 3, 21)
JULY, AUGUST, SEPTEMBER = date(2022, 7, 11), date(2022, 8, 8), date(2022, 9, 5)


@pytest.mark.parametrize(
    ("finalised", "period"),
    [
        ({}, JULY),
        ({None: date(2022, 6, 13)}, JULY),
        ({None: JULY}, AUGUST),
        ({None: AUGUST}, SEPTEMBER),
        ({"DAPL": JULY}, AUGUST),
        ({"LWAH": AUGUST}, JULY),
        ({None: JULY, "DAPL": AUGUST}, SEPTEMBER),
        ({None: AUGUST, "DAPL": JULY}, SEPTEMBER),
        ({None: date(2022, 6, 13), "LWAH": AUGUST}, JULY),
    ],
)
def test_a_week_posts_to_its_own_period_while_open_else_to_the_earliest_open(
    finalised: dict[str | None, date], period: date
) -> None:
    assert Periods(GRID, finalised).for_week(MONDAY, "DAPL") == period


@pytest.mark.parametrize(
    ("finalised", "period"), [({"DAPL": JULY, "LWAH": JULY}, JULY), ({None: JULY, "DAPL": AUGUST}, AUGUST)]
)
def test_what_belongs_to_no_contract_waits_until_the_period_is_finalised_for_all(
    finalised: dict[str | None, date], period: date
) -> None:
    assert Periods(GRID, finalised).for_week(MONDAY, None) == period


def test_the_default_grid_holds_21_march_and_3_october_2022() -> None:
    periods = Periods(GRID, {})
    assert periods.for_week(date(2022, 10, 3), "DAPL") == date(2022, 10, 3)
    assert periods.for_week(date(2022, 10, 24), "DAPL") == date(2022, 10, 3)
    assert periods.for_week(date(2022, 9, 26), "DAPL") == date(2022, 9, 5)
    assert periods.for_week(date(2022, 3, 14), "DAPL") == date(2022, 2, 21)


@given(st.integers(-60, 60), st.none() | st.integers(-15, 15), st.none() | st.integers(-15, 15))
def test_nothing_is_ever_posted_into_a_finalised_period_and_never_later_than_needed(
    week: int, for_all: int | None, for_contract: int | None
) -> None:
    through = {None: for_all, "DAPL": for_contract}
    finalised = {
        key: GRID + timedelta(days=28 * number) for key, number in through.items() if number is not None
    }
    monday = GRID + timedelta(days=7 * week)
    own = GRID + timedelta(days=28 * (week // 4))
    period = Periods(GRID, finalised).for_week(monday, "DAPL")
    closed = max(finalised.values(), default=date.min)
    assert period > closed
    assert period == own if own > closed else period == closed + timedelta(days=28)


# Posting.


def post(
    target: str, posted: str = "0.00", ordinal: int = 0, *, late: bool = False, **said: str
) -> Posting | None:
    """Post the week of 1 August, with its own period (11 July) open or (late) finalised."""
    facts = {"kind": "cost", "changed": "visits"} | said
    return posting_for(
        Decimal(target), Decimal(posted), ordinal, own_period=JULY, period=AUGUST if late else JULY, **facts
    )


@pytest.mark.parametrize("amount", ["0.00", "185.81", "-30.00"])
@pytest.mark.parametrize("late", [False, True])
def test_nothing_is_posted_where_nothing_has_changed(amount: str, late: bool) -> None:
    assert post(amount, amount, 3, late=late) is None


@pytest.mark.parametrize(
    ("kind", "amount", "reason"),
    [
        ("cost", "185.81", "Care delivered"),
        ("income", "-30.00", "Client contribution collected by the provider"),
        ("charge", "56.20", "Care delivered"),
    ],
)
@pytest.mark.parametrize("changed", ["visits", "care"])
def test_in_its_own_period_an_item_keeps_its_kind(kind: str, amount: str, reason: str, changed: str) -> None:
    assert post(amount, kind=kind, changed=changed) == Posting(Decimal(amount), JULY, kind, reason, 0)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ("visits", "Retrospective change to visits data"),
        ("care", "Retrospective change to a Care Package Line Item"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "posted_as"), [("cost", "adjustment"), ("income", "income"), ("charge", "charge")]
)
def test_after_its_period_was_finalised_the_difference_says_why(
    changed: str, reason: str, kind: str, posted_as: str
) -> None:
    posting = post("150.00", "185.81", 2, late=True, kind=kind, changed=changed)
    assert posting == Posting(Decimal("-35.81"), AUGUST, posted_as, reason, 2)


def test_taking_everything_back_posts_minus_what_was_posted() -> None:
    posting = post("0.00", "185.81", 1)
    assert posting is not None
    assert (str(posting.amount), posting.kind) == ("-185.81", "cost")


@given(
    st.lists(
        st.tuples(st.decimals(-500, 500, places=2), st.integers(0, 3), st.sampled_from(("visits", "care")))
    ),
    st.sampled_from(("cost", "income", "charge")),
)
def test_after_any_changes_what_was_posted_sums_to_the_last_target_without_a_gap(
    changes: list[tuple[Decimal, int, str]], kind: str
) -> None:
    """Periods are only ever finalised, so the number of those that are grows on the way."""
    items: list[Posting] = []
    finalised_so_far = 0
    for target, finalised, changed in changes:
        finalised_so_far = max(finalised_so_far, finalised)
        last = JULY + timedelta(days=28 * (finalised_so_far - 1))
        periods = Periods(GRID, {None: last} if finalised_so_far else {})
        posting = posting_for(
            target,
            sum((item.amount for item in items), NOTHING),
            len(items),
            kind=kind,
            own_period=JULY,
            period=periods.for_week(MONDAY, "DAPL"),
            changed=changed,
        )
        items += [posting] if posting else []
        assert sum((item.amount for item in items), NOTHING) == target
    assert [item.ordinal for item in items] == list(range(len(items)))
    assert [item.period_start for item in items] == sorted(item.period_start for item in items)
    assert all(item.amount and item.amount == to_the_penny(item.amount) for item in items)
    assert all(("Retrospective" in item.reason) == (item.period_start > JULY) for item in items)


def test_a_visit_type_counts_as_it_is_on_the_planned_date() -> None:
    first, second = date(2022, 10, 5), date(2022, 10, 7)
    hospital = VisitType(
        "H", False, False, "", ((first, True, True, "planned"), (second, True, False, "planned"))
    )
    visits = [
        PaidVisit(f"V{day}", "H", date(2022, 10, day), 9 * 3600, 10 * 3600, None) for day in (4, 5, 6, 7, 8)
    ]
    terms = (Term(FROM_START, Decimal(7), Decimal("20.00"), None, "Council"),)
    price = price_week(visits, terms, {"H": hospital})
    assert (price.frustrated, price.charged) == (Decimal("80.00"), Decimal("40.00"))
    rules = (DatedRules(FROM_START, PayRules()),)
    assert price_week(visits, terms, {"H": hospital}, rules).charged == Decimal("40.00")
