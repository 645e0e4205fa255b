"""The forecast's middle step (RULES 4): the weeks a checked file touches, as they are and as they would be."""

import uuid
from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from libs.common.files import spooled
from libs.common.files.listed import read_listed, write_listed
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit
from libs.common.seams.events import VisitOfWeek, WeekForecast
from services.matching.care import store as care_store
from services.matching.matches import store_checked
from services.matching.matches.steps import match_beside, resolve, visit_as_said, visits_from_columns
from services.matching.matches.store import CpliWeek, ReplicaVisit


def forecast_weeks(session: Session, message: Message) -> None:
    """``visits_checked``: match the staged visits without storing anything, and pass the weeks on by reference.

    The file's visits lie in the database meanwhile, and some clients' weeks at a time are in memory (decision 41).
    """
    care_store.lock_care(session, exclusive=False)
    organisation_id = keep_checked(session, message.body["object_key"])
    key = f"forecasts/{message.body['file_id']}-{message.body['check_version']}-weeks-{uuid.uuid4()}.json"
    write_listed(key, forecast_of_checked(session, organisation_id))
    emit(session, "weeks_forecast", message.body | {"object_key": key}, cause_id=message.cause_id)


def keep_checked(session: Session, object_key: str) -> str:
    """Put what a file would change where it is found by clients and weeks; answers whose visits these are."""
    organisation_id = ""
    store_checked.make_checked(session)
    for body in read_listed(object_key):
        organisation_id = body["organisation_id"]
        visits = visits_from_columns(body["columns"])
        resolve(session, visits)
        store_checked.add_checked(session, organisation_id, visits)
    return organisation_id


def forecast_of_checked(session: Session, organisation_id: str) -> Iterator[WeekForecast]:
    """The weeks that a file touches, as they are and as it would leave them; those of a client's week together."""
    for weeks in store_checked.portions_of_checked(session, organisation_id, spooled.PORTION):
        outcome = match_beside(session, organisation_id, weeks.fresh, weeks.before, weeks.beside)
        before = by_week(outcome.stored.values())
        after = by_week(outcome.visits)
        for week in sorted({*before, *after}):
            stored = before.get(week, [])
            yield {
                "cpli_id": week[0],
                "before": as_said(stored),
                "after": as_said(after.get(week, [])),
                "moved": [visit.visit_ref for visit in stored if visit.visit_ref in weeks.moved],
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
