"""The forecast's middle step (RULES 4): the weeks a checked file touches, as they are and as they would be."""

import json
import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from libs.common.files.objects import read_object, write_object
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit
from libs.common.seams.events import VisitOfWeek, WeekForecast
from services.matching.care import store as care_store
from services.matching.matches import store
from services.matching.matches.steps import compute_matches, resolve, visit_as_said, visits_from_columns
from services.matching.matches.store import CpliWeek, ReplicaVisit


def forecast_weeks(session: Session, message: Message) -> None:
    """``visits_checked``: match the staged visits without storing anything, and pass the weeks on by reference."""
    bodies = json.loads(read_object(message.body["object_key"]))
    organisation_id = bodies[0]["organisation_id"]
    care_store.lock_care(session, exclusive=False)
    incoming = [visit for body in bodies for visit in visits_from_columns(body["columns"])]
    known = store.visits_by_ref(session, organisation_id, [visit.visit_ref for visit in incoming])
    resolve(session, incoming)
    outcome = compute_matches(
        session, organisation_id, incoming, [known[v.visit_ref] for v in incoming if v.visit_ref in known]
    )
    before = by_week(outcome.stored.values())
    after = by_week(outcome.visits)
    moved = moved_refs(outcome.stored, outcome.visits)
    weeks: list[WeekForecast] = [
        {
            "cpli_id": week[0],
            "before": as_said(before.get(week, [])),
            "after": as_said(after.get(week, [])),
            "moved": [visit.visit_ref for visit in before.get(week, []) if visit.visit_ref in moved],
        }
        for week in sorted({*before, *after})
    ]
    key = f"forecasts/{message.body['file_id']}-{message.body['check_version']}-weeks-{uuid.uuid4()}.json"
    write_object(key, json.dumps(weeks).encode())
    emit(session, "weeks_forecast", message.body | {"object_key": key}, cause_id=message.cause_id)


def moved_refs(stored: Mapping[str, ReplicaVisit], visits: Iterable[ReplicaVisit]) -> set[str]:
    """The VisitRefs of matched visits that go to another week or another client (RULES 3, `moved`)."""
    return {
        visit.visit_ref
        for visit in visits
        if not visit.deleted
        and (before := stored.get(visit.visit_ref)) is not None
        and (before.monday, before.client_id) != (visit.monday, visit.client_id)
    }


def by_week(visits: Iterable[ReplicaVisit]) -> dict[CpliWeek, list[ReplicaVisit]]:
    """Matched visits by CPLI and Monday."""
    weeks: dict[CpliWeek, list[ReplicaVisit]] = {}
    for visit in visits:
        if visit.cpli_id is not None and not visit.deleted:
            weeks.setdefault((visit.cpli_id, visit.monday), []).append(visit)
    return weeks


def as_said(visits: list[ReplicaVisit]) -> list[VisitOfWeek]:
    """Visits in the form of ``weeks_matched``."""
    return [visit_as_said(visit) for visit in visits]
