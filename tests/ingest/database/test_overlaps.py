"""The sweep for carers in two places at once against a comparison of each with each, and who sees what (RULES 16)."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import Caller
from services.ingest.overlaps import steps, views
from tests.support.council.council import Council

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Care Ltd"
OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "a manager", "role": "provider", "organisation": str(organisation_id_of(PEARL))}
MONDAY = dt.date(2022, 10, 3)
SUNDAY = MONDAY + dt.timedelta(days=6)
MINUTE, DAY = 60, 86_400
NAMES = {(DIAMOND, "C1"): "Ann Lee", (DIAMOND, "C2"): "Bob Ray", (PEARL, "C1"): "Bob Ray"}
"""Carers by name, so that two providers share one; CarerRefs are each one's own."""


class Told(NamedTuple):
    """A visit; its day counts from the Monday, its times are minutes, and an exit not after the entry is a day later."""

    organisation: str
    carer_ref: str
    day: int
    entry: int
    exit: int
    deleted: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """In seconds since the Monday's midnight."""
        begun = self.day * DAY + self.entry * MINUTE
        return begun, begun + ((self.exit - self.entry) * MINUTE - 1) % DAY + 1


VISITS = st.lists(
    st.builds(
        Told,
        st.sampled_from((DIAMOND, PEARL)),
        st.sampled_from(("C1", "C2", "")),
        st.integers(0, 6),
        st.integers(0, 23).map(lambda hour: hour * 60),
        st.integers(0, 47).map(lambda half: half * 30),
        st.sampled_from((False, False, False, True)),
    ),
    max_size=14,
)


def known(session: Session, visits: list[Told]) -> None:
    """The providers, their carers and these visits: V0, V1, …"""
    for name in (DIAMOND, PEARL):
        session.execute(
            text("INSERT INTO organisations (organisation_id, name) VALUES (:id, :name)"),
            {"id": organisation_id_of(name), "name": name},
        )
    for (organisation, ref), name in NAMES.items():
        forename, surname = name.split()
        session.execute(
            text("INSERT INTO carers VALUES (:id, :ref, :forename, :surname)"),
            {
                "id": organisation_id_of(organisation),
                "ref": ref,
                "forename": forename,
                "surname": surname,
            },
        )
    for number, visit in enumerate(visits):
        session.execute(
            text(
                "INSERT INTO visits (organisation_id, visit_ref, version, deleted, changed_by, ssref, carer_ref,"
                " planned_on, planned_entry, planned_exit, delivered_on, delivered_entry, delivered_exit)"
                " VALUES (:id, :ref, 1, :deleted, 'a tester', 'A1', :carer, :day, :entry, :exit, :day, :entry, :exit)"
            ),
            {
                "id": organisation_id_of(visit.organisation),
                "ref": f"V{number}",
                "deleted": visit.deleted,
                "carer": visit.carer_ref,
                "day": MONDAY + dt.timedelta(days=visit.day),
                "entry": visit.entry * MINUTE,
                "exit": visit.exit * MINUTE,
            },
        )


def listed(session: Session, caller: Caller = OFFICER, **more: Any) -> list[Any]:
    """All pairs, three at a time."""
    asked = {
        "organisation": None,
        "carer": None,
        "where": None,
        "is_left_running": False,
        "first": MONDAY,
        "last": SUNDAY,
        "limit": 3,
    }
    found: list[Any] = []
    after: Any = None
    while True:
        page = views.list_overlapping_visits(session, caller, **asked | more, after=after)
        found += page
        if len(page) < 3:
            return found
        place = page[-1]["place"]
        after = [dt.date.fromisoformat(place[0]), *place[1:]]


