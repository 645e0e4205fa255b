"""Which visits made a measure: exactly those that it counts (RULES 16)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.measures.days import measure
from services.matching.measures.listing import VISITS_OF, list_visits
from services.matching.measures.rules import MeasuredCare, MeasuredVisit, days_of_slots, days_of_weeks
from services.matching.measures.schemas import MEASURES, SHARES, SetThreshold, ThresholdsTried, VisitsAsked
from services.matching.measures.thresholds import (
    DEFAULTS,
    LIMITS,
    Thresholds,
    ThresholdSet,
    by_day,
    is_possible,
    state_of,
    with_values,
)
from services.portal.monitoring.words import MEASURES as MEASURES_IN_WORDS
from tests.matching.unit.test_measures_rules import DAILY, DELIVERED, a_measured_visit, some_care
from tests.support.builders.care import MONDAY, SUNDAY, THURSDAY, TUESDAY

CARE = {1: some_care(DAILY), 2: some_care(DAILY, cpli_id=2, is_one_diary=True)}
COUNTS = ("delivered", "frustrated", "cancelled", "hospital", "late", "early", "very_late", "short")
FROM_TUESDAY = [ThresholdSet("late_minutes", TUESDAY, 30), ThresholdSet("very_late_is_missed", TUESDAY, 1)]

some_visits = st.lists(
    st.builds(
        a_measured_visit,
        st.sampled_from(["08:00-08:20", "09:00-10:00", "09:30-10:00", "23:40-00:20"]),
        st.sampled_from([None, "08:30", "09:20", "09:31", "+00:10"]),
        visit_type=st.sampled_from(["DHS", "E", "C", "U", "C24", "H"]),
        minutes=st.sampled_from([None, 10, 47, 48, 90]),
        planned_on=st.sampled_from([MONDAY, TUESDAY]),
        client_id=st.sampled_from(["agnes", "bert"]),
        cpli_id=st.sampled_from([1, 2]),
        is_overridden=st.booleans(),
        carer_ref=st.sampled_from(["", "C1", "C2"]),
    ),
    max_size=12,
)


def listed(visits: list[MeasuredVisit], name: str, **more: Any) -> list[MeasuredVisit]:
    named = [(f"V{number}", visit) for number, visit in enumerate(visits)]
    found = list_visits(named, CARE, name, DELIVERED, by_day(FROM_TUESDAY), **more)
    return [one.visit for one in found if one.visit is not None]


@given(some_visits)
def test_as_many_visits_are_listed_as_are_counted(visits: list[MeasuredVisit]) -> None:
    days = days_of_weeks(MONDAY, SUNDAY, [MONDAY])
    counted = measure(visits, CARE, days, DELIVERED, by_day(FROM_TUESDAY))
    for name in COUNTS:
        assert len(listed(visits, name)) == counted[name], name  # type: ignore[literal-required]
    slots = sum(short.missed for short in days_of_slots(visits, CARE.values(), days))
    assert slots + len(listed(visits, "missed")) == counted["missed"]
    for name in ("logged_share", "under_30_share"):
        part, rest = listed(visits, name), listed(visits, name, is_rest=True)
        whole = [visit for visit in visits if visit.visit_type in DELIVERED]
        if name == "under_30_share":
            whole = [visit for visit in whole if visit.cpli_id == 1]
        assert len(part) + len(rest) == len(whole)
        if whole:
            assert counted[name] == f"{int(len(part) * 1000 / len(whole) + 0.5) / 10:.1f}"  # type: ignore[literal-required]
    assert all(visit.carer_ref for visit in listed(visits, "continuity"))


def test_a_day_of_too_few_visits_says_how_many_were_wanted_and_sent() -> None:
    care = some_care([*DAILY, "Mon 12:00-12:30"], hours="7.5")
    days = days_of_weeks(MONDAY, TUESDAY, [MONDAY])
    found = list(days_of_slots([a_measured_visit()], [care], days))
    assert [(one.day, one.wanted, one.visits, one.missed) for one in found] == [
        (MONDAY, 2, 1, 1),
        (TUESDAY, 1, 0, 1),
    ]


def test_every_measure_opens_what_made_it_and_has_its_words() -> None:
    assert VISITS_OF | {"hours_commissioned", "time_critical_share"} == set(MEASURES)
    assert tuple(one.key for one in MEASURES_IN_WORDS) == MEASURES
    assert {one.key for one in MEASURES_IN_WORDS if one.unit == "per cent"} == set(SHARES)


@pytest.mark.parametrize(
    ("changes", "states"),
    [
        ([], {}),
        ([(MONDAY, 1)], {1: "current"}),
        ([(THURSDAY, 1)], {1: "coming"}),
        ([(MONDAY, 1), (TUESDAY, 2)], {1: "past", 2: "current"}),
        ([(MONDAY, 1), (MONDAY, 2)], {1: "replaced", 2: "current"}),
        ([(TUESDAY, 1), (MONDAY, 2), (THURSDAY, 3)], {1: "current", 2: "past", 3: "coming"}),
    ],
)
def test_a_threshold_that_was_set_is_current_coming_past_or_replaced(
    changes: list[tuple[date, int]], states: dict[int, str]
) -> None:
    assert state_of(changes, TUESDAY) == states


def test_a_threshold_that_is_tried_holds_on_every_day_and_the_others_as_they_are() -> None:
    tried = with_values(by_day(FROM_TUESDAY), {"late_minutes": 5})
    assert {tried(day).late_minutes for day in (MONDAY, THURSDAY)} == {5}
    assert [tried(day).very_late_is_missed for day in (MONDAY, THURSDAY)] == [0, 1]


def test_every_threshold_has_limits_that_its_default_keeps() -> None:
    assert set(LIMITS) == set(Thresholds._fields)
    assert all(is_possible(name, value) for name, value in DEFAULTS._asdict().items())


@pytest.mark.parametrize(
    ("name", "value", "is_taken"),
    [
        ("late_minutes", 0, True),
        ("late_minutes", 1440, True),
        ("late_minutes", 1441, False),
        ("late_minutes", -1, False),
        ("very_late_is_missed", 1, True),
        ("very_late_is_missed", 2, False),
        ("weeks_wanted", 0, False),
        ("short_per_cent", 101, False),
        ("over_delivery_per_cent", 110, True),
    ],
)
def test_a_threshold_takes_what_it_can_mean(name: str, value: int, is_taken: bool) -> None:
    asked = {"name": name, "effective_from": "2022-10-03", "value": value}
    tried = {"first": "2022-10-03", "last": "2022-10-09", "values": {name: value}}
    assert (not SetThreshold().validate(asked)) is is_taken
    assert (not ThresholdsTried().validate(tried)) is is_taken


@pytest.mark.parametrize(
    ("more", "is_taken"),
    [
        ({"measure": "late"}, True),
        ({"measure": "punctual"}, False),
        ({"measure": "late", "is_rest": True}, False),
        ({"measure": "logged_share", "is_rest": True}, True),
        ({"measure": "late", "last": "2022-10-02"}, False),
    ],
)
def test_only_a_share_has_what_it_leaves_out(more: dict[str, Any], is_taken: bool) -> None:
    asked = {"first": "2022-10-03", "last": "2022-10-09"} | more
    assert (not VisitsAsked().validate(asked)) is is_taken


def test_care_of_no_measure_is_in_no_list() -> None:
    care: MeasuredCare = some_care(is_expected=False)
    assert list(days_of_slots([], [care], [MONDAY + timedelta(days=n) for n in range(7)])) == []
