"""Queries of files in figures; row-level security limits what a provider sees."""

import datetime as dt
import uuid
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]

_APPLIED = (
    " FROM visits_files WHERE organisation_id = :organisation_id AND state = 'applied'"
    " AND confirmed_at >= :begin AND confirmed_at < :end"
)
_COUNTS = text(
    "SELECT count(*) AS files, coalesce(sum(CAST(counts ->> 'read' AS bigint)), 0) AS rows,"
    f" coalesce(sum(CAST(counts ->> 'rejected' AS bigint)), 0) AS rejected{_APPLIED}"
)
_FILES = text(
    "SELECT file_id, file_name, confirmed_at, CAST(counts ->> 'read' AS bigint) AS rows,"
    f" CAST(counts ->> 'rejected' AS bigint) AS rejected{_APPLIED} ORDER BY confirmed_at DESC, file_id LIMIT :most"
)
# A visit that was changed since, moved or deleted has its first version among the versions that were replaced.
_FIRST_CAME = text(
    "SELECT DISTINCT ON (monday) monday, came_at, file_id, file_name FROM ("
    " SELECT CAST(date_trunc('week', planned_on) AS date) AS monday, changed_at AS came_at, file_id FROM visits"
    "  WHERE organisation_id = :organisation_id AND planned_on BETWEEN :first AND :last"
    " UNION ALL"
    " SELECT CAST(date_trunc('week', planned_on) AS date), changed_at, file_id FROM visit_versions"
    "  WHERE organisation_id = :organisation_id AND planned_on BETWEEN :first AND :last"
    ") came LEFT JOIN visits_files USING (file_id) ORDER BY monday, came_at, file_id"
)


class FirstOfWeek(NamedTuple):
    """When the first visits of a week came, and in which file; None where they were entered by hand."""

    monday: dt.date
    came_at: dt.datetime
    file_id: uuid.UUID | None
    file_name: str | None


def count_files(
    session: Session, organisation_id: uuid.UUID, begin: dt.datetime, end: dt.datetime
) -> tuple[int, int, int]:
    """Files that updated the system from one moment to before another, their rows, and those rejected."""
    row = session.execute(_COUNTS, {"organisation_id": organisation_id, "begin": begin, "end": end}).one()
    return int(row.files), int(row.rows), int(row.rejected)


def list_files(
    session: Session, organisation_id: uuid.UUID, begin: dt.datetime, end: dt.datetime, most: int
) -> list[Row]:
    """These files one by one, the newest first."""
    asked = {"organisation_id": organisation_id, "begin": begin, "end": end, "most": most}
    return [dict(row) for row in session.execute(_FILES, asked).mappings()]


def list_first_of_weeks(
    session: Session, organisation_id: uuid.UUID, first: dt.date, last: dt.date
) -> list[FirstOfWeek]:
    """Of each week with visits planned between two days, when the first of them came, in the order of weeks."""
    asked = {"organisation_id": organisation_id, "first": first, "last": last}
    return [FirstOfWeek(*row) for row in session.execute(_FIRST_CAME, asked)]
