"""What holds for the matches of every week (RULES 5)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.terms import FROM_START
from services.matching.matches.rules import Cpli, Visit, match_week
from tests.support.builders.care import FRIDAY, MONDAY, TUESDAY, WEDNESDAY, a_cpli, a_term, a_visit
from tests.support.builders.matches import FAILS, WEEK, reason_for

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
