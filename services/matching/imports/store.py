"""Queries of matching on care files: checked, imported, refused or cancelled."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.matching.imports import CareAdvice, CareFault

AS_JSON = ("counts", "errors", "notes", "changes", "also_changed", "renamed", "forecast")

Row = dict[str, Any]


def start_import(
    session: Session, *, import_id: uuid.UUID, object_key: str, file_name: str, who: str, state: str
) -> None:
    """Note a care file that is to be checked, or imported unseen."""
    session.execute(
        text(
            "INSERT INTO care_imports (import_id, object_key, file_name, state, imported_by)"
            " VALUES (:id, :key, :name, :state, :who) ON CONFLICT DO NOTHING"
        ),
        {"id": import_id, "key": object_key, "name": file_name, "who": who, "state": state},
    )


def care_import(session: Session, import_id: uuid.UUID, *, lock: bool = False) -> Mapping[str, Any] | None:
    """A care import, or None."""
    query = "SELECT * FROM care_imports WHERE import_id = :id" + (" FOR UPDATE" if lock else "")
    found = session.execute(text(query), {"id": import_id}).mappings().first()
    return dict(found) if found else None


def end_import(session: Session, import_id: uuid.UUID, **facts: Any) -> None:
    """Write what came of a check or an import: state, refusal, counts, errors, changes, …

    What is not said of a failure is none.
    """
    facts = {"refusal": None, "failed_in": None} | facts
    values = {name: json.dumps(value) if name in AS_JSON else value for name, value in facts.items()}
    marks = {name: f"CAST(:{name} AS jsonb)" if name in AS_JSON else f":{name}" for name in facts}
    changes = ", ".join(f"{name} = {mark}" for name, mark in marks.items())
    session.execute(
        text(f"UPDATE care_imports SET {changes} WHERE import_id = :id"), values | {"id": import_id}
    )


def confirm_import(session: Session, import_id: uuid.UUID, who: str) -> None:
    """Note who has a checked file imported."""
    session.execute(
        text(
            "UPDATE care_imports SET state = 'importing', confirmed_by = :who, confirmed_at = now()"
            " WHERE import_id = :id"
        ),
        {"id": import_id, "who": who},
    )


def newest(session: Session, limit: int, before: tuple[dt.datetime, uuid.UUID] | None = None) -> list[Row]:
    """The newest care files before one, by (imported_at, import_id), without what was found in them."""
    where = "" if before is None else " WHERE (imported_at, import_id) < (:at, :id)"
    values = {} if before is None else {"at": before[0], "id": before[1]}
    rows = session.execute(
        text(
            "SELECT import_id::text AS id, file_name, state, imported_by, imported_at, counts FROM care_imports"
            f"{where} ORDER BY imported_at DESC, import_id DESC LIMIT :limit"
        ),
        {"limit": limit, **values},
    )
    return [dict(row) for row in rows.mappings()]


def count_checked(session: Session) -> int:
    """How many files wait to be confirmed; a thousand at most."""
    query = "SELECT count(*) FROM (SELECT 1 FROM care_imports WHERE state = 'checked' LIMIT 1000) AS found"
    return session.scalar(text(query)) or 0


def errors_after(session: Session, import_id: uuid.UUID, after: int, limit: int) -> list[CareFault]:
    """A page of a file's errors, each with its position among them."""
    rows = session.execute(
        text(
            "SELECT e.value || jsonb_build_object('position', e.ordinality) FROM care_imports,"
            " jsonb_array_elements(errors) WITH ORDINALITY e"
            " WHERE import_id = :id AND errors IS NOT NULL AND e.ordinality > :after ORDER BY e.ordinality LIMIT :limit"
        ),
        {"id": import_id, "after": after, "limit": limit},
    )
    return list(rows.scalars())


def advice(session: Session, import_id: uuid.UUID, limit: int) -> list[CareAdvice]:
    """What is wrong with rows of a file, most rows first: code, column and number of rows."""
    rows = session.execute(
        text(
            "SELECT e ->> 'code' AS code, e ->> 'column' AS column, count(DISTINCT e ->> 'row') AS rows"
            " FROM care_imports, jsonb_array_elements(errors) e WHERE import_id = :id AND errors IS NOT NULL"
            " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT :limit"
        ),
        {"id": import_id, "limit": limit},
    )
    return [{"code": code, "column": column, "rows": number} for code, column, number in rows]
