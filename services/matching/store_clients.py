"""Queries of matching on clients; a provider sees those of whom row-level security shows it a CPLI."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]


FACTS = "client_id::text, ssref, client_ref, nhs_number, title, forename, surname, date_of_birth"


def exists(session: Session, client_id: uuid.UUID) -> bool:
    """Whether there is such a client."""
    return session.scalar(text("SELECT true FROM clients WHERE client_id = :id"), {"id": client_id}) is True


def one(session: Session, client_id: uuid.UUID | None, identifier: str) -> Row | None:
    """A client by its id, else by an identifier: the one whose SSRef it is first."""
    found = session.execute(
        text(
            f"SELECT {FACTS} FROM clients WHERE client_id = :id OR ssref = :one OR client_ref = :one"
            " OR nhs_number = :one ORDER BY client_id = :id DESC, ssref = :one DESC NULLS LAST,"
            " client_ref = :one DESC NULLS LAST LIMIT 1"
        ),
        {"id": client_id, "one": identifier},
    )
    row = found.mappings().first()
    return dict(row) if row else None


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
