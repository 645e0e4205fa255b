"""Queries of matching on merging two clients (RULES 2). The care lock is held exclusively where one writes."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]

FACTS = ("ssref", "client_ref", "nhs_number", "title", "forename", "surname", "date_of_birth")
_COLUMNS = f"client_id::text, {', '.join(FACTS)}"


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
