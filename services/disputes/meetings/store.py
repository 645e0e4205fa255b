"""Queries of meetings. Row-level security shows a provider its own that are shared with it."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]
MOST_MEETINGS = 500

_MEETING = (
    "meeting_id, organisation_id, held_on, people, notes, agreed, kept_by, kept_at, shared_by, shared_at"
)


def insert_meeting(session: Session, row: Mapping[str, Any]) -> bool:
    """Add a meeting; False when it is there already."""
    statement = text(
        f"INSERT INTO meetings ({_MEETING}) VALUES (:meeting_id, :organisation_id, :held_on, :people, :notes, :agreed,"
        " :kept_by, :kept_at, :shared_by, :shared_at) ON CONFLICT DO NOTHING RETURNING true"
    )
    return session.execute(statement, dict(row)).first() is not None


def find_meeting(session: Session, meeting_id: uuid.UUID) -> Row | None:
    """A meeting, as far as the caller may see it."""
    found = session.execute(
        text(f"SELECT {_MEETING} FROM meetings WHERE meeting_id = :meeting_id"), {"meeting_id": meeting_id}
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def share_meeting(session: Session, meeting_id: uuid.UUID, *, who: str, now: dt.datetime) -> None:
    """Let its provider see a meeting; who did so first stays."""
    session.execute(
        text(
            "UPDATE meetings SET shared_by = :who, shared_at = :now"
            " WHERE meeting_id = :meeting_id AND shared_at IS NULL"
        ),
        {"meeting_id": meeting_id, "who": who, "now": now},
    )


def list_meetings(
    session: Session, organisation_id: uuid.UUID, *, first: dt.date | None, last: dt.date | None
) -> list[Row]:
    """A provider's meetings between two days, where days are named; the newest first."""
    rows = session.execute(
        text(
            f"SELECT {_MEETING} FROM meetings WHERE organisation_id = :organisation_id"
            " AND held_on BETWEEN coalesce(CAST(:first AS date), '-infinity') AND coalesce(CAST(:last AS date), 'infinity')"
            " ORDER BY held_on DESC, kept_at DESC, meeting_id LIMIT :most"
        ),
        {"organisation_id": organisation_id, "first": first, "last": last, "most": MOST_MEETINGS},
    )
    return [dict(row) for row in rows.mappings()]
