"""Doubts that visits and actuals raise by themselves in a week: found and said (RULES 9). Never commits."""

import datetime as dt
from collections import defaultdict

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.care.weeks import monday_of
from libs.common.casework.doubts import Doubt, cause_of_looks
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit, emit_many
from libs.common.seams.events import DoubtsFound
from services.ingest.actuals import store as actuals_store
from services.ingest.actuals.packages import find_packages
from services.ingest.doubts import store
from services.ingest.doubts.rules import doubt_of_overlap, doubts_of_actual, doubts_of_visit
from services.ingest.visits.weeks import take_weeks_changed

FINDER = "ingest"
QUIET = dt.timedelta(minutes=2)
"""A week is looked at once its provider changed nothing for so long: matching has taken its visits by then."""


def ask_for_looks(session: Session, now: dt.datetime) -> int:
    """``doubts_wanted`` for each week that is over in London and whose visits changed; how many weeks.

    A step of housekeeping: what is looked at once is looked at again only when a file or a correction changes it.
    """
    this_monday = monday_of(london_day(now))
    mondays = take_weeks_changed(session, over_before=this_monday, until=now - QUIET)
    for monday in mondays:
        body = {"monday": monday.isoformat()}
        emit(session, "doubts_wanted", body, cause_id=cause_of_looks(monday), lane="bulk")
    return len(mondays)


def find_doubts(session: Session, message: Message) -> None:
    """``doubts_wanted``: say the full new state of every organisation's week, also where nothing is doubtful.

    The version is drawn before anything is read, under the week's lock: a later version has seen no less.
    """
    monday = dt.date.fromisoformat(message.body["monday"])
    store.lock_week(session, monday)
    version = store.draw_version(session)
    visits = store.find_silent_visits(session, monday)
    overlaps = store.find_overlaps(session, monday)
    actuals = of_actuals(session, monday)
    bodies: list[DoubtsFound] = []
    for organisation_id in store.list_organisations(session):
        found = [doubt for visit in visits[organisation_id] for doubt in doubts_of_visit(visit)]
        found += map(doubt_of_overlap, overlaps[organisation_id])
        found += actuals[organisation_id]
        bodies.append(
            {
                "finder": FINDER,
                "organisation_id": organisation_id,
                "monday": monday.isoformat(),
                "version": version,
                "doubts": [doubt.as_said(organisation_id) for doubt in found],
            }
        )
    emit_many(session, "doubts_found", bodies, cause_id=message.cause_id, lane=message.lane)


def of_actuals(session: Session, monday: dt.date) -> dict[str, list[Doubt]]:
    """Doubts about what was saved of a week, by the organisation that has the care now."""
    saved = {
        i: one for i, one in actuals_store.actuals_in_week(session, None, monday).items() if one.is_submitted
    }
    found: dict[str, list[Doubt]] = defaultdict(list)
    for cpli_id, package in sorted(find_packages(session, saved).items()):
        if package.is_paid_by_actuals:
            planned = package.planned_lines(monday)
            found[str(package.organisation_id)] += doubts_of_actual(
                package.client_reference, cpli_id, monday, planned, saved[cpli_id].lines
            )
    return found
