"""Meetings as the council and, where they are shared with it, the provider see them."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import iso_text
from libs.common.rpc import Caller
from libs.common.seams.disputes.meetings import Meeting
from services.disputes.cases.sides import whose
from services.disputes.meetings import store


def list_meetings(
    session: Session,
    caller: Caller,
    *,
    organisation_id: uuid.UUID | None,
    first: dt.date | None,
    last: dt.date | None,
) -> list[Meeting]:
    """A provider's meetings, the newest first. Raises Refused ``organisation_wanted`` and ``not_found``."""
    rows = store.list_meetings(session, whose(caller, organisation_id), first=first, last=last)
    return [meeting_document(row) for row in rows]


def meeting_document(row: dict[str, Any]) -> Meeting:
    """A meeting as documents have it."""
    return {
        "meeting_id": str(row["meeting_id"]),
        "organisation_id": str(row["organisation_id"]),
        "held_on": row["held_on"].isoformat(),
        "people": row["people"],
        "notes": row["notes"],
        "agreed": row["agreed"],
        "kept_by": row["kept_by"],
        "kept_at": row["kept_at"].isoformat(),
        "shared_by": row["shared_by"],
        "shared_at": iso_text(row["shared_at"]),
    }
