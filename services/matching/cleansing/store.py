"""Queries of matching on clients' references; a provider's own care alone is looked at, whoever asks."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text

_NAMED = text("""
  SELECT i.identifier, bool_or(EXISTS (SELECT 1 FROM cplis c
    WHERE c.client_id = i.client_id AND c.organisation_id = :organisation)) AS is_own
  FROM client_identifiers i WHERE i.identifier = ANY(CAST(:identifiers AS text[])) GROUP BY i.identifier
""")
_CLIENTS = text("""
  SELECT coalesce(k.ssref, '') AS ssref, coalesce(k.client_ref, '') AS client_ref,
         coalesce(k.nhs_number, '') AS nhs_number, k.forename, k.surname
  FROM clients k WHERE k.client_id IN (SELECT client_id FROM cplis WHERE organisation_id = :organisation)
""")


def find_named(
    session: Session, organisation_id: uuid.UUID | str, identifiers: Collection[str]
) -> dict[str, bool]:
    """Which of these (``S:…``) name or named a client, and whether one who has or had care with the organisation."""
    rows = session.execute(_NAMED, {"organisation": organisation_id, "identifiers": array_text(identifiers)})
    return {row.identifier: row.is_own for row in rows}


def list_clients(session: Session, organisation_id: uuid.UUID | str) -> list[dict[str, Any]]:
    """References and names of the clients who have or had care with the organisation."""
    rows = session.execute(_CLIENTS, {"organisation": organisation_id})
    return [dict(row) for row in rows.mappings()]
