"""Queries of matching on clients; a provider sees those of whom row-level security shows it a CPLI."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.matching.identifiers.rules import of_any_kind

Row = dict[str, Any]


FACTS = "client_id::text, ssref, client_ref, nhs_number, title, forename, surname, date_of_birth"


def find_client(session: Session, client_id: uuid.UUID | None, identifier: str) -> Row | None:
    """A client by its id (also that of one who was merged into it), else by an identifier: the one whose SSRef it is
    first, else who had it last.
    """
    for query in (_BY_ID, _BY_IDENTIFIER, _BY_FORMER):
        values = {"id": client_id, "one": identifier, "any": of_any_kind([identifier])}
        row = session.execute(text(query), values).mappings().first()
        if row is not None:
            return dict(row)
    return None


_BY_ID = f"""
WITH RECURSIVE stays AS (
    SELECT CAST(:id AS uuid) AS client_id
    UNION SELECT m.into_client_id FROM stays JOIN client_merges m USING (client_id)
) SELECT {FACTS} FROM clients JOIN stays USING (client_id)
"""
_BY_IDENTIFIER = f"""
SELECT {FACTS} FROM clients WHERE ssref = :one OR client_ref = :one OR nhs_number = :one
ORDER BY ssref = :one DESC NULLS LAST, client_ref = :one DESC NULLS LAST LIMIT 1
"""
_BY_FORMER = f"""
SELECT {FACTS} FROM clients JOIN client_identifiers USING (client_id) WHERE identifier = ANY(:any)
ORDER BY given DESC LIMIT 1
"""


def by_identifiers(session: Session, identifiers: Sequence[str]) -> list[Row]:
    """``value`` and names of the clients that these identifiers name, and that have care that the caller may see.

    What two clients have or had is the one's whose SSRef it is, else ClientRef; else who was given it last.
    """
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (substr(i.identifier, 3)) substr(i.identifier, 3) AS value, k.title, k.forename,"
            " k.surname FROM client_identifiers i JOIN clients k USING (client_id) WHERE i.identifier = ANY(:any)"
            " AND EXISTS (SELECT 1 FROM cplis c WHERE c.client_id = k.client_id)"
            " ORDER BY substr(i.identifier, 3), position(left(i.identifier, 1) IN 'SCN'), i.given DESC"
        ),
        {"any": of_any_kind(identifiers)},
    )
    return [dict(row) for row in rows.mappings()]


def weeks_of_client(session: Session, client_id: uuid.UUID, limit: int) -> list[Row]:
    """The newest weeks with visits of a client: how many, and how many of them have no match."""
    rows = session.execute(
        text(
            "SELECT monday, count(*) AS visits, count(reason) AS unmatched FROM visits"
            " WHERE client_id = :client AND NOT deleted GROUP BY monday ORDER BY monday DESC LIMIT :limit"
        ),
        {"client": client_id, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]
