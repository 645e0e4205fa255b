"""Measures of an organisation (RULES 16)."""

from collections.abc import Collection, Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from libs.common.care.plans import Plan
from libs.common.seams.matching.monitoring.measures import MeasuresAndWholes
from services.matching.measures.days import measure
from services.matching.measures.figures import per_cent, two_decimals
from services.matching.measures.rules import MeasuredCare, MeasuredVisit, days_of_weeks
from services.matching.measures.thresholds import ThresholdSet, by_day
from tests.support.builders.care import (
    MONDAY,
    SATURDAY,
    SUNDAY,
    TUESDAY,
    WEEKDAYS,
    a_term,
    seconds,
    slot,
    span,
)

DELIVERED = frozenset({"DHS", "DHF", "E"})
DAILY = tuple(f"{day} 09:00-10:00" for day in WEEKDAYS)


def a_measured_visit(
    times: str = "09:00-10:00",
    begun: str | None = None,
    *,
    visit_type: str = "DHS",
    minutes: int | None = None,
    planned_on: date = MONDAY,
    client_id: str = "agnes",
    cpli_id: int = 1,
    **facts: Any,
) -> MeasuredVisit:
    """Delivered as planned, unless begun at another time (``+`` the next day) or for other minutes."""
    entry, exit_ = span(times)
    is_delivered = visit_type in DELIVERED
    at = entry if begun is None else seconds(begun.lstrip("+")) + 86_400 * begun.count("+")
    lasted = (exit_ - entry) % 86_400 if minutes is None else minutes * 60
    given = {"is_overridden": False, "carer_ref": ""} | facts
    return MeasuredVisit(
        cpli_id,
        client_id,
        visit_type,
        planned_on,
        entry,
        exit_,
        at if is_delivered else None,
        lasted if is_delivered else None,
        **given,
    )


def some_care(
    timetable: Iterable[str] = (), *, hours: str = "7", cpli_id: int = 1, **changes: Any
) -> MeasuredCare:
    """A CPLI of 7 hours from July on, whose visits can be missed; slots that end in ! are time-critical."""
    written = list(timetable)
    plan = {
        "start_on": date(2022, 7, 4),
        "end_on": None,
        "suspensions": (),
        "terms": (a_term(quantity=hours),),
    }
    plan |= {name: changes.pop(name) for name in list(changes) if name in plan}
    facts = {"is_expected": True, "is_one_diary": False} | changes
    return MeasuredCare(
        cpli_id,
        Plan(timetable=tuple(slot(one.rstrip("!")) for one in written), **plan),
        critical_slots=frozenset(slot(one.rstrip("!")) for one in written if one.endswith("!")),
        **facts,
    )


def measures_of(
    *visits: MeasuredVisit,
    care: Iterable[MeasuredCare] = (),
    days: tuple[date, date] = (MONDAY, SUNDAY),
    sent: Collection[date] = (MONDAY,),
    thresholds: Iterable[ThresholdSet] = (),
) -> MeasuresAndWholes:
    care = list(care) or [some_care(is_expected=False)]
    by_id = {one.cpli_id: one for one in care}
    return measure(visits, by_id, days_of_weeks(*days, sent), DELIVERED, by_day(thresholds))


