"""Queries of ingest on visits files for pages; row-level security limits what a provider sees."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from libs.common.seams.ingest.files import FindingCount, StagedRef
from services.ingest.rows.facts import Visit
from services.ingest.schema.tables import Organisation, VisitsFile

Place = tuple[dt.datetime, uuid.UUID]
"""(uploaded_at, file_id), after which a page of files begins."""
_KEPT = Visit._fields[1:-1]
_CHANGES = text(
    "SELECT s.row_number, s.action, s.visit_ref, coalesce(v.deleted, false) AS was_deleted, "
    + ", ".join(f"s.{name} AS new_{name}, v.{name} AS old_{name}" for name in _KEPT)
    + " FROM staged_visits s JOIN visits_files f USING (file_id)"
    " JOIN visits v ON v.organisation_id = f.organisation_id AND v.visit_ref = s.visit_ref"
    " WHERE s.file_id = :id AND s.action <> 'new' AND s.row_number > :after ORDER BY s.row_number LIMIT :limit"
)


class StagedChange(NamedTuple):
    """A staged row that changes or deletes a visit: its values by column, as they are and as they would be."""

    row: int
    ref: str
    action: str
    was_deleted: bool
    old: dict[str, object]
    new: dict[str, object]


_OTHER_CLIENT = " ".join(
    f"WHEN s.{name} <> '' AND v.{name} <> '' THEN s.{name} <> v.{name}"
    for name in ("ssref", "client_ref", "nhs_number")
)
_MOVED = text(
    "SELECT s.row_number FROM staged_visits s JOIN visits_files f USING (file_id)"
    " JOIN visits v ON v.organisation_id = f.organisation_id AND v.visit_ref = s.visit_ref AND NOT v.deleted"
    " WHERE s.file_id = :id AND s.action = 'updated'"
    " AND (date_trunc('week', s.planned_on) <> date_trunc('week', v.planned_on)"
    f" OR CASE {_OTHER_CLIENT} ELSE false END) ORDER BY s.row_number"
)


def find_confirmed_with_content(
    session: Session, file: VisitsFile, states: Collection[str]
) -> list[VisitsFile]:
    """The other files of the same bytes that this organisation confirmed and that are in these states, oldest first."""
    query = (
        select(VisitsFile)
        .where(
            VisitsFile.organisation_id == file.organisation_id,
            VisitsFile.sha256 == file.sha256,
            VisitsFile.state.in_(states),
            VisitsFile.file_id != file.file_id,
        )
        .order_by(VisitsFile.confirmed_at)
    )
    return list(session.scalars(query))


def find_rejected_in_all(session: Session, file_ids: Sequence[uuid.UUID]) -> frozenset[int]:
    """The numbers of the rows that each of these files rejected."""
    rows = session.scalars(
        text(
            "SELECT row_number FROM file_errors WHERE file_id = ANY(:ids) AND is_rejection"
            " GROUP BY row_number HAVING count(DISTINCT file_id) = :files"
        ),
        {"ids": list(file_ids), "files": len(file_ids)},
    )
    return frozenset(rows)


def list_moved_rows(session: Session, file_id: uuid.UUID) -> list[int]:
    """The staged rows that move a visit to another week, or to another client: by an identifier that both name.

    A visit that was deleted moves nothing. Two that share no kind of identifier may be the same client's.
    """
    return list(session.scalars(_MOVED, {"id": file_id}))


def list_newest(
    session: Session, organisation_id: uuid.UUID | None, *, before: Place | None, limit: int
) -> list[tuple[VisitsFile, str]]:
    """The newest files before one, with the names of their organisations; of all organisations for None."""
    query = (
        select(VisitsFile, Organisation.name)
        .join(Organisation, Organisation.organisation_id == VisitsFile.organisation_id)
        .order_by(VisitsFile.uploaded_at.desc(), VisitsFile.file_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(VisitsFile.uploaded_at, VisitsFile.file_id) < before)
    if organisation_id is not None:
        query = query.where(VisitsFile.organisation_id == organisation_id)
    return [(file, name) for file, name in session.execute(query)]


def count_findings(session: Session, file_id: uuid.UUID) -> list[FindingCount]:
    """Each code of the file's errors and warnings with the number of rows that it names, most rows first."""
    rows = session.execute(
        text(
            "SELECT code, column_name, is_rejection, count(DISTINCT row_number) AS rows FROM file_errors"
            " WHERE file_id = :id GROUP BY 1, 2, 3 ORDER BY is_rejection DESC, rows DESC, 2, 1"
        ),
        {"id": file_id},
    )
    return [
        {"code": code, "column": column, "is_rejection": is_rejection, "rows": number}
        for code, column, is_rejection, number in rows
    ]


