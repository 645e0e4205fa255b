"""Requisitions go down a ranking, on a real PostgreSQL: one provider at a time, and only one accepts (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import SYSTEM, Caller
from services.disputes.offers import steps, views
from services.disputes.schema.tables import ROWS_OF_COUNCIL
from tests.support.builders.messages import DIAMOND, PEARL
from tests.support.council.council import Council
from tests.support.council.racing import while_uncommitted

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "manager", "role": "provider", "organisation": DIAMOND}
STRANGER: Caller = {"who": "stranger", "role": "provider", "organisation": PEARL}
PROVIDERS = (
    {"place": 1, "organisation_id": uuid.UUID(DIAMOND), "organisation": "Diamond Home Care Ltd"},
    {"place": 2, "organisation_id": uuid.UUID(PEARL), "organisation": "Pearl Carers Ltd"},
)
WANTED = {
    "list_id": uuid.uuid4(),
    "list_name": "Zone 6",
    "ranking_id": uuid.uuid4(),
    "quarter": "2026-Q3",
    "providers": PROVIDERS,
    "client_reference": "A123456",
    "service": "Home care - Zone 6",
    "service_level": "Personal Care",
    "zone": "Oxford",
    "hours": "10.50",
    "timetable": "mornings and evenings",
    "start_on": dt.date(2026, 12, 7),
    "note": "",
}
Do = Callable[..., Any]


@pytest.fixture
def do(idle_council: Council) -> Iterator[Do]:
    """Call it with a function, who asks, and what is asked: as the RPC process would, under its policies."""
    engine = database.engine(idle_council.schemas.url_of("disputes_rpc"), "disputes")
    sessions = database.sessions(engine)

    def run_step(step: Callable[..., Any], caller: Caller = OFFICER, **asked: Any) -> Any:
        with database.transaction(sessions, caller) as session:
            return step(session, caller, **asked)

    yield run_step
    engine.dispose()


def a_requisition(do: Do, **facts: Any) -> uuid.UUID:
    """One that nobody was asked about."""
    requisition_id = uuid.uuid4()
    do(steps.make_requisition, requisition_id=requisition_id, now=NOW, **WANTED | facts)
    return requisition_id


def offer_to(do: Do, requisition_id: uuid.UUID, place: int, now: dt.datetime = NOW) -> uuid.UUID:
    """The offer to the provider of a place."""
    offer_id = uuid.uuid4()
    do(steps.make_offer, requisition_id=requisition_id, offer_id=offer_id, place=place, now=now)
    return offer_id


def answer(do: Do, caller: Caller, offer_id: uuid.UUID, said: str, now: dt.datetime, reason: str = "") -> Any:
    return do(steps.answer_offer, caller, offer_id=offer_id, answer=said, reason=reason, now=now)


def look_at(do: Do, requisition_id: uuid.UUID, now: dt.datetime = NOW) -> Any:
    return do(views.find_requisition, requisition_id=requisition_id, now=now)


def find_offer(do: Do, caller: Caller, offer_id: uuid.UUID, now: dt.datetime = NOW) -> Any:
    return do(lambda s, _, **asked: views.find_offer(s, **asked), caller, offer_id=offer_id, now=now)


def refusal(do: Do, step: Callable[..., Any], caller: Caller = OFFICER, **asked: Any) -> str:
    """The code of a refusal."""
    with pytest.raises(Refused) as refused:
        do(step, caller, **asked)
    return refused.value.code


def test_it_goes_down_the_ranking_until_somebody_accepts(do: Do) -> None:
    made = a_requisition(do)
    assert (look_at(do, made)["state"], look_at(do, made)["next_provider"]["place"]) == ("to_offer", 1)
    about = {"requisition_id": made, "offer_id": uuid.uuid4(), "now": NOW}
    assert refusal(do, steps.make_offer, place=2, **about) == "seen_another"
    first = offer_to(do, made, 1)
    assert refusal(do, steps.make_offer, place=2, **about) == "wrong_state"
    assert refusal(
        do, steps.answer_offer, MANAGER, offer_id=first, answer="declined", reason="", now=NOW
    ) == ("reason_wanted")
    assert answer(do, MANAGER, first, "declined", NOW + HOUR, "No carers there")["state"] == "declined"
    second = offer_to(do, made, 2, NOW + HOUR)
    seen = find_offer(do, STRANGER, second, NOW + HOUR)
    assert (seen["state"], seen["client_reference"], seen["hours"]) == ("offered", "", "10.5")
    accepted = answer(do, STRANGER, second, "accepted", NOW + 4 * HOUR)
    assert (accepted["state"], accepted["client_reference"]) == ("accepted", "A123456")
    assert answer(do, STRANGER, second, "accepted", NOW + 5 * HOUR) == accepted
    found = look_at(do, made, NOW + 5 * HOUR)
    assert (found["state"], found["accepted_by"]["organisation"]) == ("accepted", "Pearl Carers Ltd")
    assert [(one["state"], one["reason"]) for one in found["providers"]] == [
        ("declined", "No carers there"),
        ("accepted", ""),
    ]
    assert (
        refusal(do, steps.withdraw_requisition, requisition_id=made, reason="Late", now=NOW) == "wrong_state"
    )
    accepted_ones = do(
        views.list_requisitions,
        state="accepted",
        organisation_id=uuid.UUID(PEARL),
        before=None,
        limit=5,
        now=NOW + 5 * HOUR,
    )
    assert [one["requisition_id"] for one in accepted_ones] == [str(made)]


def test_made_or_offered_twice_under_one_id_it_is_one(do: Do) -> None:
    made, offer_id = uuid.uuid4(), uuid.uuid4()
    for _ in range(2):
        do(steps.make_requisition, requisition_id=made, now=NOW, **WANTED)
    asked = {"requisition_id": made, "offer_id": offer_id, "place": 1, "now": NOW}
    assert do(steps.make_offer, **asked) == do(steps.make_offer, **asked)
    assert len(look_at(do, made)["providers"]) == 2


def test_skipping_one_needs_a_reason_and_the_last_one_leaves_nobody(do: Do) -> None:
    made = a_requisition(do)
    skip = {"requisition_id": made, "now": NOW}
    assert refusal(do, steps.skip_provider, place=2, reason="Far away", **skip) == "seen_another"
    found = do(steps.skip_provider, place=1, reason="The client’s wish", **skip)
    assert (found["providers"][0]["state"], found["providers"][0]["reason"]) == (
        "skipped",
        "The client’s wish",
    )
    assert found["next_provider"]["place"] == 2
    found = do(steps.skip_provider, place=2, reason="In breach", **skip)
    assert (found["state"], found["next_provider"]) == ("exhausted", None)


def test_an_offer_stands_for_the_hours_that_are_set_and_lapses(do: Do, idle_council: Council) -> None:
    made = a_requisition(do)
    today = {"effective_from": NOW.date(), "now": NOW}
    assert (
        refusal(do, steps.set_offer_hours, effective_from=dt.date(2026, 11, 29), hours=4, now=NOW)
        == "day_wrong"
    )
    do(steps.set_offer_hours, hours=4, **today)
    first = offer_to(do, made, 1)
    assert find_offer(do, MANAGER, first, NOW + 3 * HOUR)["state"] == "offered"
    late = NOW + 4 * HOUR
    assert look_at(do, made, late)["state"] == "to_offer"
    assert refusal(
        do, steps.answer_offer, MANAGER, offer_id=first, answer="accepted", reason="", now=late
    ) == ("wrong_state")
    with idle_council.sessions["disputes"].begin() as session:
        assert steps.lapse_offers(session, late) == 1
        assert steps.lapse_offers(session, late) == 0
    found = find_offer(do, MANAGER, first, late + HOUR)
    assert (found["state"], dt.datetime.fromisoformat(found["answered_at"])) == ("lapsed", late)


def test_of_an_answer_and_a_lapse_at_once_the_first_counts(do: Do, idle_council: Council) -> None:
    made = a_requisition(do)
    offer_id = offer_to(do, made, 1)
    late = NOW + 24 * HOUR
    sessions = idle_council.sessions["disputes"]
    with ThreadPoolExecutor(1) as pool:
        with while_uncommitted(sessions, lambda s: steps.lapse_offers(s, late)):
            accepting = pool.submit(answer, do, MANAGER, offer_id, "accepted", late - HOUR)
        with pytest.raises(Refused, match="lapsed"):
            accepting.result(20)
    assert look_at(do, made, late)["state"] == "to_offer"


def test_whoever_is_late_by_a_moment_can_not_accept_once_the_next_is_asked(do: Do) -> None:
    made = a_requisition(do)
    first = offer_to(do, made, 1)
    offer_to(do, made, 2, NOW + 24 * HOUR)
    just_before = NOW + 24 * HOUR - dt.timedelta(milliseconds=1)
    asked = {"offer_id": first, "answer": "accepted", "reason": "", "now": just_before}
    assert refusal(do, steps.answer_offer, MANAGER, **asked) == "wrong_state"


def test_two_answers_at_once_are_one(do: Do) -> None:
    offer_id = offer_to(do, a_requisition(do), 1)

    def say(said: str) -> str:
        try:
            return str(answer(do, MANAGER, offer_id, said, NOW + HOUR, "No carers")["state"])
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(say, ("accepted", "declined")))
    assert ends in (["accepted", "wrong_state"], ["wrong_state", "declined"])


def test_two_officers_ask_one_provider_once(do: Do) -> None:
    made = a_requisition(do)

    def ask(_: int) -> str:
        try:
            offer_to(do, made, 1)
        except Refused as refused:
            return refused.code
        return "offered"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, range(2))) == ["offered", "wrong_state"]


def test_withdrawing_ends_the_offer_that_stands(do: Do) -> None:
    made = a_requisition(do)
    offer_id = offer_to(do, made, 1)
    found = do(steps.withdraw_requisition, requisition_id=made, reason="Gone to hospital", now=NOW + HOUR)
    assert (found["state"], found["reason"]) == ("withdrawn", "Gone to hospital")
    assert find_offer(do, MANAGER, offer_id, NOW + HOUR)["state"] == "withdrawn"
    asked = {"offer_id": offer_id, "answer": "accepted", "reason": "", "now": NOW + HOUR}
    assert refusal(do, steps.answer_offer, MANAGER, **asked) == "wrong_state"
    assert (
        refusal(do, steps.withdraw_requisition, requisition_id=made, reason="Again", now=NOW) == "wrong_state"
    )


def test_a_provider_sees_its_own_offers_and_no_requisition(do: Do) -> None:
    made = a_requisition(do)
    offer_id = offer_to(do, made, 1)
    with pytest.raises(Refused, match="not_found"):
        find_offer(do, STRANGER, offer_id)
    asked = {"offer_id": offer_id, "answer": "accepted", "reason": "", "now": NOW}
    assert refusal(do, steps.answer_offer, STRANGER, **asked) == "not_found"
    assert refusal(do, steps.answer_offer, OFFICER, **asked) == "not_allowed"
    assert refusal(do, views.find_requisition, MANAGER, requisition_id=made, now=NOW) == "not_allowed"
    page = {"organisation_id": uuid.UUID(DIAMOND), "before": None, "limit": 5, "now": NOW}
    page |= {"first": None, "last": None}
    assert len(do(views.list_offers, MANAGER, **page)) == 1
    day = london_day(NOW)
    assert len(do(views.list_offers, OFFICER, **page | {"first": day, "last": day})) == 1
    assert do(views.list_offers, OFFICER, **page | {"first": day + dt.timedelta(days=1)}) == []
    assert do(views.list_offers, OFFICER, **page | {"last": day - dt.timedelta(days=1)}) == []
    assert do(views.list_offers, STRANGER, **page) == []
    counts = {
        table: do(lambda s, _, t=table: s.scalar(text(f"SELECT count(*) FROM {t}")), STRANGER)
        for table in (*(t for t in ROWS_OF_COUNCIL if t.startswith("requisition")), "offers", "offer_answers")
    }
    assert set(counts.values()) == {0}
    assert len(counts) == 6


def test_figures_count_answers_and_the_hours_they_took(do: Do) -> None:
    for hours, said in ((1, "accepted"), (4, "declined"), (24, None)):
        offer_id = offer_to(do, a_requisition(do), 1)
        if said is not None:
            answer(do, MANAGER, offer_id, said, NOW + hours * HOUR, "No carers")
    span = {"organisation_id": None, "first": NOW.date(), "last": NOW.date(), "now": NOW + 30 * HOUR}
    wanted = {"offers": 3, "accepted": 1, "declined": 1, "lapsed": 1, "median_hours": "2.50"}
    assert do(views.offer_figures, MANAGER, **span) == wanted
    assert do(views.offer_figures, OFFICER, **span) == wanted
    assert do(views.offer_figures, STRANGER, **span)["offers"] == 0
    earlier = span | {"first": dt.date(2026, 11, 1), "last": dt.date(2026, 11, 29)}
    assert do(views.offer_figures, OFFICER, **earlier)["offers"] == 0
    assert do(views.count_waiting, SYSTEM, now=NOW + 30 * HOUR) == {"requisitions_to_offer": 2}
    assert do(views.count_waiting, MANAGER, now=NOW + HOUR) == {"offers_to_answer": 1}
