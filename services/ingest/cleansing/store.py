"""Queries of ingest on what rows name; row-level security limits what a provider sees."""

import datetime as dt
import uuid
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.ingest.cleansing.rules import CARERS, CLIENTS, LEVELS, SERVICES, Named, RejectedCell


class Rows(NamedTuple):
    """Whose rows: those of a file, or those that are planned between two days."""

    organisation_id: uuid.UUID
    file_id: uuid.UUID | None
    first: dt.date | None
    last: dt.date | None


_CLIENT = "coalesce(nullif({0}.ssref, ''), nullif({0}.client_ref, ''), {0}.nhs_number, '')"
_MARK = "CASE WHEN {0}.ssref <> '' THEN 'S' WHEN {0}.client_ref <> '' THEN 'C' WHEN {0}.nhs_number <> '' THEN 'N' ELSE '' END"
_SERVICE = "coalesce(nullif({0}.service_name, ''), {0}.service_ref, '')"
_FACTS = (
    f"{_CLIENT} AS client, {_MARK} AS mark, {{0}}.service_level AS level, {_SERVICE} AS service,"
    " coalesce({0}.service_ref, '') AS service_ref, {0}.carer_ref AS carer"
)
_BETWEEN = "{0}.planned_on BETWEEN CAST(:first AS date) AND CAST(:last AS date)"

# Rows that are stored as visits, and those of checked files that are still to be confirmed: of a file all of its rows.
_ACCEPTED = f"""
  SELECT v.visit_ref, v.planned_on, v.file_id, NULL::bigint AS row_number, true AS is_stored, {_FACTS.format("v")}
  FROM visits v WHERE v.organisation_id = :organisation AND NOT v.deleted AND {{stored}}
  UNION ALL
  SELECT s.visit_ref, s.planned_on, s.file_id, s.row_number, false, {_FACTS.format("s")}
  FROM staged_visits s JOIN visits_files f USING (file_id)
  WHERE f.organisation_id = :organisation AND s.action <> 'deleted' AND {{staged}}
"""
# Of files that are tried one after the other, the newest row of a visit counts.
_TRIED_AGAIN = """EXISTS (SELECT 1 FROM staged_visits a JOIN visits_files n USING (file_id)
   WHERE CAST(:file AS uuid) IS NULL AND n.organisation_id = :organisation AND n.state = 'checked'
    AND n.uploaded_at > f.uploaded_at AND a.visit_ref = {0}.visit_ref AND {0}.visit_ref <> '')"""
_OF_DAYS = _ACCEPTED.format(
    stored=_BETWEEN.format("v"),
    staged=f"f.state = 'checked' AND {_BETWEEN.format('s')} AND NOT {_TRIED_AGAIN.format('s')}",
)
_OF_FILE = _ACCEPTED.format(stored="v.file_id = :file", staged="s.file_id = :file")

# Rows that were rejected, and whose visit was not stored since.
_REJECTED = f"""
  FROM visits_files f JOIN file_errors e USING (file_id)
  WHERE f.organisation_id = :organisation AND e.is_rejection
   AND (CASE WHEN CAST(:file AS uuid) IS NULL THEN f.state IN ('checked', 'applied') ELSE f.file_id = :file END)
   AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.organisation_id = f.organisation_id
        AND v.visit_ref = e.visit_ref AND e.visit_ref <> '' AND v.changed_at > f.uploaded_at)
   AND NOT {_TRIED_AGAIN.format("e")}
"""
# A file can't hold delivered visits of days to come, so what is older than the first day is not looked at.
_SINCE = " AND (CAST(:first AS date) IS NULL OR f.uploaded_at >= CAST(:first AS date))"


def count_named(session: Session, rows: Rows) -> list[tuple[Named, int]]:
    """What accepted rows name, each with the number of visits."""
    accepted = _OF_DAYS if rows.file_id is None else _OF_FILE
    found = session.execute(
        text(
            f"WITH accepted AS ({accepted}) SELECT grouping(client), grouping(level), grouping(service),"
            " client, mark, level, service, service_ref, carer, count(DISTINCT visit_ref) AS number FROM accepted"
            " GROUP BY GROUPING SETS ((client, mark), (level), (service, service_ref), (carer))"
        ),
        _values(rows),
    )
    named: list[tuple[Named, int]] = []
    for no_client, no_level, no_service, client, mark, level, service, service_ref, carer, number in found:
        if not no_client:
            one = Named(CLIENTS, client or "", mark)
        elif not no_level:
            one = Named(LEVELS, level or "")
        elif not no_service:
            one = Named(SERVICES, service or "", service_ref)
        else:
            one = Named(CARERS, carer or "")
        if one.written:
            named.append((one, number))
    return named


def list_rejected(session: Session, rows: Rows, limit: int) -> list[RejectedCell]:
    """The reasons of rejected rows, the newest file first; at most so many."""
    found = session.execute(
        text(
            "SELECT coalesce(nullif(e.visit_ref, ''), f.file_id::text || ' ' || e.row_number), f.file_id::text,"
            f" e.column_name, e.value, e.client, e.planned_date {_REJECTED}{_SINCE} ORDER BY f.uploaded_at DESC, e.position LIMIT :limit"
        ),
        {**_values(rows), "limit": limit},
    )
    return [RejectedCell(*row) for row in found]


def list_accepted_naming(
    session: Session, rows: Rows, kind: str, written: str, limit: int
) -> list[dict[str, Any]]:
    """The accepted rows that name this, by planned date."""
    accepted = _OF_DAYS if rows.file_id is None else _OF_FILE
    column = {CLIENTS: "client", LEVELS: "level", SERVICES: "service", CARERS: "carer"}[kind]
    found = session.execute(
        text(
            f"WITH accepted AS ({accepted}) SELECT a.visit_ref, a.planned_on, a.is_stored, a.row_number,"
            " a.file_id::text, coalesce(f.file_name, '') AS file_name FROM accepted a LEFT JOIN visits_files f USING (file_id)"
            f" WHERE a.{column} = :written ORDER BY a.planned_on, a.visit_ref, a.is_stored DESC LIMIT :limit"
        ),
        {**_values(rows), "written": written, "limit": limit},
    )
    return [dict(row) for row in found.mappings()]


def list_rejected_naming(
    session: Session, rows: Rows, kind: str, columns: list[str], written: str, limit: int
) -> list[dict[str, Any]]:
    """The rejected rows that name this, each once with its first reason, the newest file first."""
    condition = (
        "e.client = :written" if kind == CLIENTS else "e.column_name = ANY(:columns) AND e.value = :written"
    )
    found = session.execute(
        text(
            "SELECT * FROM (SELECT DISTINCT ON (f.file_id, e.row_number) f.uploaded_at, e.row_number, e.visit_ref,"
            " e.planned_date, e.message, f.file_id::text, f.file_name"
            f" {_REJECTED}{_SINCE} AND {condition} ORDER BY f.file_id, e.row_number, e.position) AS found"
            " ORDER BY uploaded_at DESC, row_number LIMIT :limit"
        ),
        {**_values(rows), "columns": columns, "written": written, "limit": limit},
    )
    return [dict(row) for row in found.mappings()]


def _values(rows: Rows) -> dict[str, Any]:
    return {
        "organisation": rows.organisation_id,
        "file": rows.file_id,
        "first": rows.first,
        "last": rows.last,
    }
