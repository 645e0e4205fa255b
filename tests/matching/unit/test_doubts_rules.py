"""What a week's data makes doubtful (RULES 9): every kind once, what is no doubt, and samples that can be picked again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.cases import REASONS as TYPES_OF_DISPUTES
from libs.common.care.doubts import KINDS, REASONS, Doubt
from services.ingest.doubts.rules import Overlap, SilentVisit, doubt_of_overlap, doubts_of_visit
from services.matching.care.rules import Circumstance
from services.matching.doubts.rules import ClientsWeek, doubts_of_week
from services.matching.matches.store import ReplicaVisit
from services.matching.samples.rules import LARGEST_COST, LARGEST_TIME, RANDOM, PlannedWeek, pick
from tests.support.builders.care import (
    MONDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_cpli,
    a_term,
    seconds,
    span,
)

DIAMOND = "11111111-2222-4333-8444-555555555555"
DAILY = [f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
HOSPITAL_STAY = Circumstance("hospital", TUESDAY, THURSDAY)


def visit(
    ref: str = "V1",
    planned_on: dt.date = MONDAY,
    times: str = "09:00-10:00",
    visit_type: str = "DHS",
    minutes: int | None = -1,
    **changes: Any,
) -> ReplicaVisit:
    """A visit that was matched to CPLI 1 and delivered as planned; `minutes`: how long, if otherwise."""
    entry, exit_ = span(times)
    is_delivered = visit_type in ("DHS", "DHF", "E")
    as_planned = (exit_ - entry) % 86_400 if is_delivered else None
    facts: dict[str, Any] = {"cpli_id": 1, "reason": None} | changes
    return ReplicaVisit(
        visit_ref=ref,
        service_ref="",
        service_name="zone 6",
        service_level="personal care",
        planned_on=planned_on,
        planned_entry=entry,
        planned_exit=exit_,
        version=1,
        deleted=False,
        identifier="S:A1",
        visit_type=visit_type,
        monday=MONDAY,
        delivered_seconds=as_planned if minutes == -1 or minutes is None else minutes * 60,
        delivered_entry=entry if is_delivered else None,
        entry_overridden=False,
        exit_overridden=False,
        carer_ref="",
        written_service="Zone 6",
        written_level="Personal Care",
        **facts,
    )


def a_whole_week(*others: ReplicaVisit, but: tuple[dt.date, ...] = ()) -> list[ReplicaVisit]:
    """A visit each morning, as planned, and others."""
    days = [MONDAY + dt.timedelta(days=n) for n in range(7)]
    return [visit(f"D{day.day}", day) for day in days if day not in but] + list(others)


def find_doubts(visits: list[ReplicaVisit], *circumstances: Circumstance, **more: Any) -> list[Doubt]:
    facts = {"cplis": [a_cpli(timetable=DAILY)], "elsewhere": ()} | more
    return doubts_of_week(ClientsWeek("A1", MONDAY, visits, circumstances=circumstances, **facts))


def shorten(doubts: list[Doubt]) -> list[tuple[str, tuple[str, ...] | int | None]]:
    return [(doubt.kind, doubt.visits or doubt.cpli_id) for doubt in doubts]


UNMATCHED: dict[str, Any] = {"cpli_id": None}
ENDED = a_cpli(timetable=DAILY, end_on=TUESDAY)
DAILY_HOUR = a_cpli(timetable=DAILY)


@pytest.mark.parametrize(
    ("visits", "more", "expected"),
    [
        pytest.param(a_whole_week(), {}, [], id="a week as planned"),
        pytest.param(
            a_whole_week(visit("H1", TUESDAY, visit_type="H"), but=()),
            {"cplis": [a_cpli(timetable=DAILY, hours="8")]},
            [("hospital_visit", ("D2",))],
            id="delivered on the day of an H visit",
        ),
        pytest.param(
            a_whole_week(
                visit("H1", TUESDAY, visit_type="H"), visit("H3", THURSDAY, visit_type="H"), but=(TUESDAY, THURSDAY)
            ),
            {},
            [("hospital_visit", ("D3",))],
            id="delivered between two days of H visits",
        ),
        pytest.param(
            a_whole_week(),
            {"elsewhere": [WEDNESDAY]},
            [("hospital_visit", ("D3",))],
            id="delivered on the day of another organisation's H visit",
        ),
        *(
            pytest.param(
                a_whole_week(),
                {"circumstances": [Circumstance(kind, SUNDAY, None)]},
                [(expected, ("D7",))],
                id=f"delivered while {kind}",
            )
            for kind, expected in (
                ("hospital", "in_hospital"),
                ("respite", "in_respite"),
                ("deceased", "deceased"),
                ("gone_private", "gone_private"),
                ("continuing_health_care", "continuing_health_care"),
                ("holiday", "away"),
                ("residential_care", "away"),
            )
        ),
        pytest.param(
            [visit(), visit("V3", WEDNESDAY, reason="after_end", **UNMATCHED)],
            {"cplis": [a_cpli(timetable=DAILY, end_on=MONDAY)]},
            [("after_end", ("V3",))],
            id="after the package ended",
        ),
        *(
            pytest.param(
                [visit(reason=reason, **UNMATCHED)], {}, [(reason, ("V1",))], id=reason
            )
            for reason in ("visits_not_required", "invoice_case")
        ),
        pytest.param([visit(reason="no_package", **UNMATCHED)], {}, [], id="no package is no doubt"),
        pytest.param(
            a_whole_week(visit("E1", TUESDAY, "12:00-13:00", "E")),
            {},
            [("extra_visit", ("E1",))],
            id="an extra visit on no slot",
        ),
        pytest.param(
            a_whole_week(visit("E1", TUESDAY, visit_type="E"), but=(TUESDAY,)), {}, [], id="an E visit on a slot"
        ),
        pytest.param(
            a_whole_week(visit("V9", TUESDAY, "09:30-10:30")),
            {"cplis": [a_cpli(timetable=DAILY, hours="7")]},
            [("planned_week", 1), ("more_carers", ("D2", "V9"))],
            id="two carers where one is planned",
        ),
        pytest.param(
            [one for day in range(7) for one in (visit(f"A{day}", MONDAY + dt.timedelta(day)), visit(f"B{day}", MONDAY + dt.timedelta(day)))],
            {"cplis": [a_cpli(timetable=DAILY, hours="14")]},
            [],
            id="double-handed care as planned",
        ),
        pytest.param(
            a_whole_week(but=(SUNDAY,)), {}, [("planned_week", 1)], id="a planned week of six hours of seven"
        ),
        pytest.param(
            [visit("D1"), visit("D2", TUESDAY)], {"cplis": [ENDED]}, [], id="the last days of a package, by its timetable"
        ),
        pytest.param(
            [visit("D1"), visit("D2", TUESDAY), visit("D3", WEDNESDAY)],
            {"cplis": [a_cpli(timetable=DAILY, suspensions=((THURSDAY, SUNDAY),))]},
            [],
            id="the days that are not suspended",
        ),
        pytest.param(
            [visit("V1", times="08:00-16:00", minutes=420)],
            {"cplis": [a_cpli(hours="8")]},
            [("actual_differs", 1)],
            id="an hour of eight was not given",
        ),
        pytest.param(
            [visit("V1", times="08:00-16:00", minutes=421)], {"cplis": [a_cpli(hours="8")]}, [], id="59 minutes less"
        ),
        pytest.param(
            [visit("V1", times="08:00-20:00", minutes=779)], {"cplis": [a_cpli(hours="12")]}, [], id="59 minutes more"
        ),
    ],
)  # fmt: skip
def test_every_kind_of_doubt_of_care(
    visits: list[ReplicaVisit], more: dict[str, Any], expected: list[tuple[str, Any]]
) -> None:
    facts = dict(more)
    assert shorten(find_doubts(visits, *facts.pop("circumstances", ()), **facts)) == expected


def test_single_visits_of_one_diary_are_not_doubted_but_the_week_and_what_cannot_be() -> None:
    visits = [
        visit("E1", TUESDAY, "20:00-21:00", "E"),
        visit("V1", WEDNESDAY),
        visit("V2", WEDNESDAY),
        visit("V3", THURSDAY),
    ]
    asked: dict[str, Any] = {"cplis": [a_cpli(timetable=DAILY)]}
    stay = Circumstance("hospital", THURSDAY, THURSDAY)
    singly = shorten(find_doubts(visits, stay, **asked))
    assert singly == [
        ("planned_week", 1),
        ("extra_visit", ("E1",)),
        ("more_carers", ("V1", "V2")),
        ("in_hospital", ("V3",)),
    ]
    assert shorten(find_doubts(visits, stay, **asked, one_diaries={1})) == [
        ("planned_week", 1),
        ("in_hospital", ("V3",)),
    ]
    assert shorten(find_doubts(visits, stay, **asked, one_diaries={2})) == singly


def test_a_doubt_says_what_it_is_seen_by_and_names_nobody() -> None:
    (doubt,) = find_doubts(a_whole_week(), Circumstance("hospital", WEDNESDAY, WEDNESDAY))
    assert doubt.evidence == {
        "planned": [seconds("09:00"), seconds("10:00")],
        "visit_type": "DHS",
        "circumstance": "hospital",
        "from_on": "2022-08-03",
        "to_on": "2022-08-03",
    }
    said = doubt.as_said(DIAMOND)
    assert (said["client"], said["visits"], said["cpli_id"], said["first_on"]) == (
        "A1",
        ["D3"],
        1,
        "2022-08-03",
    )


@given(
    st.permutations(
        a_whole_week(visit("E1", TUESDAY, "09:30-12:00", "E"), visit("H1", THURSDAY, visit_type="H"))
    )
)
def test_the_order_of_visits_does_not_matter(visits: list[ReplicaVisit]) -> None:
    usual = find_doubts(sorted(visits, key=lambda one: one.visit_ref), HOSPITAL_STAY)
    assert len(usual) > 4
    assert find_doubts(visits, HOSPITAL_STAY) == usual
    assert len({doubt.id_with(DIAMOND) for doubt in usual}) == len(usual)


def test_hospital_days_of_another_provider_are_said_to_be_so() -> None:
    visits = [visit("H1", TUESDAY, visit_type="H"), visit("V3", SUNDAY)]
    (doubt,) = find_doubts(visits, elsewhere=[SUNDAY], cplis=[a_cpli(hours="2")])
    assert (doubt.evidence["hospital_days"], doubt.evidence["is_elsewhere"]) == (["2022-08-07"], True)


def test_a_term_that_changes_within_the_week_leaves_nothing_to_compare() -> None:
    terms = (a_term(quantity="7"), a_term(WEDNESDAY, quantity="14"))
    assert find_doubts(a_whole_week(but=(SUNDAY,)), cplis=[a_cpli(timetable=DAILY, terms=terms)]) == []


def a_silent_visit(
    visit_type: str = "DHS", delivered: str = "09:00-10:00", days_later: int = 0
) -> SilentVisit:
    is_delivered = visit_type in ("DHS", "E")
    on = MONDAY + dt.timedelta(days_later) if is_delivered else None
    times = span(delivered) if is_delivered else (None, None)
    return SilentVisit("V1", "A1", visit_type, MONDAY, *span("09:00-10:00"), on, *times)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (a_silent_visit(), []),
        (a_silent_visit("H"), []),
        (a_silent_visit("C"), ["missing_comment"]),
        (a_silent_visit("C24"), ["missing_comment"]),
        (a_silent_visit("U"), ["missing_comment"]),
        (a_silent_visit("E"), ["missing_comment"]),
        (a_silent_visit("E", "18:00-19:00"), ["missing_comment"]),
        (a_silent_visit(delivered="10:00-11:00"), []),
        (a_silent_visit(delivered="10:01-11:00"), ["far_from_plan"]),
        (a_silent_visit(delivered="07:59-09:00"), ["far_from_plan"]),
        (a_silent_visit(days_later=1), ["far_from_plan"]),
        (a_silent_visit(delivered="23:59-00:30", days_later=-1), ["far_from_plan"]),
    ],
)
def test_a_visit_to_which_nobody_said_anything(given: SilentVisit, expected: list[str]) -> None:
    assert [doubt.kind for doubt in doubts_of_visit(given)] == expected


def an_overlap(**changes: Any) -> Overlap:
    facts: dict[str, Any] = {
        "visit_ref": "V2",
        "client": "A1",
        "day": MONDAY,
        "times": span("09:00-10:00"),
        "carer_ref": "C1",
        "other_organisation": "Pearl",
        "other_ref": "V1",
        "other_day": MONDAY,
        "other_times": span("09:30-10:30"),
        "seconds": 1800,
        "is_across": False,
    }
    return Overlap(**facts | changes)


def test_overlapping_visits_of_one_provider_are_doubted_together_and_anothers_is_not_its_to_see() -> None:
    assert doubt_of_overlap(an_overlap()).visits == ("V1", "V2")
    across = doubt_of_overlap(an_overlap(is_across=True))
    assert across.visits == ("V2",)
    assert across.evidence["other_ref"] == "V1"
    another = doubt_of_overlap(an_overlap(is_across=True, other_ref="V3"))
    assert across.id_with(DIAMOND) != another.id_with(DIAMOND)


def test_every_kind_has_a_type_of_dispute() -> None:
    assert set(REASONS.values()) <= set(TYPES_OF_DISPUTES)
    assert set(KINDS) == set(REASONS)


def a_planned_week(cpli_id: int, planned: int, delivered: int, rate: str = "20") -> PlannedWeek:
    return PlannedWeek(cpli_id, DIAMOND, "A1", planned, delivered, Decimal(rate))


def test_the_largest_differences_come_first_in_time_and_in_money() -> None:
    weeks = [
        a_planned_week(1, 3600, 3600),
        a_planned_week(2, 3600, 7200),
        a_planned_week(3, 7200, 0),
        a_planned_week(4, 3600, 1800, "100"),
    ]
    assert [week.cpli_id for week in pick(weeks, LARGEST_TIME, 2, "")] == [3, 2]
    assert [week.cpli_id for week in pick(weeks, LARGEST_COST, 2, "")] == [4, 3]


@given(st.permutations(range(40)), st.integers(1, 100), st.text(max_size=20))
def test_a_random_sample_is_picked_again_by_its_seed(order: list[int], percent: int, seed: str) -> None:
    weeks = [a_planned_week(cpli_id, 3600, 3600) for cpli_id in order]
    sample = pick(weeks, RANDOM, percent, seed)
    assert len(sample) == -(-40 * percent // 100)
    assert sample == pick(sorted(weeks), RANDOM, percent, seed)
