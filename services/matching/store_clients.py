"""Queries of matching on clients; a provider sees those of whom row-level security shows it a CPLI."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]


def by_identifiers(session: Session, identifiers: Sequence[str]) -> list[Row]:
    """Identifiers and names of the clients that are known by any of these, and have care that the caller may see."""
    rows = session.execute(
        text(
            "SELECT k.ssref, k.client_ref, k.nhs_number, k.title, k.forename, k.surname FROM clients k"
            " WHERE (k.ssref = ANY(:asked) OR k.client_ref = ANY(:asked) OR k.nhs_number = ANY(:asked))"
            " AND EXISTS (SELECT 1 FROM cplis c WHERE c.client_id = k.client_id)"
        ),
        {"asked": list(identifiers)},
    )
    return [dict(row) for row in rows.mappings()]