@pytest.mark.parametrize(
    ("visit", "measured"),
    [
        (a_measured_visit(begun="09:15"), {"late": 0}),
        (a_measured_visit(begun="09:15:01"), {"late": 1, "early": 0}),
        (a_measured_visit("23:50-00:20", begun="+00:06"), {"late": 1}),
        (a_measured_visit(begun="08:45"), {"early": 0}),
        (a_measured_visit(begun="08:44:59"), {"early": 1, "late": 0}),
        (a_measured_visit(minutes=48), {"short": 0}),
        (a_measured_visit(minutes=47), {"short": 1}),
        (a_measured_visit("09:00-09:30"), {"under_30_share": "0.0"}),
        (a_measured_visit("09:00-09:29"), {"under_30_share": "100.0"}),
        (a_measured_visit(), {"delivered": 1, "logged_share": "100.0", "hours_delivered": "1.00"}),
        (a_measured_visit(is_overridden=True), {"logged_share": "0.0"}),
        (a_measured_visit(visit_type="E", minutes=90), {"delivered": 1, "hours_delivered": "1.50"}),
        (a_measured_visit(visit_type="C"), {"frustrated": 1, "delivered": 0, "logged_share": None}),
        (a_measured_visit(visit_type="U"), {"frustrated": 1, "late": 0, "under_30_share": None}),
        (a_measured_visit(visit_type="C24"), {"cancelled": 1, "hours_delivered": "0.00"}),
        (a_measured_visit(visit_type="H"), {"hospital": 1, "continuity": None}),
    ],
)
def test_a_visit_counts_in_each_measure_as_it_was_delivered(
    visit: MeasuredVisit, measured: dict[str, Any]
) -> None:
    found = measures_of(visit)
    assert {name: found[name] for name in measured} == measured  # type: ignore[literal-required]


@pytest.mark.parametrize(
    ("begun", "others", "very_late"),
    [
        ("11:59", ["12:00-12:30"], 0),
        ("12:00", ["12:00-12:30"], 1),
        ("12:00", ["12:00-12:30", "18:00-18:30"], 1),
        ("12:00", [], 0),
        ("12:00", ["08:00-08:30"], 0),
        ("12:00", ["09:00-09:30"], 0),
    ],
)
def test_a_visit_is_very_late_once_the_next_one_should_have_begun(
    begun: str, others: list[str], very_late: int
) -> None:
    visits = [a_measured_visit(begun=begun), *(a_measured_visit(times, visit_type="C24") for times in others)]
    assert measures_of(*visits)["very_late"] == very_late


def test_the_next_one_is_of_the_same_client_and_day() -> None:
    visits = [
        a_measured_visit(begun="12:00"),
        a_measured_visit("12:00-12:30", client_id="bea"),
        a_measured_visit("12:00-12:30", planned_on=TUESDAY),
    ]
    assert measures_of(*visits)["very_late"] == 0


def test_a_very_late_visit_counts_as_missed_too_where_the_council_says_so() -> None:
    visits = [a_measured_visit(begun="12:00"), a_measured_visit("12:00-12:30")]
    says_so = [ThresholdSet("very_late_is_missed", MONDAY, 1)]
    assert measures_of(*visits)["missed"] == 0
    assert measures_of(*visits, thresholds=says_so)["missed"] == 1


@pytest.mark.parametrize(
    ("care", "visits", "missed"),
    [
        (some_care(DAILY), [], 7),
        (some_care(DAILY, hours="14"), [], 14),
        (some_care(DAILY), [a_measured_visit()], 6),
        (some_care(DAILY), [a_measured_visit(), a_measured_visit("20:00-20:30")], 6),
        (some_care(DAILY), [a_measured_visit("17:00-18:00", visit_type="H")], 6),
        (some_care(DAILY, end_on=TUESDAY), [], 2),
        (some_care(DAILY, suspensions=((MONDAY, SATURDAY),)), [], 1),
        (some_care(DAILY, is_expected=False), [], 0),
        (some_care(DAILY, is_one_diary=True), [], 0),
        (some_care(), [], 0),
    ],
)
def test_missed_are_the_slots_of_a_day_less_its_visits(
    care: MeasuredCare, visits: list[MeasuredVisit], missed: int
) -> None:
    assert measures_of(*visits, care=[care])["missed"] == missed


def test_nothing_is_missed_or_commissioned_in_a_week_that_was_not_sent() -> None:
    found = measures_of(care=[some_care([f"{DAILY[0]}!"])], sent=())
    assert (found["missed"], found["hours_commissioned"], found["time_critical_share"]) == (0, "0.00", None)


