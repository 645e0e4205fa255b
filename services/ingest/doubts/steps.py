"""Doubts that visits raise by themselves in a week: found and said (RULES 9). Never commits."""

import datetime as dt

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit_many
from services.ingest.doubts import store
from services.ingest.doubts.rules import doubt_of_overlap, doubts_of_visit

FINDER = "ingest"


def find_doubts(session: Session, message: Message) -> None:
    """``doubts_wanted``: say the full new state of every organisation's week, also where nothing is doubtful.

    The version is drawn before anything is read, under the week's lock: a later version has seen no less.
    """
    monday = dt.date.fromisoformat(message.body["monday"])
    store.lock_week(session, monday)
    version = store.draw_version(session)
    visits = store.silent_visits(session, monday)
    overlaps = store.overlaps(session, monday)
    bodies = []
    for organisation_id in store.organisations(session):
        found = [doubt for visit in visits[organisation_id] for doubt in doubts_of_visit(visit)]
        found += map(doubt_of_overlap, overlaps[organisation_id])
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