def list_weeks(session: Session, file_id: uuid.UUID) -> list[dt.date]:
    """The Mondays of the weeks in which the staged rows store or delete visits, oldest first."""
    rows = session.scalars(
        text(
            "SELECT DISTINCT CAST(date_trunc('week', planned_on) AS date) FROM ("
            " SELECT s.planned_on FROM staged_visits s WHERE s.file_id = :id AND s.planned_on IS NOT NULL UNION ALL"
            # a row that deletes a visit may say nothing else
            " SELECT v.planned_on FROM staged_visits s JOIN visits_files f USING (file_id)"
            " JOIN visits v ON v.organisation_id = f.organisation_id AND v.visit_ref = s.visit_ref"
            " WHERE s.file_id = :id AND s.planned_on IS NULL AND s.action <> 'new'"
            ") touched WHERE planned_on IS NOT NULL ORDER BY 1"
        ),
        {"id": file_id},
    )
    return list(rows)


def count_checked(session: Session, organisation_id: str | None) -> int:
    """How many files were checked within the last four weeks and are still to be confirmed; a thousand at most."""
    query = text(
        "SELECT count(*) FROM (SELECT 1 FROM visits_files WHERE state = 'checked'"
        " AND uploaded_at > now() - interval '28 days'"
        " AND organisation_id = coalesce(CAST(:organisation AS uuid), organisation_id) LIMIT 1000) AS found"
    )
    return session.scalar(query, {"organisation": organisation_id}) or 0


def count_rejected(session: Session, organisation_id: str) -> int:
    """Of how many visits the last four weeks' files had a rejected row, and none was stored since; a thousand at most.

    A row without VisitRef is not counted: nobody could tell when it was sent again.
    """
    query = text(
        "SELECT count(*) FROM (SELECT DISTINCT e.visit_ref FROM visits_files f JOIN file_errors e USING (file_id)"
        " WHERE f.organisation_id = :organisation AND f.state = 'applied'"
        " AND f.uploaded_at > now() - interval '28 days' AND e.is_rejection AND e.visit_ref <> ''"
        " AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.organisation_id = f.organisation_id"
        " AND v.visit_ref = e.visit_ref AND v.changed_at > f.uploaded_at) LIMIT 1000) AS found"
    )
    return session.scalar(query, {"organisation": organisation_id}) or 0


def find_organisation_name(session: Session, organisation_id: uuid.UUID) -> str | None:
    """The name of an organisation."""
    found = session.get(Organisation, organisation_id)
    return found.name if found else None


def list_changes(session: Session, file_id: uuid.UUID, *, after: int, limit: int) -> list[StagedChange]:
    """A page of the staged rows that change or delete a visit, with its values as they are: old and new."""
    rows = session.execute(_CHANGES, {"id": file_id, "after": after, "limit": limit})
    return [
        StagedChange(
            row["row_number"],
            row["visit_ref"],
            row["action"],
            row["was_deleted"],
            {name: row[f"old_{name}"] for name in _KEPT},
            {name: row[f"new_{name}"] for name in _KEPT},
        )
        for row in rows.mappings()
    ]


def list_staged_refs(session: Session, file_id: uuid.UUID, *, after: int, limit: int) -> list[StagedRef]:
    """A page of the visits that the staged rows store or delete, in row order."""
    rows = session.execute(
        text(
            "SELECT row_number, visit_ref FROM staged_visits WHERE file_id = :id AND row_number > :after"
            " ORDER BY row_number LIMIT :limit"
        ),
        {"id": file_id, "after": after, "limit": limit},
    )
    return [StagedRef(row, visit_ref) for row, visit_ref in rows]
