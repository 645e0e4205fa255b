"""Where a visit goes that several CPLIs could take (RULES 5)."""

from dataclasses import asdict
from datetime import date

import pytest

from services.matching.matches.store import ReplicaVisit
from tests.support.builders.care import MONDAY, SATURDAY, SUNDAY, TUESDAY, WEDNESDAY, a_cpli, a_term, a_visit
from tests.support.builders.matches import WEEK, place

# Step 1: by slot.


@pytest.mark.parametrize(
    ("times", "day", "cpli_id"),
    [
        ("09:00-10:00", MONDAY, 2),
        ("09:00-10:00", TUESDAY, 1),  # no slot on this weekday
        ("09:00-10:01", MONDAY, 1),
        ("09:01-10:00", MONDAY, 1),
        ("09:00-10:00:30", MONDAY, 1),
        ("23:30-00:30", MONDAY, 2),
    ],
)
def test_a_visit_that_is_exactly_a_slot_goes_to_that_cpli(times: str, day: date, cpli_id: int) -> None:
    cplis = [a_cpli(1, hours="40"), a_cpli(2, timetable=["Mon 09:00-10:00", "Mon 23:30-00:30"], hours="1")]
    assert place([a_visit(planned_on=day, times=times)], cplis) == {"V1": cpli_id}


def test_of_two_cplis_with_the_same_slot_the_first_takes_it() -> None:
    cplis = [
        a_cpli(1, start_on=date(2022, 7, 11), timetable=["Mon 09:00-10:00"]),
        a_cpli(2, start_on=date(2022, 7, 4), timetable=["Mon 09:00-10:00"]),
    ]
    assert place([a_visit()], cplis) == {"V1": 2}


def test_a_slot_has_no_capacity_of_its_own() -> None:
    cplis = [a_cpli(1, hours="40"), a_cpli(2, hours="1", timetable=["Mon 09:00-10:00"])]
    assert place([a_visit("V1"), a_visit("V2"), a_visit("V3")], cplis) == {"V1": 2, "V2": 2, "V3": 2}


def test_a_slot_of_a_cpli_that_the_steps_left_out_counts_for_nothing() -> None:
    cplis = [
        a_cpli(1),
        a_cpli(2),
        a_cpli(3, timetable=["Mon 09:00-10:00"], end_on=date(2022, 7, 31)),
    ]
    assert place([a_visit()], cplis) == {"V1": 1}


# Step 2: by room.


def test_a_visit_goes_to_the_first_cpli_with_room_for_the_whole_of_it() -> None:
    cplis = [a_cpli(1, hours="0.99"), a_cpli(2, hours="1"), a_cpli(3, hours="40")]
    assert place([a_visit()], cplis) == {"V1": 2}


def test_a_visit_goes_to_the_first_of_all_when_none_has_room() -> None:
    cplis = [a_cpli(1, hours="0.25"), a_cpli(2, hours="0.5")]
    assert place([a_visit()], cplis) == {"V1": 1}


def test_what_is_put_where_there_is_no_room_takes_room_too() -> None:
    """V1 overfills CPLI 1, so that V2, which alone would fit there, goes to CPLI 2."""
    cplis = [a_cpli(1, hours="0.5"), a_cpli(2, hours="0.75")]
    visits = [a_visit("V1", times="09:00-10:00"), a_visit("V2", times="11:00-11:30")]
    assert place(visits, cplis) == {"V1": 1, "V2": 2}


def test_a_week_fills_the_first_cpli_and_flows_over_into_the_second() -> None:
    cplis = [a_cpli(1, hours="2"), a_cpli(2, hours="2")]
    visits = [a_visit(f"V{n}", planned_on=day) for n, day in enumerate(WEEK[:5], 1)]
    assert place(visits, cplis) == {"V1": 1, "V2": 1, "V3": 2, "V4": 2, "V5": 1}


def test_a_shorter_visit_may_still_fit_where_a_longer_one_did_not() -> None:
    cplis = [a_cpli(1, hours="1.5"), a_cpli(2, hours="40")]
    visits = [
        a_visit("V1", MONDAY, "09:00-10:00"),
        a_visit("V2", TUESDAY, "09:00-10:00"),
        a_visit("V3", WEDNESDAY, "09:00-09:30"),
    ]
    assert place(visits, cplis) == {"V1": 1, "V2": 2, "V3": 1}


