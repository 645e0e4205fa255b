"""The hospital incentive by its rules (RULES 10): golden figures, the days that count, and what must always hold."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.disputes.claims.rules import (
    Known,
    Stay,
    Visit,
    amended_note,
    days_to_look_at,
    every_day,
    qualifies,
    why_rejected,
    work_out,
    working_days,
)
from services.disputes.claims.workings import people_of

RATE = Decimal("23.77")
THURSDAY = dt.date(2022, 11, 10)
HALF_AN_HOUR = 1800


def day(number: int) -> dt.date:
    """A day of the stay: admission is day 1."""
    return THURSDAY + dt.timedelta(days=number - 1)


def a_visit(on: dt.date, seconds: int = 3600, **facts: Any) -> Visit:
    wanted = {
        "visit_ref": f"{on}/{seconds}/{len(facts)}",
        "cpli_id": 1,
        "unit_cost": RATE,
        "is_of_service": True,
    }
    return Visit(planned_on=on, seconds=seconds, **wanted | facts)


def a_stay(resumed: int | None = 4, told: int | None = None, *, respite: bool = False) -> Stay:
    return Stay(THURSDAY, day(resumed) if resumed else None, day(told) if told else None, respite)


def a_known(*visits: Visit, contract: str = "DAPL", **facts: Any) -> Known:
    return Known(**{"contract": contract, "visits": visits, "care_resumed_on": day(4), "taken": {}} | facts)


def test_mr_flanders_missed_an_hour() -> None:
    stay = Stay(THURSDAY, dt.date(2022, 11, 13), None, False)
    found = work_out(stay, a_known(a_visit(dt.date(2022, 11, 12))))
    assert (found.amount, found.seconds, found.reasons) == (Decimal("11.89"), 3600, ())


def test_mr_skinner_missed_four_hours() -> None:
    first, last = dt.date(2022, 11, 21), dt.date(2022, 11, 25)
    missed = [a_visit(first, HALF_AN_HOUR, visit_ref="first"), a_visit(last, HALF_AN_HOUR, visit_ref="last")]
    missed += [
        a_visit(dt.date(2022, 11, on), HALF_AN_HOUR, visit_ref=f"{on}/{time}")
        for on in (22, 23, 24)
        for time in (12, 18)
    ]
    found = work_out(Stay(first, last, None, False), a_known(*missed))
    assert (found.amount, found.seconds) == (Decimal("47.54"), 4 * 3600)


@pytest.mark.parametrize(
    ("contract", "stay", "counted", "why"),
    [
        ("DAPL", a_stay(resumed=7), [1, 4, 7], None),
        ("DAPL", a_stay(resumed=8), [], "this was day 8"),
        ("DAPL", a_stay(resumed=None), [], "no such day is stated"),
        ("DAPL", a_stay(resumed=4), [1, 4], None),
        ("dapl", a_stay(respite=True), [], "Planned respite"),
        ("LWAH", a_stay(resumed=7), [1, 4, 7], None),
        ("LWAH", a_stay(resumed=20), [1, 4, 7, 8, 14], None),
        ("LWAH", a_stay(resumed=None), [1, 4, 7, 8, 14], None),
        ("LWAH", a_stay(resumed=None, told=8), [1, 4, 7, 8], None),
        ("LWAH", a_stay(resumed=None, told=20), [1, 4, 7, 8, 14], None),
        ("LWAH", a_stay(resumed=5, told=8), [1, 4], None),
        ("LWAH", a_stay(respite=True), [], "Planned respite"),
        ("APL", a_stay(), [], "pays no hospital incentive"),
        ("HTLAH", a_stay(), [], "pays no hospital incentive"),
        ("Spot", a_stay(), [], "pays no hospital incentive"),
    ],
)
def test_which_days_count(contract: str, stay: Stay, counted: list[int], why: str | None) -> None:
    visits = [a_visit(day(number)) for number in (-1, 1, 4, 7, 8, 14, 15, 20)]
    found = work_out(stay, a_known(*visits, contract=contract))
    assert [line.on for line in found.counted] == [day(number) for number in counted]
    assert len(found.lines) == len(visits)
    assert all(line.why for line in found.lines)
    assert (not found.reasons) if why is None else why in found.reasons[0]


@pytest.mark.parametrize(
    ("visit", "taken", "why"),
    [
        (a_visit(day(2), cpli_id=None, unit_cost=None), {}, "not matched"),
        (a_visit(day(2), is_of_service=False), {}, "of another service"),
        (a_visit(day(2), visit_ref="H1"), {"H1": 12}, "Counted in claim 12 already"),
        (a_visit(day(5)), {}, "After the care resumed"),
        (a_visit(day(0)), {}, "Before the admission"),
    ],
)
def test_a_visit_that_does_not_count_says_why(visit: Visit, taken: dict[str, int], why: str) -> None:
    found = work_out(a_stay(), a_known(visit, taken=taken))
    (line,) = found.lines
    assert why in line.why
    assert (found.amount, found.reasons) == (Decimal("0.00"), ("There is no H visit that counts",))


def test_dapl_wants_this_provider_to_resume_the_care_and_lwah_does_not() -> None:
    for contract, amount in (("DAPL", "0.00"), ("LWAH", "11.89")):
        facts = a_known(a_visit(day(2)), contract=contract, care_resumed_on=None)
        assert work_out(a_stay(), facts).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("resumed", "holidays", "amount"),
    [
        (11, (), "11.89"),  # Sunday 20 November is still the seventh working day
        (12, (), "0.00"),
        (12, (dt.date(2022, 11, 16),), "11.89"),
        (13, (dt.date(2022, 11, 16),), "0.00"),
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(
    resumed: int, holidays: tuple[dt.date, ...], amount: str
) -> None:
    facts, stay = a_known(a_visit(day(2)), care_resumed_on=day(resumed)), a_stay(resumed=resumed)
    assert work_out(stay, facts, working_days(holidays)).amount == Decimal(amount)
    assert work_out(stay, facts, every_day).amount == Decimal("0.00")


def test_a_claim_on_another_contract_is_told_why() -> None:
    assert [qualifies(name) for name in ("DAPL", "lwah ", "APL", "HTLAH", "Spot", "")] == [True, True] + [
        False
    ] * 4
    assert why_rejected("LWAH") is None
    assert "under the Spot contract" in str(why_rejected("Spot"))


@pytest.mark.parametrize(
    ("why", "note"),
    [
        ("There was an error in your calculation", "because there was an error in your calculation"),
        ("LWAH pays 14 days", "because LWAH pays 14 days"),
        ("of the dates", "because of the dates"),
    ],
)
def test_the_note_says_what_was_amended(why: str, note: str) -> None:
    assert amended_note(Decimal("23.77"), Decimal("15"), why) == f"Amended from £23.77 to £15.00 {note}"


days = st.integers(-3, 40).map(day)
stays = st.builds(
    Stay,
    admitted_on=st.just(THURSDAY),
    resumed_on=st.none() | st.integers(1, 40).map(day),
    told_on=st.none() | st.integers(1, 40).map(day),
    is_planned_respite=st.booleans(),
)
visits = st.lists(
    st.builds(
        Visit,
        visit_ref=st.integers(1, 10**6).map(str),
        planned_on=days,
        seconds=st.integers(60, 86_399),
        cpli_id=st.just(1) | st.none(),
        unit_cost=st.decimals("0.001", "200", places=3),
        is_of_service=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda visit: visit.visit_ref,
)
knowns = st.builds(
    Known,
    contract=st.sampled_from(("DAPL", "LWAH", "APL", "HTLAH", "Spot")),
    visits=visits.map(tuple),
    care_resumed_on=st.none() | st.just(day(4)),
    taken=st.dictionaries(st.integers(1, 10**6).map(str), st.integers(1, 99), max_size=5),
)


@settings(max_examples=50)
@given(stays, knowns)
def test_never_more_than_half_of_what_was_missed_and_only_for_days_of_the_stay(
    stay: Stay, facts: Known
) -> None:
    found = work_out(stay, facts)
    refs = {line.visit_ref for line in found.counted}
    paid = [visit for visit in facts.visits if visit.visit_ref in refs]
    exact = sum((visit.seconds * (visit.unit_cost or 0) for visit in paid), Decimal(0)) / 7200
    assert abs(found.amount - exact) <= Decimal("0.005")
    assert found.seconds == sum(visit.seconds for visit in paid)
    assert bool(found.reasons) == (not paid)
    assert sorted(line.visit_ref for line in found.lines) == sorted(visit.visit_ref for visit in facts.visits)
    first, last = days_to_look_at(stay)
    for visit in paid:
        assert first <= stay.admitted_on <= visit.planned_on <= last
        assert stay.resumed_on is None or visit.planned_on <= stay.resumed_on
        assert visit.visit_ref not in facts.taken
    if paid:
        assert facts.contract in ("DAPL", "LWAH")
        assert not stay.is_planned_respite
        length = {"DAPL": 7, "LWAH": 14}[facts.contract]
        assert max(visit.planned_on for visit in paid) <= day(length)


@settings(max_examples=25)
@given(stays, knowns, st.randoms(use_true_random=False))
def test_the_order_in_which_visits_come_changes_nothing(stay: Stay, facts: Known, chance: Any) -> None:
    shuffled = list(facts.visits)
    chance.shuffle(shuffled)
    assert work_out(
        stay, Known(facts.contract, tuple(shuffled), facts.care_resumed_on, facts.taken)
    ) == work_out(stay, facts)


def test_a_client_of_several_references_is_one_person_to_claims() -> None:
    items = [{"item_id": "1", "client_reference": "A1"}, {"item_id": "2", "client_reference": "A9"}]
    items.append({"item_id": "3", "client_reference": "B1"})
    facts: dict[Any, dict[str, Any]] = {
        "1": {"known_as": ["A1", "A9"]},
        "2": {"known_as": ["A1", "A9"]},
        "3": {},
    }
    assert people_of(items, facts) == {"A1": "A1", "A9": "A1", "B1": "B1"}
    assert people_of(items[1:2], facts) == {"A9": "A9", "A1": "A9"}
