"""Doubts on real services: found from files, kept, dismissed for good, raised, and gone when a visit is corrected."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.messaging.messages import Message
from libs.common.process import database
from libs.common.rpc import Caller
from services.disputes.disputes import steps as disputes_steps
from services.disputes.disputes import views as disputes_views
from services.disputes.doubts import rules as doubts_rules
from services.disputes.doubts import samples
from services.disputes.doubts import steps as doubts_steps
from services.disputes.doubts import views as doubts_views
from services.disputes.doubts.raising import raise_doubts
from services.ingest.visits import views as visits_views
from services.matching.circumstances import steps as circumstances_steps
from services.matching.samples.steps import sample_of_week
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.messages import DIAMOND, MONDAY, a_message
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.council.council import Council

NAME, OTHER = "Diamond Home Care Ltd", "Pearl Carers Ltd"
NOW = dt.datetime(2022, 10, 12, 9, tzinfo=dt.UTC)
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
STRANGER: Caller = {"who": "manager", "role": "provider", "organisation": DIAMOND}
SHOWN = {"sample_id": None, "organisation_id": None, "kind": None, "after": None, "limit": 200}
CARE = a_care_file(
    a_care_row(1, SSRef="A1", Quantity="2.00", Timetable="Mon 09:00-10:00; Tue 09:00-10:00"),
    a_care_row(2, SSRef="A2", Quantity="1.00", EndDate="04/10/2022"),
    a_care_row(
        3, SSRef="A1", OrganisationName=OTHER, ServiceName="Pearl - DAPL", StartDate="01/08/2022", Quantity="1.00"
    ),
    a_care_row(4, SSRef="A3", PaymentMethod="Invoice"),
    a_care_row(5, SSRef="A4", ServiceLevel="Live in care"),
)  # fmt: skip
CARERS = "CarerRef,Forename,Surname\nC1,Ann,Lee\n"

Do = Callable[..., Any]


def cells_on(day: int, times: str = "09:00-10:00", **cells: str) -> dict[str, str]:
    """The cells of a visit in October 2022, delivered as planned."""
    entry, exit_ = times.split("-")
    date = f"{day:02}/10/2022"
    return {
        "PlannedVisitDate": date,
        "DeliveredVisitDate": date,
        **{f"{kind}EntryTime": entry for kind in ("Planned", "Delivered")},
        **{f"{kind}ExitTime": exit_ for kind in ("Planned", "Delivered")},
        **cells,
    }


def a_silent_visit(ref: str, day: int, times: str, visit_type: str, **cells: str) -> tuple[str, ...]:
    """A visit that was not delivered, without a comment."""
    planned = {name: cell for name, cell in cells_on(day, times).items() if name.startswith("Planned")}
    return an_undelivered_row(VisitRef=ref, VisitType=visit_type, **(planned | {"Comments": ""} | cells))


@pytest.fixture
def do(council: Council) -> Iterator[Do]:
    """Call it with a function, who asks, and what is asked: as the RPC process would, under its policies."""
    engine = database.engine(council.schemas.url_of("disputes_rpc"), "disputes")
    sessions = database.sessions(engine, "disputes")

    def run_step(step: Callable[..., Any], caller: Caller = OFFICER, **asked: Any) -> Any:
        with database.transaction(sessions, caller) as session:
            return step(session, caller, **asked)

    yield run_step
    engine.dispose()


def a_look(council: Council, do: Do, monday: dt.date = MONDAY) -> dict[tuple[str, str], dict[str, Any]]:
    """Have a week looked at; the proposals by kind and visits, or CPLI."""
    council.books()
    do(doubts_steps.look_at_week, monday=monday)
    council.books()
    assert do(doubts_views.find_week, monday=monday, organisation_id=None, kind=None)["looked_at"]
    rows = do(doubts_views.list_doubts, week=monday, states=["proposed"], **SHOWN)
    return {(row["kind"], " ".join(row["visits"]) or str(row["cpli_id"])): row for row in rows}


def test_a_weeks_files_raise_doubts_that_vanish_when_visits_are_corrected(council: Council, do: Do) -> None:
    council.import_care(CARE)
    council.books()
    council.import_carers(NAME, CARERS)
    council.import_carers(OTHER, CARERS)
    of = {"SSRef": "A1", "ServiceName": ""}
    council.import_visits(
        NAME,
        a_file(
            a_row(VisitRef="LATE", **cells_on(3, DeliveredEntryTime="12:00", DeliveredExitTime="13:00"), **of),
            a_silent_visit("SILENT", 4, "09:00-10:00", "C", **of),
            a_row(VisitRef="ENDED", **cells_on(6), **of | {"SSRef": "A2"}),
            a_row(VisitRef="INVOICED", **cells_on(3, "14:00-15:00"), **of | {"SSRef": "A3"}),
            a_row(VisitRef="LIVE-IN", **cells_on(3, "14:00-15:00"), **of | {"SSRef": "A4", "ServiceLevel": "Live in care"}),
            a_row(VisitRef="TWICE-1", **cells_on(5, "20:00-21:00", CarerRef="C1"), **of),
            a_row(VisitRef="TWICE-2", **cells_on(5, "20:30-21:30", CarerRef="C1"), **of | {"SSRef": "A2"}),
        ),
    )  # fmt: skip
    council.import_visits(
        OTHER, a_file(a_row(VisitRef="PEARL-1", **cells_on(5, "20:45-21:15", CarerRef="C1"), **of))
    )
    client = council.sessions["matching"]
    with client.begin() as session:
        client_id = session.scalar(text("SELECT client_id FROM clients WHERE ssref = 'A1'"))
        stay = {
            "kind": "hospital",
            "from_on": dt.date(2022, 10, 5),
            "to_on": dt.date(2022, 10, 5),
            "note": "",
        }
        circumstances_steps.enter(session, OFFICER, client_id=client_id, **stay)

    found = a_look(council, do)
    assert set(found) == {
        ("far_from_plan", "LATE"),
        ("missing_comment", "SILENT"),
        ("after_end", "ENDED"),
        ("after_end", "TWICE-2"),
        ("invoice_case", "INVOICED"),
        ("visits_not_required", "LIVE-IN"),
        ("carer_overlap", "TWICE-1 TWICE-2"),
        ("carer_overlap", "TWICE-1"),
        ("carer_overlap", "TWICE-2"),
        ("carer_overlap", "PEARL-1"),
        ("in_hospital", "TWICE-1"),
        ("in_hospital", "PEARL-1"),
        ("planned_week", "1"),
        ("planned_week", "3"),
    }
    assert found["after_end", "ENDED"]["evidence"]["ended_on"] == "2022-10-04"
    assert found["in_hospital", "TWICE-1"]["reason"] == "Client In Hospital"
    with pytest.raises(Refused, match="not_found"):
        do(doubts_views.list_doubts, STRANGER, week=MONDAY, states=None, **SHOWN)

    dismissed = found["far_from_plan", "LATE"]["doubt_id"]
    why = {"doubt_ids": [dismissed], "why": "Agreed by telephone", "now": NOW}
    assert do(doubts_steps.dismiss, **why) == {"done": 1, "left": 0}
    assert do(doubts_steps.dismiss, **why) == {"done": 0, "left": 1}
    council.import_visits(
        NAME, a_file(a_silent_visit("SILENT", 4, "09:00-10:00", "C", **of | {"Comments": "Family visited"}))
    )
    again = a_look(council, do)
    assert set(found) - set(again) == {("far_from_plan", "LATE"), ("missing_comment", "SILENT")}
    kept = do(doubts_views.list_doubts, week=MONDAY, states=["dismissed", "gone"], **SHOWN)
    assert {row["kind"]: row["state"] for row in kept} == {
        "far_from_plan": "dismissed",
        "missing_comment": "gone",
    }

    raise_and_look(
        council,
        do,
        [
            again["in_hospital", "TWICE-1"],
            again["carer_overlap", "TWICE-1 TWICE-2"],
            again["planned_week", "1"],
        ],
    )
    assert council.differences() == []


def raise_and_look(council: Council, do: Do, chosen: list[dict[str, Any]]) -> None:
    """Three doubts become three disputes, which say nothing of another organisation."""
    ids = [row["doubt_id"] for row in chosen]
    refs = [(uuid.UUID(str(row["organisation_id"])), ref) for row in chosen for ref in row["visits"]]
    with council.sessions["ingest"].begin() as session:
        saying = visits_views.list_visits_of_refs(session, refs=refs)
    said = [
        {"organisation_id": one["organisation_id"], "visit_ref": one["ref"], **{name: one[name] for name in ("version", "deleted", "values")}}
        for one in saying
    ]  # fmt: skip
    asked = {"seed": uuid.uuid4(), "doubt_ids": ids, "visits": said, "now": NOW}
    words = {"Client In Hospital": "She was in hospital.", "Incorrect Data": "Please check."}
    done = do(raise_doubts, words=words, **asked)
    assert (done["done"], done["left"], len(done["disputes"])) == (3, [], 3)
    again = do(raise_doubts, words=words, **asked)
    assert sorted(again["disputes"], key=str) == sorted(done["disputes"], key=str)
    assert (again["done"], again["left"]) == (3, [])
    later = do(raise_doubts, words=words, **asked | {"seed": uuid.uuid4()})
    assert (later["done"], {one["doubt_id"] for one in later["left"]}) == (0, set(ids))
    own: Caller = {"who": "manager", "role": "provider", "organisation": str(organisation_id_of(NAME))}
    for one in done["disputes"]:
        shown = do(disputes_views.find_dispute, own, case_id=one["case_id"], now=NOW)
        assert "pearl" not in str(shown).casefold()
        kinds = {doubt["kind"] for doubt in shown["facts"]["doubts"]}
        assert kinds < {"in_hospital", "carer_overlap", "planned_week"}
        assert len(kinds) == 1
    council.books()
    assert not {row["doubt_id"] for row in a_look(council, do).values()} & set(ids)


def test_what_can_not_be_raised_any_more_stops_no_other(idle_council: Council) -> None:
    dismissed, disputed, gone, proposed_still = VISITS
    organisation = {"organisation_id": uuid.UUID(DIAMOND)}
    saying = [
        {**organisation, "visit_ref": str(one), "version": 1, "deleted": False, "values": {}}
        for one in (dismissed, disputed, proposed_still)
    ]
    by_hand = {**organisation, "case_id": uuid.uuid4(), "reason": "Missing Comment", "words": "Why?"}
    by_hand["visits"] = [{"visit_ref": str(disputed), "version": 1, "deleted": False, "values": {}}]
    asked = {
        "seed": uuid.uuid4(),
        "doubt_ids": VISITS,
        "words": {"Missing Comment": "Why?"},
        "visits": saying,
        "now": NOW,
    }
    with idle_council.sessions["disputes"].begin() as session:
        doubts_steps.take_doubts(session, a_found("ingest", MONDAY, 1, VISITS))
        doubts_steps.dismiss(session, OFFICER, doubt_ids=[dismissed], why="It is so", now=NOW)
        disputes_steps.raise_disputes(session, OFFICER, disputes=[by_hand], now=NOW)
        done = raise_doubts(session, OFFICER, **asked)
        (raised_now,) = done["disputes"]
        found = disputes_views.find_dispute(session, OFFICER, case_id=raised_now["case_id"], now=NOW)
        states = {
            row["doubt_id"]: row["state"]
            for row in doubts_views.find_doubts(session, OFFICER, doubt_ids=VISITS)
        }
    assert done["done"] == 1
    assert {one["doubt_id"]: one["code"] for one in done["left"]} == {
        str(dismissed): "wrong_state",
        str(disputed): "already_disputed",
        str(gone): "visit_gone",
    }
    assert [one["visit_ref"] for one in found["visits"]] == [str(proposed_still)]
    assert [states[str(one)] for one in VISITS] == ["dismissed", "proposed", "proposed", "raised"]


def test_a_sample_is_kept_and_looked_at(council: Council, do: Do) -> None:
    council.import_care(CARE)
    council.books()
    council.import_visits(NAME, a_file(a_row(VisitRef="V1", SSRef="A1", ServiceName="", **cells_on(3, DeliveredExitTime="09:15"))))  # fmt: skip
    council.books()
    with council.sessions["matching"].begin() as session:
        how = {"way": "largest_cost", "size": 5, "seed": ""}
        found = sample_of_week(session, OFFICER, monday=MONDAY, organisation=None, **how)
        with pytest.raises(Refused):
            sample_of_week(session, STRANGER, monday=MONDAY, organisation=None, **how)
    assert [(row["cpli_id"], row["planned_cost"], row["delivered_cost"]) for row in found["rows"]] == [
        (1, "20.00", "5.00")
    ]
    sample_id = uuid.uuid4()
    for _ in range(2):
        do(samples.keep_sample, sample_id=sample_id, monday=MONDAY, now=NOW, **found, **how)
    (row,) = do(doubts_views.list_doubts, week=None, states=None, **SHOWN | {"sample_id": sample_id})
    do(doubts_steps.dismiss, doubt_ids=[row["doubt_id"]], why="Looked at", now=NOW)
    assert do(samples.find_sample, sample_id=sample_id)["states"] == {"dismissed": 1}
    assert do(samples.list_samples, monday=MONDAY)[0]["left_to_do"] == 0
    assert do(doubts_views.list_doubts, week=MONDAY, states=None, **SHOWN) == []


WEEKS = (MONDAY, MONDAY + dt.timedelta(days=7))
VISITS = [uuid.uuid5(uuid.NAMESPACE_OID, str(number)) for number in range(4)]


@st.composite
def some_looks(draw: st.DrawFn) -> list[Message]:
    """Looks at two weeks by two finders; a visit is in one week at a time, as each later look sees it."""
    versions = itertools.count(1)
    looks = []
    for _ in range(draw(st.integers(1, 5))):
        where = {visit: draw(st.sampled_from((*WEEKS, None))) for visit in VISITS}
        for finder, monday in draw(st.permutations([(f, m) for f in ("ingest", "matching") for m in WEEKS])):
            own = VISITS[:2] if finder == "ingest" else VISITS[2:]
            seen = [visit for visit in own if where[visit] == monday]
            looks.append(a_found(finder, monday, next(versions), seen))
    return looks


def a_found(finder: str, monday: dt.date, version: int, seen: list[uuid.UUID]) -> Message:
    found = [
        {
            "doubt_id": str(one),
            "kind": "missing_comment",
            "client": "A1",
            "visits": [str(one)],
            "cpli_id": None,
            "first_on": monday.isoformat(),
            "last_on": monday.isoformat(),
            "evidence": {"version": version},
        }
        for one in seen
    ]
    facts = {"finder": finder, "organisation_id": DIAMOND, "monday": monday.isoformat(), "version": version}
    return a_message("doubts_found", {**facts, "doubts": found})


def find_proposed(session: Session) -> list[Any]:
    rows = session.execute(
        text("SELECT doubt_id, monday, evidence FROM doubts WHERE state = 'proposed' ORDER BY doubt_id")
    )
    return [tuple(row) for row in rows]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_what_is_proposed_does_not_depend_on_the_order_of_messages(
    idle_council: Council, data: st.DataObject
) -> None:
    looks = data.draw(some_looks())
    settled = data.draw(st.sampled_from(VISITS))
    shuffled = data.draw(st.permutations(looks + looks[: data.draw(st.integers(0, len(looks)))]))
    outcomes = []
    for messages in (looks, shuffled):
        session = idle_council.sessions["disputes"]()
        doubts_steps.take_doubts(session, a_found("matching", MONDAY, 0, [VISITS[3]]))
        doubts_steps.dismiss(session, OFFICER, doubt_ids=[VISITS[3]], why="It is so", now=NOW)
        for message in messages:
            doubts_steps.take_doubts(session, message)
        outcomes.append(find_proposed(session))
        session.rollback()
        session.close()
    assert outcomes[0] == outcomes[1]
    assert VISITS[3] not in [row[0] for row in outcomes[0]]
    assert settled in VISITS


def test_the_worklist_opens_at_the_newest_week_with_proposals_however_old(idle_council: Council) -> None:
    with idle_council.sessions["disputes"].begin() as session:
        assert doubts_views.find_newest_week(session, OFFICER, now=NOW) == "2022-10-03"
        for week, seen in ((52, VISITS[:1]), (53, VISITS[1:2])):
            doubts_steps.take_doubts(
                session, a_found("ingest", MONDAY - dt.timedelta(weeks=week), week, seen)
            )
        for week in range(30):
            doubts_steps.take_doubts(
                session, a_found("ingest", MONDAY - dt.timedelta(weeks=week), 100 + week, [])
            )
        older, oldest = (str(MONDAY - dt.timedelta(weeks=weeks)) for weeks in (52, 53))
        assert doubts_views.find_newest_week(session, OFFICER, now=NOW) == older
        doubts_steps.dismiss(session, OFFICER, doubt_ids=VISITS[:1], why="It is so", now=NOW)
        assert doubts_views.find_newest_week(session, OFFICER, now=NOW) == oldest
        with pytest.raises(Refused, match="not_found"):
            doubts_views.find_newest_week(session, STRANGER, now=NOW)


def test_the_weeks_to_look_at_again_are_the_last_one_and_those_with_proposals(idle_council: Council) -> None:
    with idle_council.sessions["disputes"].begin() as session:
        doubts_steps.take_doubts(session, a_found("ingest", WEEKS[0], 1, [VISITS[0]]))
        assert doubts_steps.look_again(session, dt.datetime(2022, 11, 7, 0, 30, tzinfo=dt.UTC)) == 2
        said = session.scalars(text("SELECT body FROM outbox ORDER BY id")).all()
    assert said == ['{"monday":"2022-10-03"}', '{"monday":"2022-10-31"}']
    assert doubts_rules.last_complete_week(dt.datetime(2022, 10, 9, 23, 30, tzinfo=dt.UTC)) == MONDAY
