"""The optional pay rules of a contract (RULES 6): bands, rounding, cap, minimum, rates, and their order."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.bank_holidays import bank_holidays, known_until
from libs.common.care.money import to_the_penny
from libs.common.seams.events import VisitOfWeek
from services.payments.pay_rules.faults import Fault, faults_of
from services.payments.pay_rules.rules import (
    NO_RULES,
    WAYS,
    Band,
    DatedRules,
    PayRules,
    Rate,
    Rounding,
    Step,
    paid_rate,
    paid_seconds,
    rules_on,
)
from services.payments.pricing import store as pricing_store
from services.payments.pricing.rules import Price, explain, explain_steps, price_week
from tests.support.builders.care import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    TUESDAY,
    VISIT_TYPES,
    a_paid_visit,
    a_term,
    seconds,
)

FROM_MONDAY = date(2022, 8, 1)
CHRISTMAS, BOXING_DAY = date(2023, 12, 25), date(2023, 12, 26)
BANDS = (Band(0, 22, 15), Band(23, 37, 30), Band(38, 52, 45), Band(53, None, 60))


def minutes(number: int, rest: int = 0) -> int:
    """Minutes and seconds as seconds."""
    return number * 60 + rest


def a_rate(day: str = "any", times: str = "", up_to: int | None = None, rate: str = "30.00") -> Rate:
    """A rate in pounds, or with % of the unit cost; ``times`` as ``18:00-22:00``."""
    entry_from, entry_to = map(seconds, times.split("-")) if times else (None, None)
    is_percent = rate.endswith("%")
    number = Decimal(rate.rstrip("%"))
    return Rate(
        day, entry_from, entry_to, up_to, None if is_percent else number, number if is_percent else None
    )


def price_of(rules: PayRules, *visits: VisitOfWeek, unit_cost: str = "20.00") -> Price:
    """The price of these visits by rules that have always held."""
    return price_week(visits, (a_term(unit_cost=unit_cost),), VISIT_TYPES, [DatedRules(date.min, rules)])


# Each rule of time.


@pytest.mark.parametrize(
    ("lasted", "pays"),
    [
        (minutes(1), 15),
        (minutes(22, 59), 15),
        (minutes(23), 30),
        (minutes(28), 30),
        (minutes(37, 59), 30),
        (minutes(38), 45),
        (minutes(52, 59), 45),
        (minutes(53), 60),
        (minutes(300), 60),
    ],
)
def test_a_band_goes_from_its_first_minute_to_the_end_of_its_last(lasted: int, pays: int) -> None:
    assert paid_seconds(PayRules(bands=BANDS), lasted, lasted)[0] == minutes(pays)


def test_a_visit_in_no_band_keeps_its_time_to_the_second() -> None:
    assert paid_seconds(PayRules(bands=(Band(23, 37, 30),)), minutes(40, 7), minutes(30)) == (
        minutes(40, 7),
        [],
    )


@pytest.mark.parametrize(
    ("way", "lasted", "pays"),
    [
        ("up", minutes(30), 30),
        ("up", minutes(30, 1), 35),
        ("down", minutes(34, 59), 30),
        ("down", minutes(4, 59), 0),
        ("nearest", minutes(32, 29), 30),
        ("nearest", minutes(32, 30), 35),
        ("nearest", minutes(2, 29), 0),
    ],
)
def test_time_is_rounded_up_down_or_to_the_nearest_with_half_going_up(
    way: str, lasted: int, pays: int
) -> None:
    assert paid_seconds(PayRules(rounding=Rounding(5, way)), lasted, lasted)[0] == minutes(pays)


@pytest.mark.parametrize(
    ("tolerance", "lasted", "pays"), [(0, 45, 30), (5, 45, 35), (5, 35, 35), (5, 20, 20), (60, 45, 45)]
)
def test_no_more_than_planned_and_the_tolerance_is_paid(tolerance: int, lasted: int, pays: int) -> None:
    assert paid_seconds(PayRules(cap=tolerance), minutes(lasted), minutes(30))[0] == minutes(pays)


def test_a_visit_pays_the_minimum_at_least_but_no_time_stays_no_time() -> None:
    rules = PayRules(minimum=15)
    assert paid_seconds(rules, minutes(4), minutes(30))[0] == minutes(15)
    assert paid_seconds(rules, minutes(16), minutes(30))[0] == minutes(16)
    assert paid_seconds(rules, 0, minutes(30)) == (0, [])


def test_band_then_rounding_then_cap_then_minimum_and_each_says_what_it_changed() -> None:
    rules = PayRules(bands=(Band(23, 37, 32),), rounding=Rounding(10, "up"), cap=5, minimum=36)
    assert paid_seconds(rules, minutes(28), minutes(30)) == (
        minutes(36),
        [
            Step("band", minutes(28), minutes(32)),
            Step("rounding", minutes(32), minutes(40)),
            Step("cap", minutes(40), minutes(35)),
            Step("minimum", minutes(35), minutes(36)),
        ],
    )


# The rate.

RATES = (
    a_rate("any", rate="21.00"),
    a_rate("weekdays", rate="22.00"),
    a_rate("friday", rate="23.00"),
    a_rate("weekdays", "18:00-06:00", rate="24.00"),
    a_rate("weekend", up_to=30, rate="26.00"),
    a_rate("weekend", up_to=15, rate="27.00"),
    a_rate("weekend", rate="25.00"),
    a_rate("bank_holiday", rate="150%"),
    a_rate("special_day", "00:00-12:00", rate="200%"),
)


@pytest.mark.parametrize(
    ("day", "entry", "paid_for", "rate"),
    [
        (MONDAY, "09:00", 60, "22.00"),
        (MONDAY, "18:00", 60, "24.00"),
        (MONDAY, "17:59:59", 60, "22.00"),
        (TUESDAY, "05:59:59", 60, "24.00"),
        (TUESDAY, "06:00", 60, "22.00"),
        (FRIDAY, "20:00", 60, "23.00"),  # a single weekday goes before a group of them, at any time
        (SATURDAY, "09:00", 15, "27.00"),
        (SATURDAY, "09:00", 16, "26.00"),
        (SUNDAY, "09:00", 31, "25.00"),
        (BOXING_DAY, "09:00", 60, "30.00"),  # a Tuesday
        (CHRISTMAS, "09:00", 60, "40.00"),  # a special day before a bank holiday
        (CHRISTMAS, "12:00", 60, "30.00"),  # no rate of the special day fits, so that of the bank holiday
    ],
)
def test_the_rate_is_looked_up_at_the_planned_entry(day: date, entry: str, paid_for: int, rate: str) -> None:
    rules = PayRules(rates=RATES, special_days={CHRISTMAS: "Christmas Day"})
    assert paid_rate(rules, Decimal("20.00"), day, seconds(entry), minutes(paid_for))[0] == Decimal(rate)


def test_a_visit_for_which_no_rate_fits_has_the_unit_cost() -> None:
    rules = PayRules(rates=(a_rate("sunday"),))
    assert paid_rate(rules, Decimal("23.226"), MONDAY, 0, 60) == (Decimal("23.226"), [])


def test_the_rate_is_that_of_the_time_which_the_other_rules_left() -> None:
    rules = PayRules(bands=BANDS, rates=(a_rate(up_to=30, rate="26.00"), a_rate(up_to=15, rate="28.00")))
    price = price_of(rules, a_paid_visit(times="09:00-09:30", delivered=minutes(35)))
    assert (str(price.actual), price.delivered_seconds) == ("13.00", minutes(30))
    assert price.steps == (
        ("V1", Step("band", minutes(35), minutes(30))),
        ("V1", Step("rate", Decimal("20.00"), Decimal("26.00"), "any")),
    )


def test_the_bank_holidays_are_those_of_england_and_wales_and_need_no_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    bank_holidays.cache_clear()
    in_2022 = sorted(day for day in bank_holidays() if day.year == 2022)
    assert [(day.month, day.day) for day in in_2022] == [
        (1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19), (12, 26), (12, 27),
    ]  # fmt: skip
    assert date(2022, 11, 30) not in bank_holidays()  # Saint Andrew's day is Scotland's
    assert known_until() >= date(2027, 12, 31)


# Weeks by rules.


def test_the_exact_products_of_a_week_are_summed_and_rounded_once() -> None:
    rules = PayRules(rates=(a_rate("weekend", rate="133.33%"),))
    visits = [a_paid_visit(planned_on=day, delivered=minutes(20, 1)) for day in (MONDAY, SATURDAY, SUNDAY)]
    exact = sum(Fraction(1201) * Fraction(rate) / 3600 for rate in ("23.226", "30.9672258", "30.9672258"))
    price = price_of(rules, *visits, unit_cost="23.226")
    assert price.actual == to_the_penny(Decimal(exact.numerator) / exact.denominator)
    assert sum(int(part["seconds"]) for part in explain(price)) == price.delivered_seconds == 3 * 1201


def test_frustrated_time_and_the_charge_follow_the_same_rules() -> None:
    rules = PayRules(rounding=Rounding(15, "up"), rates=(a_rate("monday", rate="40.00"),))
    price = price_of(rules, a_paid_visit("U", times="09:00-09:20"), a_paid_visit("H"), a_paid_visit("C24"))
    assert (str(price.frustrated), str(price.charged), price.frustrated_seconds) == (
        "20.00",
        "20.00",
        minutes(30),
    )


def test_each_visit_has_the_rules_of_its_planned_date() -> None:
    dated = [
        DatedRules(TUESDAY, PayRules(rates=(a_rate(rate="40.00"),))),
        DatedRules(FRIDAY, NO_RULES),
    ]
    visits = [a_paid_visit(planned_on=day) for day in (MONDAY, TUESDAY, FRIDAY)]
    price = price_week(visits, (a_term(unit_cost="20.00"),), VISIT_TYPES, dated)
    assert {(str(rate), time) for _, rate, time in price.parts} == {("20.00", 7200), ("40.00", 3600)}
    assert [rules_on(dated, day) for day in (MONDAY, FRIDAY)] == [NO_RULES, NO_RULES]


def test_no_more_than_two_hundred_steps_are_kept_and_their_number_is_said() -> None:
    rules = PayRules(rounding=Rounding(15, "up"))
    visits = [a_paid_visit(visit_ref=f"V{n}", delivered=minutes(31)) for n in range(250)]
    shown = explain_steps(price_of(rules, *visits))
    assert (len(shown["steps"]), shown["steps_in_all"]) == (200, 250)  # type: ignore[arg-type]
    assert explain_steps(price_of(rules, a_paid_visit(delivered=minutes(30)))) == {}


def test_the_steps_of_a_week_are_read_as_they_were_stored() -> None:
    price = price_of(
        PayRules(minimum=45, rates=(a_rate("monday", rate="21.5"),)), a_paid_visit(delivered=minutes(31))
    )
    text = pricing_store.steps_text(price)
    assert text is not None
    assert pricing_store.steps_of(json.loads(text)) == (price.steps, 2)
    assert pricing_store.steps_of(None) == ((), 0)


# What holds for any rules.

lengths = st.integers(0, 6 * 3600)
some_minutes = st.none() | st.integers(0, 120)


@st.composite
def partitions(draw: st.DrawFn) -> tuple[Band, ...]:
    """Bands that begin at the first minute and leave no gap; the last has no end."""
    firsts = [0, *sorted(draw(st.sets(st.integers(1, 240), max_size=6)))]
    ends: list[int | None] = [first - 1 for first in firsts[1:]]
    return tuple(
        Band(first, last, draw(st.integers(0, 240)))
        for first, last in zip(firsts, [*ends, None], strict=True)
    )


any_rules = st.builds(
    PayRules,
    bands=partitions() | st.just(()),
    rounding=st.none() | st.builds(Rounding, st.integers(1, 60), st.sampled_from(WAYS)),
    cap=some_minutes,
    minimum=some_minutes,
)


@given(any_rules, lengths, lengths)
def test_never_more_is_paid_than_the_cap_and_the_minimum_allow(
    rules: PayRules, lasted: int, planned: int
) -> None:
    paid, steps = paid_seconds(rules, lasted, planned)
    if rules.cap is not None:
        assert paid <= max(planned + rules.cap * 60, (rules.minimum or 0) * 60)
    for before, after in pairwise(steps):
        assert before.after == after.before
    assert (steps[0].before, steps[-1].after) == (lasted, paid) if steps else paid == lasted
    assert all(step.before != step.after for step in steps)


@given(partitions(), lengths)
def test_bands_without_gaps_hold_every_visit_once(bands: tuple[Band, ...], lasted: int) -> None:
    assert sum(band.holds(lasted) for band in bands) == 1
    assert faults_of(PayRules(bands=bands)) == []


@given(st.lists(st.tuples(st.sampled_from(list(VISIT_TYPES)), lengths, st.integers(0, 6)), max_size=20))
def test_rules_that_change_nothing_price_a_week_as_none_do(said: list[tuple[str, int, int]]) -> None:
    visits = [
        a_paid_visit(kind, FROM_MONDAY.replace(day=1 + day), delivered=time) for kind, time, day in said
    ]
    plain = price_week(visits, (a_term(),), VISIT_TYPES)
    assert price_of(NO_RULES, *visits, unit_cost="23.226") == plain


# What can't be set.


@pytest.mark.parametrize(
    ("rules", "part", "row", "words"),
    [
        ({"bands": (Band(30, 20, 15),)}, "bands", 0, "at or after its first"),
        ({"bands": (Band(0, 22, 15), Band(22, 37, 30))}, "bands", 1, "shares minutes with the band 0 to 22"),
        ({"bands": (Band(10, None, 15), Band(50, None, 60))}, "bands", 1, "10 and over"),
        ({"rates": (Rate("any", 3600, None, None, Decimal(1), None),)}, "rates", 0, "both times"),
        ({"rates": (a_rate(times="08:00-08:00"),)}, "rates", 0, "must differ"),
        ({"rates": (Rate("any", None, None, None, None, None),)}, "rates", 0, "pounds an hour, or as a"),
        ({"rates": (a_rate("special_day"),)}, "rates", 0, "at least one special day"),
        ({"rates": (a_rate("sunday"), a_rate("sunday", rate="9"))}, "rates", 1, "Two rates"),
        (
            {"rates": (a_rate(times="22:00-06:00"), a_rate(times="05:00-07:00", rate="9"))},
            "rates",
            1,
            "Two rates",
        ),
    ],
)
def test_what_would_leave_pay_to_chance_is_refused(
    rules: Mapping[str, Any], part: str, row: int, words: str
) -> None:
    (fault,) = faults_of(PayRules(**rules))
    assert isinstance(fault, Fault)
    assert (fault.part, fault.row) == (part, row)
    assert words in fault.sentence


def test_rates_of_which_one_goes_before_the_other_can_be_set() -> None:
    rates = (*RATES, a_rate("any", "08:00-12:00"), a_rate("any", "12:00-08:00"))
    assert faults_of(PayRules(bands=BANDS, rates=rates, special_days={CHRISTMAS: "Christmas"})) == []