def compared(visits: list[Told], least: int) -> dict[frozenset[str], int]:
    """For how many seconds each pair of visits of one carer ran at once, by comparing each with each."""
    found = {}
    for (i, one), (j, other) in itertools.combinations(enumerate(visits), 2):
        if one.deleted or other.deleted or not one.carer_ref or not other.carer_ref:
            continue
        if one.organisation == other.organisation:
            is_same = one.carer_ref == other.carer_ref
        else:
            names = [NAMES.get((v.organisation, v.carer_ref)) for v in (one, other)]
            is_same = names[0] is not None and names[0] == names[1]
        seconds = min(one.span[1], other.span[1]) - max(one.span[0], other.span[0])
        if is_same and seconds >= least:
            found[frozenset((f"V{i}", f"V{j}"))] = seconds
    return found


@pytest.fixture
def rolled_back(idle_council: Council) -> Iterator[Session]:
    """A transaction of ingest of which nothing stays."""
    with idle_council.sessions["ingest"]() as session:
        yield session
        session.rollback()


@given(visits=VISITS, least=st.sampled_from((0, 1, 30, 45)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_sweep_finds_what_comparing_each_with_each_does(
    rolled_back: Session, visits: list[Told], least: int
) -> None:
    with rolled_back.begin_nested() as attempt:
        known(rolled_back, visits)
        steps.set_overlap_limit(
            rolled_back, OFFICER, name="least_minutes", effective_from=MONDAY, value=least
        )
        found = listed(rolled_back)
        said = {frozenset(visit["ref"] for visit in pair["visits"]): pair["seconds"] for pair in found}
        assert len(said) == len(found)
        assert said == compared(visits, max(least * MINUTE, 1))
        running = [pair for pair in found if pair["left_running"]]
        assert listed(rolled_back, is_left_running=True) == running
        attempt.rollback()


def test_a_limit_holds_from_its_day_on(rolled_back: Session) -> None:
    hour = {"organisation": DIAMOND, "carer_ref": "C1"}
    known(
        rolled_back,
        [Told(**hour, day=day, entry=entry, exit=entry + 60) for day in (0, 1) for entry in (540, 580)],
    )
    assert [pair["day"] for pair in listed(rolled_back)] == ["2022-10-03", "2022-10-04"]
    tuesday = MONDAY + dt.timedelta(days=1)
    steps.set_overlap_limit(rolled_back, OFFICER, name="least_minutes", effective_from=tuesday, value=21)
    assert [pair["day"] for pair in listed(rolled_back)] == ["2022-10-03"]
    (limit,) = views.list_limits(rolled_back, OFFICER)
    assert (limit["name"], limit["effective_from"], limit["value"]) == ("least_minutes", "2022-10-04", 21)


def test_only_the_council_says_what_an_overlap_is(rolled_back: Session) -> None:
    for refused in (
        lambda: steps.set_overlap_limit(
            rolled_back, MANAGER, name="end_minutes", effective_from=MONDAY, value=1
        ),
        lambda: views.list_limits(rolled_back, MANAGER),
    ):
        with pytest.raises(Refused, match="Only the council"):
            refused()


def test_a_provider_sees_its_own_pairs_and_nobody_elses(idle_council: Council) -> None:
    visits = [
        Told(DIAMOND, "C2", 0, 540, 600),
        Told(PEARL, "C1", 0, 550, 610),
        Told(PEARL, "C1", 0, 600, 660),
        Told(DIAMOND, "C2", 0, 560, 580),
    ]
    with idle_council.sessions["ingest"].begin() as session:
        known(session, visits)
        assert len(listed(session)) == 4
    engine = database.engine(idle_council.schemas.url_of("ingest_rpc"), "ingest", pool_size=1)
    with database.transaction(database.sessions(engine, "ingest"), MANAGER) as session:
        (own,) = listed(session, MANAGER)
        assert [visit["ref"] for visit in own["visits"]] == ["V1", "V2"]
        assert listed(session, MANAGER, where="across") == []
        with pytest.raises(Refused) as refused:
            listed(session, MANAGER, organisation=DIAMOND)
        assert refused.value.code == "not_found"
    engine.dispose()
