"""Queries of ingest on files and their staged rows. Set-based: one statement a step."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from libs.common.seams.ingest.files import RowFinding
from libs.common.sql.columns import array_text
from libs.common.sql.copying import copy_rows
from services.ingest.forecasts.store import TABLES as FORECASTS
from services.ingest.rows.facts import RowError, Visit
from services.ingest.schema.tables import VisitsFile
from services.ingest.visits.events import IN_ORDER, SAID

VALUE_COLUMNS = (*Visit._fields, "digest")
VALUES = ", ".join(VALUE_COLUMNS)
STREAMED = 2_000
"""Rows that are fetched at once."""


def find_file(session: Session, file_id: uuid.UUID, *, lock: bool = False) -> VisitsFile | None:
    """The file with this id; locked against other changes of its state when ``lock``."""
    return session.get(VisitsFile, file_id, with_for_update=lock or None)


def find_judged_by(session: Session, organisation_id: uuid.UUID) -> list[int]:
    """The versions of all that a check depends on: the council's lists, the organisation's visits and carers."""
    row = session.execute(
        text(
            "SELECT coalesce((SELECT version FROM reference_state), 0), visits_version, carers_version"
            " FROM organisations WHERE organisation_id = :id"
        ),
        {"id": organisation_id},
    ).one()
    return list(row)


def forget_judged(session: Session, file_id: uuid.UUID) -> None:
    """Take away what an earlier check staged of a file and found in it."""
    for table in ("staged_visits", "file_errors", *FORECASTS):
        session.execute(text(f"DELETE FROM {table} WHERE file_id = :id"), {"id": file_id})


def stage(
    session: Session,
    file_id: uuid.UUID,
    visits: Iterable[tuple[int, str, Visit, bytes]],
    deletions: Iterable[tuple[int, str]],
) -> None:
    """Add to what is staged of a file: (row, action, visit, digest)."""
    rows = (
        (file_id, row, action, *visit[:-1], list(visit.issues), digest)
        for row, action, visit, digest in visits
    )
    copy_rows(session, "staged_visits", ("file_id", "row_number", "action", *VALUE_COLUMNS), rows)
    named = ((file_id, row, "deleted", visit_ref) for row, visit_ref in deletions)
    copy_rows(session, "staged_visits", ("file_id", "row_number", "action", "visit_ref"), named)


def save_errors(
    session: Session,
    file_id: uuid.UUID,
    errors: Sequence[tuple[bool, RowError]],
    own_cells: Mapping[int, tuple[str, str]],
    *,
    after: int = 0,
) -> None:
    """Add to a file's errors and warnings, of which it has ``after``: (is a rejection, error), in row order.

    `own_cells` are client and planned date as each row has them; a row that holds headings has none.
    """
    columns = [
        "file_id",
        "position",
        "is_rejection",
        "row_number",
        "visit_ref",
        "column_name",
        "code",
        "message",
        "value",
        "client",
        "planned_date",
    ]
    rows = (
        (
            file_id,
            position,
            is_rejection,
            e.row,
            e.ref,
            e.column,
            e.code,
            e.message,
            e.value,
            *own_cells.get(e.row, ("", "")),
        )
        for position, (is_rejection, e) in enumerate(errors, after)
    )
    copy_rows(session, "file_errors", columns, rows)


def list_findings(
    session: Session, file_id: uuid.UUID, *, is_rejection: bool, after: int, limit: int
) -> list[RowFinding]:
    """A page of a file's errors (or warnings), from the position after ``after``."""
    rows = session.execute(
        text(
            "SELECT position, row_number, visit_ref, column_name, code, message, value, client, planned_date"
            " FROM file_errors WHERE file_id = :id AND is_rejection = :is_rejection AND position > :after"
            " ORDER BY position LIMIT :limit"
        ),
        {"id": file_id, "is_rejection": is_rejection, "after": after, "limit": limit},
    )
    return [
        {
            "position": row.position,
            "row": row.row_number,
            "ref": row.visit_ref,
            "column": row.column_name,
            "code": row.code,
            "message": row.message,
            "value": row.value,
            "client": row.client,
            "planned_date": row.planned_date,
        }
        for row in rows
    ]


class AppliedRows(NamedTuple):
    """What a file changed: the visits as ``visits_changed`` says them, and the planned days of those it replaced.

    ``visits`` is None for a large file: they are read by ``stream_applied``.
    """

    visits: list[Any] | None
    days_before: list[dt.date | None]