@pytest.mark.parametrize(
    ("care", "days", "hours"),
    [
        (some_care(DAILY), (MONDAY, SUNDAY), "7.00"),
        (some_care(), (MONDAY, MONDAY), "1.00"),
        (some_care(hours="10"), (MONDAY, MONDAY), "1.43"),
        (some_care(["Mon 09:00-10:00", "Tue 09:00-12:00"]), (MONDAY, MONDAY), "1.75"),
        (some_care(DAILY, suspensions=((MONDAY, MONDAY),)), (MONDAY, SUNDAY), "6.00"),
        (some_care(is_one_diary=True), (MONDAY, SUNDAY), "7.00"),
        (some_care(terms=(a_term(), a_term(SUNDAY, quantity="14"))), (MONDAY, SUNDAY), "8.00"),
    ],
)
def test_hours_commissioned_are_those_of_the_days_asked_for(
    care: MeasuredCare, days: tuple[date, date], hours: str
) -> None:
    assert measures_of(care=[care], days=days)["hours_commissioned"] == hours


def test_continuity_is_the_mean_number_of_carers_of_a_client() -> None:
    visits = [
        a_measured_visit(carer_ref="C1"),
        a_measured_visit(carer_ref="C2"),
        a_measured_visit(carer_ref="C1"),
        a_measured_visit(visit_type="U", carer_ref="C9"),
        a_measured_visit(carer_ref="C1", client_id="bea"),
        a_measured_visit(client_id="cyd"),
    ]
    assert measures_of(*visits)["continuity"] == "1.50"


@pytest.mark.parametrize(
    ("visits", "share"),
    [
        ([], "0.0"),
        ([a_measured_visit(begun="09:15")], "100.0"),
        ([a_measured_visit(begun="08:45")], "100.0"),
        ([a_measured_visit(begun="09:16")], "0.0"),
        ([a_measured_visit("09:05-10:05")], "0.0"),
        ([a_measured_visit(visit_type="C")], None),
        ([a_measured_visit(visit_type="H"), a_measured_visit(begun="09:05")], "100.0"),
    ],
)
def test_a_time_critical_slot_is_kept_by_a_delivered_visit_that_began_near_it(
    visits: list[MeasuredVisit], share: str | None
) -> None:
    assert measures_of(*visits, care=[some_care(["Mon 09:00-10:00!"])])["time_critical_share"] == share


def test_one_diary_counts_in_no_measure_of_single_visits_but_time_critical_ones() -> None:
    diary = some_care(["Mon 09:00-09:20!", *DAILY[1:]], is_one_diary=True)
    late = a_measured_visit("09:00-09:20", begun="12:00", minutes=5)
    found = measures_of(late, a_measured_visit("11:00-11:20"), care=[diary])
    assert (found["late"], found["very_late"], found["short"], found["missed"]) == (0, 0, 0, 0)
    assert found["under_30_share"] is None
    assert (found["delivered"], found["logged_share"], found["time_critical_share"]) == (2, "100.0", "0.0")


def test_each_visit_is_measured_by_the_thresholds_of_its_planned_day() -> None:
    stricter = [ThresholdSet("late_minutes", TUESDAY, 5), ThresholdSet("under_minutes", TUESDAY, 61)]
    visits = [a_measured_visit(begun="09:06"), a_measured_visit(begun="09:06", planned_on=TUESDAY)]
    found = measures_of(*visits, thresholds=stricter)
    assert (found["late"], found["under_30_share"]) == (1, "50.0")


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(1, 8, "12.5"), (1, 3, "33.3"), (1, 16, "6.3"), (0, 4, "0.0"), (0, 0, None)]
)
def test_shares_have_one_decimal_rounded_half_up(part: int, whole: int, share: str | None) -> None:
    assert per_cent(part, whole) == share


@pytest.mark.parametrize(
    ("figure", "text"), [("1/8", "0.13"), ("-1/8", "-0.13"), ("7", "7.00"), ("1/3", "0.33")]
)
def test_hours_have_two_decimals_rounded_half_up(figure: str, text: str) -> None:
    assert two_decimals(Fraction(figure)) == text
