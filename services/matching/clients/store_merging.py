"""Queries of matching on merging two clients (RULES 2). The care lock is held exclusively where one writes."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.matching.clients.rules import of_any_kind

Row = dict[str, Any]

FACTS = ("ssref", "client_ref", "nhs_number", "title", "forename", "surname", "date_of_birth")
_COLUMNS = f"client_id::text, {', '.join(FACTS)}"


def client(session: Session, client_id: str) -> Row | None:
    """A client that was not merged, or None."""
    found = session.execute(text(f"SELECT {_COLUMNS} FROM clients WHERE client_id = :id"), {"id": client_id})
    row = found.mappings().first()
    return None if row is None else dict(row)


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


def all_merges(session: Session, client_ids: Collection[str] | None = None) -> list[Row]:
    """Every merge, or those of these clients, as ``care_changed`` says it: who was merged, and into whom."""
    rows = session.execute(
        text(
            "SELECT client_id::text, into_client_id::text FROM client_merges"
            " WHERE CAST(:ids AS uuid[]) IS NULL OR client_id = ANY(CAST(:ids AS uuid[])) ORDER BY version"
        ),
        {"ids": None if client_ids is None else array_text(client_ids)},
    )
    return [dict(row) for row in rows.mappings()]


def cplis_of(session: Session, client_id: str) -> list[tuple[int, str]]:
    """(CpliId, organisation) of a client's care package line items."""
    rows = session.execute(
        text("SELECT cpli_id, organisation_id::text FROM cplis WHERE client_id = :id ORDER BY cpli_id"),
        {"id": client_id},
    )
    return [(cpli_id, organisation_id) for cpli_id, organisation_id in rows]


def note(
    session: Session, client_id: str, into: str, client: Mapping[str, Any], reason: str, who: str
) -> None:
    """Note that a client was merged, and what was known of it."""
    session.execute(
        text(
            "INSERT INTO client_merges (client_id, into_client_id, version, client, reason, merged_by)"
            " VALUES (:id, :into, nextval('version'), CAST(:client AS jsonb), :reason, :who)"
        ),
        {
            "id": client_id,
            "into": into,
            "client": json.dumps(client, default=str),
            "reason": reason,
            "who": who,
        },
    )


def move_all(session: Session, client_id: str, into: str, *, who: str) -> None:
    """Give all that is a client's to another: care, identifiers, circumstances. The client is no more."""
    for statement in (_CPLIS, _IDENTIFIERS, _CIRCUMSTANCES, _CLIENT):
        session.execute(text(statement), {"id": client_id, "into": into, "who": who})


_CPLIS = "UPDATE cplis SET client_id = :into, version = nextval('version') WHERE client_id = :id"
_IDENTIFIERS = "UPDATE client_identifiers SET client_id = :into, is_merged = true WHERE client_id = :id"
# A circumstance is never changed: a new version of it is the other client's.
_CIRCUMSTANCES = """
INSERT INTO client_circumstances (circumstance_id, version, client_id, kind, from_on, to_on, note, withdrawn, changed_by)
SELECT circumstance_id, nextval('version'), :into, kind, from_on, to_on, note, withdrawn, :who FROM (
    SELECT DISTINCT ON (circumstance_id) * FROM client_circumstances WHERE client_id = :id
    ORDER BY circumstance_id, version DESC
) newest
"""
# What the one that stays has not, it has from the other; all else of it are former identifiers.
_CLIENT = """
WITH merged AS (DELETE FROM clients WHERE client_id = :id RETURNING *)
UPDATE clients k SET ssref = coalesce(k.ssref, merged.ssref), client_ref = coalesce(k.client_ref, merged.client_ref),
    nhs_number = coalesce(k.nhs_number, merged.nhs_number), date_of_birth = coalesce(k.date_of_birth, merged.date_of_birth)
FROM merged WHERE k.client_id = :into
"""