def apply_staged(session: Session, file: VisitsFile, *, is_large: bool) -> AppliedRows:
    """Make the staged rows true, and answer with what changed.

    The organisation's row is locked, and the staged actions are those of its present visits. What a row replaces
    moves to the versions; so storing is inserting, which costs half of what updating does. Rows are looked for by
    VisitRefs, not joined: a planner that knows little of the tables would compare each row with each.
    """
    values = {"id": file.file_id, "organisation": file.organisation_id, "by": file.confirmed_by}
    updated = {**values, "refs": array_text(list_staged_refs(session, file.file_id, "updated"))}
    deleted = {**values, "refs": array_text(list_staged_refs(session, file.file_id, "deleted"))}
    days_before = list(session.scalars(_MOVE_REPLACED, updated))
    returning = "" if is_large else f" RETURNING {SAID}"
    stored = session.execute(text(_STORE_STAGED + returning), values)
    changed = None if is_large else [*stored.all()]
    session.execute(_KEEP_DELETED, deleted)
    gone = session.execute(text(_DELETE + returning), deleted)
    if changed is not None:
        changed += gone.all()
    session.execute(
        text(
            "UPDATE organisations SET visits_version = nextval('version') WHERE organisation_id = :organisation"
        ),
        values,
    )
    return AppliedRows(changed, days_before)


def list_staged_refs(session: Session, file_id: uuid.UUID, action: str) -> list[str]:
    """The VisitRefs of the staged rows with this action."""
    statement = text("SELECT visit_ref FROM staged_visits WHERE file_id = :id AND action = :action")
    return list(session.scalars(statement, {"id": file_id, "action": action}))


_VERSION = f"organisation_id, version, deleted, file_id, changed_by, changed_at, {VALUES}"
_OF_REFS = "WHERE organisation_id = :organisation AND visit_ref = ANY(CAST(:refs AS text[]))"

_MOVE_REPLACED = text(
    f"WITH replaced AS (DELETE FROM visits {_OF_REFS} RETURNING *),"
    f" kept AS (INSERT INTO visit_versions ({_VERSION}) SELECT {_VERSION} FROM replaced RETURNING planned_on)"
    " SELECT DISTINCT planned_on FROM kept"
)
_STORE_STAGED = (
    f"INSERT INTO visits (organisation_id, version, file_id, changed_by, {VALUES})"
    f" SELECT :organisation, nextval('version'), file_id, :by, {VALUES}"
    " FROM staged_visits WHERE file_id = :id AND action <> 'deleted'"
)
_KEEP_DELETED = text(f"INSERT INTO visit_versions ({_VERSION}) SELECT {_VERSION} FROM visits {_OF_REFS}")
_DELETE = (
    "UPDATE visits SET deleted = true, version = nextval('version'), file_id = :id, changed_by = :by,"
    f" changed_at = now() {_OF_REFS}"
)
_APPLIED = text(
    f"SELECT {SAID} FROM visits WHERE organisation_id = :organisation AND file_id = :id ORDER BY {IN_ORDER}"
)
_STAGED = text(
    "SELECT {said} FROM (SELECT coalesce(v.version, 0) AS version, s.action = 'deleted' AS deleted, s.visit_ref,"
    " {columns} FROM staged_visits s"
    " LEFT JOIN visits v ON v.organisation_id = :organisation AND v.visit_ref = s.visit_ref"
    " WHERE s.file_id = :id) AS visits ORDER BY {in_order}".format(
        said=SAID,
        in_order=IN_ORDER,
        columns=", ".join(
            f"CASE WHEN s.action = 'deleted' THEN v.{name} ELSE s.{name} END AS {name}"
            for name in VALUE_COLUMNS
            if name not in ("visit_ref", "issues", "digest")
        ),
    )
)


def stream_staged(session: Session, file: VisitsFile) -> Iterator[Any]:
    """What a file would change, in the columns of ``visits_changed`` and in their order, for its forecast."""
    return _streamed(session, _STAGED, file)


def stream_applied(session: Session, file: VisitsFile) -> Iterator[Any]:
    """What a file has changed just now, in the same way."""
    return _streamed(session, _APPLIED, file)


def _streamed(session: Session, statement: TextClause, file: VisitsFile) -> Iterator[Any]:
    """The rows as they are asked for: a portion of them is in memory."""
    values = {"id": file.file_id, "organisation": file.organisation_id}
    yield from session.execute(statement, values, execution_options={"yield_per": STREAMED})


def forget_staged(session: Session, before: dt.datetime) -> int:
    """Delete the staged rows of files that ended before that moment, with how they would match; how many rows."""
    for table in FORECASTS:
        session.execute(text(_FORGET.format(table=table)), {"before": before})
    return len(session.execute(text(_FORGET.format(table="staged_visits")), {"before": before}).all())


_FORGET = (
    "DELETE FROM {table} s USING visits_files f WHERE f.file_id = s.file_id"
    " AND f.state IN ('applied', 'cancelled', 'refused', 'failed')"
    " AND coalesce(f.confirmed_at, f.uploaded_at) < :before RETURNING 1"
)
