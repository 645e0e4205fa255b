"""Weeks whose visits changed, until somebody has them looked through for doubts (RULES 9)."""

import datetime as dt
import uuid
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.weeks import monday_of


def note_weeks_changed(session: Session, organisation_id: uuid.UUID, days: Iterable[dt.date | None]) -> None:
    """Note the weeks of these days, with the organisation's changes, whose lock is held.

    A week that is noted already is noted anew: who takes notes away leaves one that is written just now.
    """
    mondays = sorted({monday_of(day) for day in days if day is not None})
    if not mondays:
        return
    session.execute(
        text(
            "INSERT INTO weeks_changed (organisation_id, monday, changed_at)"
            " SELECT :organisation, monday, now() FROM unnest(CAST(:mondays AS date[])) AS monday"
            " ON CONFLICT (organisation_id, monday) DO UPDATE SET changed_at = excluded.changed_at"
        ),
        {"organisation": organisation_id, "mondays": mondays},
    )


def take_weeks_changed(session: Session, *, over_before: dt.date, until: dt.datetime) -> list[dt.date]:
    """Take the notes of weeks before a Monday that nobody changed since a moment: the weeks, each once.

    A note that is being written, or taken by another worker, is left to them.
    """
    rows = session.execute(
        text(
            "DELETE FROM weeks_changed w USING (SELECT organisation_id, monday FROM weeks_changed"
            " WHERE monday < :over_before AND changed_at <= :until FOR UPDATE SKIP LOCKED) due"
            " WHERE w.organisation_id = due.organisation_id AND w.monday = due.monday RETURNING w.monday"
        ),
        {"over_before": over_before, "until": until},
    )
    return sorted(set(rows.scalars()))
