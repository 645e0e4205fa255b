"""Each step of the table of RULES 5 with its reason, and where a visit goes that several CPLIs could take."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.terms import FROM_START
from services.matching.matches.rules import Cpli, Match, Visit, carers_wanted, match_week
from services.matching.matches.store import ReplicaVisit
from tests.support.builders import (
    ANOTHER_GUID,
    FRIDAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    ZONE_6,
    a_cpli,
    a_term,
    a_visit,
)

WEEK = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY)


def placed(visits: Sequence[Visit], cplis: Sequence[Cpli]) -> dict[str, int | None]:
    """The CPLI of each visit by VisitRef."""
    return {visit_ref: match.cpli_id for visit_ref, match in match_week(visits, cplis).items()}


def reason_for(visit: Visit, *cplis: Cpli) -> str | None:
    """Why this one visit is not matched."""
    match = match_week([visit], cplis)[visit.visit_ref]
    assert (match.cpli_id is None) == (match.reason is not None)
    return match.reason


# What makes a CPLI fail each step, in the order of the table.
FAILS: list[tuple[str, dict[str, Any]]] = [
    ("wrong_service", {"service_name": "zone 7", "service_ref": ANOTHER_GUID}),
    ("wrong_service_level", {"service_level": "medication only"}),
    ("visits_not_required", {"requires_visits": False}),
    ("invoice_case", {"payment_method": "Invoice"}),
    ("not_authorised", {"authorised": False}),
    ("suspended", {"suspensions": ((MONDAY, TUESDAY),)}),
    ("before_start", {"start_on": TUESDAY}),
]
REASONS = [reason for reason, _ in FAILS]
PAIRS_OF_STEPS = list(combinations(range(len(FAILS)), 2))


def test_a_visit_of_a_client_without_care_from_this_organisation_has_no_package() -> None:
    assert match_week([a_visit()], []) == {"V1": Match(None, "no_package")}


def test_a_visit_that_passes_every_step_is_matched() -> None:
    assert match_week([a_visit()], [a_cpli(156017)]) == {"V1": Match(156017, None)}


@pytest.mark.parametrize(("reason", "failing"), FAILS, ids=REASONS)
def test_the_step_that_leaves_no_cpli_gives_the_reason(reason: str, failing: dict[str, Any]) -> None:
    assert reason_for(a_visit(), a_cpli(**failing)) == reason


@pytest.mark.parametrize(("earlier", "later"), PAIRS_OF_STEPS)
def test_a_visit_that_fails_two_steps_gets_the_earlier_reason(earlier: int, later: int) -> None:
    both = FAILS[earlier][1] | FAILS[later][1]
    assert reason_for(a_visit(), a_cpli(**both)) == REASONS[earlier]


@pytest.mark.parametrize(("earlier", "later"), PAIRS_OF_STEPS)
def test_of_two_cplis_the_one_that_comes_further_gives_the_reason(earlier: int, later: int) -> None:
    cplis = [a_cpli(1, **FAILS[earlier][1]), a_cpli(2, **FAILS[later][1])]
    assert reason_for(a_visit(), *cplis) == REASONS[later]


@pytest.mark.parametrize(("reason", "failing"), FAILS, ids=REASONS)
def test_a_cpli_that_fails_a_step_does_not_stand_in_the_way_of_one_that_passes(
    reason: str, failing: dict[str, Any]
) -> None:
    cplis = [a_cpli(1, timetable=["Mon 09:00-10:00"], **failing), a_cpli(2)]
    assert placed([a_visit()], cplis) == {"V1": 2}


@pytest.mark.parametrize("method", ["Invoice", "Actuals"])
def test_care_that_is_not_paid_from_visits_is_an_invoice_case(method: str) -> None:
    assert reason_for(a_visit(), a_cpli(payment_method=method)) == "invoice_case"


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ({"service_ref": "", "service_name": ""}, None),
        ({"service_ref": "", "service_name": "zone 6"}, None),
        ({"service_ref": ZONE_6, "service_name": ""}, None),
        ({"service_ref": ZONE_6, "service_name": "zone 6"}, None),
        ({"service_ref": "", "service_name": "zone 7"}, "wrong_service"),
        ({"service_ref": ANOTHER_GUID, "service_name": ""}, "wrong_service"),
    ],
)
def test_the_service_counts_when_the_visit_names_one_by_name_or_ref(
    named: dict[str, Any], reason: str | None
) -> None:
    assert reason_for(a_visit(**named), a_cpli()) == reason


def test_a_visit_without_a_service_is_placed_among_all_services() -> None:
    cplis = [a_cpli(1, service_name="zone 7", hours="0"), a_cpli(2)]
    assert placed([a_visit(service_name="")], cplis) == {"V1": 2}


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (MONDAY, None),
        (TUESDAY, "suspended"),
        (WEDNESDAY, "suspended"),
        (THURSDAY, None),
        (FRIDAY, "suspended"),
    ],
)
def test_both_ends_of_a_suspension_are_suspended(day: date, reason: str | None) -> None:
    cpli = a_cpli(suspensions=((TUESDAY, WEDNESDAY), (FRIDAY, date.max)))
    assert reason_for(a_visit(planned_on=day), cpli) == reason


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (MONDAY, "before_start"),
        (TUESDAY, None),
        (WEDNESDAY, None),
        (THURSDAY, None),
        (FRIDAY, "after_end"),
    ],
)
def test_start_and_end_are_both_included(day: date, reason: str | None) -> None:
    assert reason_for(a_visit(planned_on=day), a_cpli(start_on=TUESDAY, end_on=THURSDAY)) == reason


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (MONDAY, "before_start"),
        (TUESDAY, None),
        (WEDNESDAY, "between_packages"),
        (THURSDAY, "between_packages"),
        (FRIDAY, None),
        (SATURDAY, "after_end"),
    ],
)
def test_before_all_after_all_or_between(day: date, reason: str | None) -> None:
    cplis = [a_cpli(1, start_on=TUESDAY, end_on=TUESDAY), a_cpli(2, start_on=FRIDAY, end_on=FRIDAY)]
    assert reason_for(a_visit(planned_on=day), *cplis) == reason


def test_a_package_that_is_suspended_does_not_count_as_one_that_starts_later() -> None:
    ended = a_cpli(1, end_on=MONDAY)
    later_but_suspended = a_cpli(2, start_on=FRIDAY, suspensions=((WEDNESDAY, WEDNESDAY),))
    assert reason_for(a_visit(planned_on=WEDNESDAY), ended, later_but_suspended) == "after_end"


# Placing, step 1.


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
    assert placed([a_visit(planned_on=day, times=times)], cplis) == {"V1": cpli_id}


def test_of_two_cplis_with_the_same_slot_the_first_takes_it() -> None:
    cplis = [
        a_cpli(1, start_on=date(2022, 7, 11), timetable=["Mon 09:00-10:00"]),
        a_cpli(2, start_on=date(2022, 7, 4), timetable=["Mon 09:00-10:00"]),
    ]
    assert placed([a_visit()], cplis) == {"V1": 2}


def test_a_slot_has_no_capacity_of_its_own() -> None:
    cplis = [a_cpli(1, hours="40"), a_cpli(2, hours="1", timetable=["Mon 09:00-10:00"])]
    assert placed([a_visit("V1"), a_visit("V2"), a_visit("V3")], cplis) == {"V1": 2, "V2": 2, "V3": 2}


def test_a_slot_of_a_cpli_that_the_steps_left_out_counts_for_nothing() -> None:
    cplis = [
        a_cpli(1),
        a_cpli(2),
        a_cpli(3, timetable=["Mon 09:00-10:00"], end_on=date(2022, 7, 31)),
    ]
    assert placed([a_visit()], cplis) == {"V1": 1}


# Placing, step 2.


def test_a_visit_goes_to_the_first_cpli_with_room_for_the_whole_of_it() -> None:
    cplis = [a_cpli(1, hours="0.99"), a_cpli(2, hours="1"), a_cpli(3, hours="40")]
    assert placed([a_visit()], cplis) == {"V1": 2}


def test_a_visit_goes_to_the_first_of_all_when_none_has_room() -> None:
    cplis = [a_cpli(1, hours="0.25"), a_cpli(2, hours="0.5")]
    assert placed([a_visit()], cplis) == {"V1": 1}


def test_what_is_put_where_there_is_no_room_takes_room_too() -> None:
    """V1 overfills CPLI 1, so that V2, which alone would fit there, goes to CPLI 2."""
    cplis = [a_cpli(1, hours="0.5"), a_cpli(2, hours="0.75")]
    visits = [a_visit("V1", times="09:00-10:00"), a_visit("V2", times="11:00-11:30")]
    assert placed(visits, cplis) == {"V1": 1, "V2": 2}


def test_a_week_fills_the_first_cpli_and_flows_over_into_the_second() -> None:
    cplis = [a_cpli(1, hours="2"), a_cpli(2, hours="2")]
    visits = [a_visit(f"V{n}", planned_on=day) for n, day in enumerate(WEEK[:5], 1)]
    assert placed(visits, cplis) == {"V1": 1, "V2": 1, "V3": 2, "V4": 2, "V5": 1}


def test_a_shorter_visit_may_still_fit_where_a_longer_one_did_not() -> None:
    cplis = [a_cpli(1, hours="1.5"), a_cpli(2, hours="40")]
    visits = [
        a_visit("V1", MONDAY, "09:00-10:00"),
        a_visit("V2", TUESDAY, "09:00-10:00"),
        a_visit("V3", WEDNESDAY, "09:00-09:30"),
    ]
    assert placed(visits, cplis) == {"V1": 1, "V2": 2, "V3": 1}


def test_what_a_slot_placed_takes_room_even_when_it_comes_later_in_the_week() -> None:
    cplis = [a_cpli(1, hours="1", timetable=["Sun 09:00-10:00"]), a_cpli(2, hours="1")]
    visits = [a_visit("V1", MONDAY), a_visit("V2", SUNDAY)]
    assert placed(visits, cplis) == {"V1": 2, "V2": 1}


def test_a_visit_with_only_one_cpli_left_takes_room_even_when_it_comes_later_in_the_week() -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="1", end_on=SATURDAY)]
    visits = [a_visit("V1", MONDAY), a_visit("V2", SUNDAY)]
    assert placed(visits, cplis) == {"V1": 2, "V2": 1}


def test_the_rest_is_placed_by_planned_date_then_entry() -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="40")]
    visits = [
        a_visit("A", TUESDAY, "08:00-09:00"),
        a_visit("B", MONDAY, "10:00-11:00"),
        a_visit("C", MONDAY, "09:00-10:00"),
    ]
    assert placed(visits, cplis) == {"A": 2, "B": 2, "C": 1}


@pytest.mark.parametrize(
    ("first", "second"), [("V10", "V9"), ("Z", "a"), ("A", "É"), ("V-1", "V1"), ("Ａ", "😀")]
)
def test_visits_of_the_same_moment_are_placed_by_visit_ref_in_code_point_order(
    first: str, second: str
) -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="1")]
    assert placed([a_visit(second), a_visit(first)], cplis) == {first: 1, second: 2}


def test_cplis_of_the_same_start_are_tried_by_cpli_id_as_a_number() -> None:
    assert placed([a_visit()], [a_cpli(10), a_cpli(9)]) == {"V1": 9}


def test_an_earlier_start_comes_before_a_smaller_cpli_id() -> None:
    cplis = [a_cpli(1, start_on=date(2022, 7, 11)), a_cpli(2, start_on=date(2022, 7, 4))]
    assert placed([a_visit()], cplis) == {"V1": 2}


def test_a_visit_past_midnight_takes_the_room_of_its_real_length() -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="40")]
    visits = [a_visit("V1", times="23:30-00:30"), a_visit("V2", TUESDAY)]
    assert placed(visits, cplis) == {"V1": 1, "V2": 2}


def test_room_is_counted_to_the_second() -> None:
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="40")]
    assert placed([a_visit(times="09:00-10:00:01")], cplis) == {"V1": 2}


def test_the_weekly_hours_are_those_in_force_on_the_planned_date() -> None:
    """From Wednesday CPLI 1 has three hours instead of one: so it has room for two more visits."""
    terms = (a_term(quantity="1"), a_term(WEDNESDAY, quantity="3"))
    cplis = [a_cpli(1, terms=terms), a_cpli(2, hours="40")]
    visits = [a_visit(f"V{n}", planned_on=day) for n, day in enumerate(WEEK[:5], 1)]
    assert placed(visits, cplis) == {"V1": 1, "V2": 2, "V3": 1, "V4": 1, "V5": 2}


def test_fewer_hours_from_a_date_leave_no_room_for_what_comes_after() -> None:
    terms = (a_term(quantity="3"), a_term(WEDNESDAY, quantity="1"))
    cplis = [a_cpli(1, terms=terms), a_cpli(2, hours="40")]
    visits = [a_visit("V1", MONDAY), a_visit("V2", TUESDAY), a_visit("V3", WEDNESDAY)]
    assert placed(visits, cplis) == {"V1": 1, "V2": 1, "V3": 2}


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
    )
    cplis = [a_cpli(1, hours="1"), a_cpli(2, hours="40")]
    assert placed([stored, a_visit("V2", TUESDAY)], cplis) == {"V1": 1, "V2": 2}


def test_a_package_that_is_a_single_payment_has_no_weekly_hours() -> None:
    cplis = [a_cpli(1, hours="15", hourly=False), a_cpli(2, hours="40")]
    assert placed([a_visit()], cplis) == {"V1": 2}


# What holds for every week.

NEVER = date(2022, 12, 31)
SOME_CPLIS = st.builds(
    lambda cpli_id, start_on, days, hours, timetable, suspended, changes: a_cpli(
        cpli_id,
        start_on=start_on,
        end_on=None if days is None else start_on + timedelta(days=days),
        terms=(a_term(FROM_START, quantity=hours[0]), a_term(WEDNESDAY, quantity=hours[1])),
        timetable=timetable,
        suspensions=((suspended, suspended),),
        **changes,
    ),
    cpli_id=st.integers(1, 10_000),
    start_on=st.sampled_from((date(2022, 7, 4), MONDAY, TUESDAY, FRIDAY)),
    days=st.sampled_from((None, 1, 3, 40)),
    hours=st.tuples(*[st.sampled_from(("0", "0.5", "1", "2.25", "7"))] * 2),
    timetable=st.sets(st.sampled_from(("Mon 09:00-10:00", "Tue 09:00-10:00", "Wed 20:00-20:30"))),
    suspended=st.sampled_from((*WEEK, NEVER, NEVER, NEVER)),
    changes=st.sampled_from(({}, {}, {}, {}, *(dict(failing) for _, failing in FAILS[:5]))),
)
SOME_VISITS = st.builds(
    lambda visit_ref, day, times, named: a_visit(visit_ref, day, times, **named),
    visit_ref=st.text("AVaé019", min_size=1, max_size=4),
    day=st.sampled_from(WEEK),
    times=st.sampled_from(("09:00-10:00", "20:00-20:30", "23:30-01:00")),
    named=st.sampled_from(({}, {"service_name": ""}, {"service_name": "zone 7"})),
)
CPLIS = st.lists(SOME_CPLIS, max_size=4, unique_by=lambda cpli: cpli.cpli_id)
VISITS = st.lists(SOME_VISITS, max_size=12, unique_by=lambda visit: visit.visit_ref)


@given(CPLIS, VISITS, st.randoms())
def test_the_result_does_not_depend_on_the_order_of_visits_or_cplis(
    cplis: list[Cpli], visits: list[Visit], random: Any
) -> None:
    matches = match_week([replace(visit) for visit in visits], cplis)
    random.shuffle(visits)
    random.shuffle(cplis)
    assert match_week(visits, cplis) == matches


@given(CPLIS, VISITS)
def test_every_visit_gets_exactly_one_of_a_cpli_and_a_reason(cplis: list[Cpli], visits: list[Visit]) -> None:
    matches = match_week(visits, cplis)
    assert set(matches) == {visit.visit_ref for visit in visits}
    for match in matches.values():
        assert (match.cpli_id is None) != (match.reason is None)


@given(CPLIS, VISITS)
def test_a_cpli_that_takes_a_visit_is_one_that_it_could_have_alone(
    cplis: list[Cpli], visits: list[Visit]
) -> None:
    for visit_ref, match in match_week(visits, cplis).items():
        visit = next(one for one in visits if one.visit_ref == visit_ref)
        fitting = [cpli.cpli_id for cpli in cplis if reason_for(visit, cpli) is None]
        assert match.cpli_id in fitting if fitting else match.cpli_id is None


@given(CPLIS, VISITS)
def test_whether_and_why_a_visit_is_unmatched_does_not_depend_on_the_other_visits(
    cplis: list[Cpli], visits: list[Visit]
) -> None:
    together = match_week(visits, cplis)
    assert {ref: match.reason for ref, match in together.items()} == {
        visit.visit_ref: reason_for(visit, *cplis) for visit in visits
    }


def test_a_one_off_payment_takes_no_visits_whatever_its_level() -> None:
    one_off = a_cpli(1, hours="1", hourly=False, is_one_off=True)
    visit = a_visit()
    assert match_week([visit], [one_off]) == {"V1": Match(None, "visits_not_required")}
    assert placed([visit], [one_off, a_cpli(2, start_on=FRIDAY)]) == {"V1": None}
    assert placed([visit], [one_off, a_cpli(2)]) == {"V1": 2}


@pytest.mark.parametrize(
    ("quantity", "slots", "carers"),
    [
        ("7", 7, 1),
        ("14", 7, 2),
        ("21.01", 7, 3),
        ("13.99", 7, 2),
        ("14.02", 7, 1),
        ("10.5", 7, 1),
        ("0", 7, 1),
        ("7", 0, None),
    ],
)
def test_carers_wanted_is_the_whole_number_whose_timetable_hours_are_close_to_the_quantity(
    quantity: str, slots: int, carers: int | None
) -> None:
    timetable = [(weekday, 23 * 3600 + 1800, 1800) for weekday in range(slots)]
    assert carers_wanted((a_term(quantity=quantity),), timetable, MONDAY) == carers
