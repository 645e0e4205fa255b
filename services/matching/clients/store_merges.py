"""Queries of matching on who was merged into whom (RULES 2)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.matching.events import MergedClient
from libs.common.sql.columns import array_text
from services.matching.identifiers.rules import of_any_kind

Row = dict[str, Any]


def merge_of(session: Session, written: str, client_id: str) -> Row | None:
    """The merge by which one who is written by its id or an identifier it had came to be a client, or None."""
    rows = session.execute(
        text(
            "WITH RECURSIVE one AS (SELECT CAST(:into AS uuid) AS client_id UNION"
            " SELECT m.client_id FROM one JOIN client_merges m ON m.into_client_id = one.client_id)"
            " SELECT m.client_id::text, m.client, m.reason, m.merged_by FROM client_merges m JOIN one USING (client_id)"
            " WHERE m.client_id::text = lower(:written) OR EXISTS ("
            "SELECT 1 FROM jsonb_array_elements_text(m.client -> 'identifiers') i WHERE i = ANY(:identifiers))"
            " ORDER BY m.version DESC LIMIT 1"
        ),
        {"into": client_id, "written": written, "identifiers": of_any_kind([written])},
    )
    row = rows.mappings().first()
    return None if row is None else dict(row)


def merged_ids(session: Session, client_id: str) -> list[str]:
    """The ids of all who were merged into a client, at once or by way of another."""
    rows = session.scalars(
        text(
            "WITH RECURSIVE one AS (SELECT CAST(:into AS uuid) AS client_id UNION"
            " SELECT m.client_id FROM one JOIN client_merges m ON m.into_client_id = one.client_id)"
            " SELECT client_id::text FROM one WHERE client_id <> CAST(:into AS uuid) ORDER BY 1"
        ),
        {"into": client_id},
    )
    return list(rows)


def merges_into(session: Session, client_id: str) -> list[Row]:
    """Whoever was merged into a client, the newest first: what was known of each, and who merged it when and why."""
    rows = session.execute(
        text(
            "SELECT client_id::text, client, reason, merged_by, merged_at FROM client_merges"
            " WHERE into_client_id = CAST(:id AS uuid) ORDER BY version DESC"
        ),
        {"id": client_id},
    )
    return [dict(row) for row in rows.mappings()]


def all_merges(session: Session, client_ids: Collection[str] | None = None) -> list[MergedClient]:
    """Every merge, or those of these clients, as ``care_changed`` says it: who was merged, and into whom."""
    rows = session.execute(
        text(
            "SELECT client_id::text, into_client_id::text FROM client_merges"
            " WHERE CAST(:ids AS uuid[]) IS NULL OR client_id = ANY(CAST(:ids AS uuid[])) ORDER BY version"
        ),
        {"ids": None if client_ids is None else array_text(client_ids)},
    )
    return [{"client_id": client_id, "into_client_id": into} for client_id, into in rows]
