"""Queries of ingest on rows of one kind, as the newest check of their file found them."""

import uuid

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.ingest.mending.rules import OF_MATCHING, OF_ROWS

_CLIENT = "coalesce(nullif(s.ssref, ''), nullif(s.client_ref, ''), s.nhs_number, '')"
_SERVICE = "coalesce(nullif(s.service_name, ''), s.service_ref, '')"
_VALUE = (
    f"CASE u.reason WHEN 'no_package' THEN {_CLIENT} WHEN 'wrong_service' THEN {_SERVICE}"
    " ELSE coalesce(s.service_level, '') END"
)
_UNMATCHED = (
    "FROM unmatched_forecasts u JOIN staged_visits s USING (file_id, row_number) WHERE u.file_id = :id"
)
_REJECTED = "FROM file_errors e WHERE e.file_id = :id AND e.is_rejection AND e.code = ANY(:of_rows)"
_KINDS = text(
    f"SELECT u.reason AS fault, {_VALUE} AS value, count(*) AS rows, sum(u.amount) AS amount {_UNMATCHED}"
    " AND u.reason = ANY(:of_matching) GROUP BY 1, 2"
    f" UNION ALL SELECT e.code, e.value, count(DISTINCT e.row_number), NULL {_REJECTED} GROUP BY 1, 2"
    " ORDER BY rows DESC, fault, value LIMIT :limit"
)
_ROWS_UNMATCHED = text(
    f"SELECT u.row_number {_UNMATCHED} AND u.reason = :fault AND {_VALUE} = :value ORDER BY 1"
)
_ROWS_REJECTED = text(
    f"SELECT DISTINCT e.row_number {_REJECTED} AND e.code = :fault AND e.value = :value ORDER BY 1"
)


def kinds(session: Session, file_id: uuid.UUID, limit: int) -> list[tuple[str, str, int, object]]:
    """(fault, value, how many rows, about how many pounds), most rows first; no pounds for rejected rows."""
    facts = {"id": file_id, "of_matching": [*OF_MATCHING], "of_rows": [*OF_ROWS], "limit": limit}
    return [tuple(row) for row in session.execute(_KINDS, facts)]


def rows_of_kind(session: Session, file_id: uuid.UUID, fault: str, value: str) -> list[int]:
    """The numbers of the rows with this fault for this value."""
    statement = _ROWS_UNMATCHED if fault in OF_MATCHING else _ROWS_REJECTED
    facts = {"id": file_id, "fault": fault, "value": value}
    return list(
        session.scalars(statement, facts if fault in OF_MATCHING else {**facts, "of_rows": [*OF_ROWS]})
    )
