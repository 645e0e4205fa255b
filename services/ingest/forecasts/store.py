"""Queries of ingest on how a checked file will match: kept row by row, as long as its staged rows are."""

import uuid
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.seams.events import PossibleDuplicate, UnmatchedForecast
from libs.common.seams.ingest.forecasts import DuplicateRow, UnmatchedRow
from libs.common.sql.copying import copy_rows
from libs.common.sql.planning import joining_whole_tables
from services.ingest.rows.stored import time_text

TABLES = ("unmatched_forecasts", "possible_duplicates")
"""What says of staged rows how they will match."""
_MAKE = (
    'CREATE TEMPORARY TABLE said_unmatched (visit_ref text COLLATE "C", reason text, amount numeric) ON COMMIT DROP',
    'CREATE TEMPORARY TABLE said_duplicates (visit_ref text COLLATE "C", other_ref text COLLATE "C") ON COMMIT DROP',
)
_KEEP = (
    "INSERT INTO unmatched_forecasts (file_id, row_number, reason, amount)"
    " SELECT s.file_id, s.row_number, u.reason, u.amount"
    " FROM said_unmatched u JOIN staged_visits s USING (visit_ref) WHERE s.file_id = :id",
    "INSERT INTO possible_duplicates (file_id, row_number, other_ref, other_row)"
    " SELECT s.file_id, s.row_number, d.other_ref, o.row_number"
    " FROM said_duplicates d JOIN staged_visits s ON s.file_id = :id AND s.visit_ref = d.visit_ref"
    " LEFT JOIN staged_visits o ON o.file_id = :id AND o.visit_ref = d.other_ref",
)
_CLIENT = "coalesce(nullif(s.ssref, ''), nullif(s.client_ref, ''), s.nhs_number, '')"
_UNMATCHED = text(
    f"SELECT u.row_number, s.visit_ref, s.action, u.reason, u.amount, {_CLIENT} AS client, s.planned_on::text,"
    " coalesce(nullif(s.service_name, ''), s.service_ref, '') AS service, s.service_level"
    " FROM unmatched_forecasts u JOIN staged_visits s USING (file_id, row_number)"
    " WHERE u.file_id = :id AND u.row_number > :after AND u.reason = coalesce(:reason, u.reason)"
    " ORDER BY u.row_number LIMIT :limit"
)
_DUPLICATES = text(
    f"SELECT d.row_number, s.visit_ref, d.other_row, d.other_ref, {_CLIENT} AS client, s.carer_ref,"
    " s.planned_on::text, s.planned_entry, s.planned_exit"
    " FROM possible_duplicates d JOIN staged_visits s USING (file_id, row_number)"
    " WHERE d.file_id = :id AND d.row_number > :after ORDER BY d.row_number LIMIT :limit"
)


def keep_rows(
    session: Session,
    file_id: uuid.UUID,
    unmatched: Iterable[UnmatchedForecast],
    duplicates: Iterable[PossibleDuplicate],
) -> None:
    """Keep these of a checked file's visits by the rows that name them, in the place of what was kept of it."""
    for table in TABLES:
        session.execute(text(f"DELETE FROM {table} WHERE file_id = :id"), {"id": file_id})
    for statement in _MAKE:
        session.execute(text(statement))
    copy_rows(session, "said_unmatched", UnmatchedForecast._fields, unmatched)
    copy_rows(session, "said_duplicates", PossibleDuplicate._fields, duplicates)
    with joining_whole_tables(session):
        for statement in _KEEP:
            session.execute(text(statement), {"id": file_id})


def list_unmatched(
    session: Session, file_id: uuid.UUID, *, reason: str | None, after: int, limit: int
) -> list[UnmatchedRow]:
    """A page of the rows that will have no match, for a reason or for any, in row order."""
    rows = session.execute(_UNMATCHED, {"id": file_id, "reason": reason, "after": after, "limit": limit})
    return [
        {
            "row": row.row_number,
            "ref": row.visit_ref,
            "is_new": row.action == "new",
            "client": row.client,
            "planned_on": row.planned_on,
            "service": row.service,
            "service_level": row.service_level or "",
            "reason": row.reason,
            "amount": pounds_text(row.amount),
        }
        for row in rows
    ]


def list_duplicates(session: Session, file_id: uuid.UUID, *, after: int, limit: int) -> list[DuplicateRow]:
    """A page of the rows that may be duplicates, in row order."""
    rows = session.execute(_DUPLICATES, {"id": file_id, "after": after, "limit": limit})
    return [
        {
            "row": row.row_number,
            "ref": row.visit_ref,
            "other_row": row.other_row,
            "other_ref": row.other_ref,
            "client": row.client,
            "carer_ref": row.carer_ref or "",
            "planned_on": row.planned_on,
            "planned_entry": time_text(row.planned_entry),
            "planned_exit": time_text(row.planned_exit),
        }
        for row in rows
    ]


def count_duplicates(session: Session, file_id: uuid.UUID) -> int:
    """How many rows of a file may be duplicates."""
    statement = text("SELECT count(*) FROM possible_duplicates WHERE file_id = :id")
    return session.scalar(statement, {"id": file_id}) or 0
