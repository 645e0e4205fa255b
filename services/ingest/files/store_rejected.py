"""Queries of ingest on rejected rows that were not sent again; by the indexes of files and of rejected visits."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.ingest.files import RowWhy

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


# In the file of rejected rows each has the place that its number gives it; headings that stand there again are not in it.
_PLACES = text(
    "SELECT row_number, place FROM (SELECT row_number, row_number() OVER (ORDER BY row_number) - 1 AS place"
    " FROM (SELECT DISTINCT row_number FROM file_errors"
    " WHERE file_id = :id AND is_rejection AND code <> 'headings_again') AS rejected) AS placed"
    " WHERE row_number > :after ORDER BY row_number LIMIT :limit"
)
_WHYS = text(
    "SELECT row_number, visit_ref, column_name, message FROM file_errors"
    " WHERE file_id = :id AND is_rejection AND row_number = ANY(:rows) ORDER BY position"
)


def places_of_rejected(
    session: Session, file_id: uuid.UUID, *, after: int, limit: int
) -> list[tuple[int, int]]:
    """(row, its place in the file of rejected rows) of a page of a file's rejected rows."""
    rows = session.execute(_PLACES, {"id": file_id, "after": after, "limit": limit})
    return [(row, place) for row, place in rows]


def whys_of_rows(session: Session, file_id: uuid.UUID, rows: Sequence[int]) -> list[RowWhy]:
    """Why these rows are rejected, in their order."""
    return [RowWhy(*row) for row in session.execute(_WHYS, {"id": file_id, "rows": list(rows)})]


def rejected_since(session: Session, first: dt.date, limit: int) -> list[dict[str, Any]]:
    """The visits whose row was rejected by a file that was sent from a day on, and of which none was stored since."""
    rows = session.execute(text(_REJECTED), {"first": first, "limit": limit})
    return [dict(row) for row in rows.mappings()]
