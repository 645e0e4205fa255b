"""Weeks whose visits changed are noted, and looked through once they are over: without a press, and once a change."""

from __future__ import annotations

import datetime as dt
import json
import random

from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from services.ingest.doubts.steps import QUIET, ask_for_looks
from services.ingest.visits import store as visits_store
from services.ingest.visits.steps import remove_visit
from services.ingest.visits.weeks import note_weeks_changed
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery

DIAMOND = "Diamond Home Care Ltd"
MONDAY, NEXT = dt.date(2022, 10, 3), dt.date(2022, 10, 10)
SUNDAY_NIGHT = dt.datetime(2022, 10, 9, 22, 59, tzinfo=dt.UTC)
"""A minute to midnight in London, where it is summer."""
LATER = dt.timedelta(days=30)


def noted(council: Council) -> list[dt.date]:
    with council.sessions["ingest"].begin() as session:
        return list(session.scalars(text("SELECT monday FROM weeks_changed ORDER BY 1")))


def looks(council: Council, now: dt.datetime) -> list[str]:
    """The weeks for which a look is asked at a moment."""
    with council.sessions["ingest"].begin() as session:
        number = ask_for_looks(session, now)
        bodies = session.scalars(
            text("DELETE FROM outbox WHERE event = 'doubts_wanted' RETURNING body")
        ).all()
    found = sorted(json.loads(body)["monday"] for body in bodies)
    assert number == len(found)
    return found


def changed(council: Council, at: dt.datetime, *days: dt.date) -> None:
    """The provider's visits of these days change at a moment."""
    with council.sessions["ingest"].begin() as session:
        note_weeks_changed(session, organisation_id_of(DIAMOND), days)
        session.execute(text("UPDATE weeks_changed SET changed_at = :at"), {"at": at})


def test_a_week_is_looked_at_when_it_is_over_in_london_and_only_once(idle_council: Council) -> None:
    changed(idle_council, SUNDAY_NIGHT - QUIET, MONDAY + dt.timedelta(days=2))
    assert looks(idle_council, SUNDAY_NIGHT) == []
    assert looks(idle_council, SUNDAY_NIGHT + dt.timedelta(minutes=1)) == ["2022-10-03"]
    assert looks(idle_council, SUNDAY_NIGHT + dt.timedelta(hours=1)) == []


def test_it_waits_until_its_provider_has_been_quiet_and_is_looked_at_again_after_a_late_change(
    idle_council: Council,
) -> None:
    now = SUNDAY_NIGHT + LATER
    changed(idle_council, now, MONDAY, NEXT)
    assert looks(idle_council, now) == []
    assert looks(idle_council, now + QUIET) == ["2022-10-03", "2022-10-10"]
    changed(idle_council, now + QUIET, MONDAY)
    assert looks(idle_council, now + 2 * QUIET) == ["2022-10-03"]


def test_a_file_notes_its_weeks_and_those_that_its_visits_left(idle_council: Council) -> None:
    council, delivery = idle_council, Delivery(idle_council, random.Random(0))
    delivery.import_visits(DIAMOND, a_file(a_row(VisitRef="V1")))
    first = noted(council)
    assert len(first) == 1
    looks(council, dt.datetime.now(dt.UTC) + LATER)
    assert noted(council) == []
    moved = {f"{kind}VisitDate": "12/10/2022" for kind in ("Planned", "Delivered")}
    delivery.import_visits(DIAMOND, a_file(a_row(VisitRef="V1", **moved)))
    assert noted(council) == sorted({*first, NEXT})


def test_a_deletion_by_hand_does_too(idle_council: Council) -> None:
    council, delivery = idle_council, Delivery(idle_council, random.Random(0))
    delivery.import_visits(DIAMOND, a_file(a_row(VisitRef="V1")))
    first = noted(council)
    looks(council, dt.datetime.now(dt.UTC) + LATER)
    with council.sessions["ingest"].begin() as session:
        (row,) = visits_store.find_by_refs(session, [(organisation_id_of(DIAMOND), "V1")])
        remove_visit(session, organisation_id_of(DIAMOND), row, "Entered in error", "somebody")
    assert noted(council) == first