def test_what_a_slot_placed_takes_room_even_when_it_comes_later_in_the_week() -> None:
    cplis = [a_cpli(1, hours="1", timetable=["Sun 09:00-10:00"]), a_cpli(2, hours="1")]
    visits = [a_visit("V1", MONDAY), a_visit("V2", SUNDAY)]
    assert place(visits, cplis) == {"V1": 2, "V2": 1}


def test_a_visit_with_only_one_cpli_left_takes_room_even_when_it_comes_later_in_the_week() -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="1", end_on=SATURDAY)]
    visits = [a_visit("V1", MONDAY), a_visit("V2", SUNDAY)]
    assert place(visits, cplis) == {"V1": 2, "V2": 1}


def test_the_rest_is_placed_by_planned_date_then_entry() -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="40")]
    visits = [
        a_visit("A", TUESDAY, "08:00-09:00"),
        a_visit("B", MONDAY, "10:00-11:00"),
        a_visit("C", MONDAY, "09:00-10:00"),
    ]
    assert place(visits, cplis) == {"A": 2, "B": 2, "C": 1}


@pytest.mark.parametrize(
    ("first", "second"), [("V10", "V9"), ("Z", "a"), ("A", "É"), ("V-1", "V1"), ("Ａ", "😀")]
)
def test_visits_of_the_same_moment_are_placed_by_visit_ref_in_code_point_order(
    first: str, second: str
) -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="1")]
    assert place([a_visit(second), a_visit(first)], cplis) == {first: 1, second: 2}


def test_cplis_of_the_same_start_are_tried_by_cpli_id_as_a_number() -> None:
    assert place([a_visit()], [a_cpli(10), a_cpli(9)]) == {"V1": 9}


def test_an_earlier_start_comes_before_a_smaller_cpli_id() -> None:
    cplis = [a_cpli(1, start_on=date(2022, 7, 11)), a_cpli(2, start_on=date(2022, 7, 4))]
    assert place([a_visit()], cplis) == {"V1": 2}


def test_a_visit_past_midnight_takes_the_room_of_its_real_length() -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="40")]
    visits = [a_visit("V1", times="23:30-00:30"), a_visit("V2", TUESDAY)]
    assert place(visits, cplis) == {"V1": 1, "V2": 2}


def test_room_is_counted_to_the_second() -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="40")]
    assert place([a_visit(times="09:00-10:00:01")], cplis) == {"V1": 2}


def test_the_weekly_hours_are_those_in_force_on_the_planned_date() -> None:
    """From Wednesday CPLI 1 has three hours instead of one: so it has room for two more visits."""
    terms = (a_term(quantity="1"), a_term(WEDNESDAY, quantity="3"))
    cplis = [a_cpli(1, terms=terms), a_cpli(2, hours="40")]
    visits = [a_visit(f"V{n}", planned_on=day) for n, day in enumerate(WEEK[:5], 1)]
    assert place(visits, cplis) == {"V1": 1, "V2": 2, "V3": 1, "V4": 1, "V5": 2}


def test_fewer_hours_from_a_date_leave_no_room_for_what_comes_after() -> None:
    terms = (a_term(quantity="3"), a_term(WEDNESDAY, quantity="1"))
    cplis = [a_cpli(1, terms=terms), a_cpli(2, hours="40")]
    visits = [a_visit("V1", MONDAY), a_visit("V2", TUESDAY), a_visit("V3", WEDNESDAY)]
    assert place(visits, cplis) == {"V1": 1, "V2": 1, "V3": 2}


@pytest.mark.parametrize("visit_type", ["C24", "H", "C", "DHS"])
def test_a_visit_takes_room_whether_it_is_paid_or_not(visit_type: str) -> None:
    of_monday = a_visit("V1", MONDAY)
    stored = ReplicaVisit(
        **asdict(of_monday),
        version=1,
        deleted=False,
        identifier="A123456",
        visit_type=visit_type,
        monday=MONDAY,
        delivered_seconds=None,
        delivered_entry=None,
        entry_overridden=False,
        exit_overridden=False,
        carer_ref="",
        written_service="Zone 6",
        written_level="Personal Care",
    )
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="40")]
    assert place([stored, a_visit("V2", TUESDAY)], cplis) == {"V1": 1, "V2": 2}


def test_a_package_that_is_a_single_payment_has_no_weekly_hours() -> None:
    cplis = [a_cpli(1, hours="15", hourly=False), a_cpli(2, hours="40")]
    assert place([a_visit()], cplis) == {"V1": 2}
