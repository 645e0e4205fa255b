"""Consistent under-delivery (RULES 16, 17)."""

import datetime as dt
from collections.abc import Sequence

import pytest

from libs.common.care.plans import Plan
from libs.common.care.terms import Term
from services.matching.measures.figures import two_decimals
from services.matching.measures.thresholds import ThresholdSet, by_day
from services.matching.under_delivery.rules import Delivery, judge_delivery, whole_weeks
from tests.support.builders.care import MONDAY, WEDNESDAY, a_term

WEEK = dt.timedelta(days=7)
GOLDEN = ("3.5", "3.5", "4", "3.5", "7", "3.5")
DEFAULTS = by_day(())


def a_plan(
    *terms: Term,
    start_on: dt.date = dt.date(2022, 7, 4),
    suspensions: tuple[tuple[dt.date, dt.date], ...] = (),
) -> Plan:
    return Plan(start_on, None, (), suspensions, terms or (a_term(),))


def judged(hours: Sequence[str], *terms: Term, thresholds: Sequence[ThresholdSet] = ()) -> Delivery | None:
    """A CPLI of 7 hours with these hours delivered in the weeks from 1 August on."""
    mondays = [MONDAY + number * WEEK for number in range(len(hours))]
    seconds = {monday: int(float(of_week) * 3600) for monday, of_week in zip(mondays, hours, strict=True)}
    thresholds_on = by_day(thresholds)
    plan = a_plan(*terms)
    return judge_delivery(plan, whole_weeks(plan, mondays, thresholds_on), seconds, thresholds_on)


def test_the_golden_package_would_save_4227_13_a_year() -> None:
    found = judged(GOLDEN)
    assert found is not None
    assert found.direction == "under"
    assert (two_decimals(found.median), two_decimals(found.saving)) == ("3.50", "4227.13")
    assert sum(week.hours * 100 < 80 * found.commissioned for week in found.weeks) == 5


@pytest.mark.parametrize(
    ("hours", "direction"),
    [
        (("5.6",) * 6, None),
        (("5.5",) * 4 + ("7",) * 2, "under"),
        (("5.5",) * 3 + ("7",) * 3, None),
        (("5.5",) * 4, "under"),
        (("5.5",) * 3, None),
        (("5.5",) * 4 + ("7",) * 3, None),
        (("7.7",) * 6, None),
        (("7.8",) * 4 + ("7",) * 2, "over"),
        (("0",) * 6, "under"),
        ((), None),
    ],
)
def test_four_of_the_last_six_weeks_decide(hours: Sequence[str], direction: str | None) -> None:
    found = judged(hours)
    assert (found and found.direction) == direction


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two() -> None:
    found = judged(("1", "2", "4", "5"))
    assert found is not None
    assert two_decimals(found.median) == "3.00"


def test_over_delivery_saves_less_than_nothing() -> None:
    found = judged(("8",) * 6)
    assert found is not None
    assert two_decimals(found.saving) == "-1207.75"


@pytest.mark.parametrize(
    ("assessed", "saved"), [(None, "4227.13"), ("0", "0.00"), ("56.20", "0.00"), ("100.00", "972.87")]
)
def test_the_clients_part_is_what_it_would_be_charged_less(assessed: str | None, saved: str) -> None:
    found = judged(GOLDEN, a_term(assessed=assessed))
    assert found is not None
    assert two_decimals(found.client_saving) == saved


def test_quantity_and_unit_cost_are_those_of_the_newest_weeks_sunday() -> None:
    newest = MONDAY + 5 * WEEK
    found = judged(GOLDEN, a_term(), a_term(newest + dt.timedelta(days=6), quantity="10", unit_cost="10"))
    assert found is not None
    assert (two_decimals(found.commissioned), two_decimals(found.saving)) == ("10.00", "3380.00")


def test_only_whole_weeks_count() -> None:
    plan = a_plan(start_on=WEDNESDAY, suspensions=((MONDAY + 3 * WEEK, MONDAY + 3 * WEEK),))
    sent = [MONDAY + number * WEEK for number in range(5)]
    assert whole_weeks(plan, sent, DEFAULTS) == [sent[4], sent[2], sent[1]]


def test_what_counts_as_under_is_the_councils_to_say() -> None:
    assert judged(("6",) * 6) is None
    assert judged(("6",) * 6, thresholds=[ThresholdSet("under_delivery_per_cent", MONDAY, 90)]) is not None
