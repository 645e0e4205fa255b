"""Queries of matching on clients' circumstances. Each change is a new version; the newest one counts."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.matching.care.store import NEWEST_CIRCUMSTANCES

CLIENT_LOCK_CLASS = 3
COLUMNS = (
    "circumstance_id::text, client_id::text, kind, from_on, to_on, note, withdrawn, changed_by, changed_at"
)

Row = dict[str, Any]


def lock_client(session: Session, client_id: uuid.UUID) -> None:
    """Change one client's circumstances at a time."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(:class, hashtext(:client))"),
        {"class": CLIENT_LOCK_CLASS, "client": str(client_id)},
    )


def save(session: Session, facts: Mapping[str, Any]) -> None:
    """A new circumstance, or a new version of one: all that it says now."""
    session.execute(
        text(
            "INSERT INTO client_circumstances (circumstance_id, version, client_id, kind, from_on, to_on, note,"
            " withdrawn, changed_by) VALUES (:circumstance_id, nextval('version'), :client_id, :kind, :from_on,"
            " :to_on, :note, :withdrawn, :changed_by)"
        ),
        dict(facts),
    )


def find_circumstance(session: Session, circumstance_id: uuid.UUID) -> Row | None:
    """A circumstance as it stands, or None."""
    newest = NEWEST_CIRCUMSTANCES.format(where=" WHERE circumstance_id = :id")
    found = (
        session.execute(text(f"SELECT {COLUMNS} FROM ({newest}) c"), {"id": circumstance_id})
        .mappings()
        .first()
    )
    return dict(found) if found else None


def standing_of_client(session: Session, client_id: str | uuid.UUID) -> list[Row]:
    """A client's circumstances that were not withdrawn."""
    newest = NEWEST_CIRCUMSTANCES.format(where=" WHERE client_id = :id")
    rows = session.execute(text(f"SELECT {COLUMNS} FROM ({newest}) c WHERE NOT withdrawn"), {"id": client_id})
    return [dict(row) for row in rows.mappings()]


def versions_of_client(session: Session, client_id: str, limit: int) -> list[Row]:
    """All that was ever said of a client's circumstances, newest first."""
    rows = session.execute(
        text(
            f"SELECT {COLUMNS} FROM client_circumstances WHERE client_id = :id ORDER BY version DESC LIMIT :limit"
        ),
        {"id": client_id, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def running_on(session: Session, day: dt.date, limit: int) -> list[Row]:
    """The circumstances of all clients that hold on a day, those that began last first, with names."""
    newest = NEWEST_CIRCUMSTANCES.format(where=" WHERE from_on <= :day")
    rows = session.execute(
        text(
            "SELECT c.circumstance_id::text, c.client_id::text, c.kind, c.from_on, c.to_on, k.ssref, k.client_ref,"
            f" k.nhs_number, k.title, k.forename, k.surname FROM ({newest}) c JOIN clients k USING (client_id)"
            " WHERE NOT c.withdrawn AND (c.to_on IS NULL OR c.to_on >= :day)"
            " ORDER BY c.from_on DESC, c.circumstance_id LIMIT :limit"
        ),
        {"day": day, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def care_of_client(session: Session, client_id: uuid.UUID) -> list[tuple[int, str, str]]:
    """(CpliId, organisation, contract) of the client's care package line items."""
    rows = session.execute(
        text(
            "SELECT c.cpli_id, c.organisation_id::text, s.contract FROM cplis c JOIN services s USING (service_id)"
            " WHERE c.client_id = :id ORDER BY c.cpli_id"
        ),
        {"id": client_id},
    )
    return [(cpli_id, organisation_id, contract) for cpli_id, organisation_id, contract in rows]


def is_client(session: Session, client_id: uuid.UUID) -> bool:
    """Whether there is such a client."""
    return session.scalar(text("SELECT true FROM clients WHERE client_id = :id"), {"id": client_id}) is True
