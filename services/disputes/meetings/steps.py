"""The council keeps notes of meetings with providers, and shares them (RULES 16). Never commits."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.disputes.meetings import Meeting
from services.disputes.meetings import store
from services.disputes.meetings.views import meeting_document


def keep_meeting(
    session: Session,
    caller: Caller,
    *,
    meeting_id: uuid.UUID,
    organisation_id: uuid.UUID,
    held_on: dt.date,
    people: str,
    notes: str,
    agreed: str,
    is_shared: bool,
    now: dt.datetime,
) -> Meeting:
    """Keep the notes of a meeting, and share them at once where that is said. Notes are never changed.

    Asked again with the same id, it answers what was kept. Raises Refused ``not_allowed`` for a provider,
    ``not_yet`` for a day to come.
    """
    require_council(caller)
    if held_on > london_day(now):
        raise Refused("not_yet", "Enter the day of the meeting, today at the latest", {"field": "held_on"})
    row = {
        "meeting_id": meeting_id,
        "organisation_id": organisation_id,
        "held_on": held_on,
        "people": people,
        "notes": notes,
        "agreed": agreed,
        "kept_by": caller["who"],
        "kept_at": now,
        "shared_by": caller["who"] if is_shared else None,
        "shared_at": now if is_shared else None,
    }
    store.insert_meeting(session, row)
    return _require_meeting(session, meeting_id)


def share_meeting(session: Session, caller: Caller, *, meeting_id: uuid.UUID, now: dt.datetime) -> Meeting:
    """Let the provider see the notes of a meeting, for good. Raises Refused ``not_allowed`` and ``not_found``."""
    require_council(caller)
    store.share_meeting(session, meeting_id, who=caller["who"], now=now)
    return _require_meeting(session, meeting_id)


def _require_meeting(session: Session, meeting_id: uuid.UUID) -> Meeting:
    found = store.find_meeting(session, meeting_id)
    if found is None:
        raise Refused("not_found", "There is no such meeting.")
    return meeting_document(found)
