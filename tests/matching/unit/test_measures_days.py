"""Counts of days add up to measures, and carers of weeks are counted once (RULES 16)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.measures.days import (
    Carers,
    Counts,
    all_carers,
    carers_of_weeks,
    count_carers,
    count_days,
    figures,
    measure,
    total,
    weekdays_between,
)
from services.matching.measures.rules import MeasuredVisit, days_of_weeks, weeks_together
from services.matching.measures.thresholds import by_day
from tests.matching.unit.test_measures_rules import DAILY, DELIVERED, a_measured_visit, some_care
from tests.support.builders.care import MONDAY, SATURDAY, SUNDAY, TUESDAY

WEEK = timedelta(days=7)
CARE = {1: some_care([f"{DAILY[0]}!", *DAILY[1:]]), 2: some_care(DAILY[:3], cpli_id=2, is_one_diary=True)}
VISITS = st.lists(
    st.builds(
        a_measured_visit,
        st.sampled_from(["09:00-10:00", "11:00-11:20"]),
        st.sampled_from(["09:00", "09:20", "11:30"]),
        visit_type=st.sampled_from(["DHS", "C", "H", "C24"]),
        minutes=st.sampled_from([20, 60]),
        planned_on=st.sampled_from([MONDAY + timedelta(days=number) for number in range(14)]),
        client_id=st.sampled_from(["agnes", "bea"]),
        cpli_id=st.sampled_from([1, 2]),
        carer_ref=st.sampled_from(["", "C1", "C2"]),
    ),
    max_size=12,
)


@given(VISITS, st.sets(st.sampled_from([MONDAY, MONDAY + WEEK])))
def test_a_span_is_the_sum_of_its_weeks_and_of_its_days(
    visits: list[MeasuredVisit], others_sent: set[date]
) -> None:
    sent = others_sent | {day.planned_on - timedelta(days=day.planned_on.weekday()) for day in visits}
    days = days_of_weeks(MONDAY, SUNDAY + WEEK, sent)
    whole = measure(visits, CARE, days, DELIVERED, by_day([]))
    of_weeks = []
    for monday in sorted(sent):
        of_week = [visit for visit in visits if monday <= visit.planned_on < monday + WEEK]
        counted = count_days(
            of_week, CARE, days_of_weeks(monday, SUNDAY + WEEK, [monday]), DELIVERED, by_day([])
        )
        of_weeks.append(total(counts for _, counts in counted))
    carers = count_carers(carers_of_weeks(visits, DELIVERED))
    assert figures(total(of_weeks), carers) == whole
    assert whole["late"] + whole["early"] <= whole["delivered_singly"] <= whole["delivered"]
    assert whole["missed"] <= whole["slots_wanted"]


def test_nothing_counted_is_nought() -> None:
    assert total([]) == Counts()
    assert figures(Counts(), Carers(0, 0))["hours_commissioned"] == "0.00"
    assert total([Counts(hours_commissioned=Fraction(1, 3))] * 3).hours_commissioned == 1


def test_a_carer_of_several_days_and_weeks_is_one() -> None:
    visits = [
        a_measured_visit(carer_ref="C1"),
        a_measured_visit(carer_ref="C1", planned_on=SATURDAY),
        a_measured_visit(carer_ref="C1", planned_on=MONDAY + WEEK),
        a_measured_visit(carer_ref="C2", visit_type="C"),
        a_measured_visit(carer_ref=""),
    ]
    found = carers_of_weeks(visits, DELIVERED)
    assert found == {(MONDAY, "agnes", "C1"): 0b0100001, (MONDAY + WEEK, "agnes", "C1"): 1}
    assert count_carers(found) == Carers(clients=1, of_clients=1)
    assert all_carers([Carers(1, 1), Carers(2, 5)]) == Carers(3, 6)


@pytest.mark.parametrize(
    ("first", "last", "weekdays"),
    [
        (MONDAY, SUNDAY, 0b1111111),
        (MONDAY - WEEK, SUNDAY + WEEK, 0b1111111),
        (TUESDAY, SUNDAY + WEEK, 0b1111110),
        (MONDAY, TUESDAY, 0b0000011),
        (SATURDAY, TUESDAY, 0),
        (MONDAY + WEEK, SUNDAY + WEEK, 0),
    ],
)
def test_the_weekdays_of_a_week_between_two_days(first: date, last: date, weekdays: int) -> None:
    assert weekdays_between(MONDAY, first, last) == weekdays


def test_weeks_that_follow_one_another_are_measured_together() -> None:
    mondays = [MONDAY + number * WEEK for number in (3, 0, 1, 5, 4)]
    assert [len(together) for together in weeks_together(mondays)] == [2, 3]
    assert weeks_together([]) == []
