"""Queries of ingest on files, staged rows and visits. Set-based: one statement a step."""

import datetime as dt
import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.columns import array_text
from services.ingest.models import VisitsFile
from services.ingest.rules_facts import RowError, Visit

VISITS_IN_A_MESSAGE = 2000

VALUE_COLUMNS = (*Visit._fields, "digest")
VALUES = ", ".join(VALUE_COLUMNS)
CHANGED_VALUES = ", ".join(f"{name} = excluded.{name}" for name in VALUE_COLUMNS if name != "visit_ref")


def visits_file(session: Session, file_id: uuid.UUID, *, lock: bool = False) -> VisitsFile | None:
    """The file with this id; locked against other changes of its state when ``lock``."""
    return session.get(VisitsFile, file_id, with_for_update=lock or None)


def lock_organisation(session: Session, organisation_id: uuid.UUID) -> None:
    """Apply the files of one organisation one after the other."""
    session.execute(
        text("SELECT 1 FROM organisations WHERE organisation_id = :id FOR UPDATE"), {"id": organisation_id}
    )


def judged_by(session: Session, organisation_id: uuid.UUID) -> list[int]:
    """The versions of all that a check depends on: the council's lists, the organisation's visits and carers."""
    row = session.execute(
        text(
            "SELECT coalesce((SELECT version FROM reference_state), 0), visits_version, carers_version"
            " FROM organisations WHERE organisation_id = :id"
        ),
        {"id": organisation_id},
    ).one()
    return list(row)


def applied_before(session: Session, file: VisitsFile) -> VisitsFile | None:
    """A file of the same bytes that this organisation confirmed before."""
    return (
        session.query(VisitsFile)
        .filter(
            VisitsFile.organisation_id == file.organisation_id,
            VisitsFile.sha256 == file.sha256,
            VisitsFile.state.in_(("applying", "applied")),
            VisitsFile.file_id != file.file_id,
        )
        .order_by(VisitsFile.confirmed_at)
        .first()
    )


def known_visits(
    session: Session, organisation_id: uuid.UUID, visit_refs: Collection[str]
) -> dict[str, tuple[bytes, bool]]:
    """Digest and whether deleted, of the organisation's visits of these VisitRefs."""
    rows = session.execute(
        text(
            "SELECT visit_ref, digest, deleted FROM visits"
            " WHERE organisation_id = :id AND visit_ref = ANY(CAST(:refs AS text[]))"
        ),
        {"id": organisation_id, "refs": array_text(visit_refs)},
    )
    return {ref: (bytes(digest), deleted) for ref, digest, deleted in rows}


def stage(
    session: Session,
    file_id: uuid.UUID,
    visits: Iterable[tuple[int, str, Visit, bytes]],
    deletions: Iterable[tuple[int, str]],
) -> None:
    """Put what a file would change in place of what was staged of it: (row, action, visit, digest)."""
    session.execute(text("DELETE FROM staged_visits WHERE file_id = :id"), {"id": file_id})
    driver = cast(psycopg.Connection, session.connection().connection.driver_connection)
    with driver.cursor() as cursor:
        with cursor.copy(
            f"COPY staged_visits (file_id, row_number, action, {VALUES}) FROM STDIN".encode()
        ) as copy:
            for row, action, visit, digest in visits:
                copy.write_row((file_id, row, action, *visit[:-1], list(visit.issues), digest))
        with cursor.copy(b"COPY staged_visits (file_id, row_number, action, visit_ref) FROM STDIN") as copy:
            for row, visit_ref in deletions:
                copy.write_row((file_id, row, "deleted", visit_ref))


def save_errors(session: Session, file_id: uuid.UUID, errors: Sequence[tuple[bool, RowError]]) -> None:
    """Put a file's errors and warnings in place of those it had: (is a rejection, error), in row order."""
    session.execute(text("DELETE FROM file_errors WHERE file_id = :id"), {"id": file_id})
    driver = cast(psycopg.Connection, session.connection().connection.driver_connection)
    columns = "file_id, position, is_rejection, row_number, visit_ref, column_name, code, message, value"
    copy_in = f"COPY file_errors ({columns}) FROM STDIN".encode()
    with driver.cursor() as cursor, cursor.copy(copy_in) as copy:
        for position, (is_rejection, e) in enumerate(errors):
            copy.write_row(
                (file_id, position, is_rejection, e.row, e.ref, e.column, e.code, e.message, e.value)
            )


