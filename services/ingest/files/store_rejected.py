"""Queries of ingest on rejected rows that were not sent again; by the indexes of files and of rejected visits."""

import datetime as dt
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

# A file can't hold delivered visits of days to come, so what is older than the first day is not looked at.
_REJECTED = """
    SELECT DISTINCT ON (f.organisation_id, e.visit_ref) f.organisation_id::text, o.name AS organisation,
        f.file_id::text, f.file_name, f.uploaded_at, e.planned_date
    FROM visits_files f JOIN file_errors e USING (file_id) JOIN organisations o USING (organisation_id)
    WHERE f.state = 'applied' AND f.uploaded_at >= CAST(:first AS date) AND e.is_rejection AND e.visit_ref <> ''
    AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.organisation_id = f.organisation_id
        AND v.visit_ref = e.visit_ref AND v.changed_at > f.uploaded_at)
    ORDER BY f.organisation_id, e.visit_ref, f.uploaded_at DESC, e.position LIMIT :limit
"""


def rejected_since(session: Session, first: dt.date, limit: int) -> list[dict[str, Any]]:
    """The visits whose row was rejected by a file that was sent from a day on, and of which none was stored since."""
    rows = session.execute(text(_REJECTED), {"first": first, "limit": limit})
    return [dict(row) for row in rows.mappings()]