def errors_of(
    session: Session, file_id: uuid.UUID, *, is_rejection: bool, after: int, limit: int
) -> list[dict[str, Any]]:
    """A page of a file's errors (or warnings), from the position after ``after``."""
    rows = session.execute(
        text(
            'SELECT position, row_number AS "row", visit_ref AS ref, column_name AS "column", code, message, value'
            " FROM file_errors WHERE file_id = :id AND is_rejection = :is_rejection AND position > :after"
            " ORDER BY position LIMIT :limit"
        ),
        {"id": file_id, "is_rejection": is_rejection, "after": after, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def apply_staged(session: Session, file: VisitsFile) -> None:
    """Make the staged rows true: keep the versions they replace, then store, bring back or delete.

    The organisation's row is locked. Versions come from the sequence, drawn here.
    """
    values = {"id": file.file_id, "organisation": file.organisation_id, "by": file.confirmed_by}
    session.execute(text(_KEEP_REPLACED), values)
    session.execute(text(_STORE_STAGED), values)
    session.execute(text(_DELETE_STAGED), values)
    session.execute(
        text(
            "UPDATE organisations SET visits_version = nextval('version') WHERE organisation_id = :organisation"
        ),
        values,
    )


_KEEP_REPLACED = f"""
INSERT INTO visit_versions (organisation_id, version, deleted, file_id, changed_by, changed_at, {VALUES})
SELECT v.organisation_id, v.version, v.deleted, v.file_id, v.changed_by, v.changed_at,
       {", ".join(f"v.{name}" for name in VALUE_COLUMNS)}
FROM staged_visits s JOIN visits v ON v.organisation_id = :organisation AND v.visit_ref = s.visit_ref
WHERE s.file_id = :id AND s.action <> 'new'
"""

_STORE_STAGED = f"""
INSERT INTO visits (organisation_id, version, file_id, changed_by, {VALUES})
SELECT :organisation, nextval('version'), file_id, :by, {VALUES}
FROM staged_visits WHERE file_id = :id AND action <> 'deleted'
ON CONFLICT (organisation_id, visit_ref) DO UPDATE
SET version = nextval('version'), deleted = false, file_id = excluded.file_id,
    changed_by = excluded.changed_by, changed_at = excluded.changed_at, {CHANGED_VALUES}
"""

_DELETE_STAGED = """
UPDATE visits v SET deleted = true, version = nextval('version'), file_id = s.file_id, changed_by = :by,
                    changed_at = now()
FROM staged_visits s
WHERE s.file_id = :id AND s.action = 'deleted' AND v.organisation_id = :organisation
  AND v.visit_ref = s.visit_ref
"""

# A visit as ``visits_changed`` says it: columns, cut so that a client's week stays together where possible.
_COLUMNS_OF_MESSAGE = {
    "visit_ref": "visit_ref",
    "version": "version",
    "deleted": "deleted",
    "ssref": "ssref",
    "client_ref": "client_ref",
    "nhs_number": "nhs_number",
    "service_level": "service_level",
    "service_ref": "service_ref",
    "service_name": "service_name",
    "visit_type": "visit_type",
    "planned_on": "planned_on",
    "planned_entry": "planned_entry",
    "planned_exit": "planned_exit",
    "delivered_seconds": "(delivered_exit - delivered_entry + 86400) % 86400",
    "carer_ref": "carer_ref",
}
_SAY = f"""
SELECT json_build_object('organisation_id', CAST(:organisation AS text), 'columns', json_build_object(
    {", ".join(f"'{name}', json_agg({name})" for name in _COLUMNS_OF_MESSAGE)}))::text
FROM (
    SELECT {", ".join(f"{how} AS {name}" for name, how in _COLUMNS_OF_MESSAGE.items())},
           (row_number() OVER (ORDER BY ssref, client_ref, nhs_number, planned_on) - 1) / {VISITS_IN_A_MESSAGE} AS part
    FROM ({{visits}}) AS visits
) AS parts GROUP BY part
"""
_CHANGED_BY_FILE = """
SELECT v.* FROM staged_visits s JOIN visits v ON v.organisation_id = :organisation AND v.visit_ref = s.visit_ref
WHERE s.file_id = :id
"""
_STAGED_AS_CHANGED = """
SELECT coalesce(v.version, 0) AS version, s.action = 'deleted' AS deleted, s.visit_ref,
       {columns}
FROM staged_visits s
LEFT JOIN visits v ON v.organisation_id = :organisation AND v.visit_ref = s.visit_ref
WHERE s.file_id = :id
""".format(
    columns=", ".join(
        f"CASE WHEN s.action = 'deleted' THEN v.{name} ELSE s.{name} END AS {name}"
        for name in VALUE_COLUMNS
        if name not in ("visit_ref", "issues", "digest")
    )
)
_ALL_OF_ORGANISATION = "SELECT * FROM visits WHERE organisation_id = :organisation"


def said_changes(session: Session, file: VisitsFile) -> list[str]:
    """The bodies of ``visits_changed`` for what a file changed, as JSON text."""
    return _said(session, _CHANGED_BY_FILE, file.organisation_id, file.file_id)


def said_staged(session: Session, file: VisitsFile) -> list[dict[str, Any]]:
    """What a file would change, in the form of ``visits_changed``, for its forecast."""
    return [
        json.loads(body) for body in _said(session, _STAGED_AS_CHANGED, file.organisation_id, file.file_id)
    ]


def said_again(session: Session, organisation_id: uuid.UUID) -> list[str]:
    """All visits of an organisation in the form of ``visits_changed``, for ``resync``."""
    return _said(session, _ALL_OF_ORGANISATION, organisation_id, None)


def _said(session: Session, visits: str, organisation_id: uuid.UUID, file_id: uuid.UUID | None) -> list[str]:
    values: Mapping[str, Any] = {"organisation": organisation_id}
    if file_id is not None:
        values = {**values, "id": file_id}
    return list(session.scalars(text(_SAY.format(visits=visits)), values))


def organisations_with_visits(session: Session) -> list[uuid.UUID]:
    """Every organisation that has visits, deleted ones too."""
    return list(session.scalars(text("SELECT DISTINCT organisation_id FROM visits")))


def forget_staged(session: Session, before: dt.datetime) -> int:
    """Delete the staged rows of files that ended before that moment; how many."""
    result = session.execute(
        text(
            "DELETE FROM staged_visits s USING visits_files f WHERE f.file_id = s.file_id"
            " AND f.state IN ('applied', 'cancelled', 'refused')"
            " AND coalesce(f.confirmed_at, f.uploaded_at) < :before RETURNING 1"
        ),
        {"before": before},
    )
    return len(result.all())
