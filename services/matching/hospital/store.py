"""Queries of matching on hospital stays; row-level security limits what a provider sees."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]

HOSPITAL = "H"
"""The visit type of RULES 6 that is counted."""
MOST_CLIENTS = 2_000


def service(session: Session, organisation_id: uuid.UUID, folded_name: str) -> Row | None:
    """An organisation's service by its name, or a former one."""
    found = session.execute(
        text(
            "SELECT service_id::text, name, contract FROM services WHERE organisation_id = :organisation"
            " AND (folded_name = :name OR :name = ANY(former_names)) ORDER BY folded_name <> :name"
        ),
        {"organisation": organisation_id, "name": folded_name},
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def service_of_id(session: Session, organisation_id: uuid.UUID, service_id: uuid.UUID) -> Row | None:
    """An organisation's service by its id."""
    found = session.execute(
        text(
            "SELECT service_id::text, name, contract FROM services"
            " WHERE organisation_id = :organisation AND service_id = :id"
        ),
        {"organisation": organisation_id, "id": service_id},
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def service_names(session: Session, service_ids: Sequence[uuid.UUID]) -> dict[str, str]:
    """The present names of these services; row-level security hides those of others."""
    rows = session.execute(
        text("SELECT service_id::text, name FROM services WHERE service_id = ANY(:ids)"),
        {"ids": list(service_ids)},
    )
    return {row.service_id: row.name for row in rows}


def clients_of_service(session: Session, service_id: str) -> list[Row]:
    """Whoever has or had care of this service; by surname."""
    rows = session.execute(
        text(
            "SELECT k.client_id::text, k.ssref, k.client_ref, k.nhs_number, k.title, k.forename, k.surname"
            " FROM clients k WHERE EXISTS (SELECT 1 FROM cplis c WHERE c.client_id = k.client_id"
            "  AND c.service_id = CAST(:service AS uuid)) ORDER BY k.surname, k.forename, k.client_id LIMIT :limit"
        ),
        {"service": service_id, "limit": MOST_CLIENTS},
    )
    return [dict(row) for row in rows.mappings()]


def hospital_visits(
    session: Session, organisation_id: uuid.UUID, client_id: str, first_on: dt.date, last_on: dt.date
) -> list[Row]:
    """A client's H visits with an organisation that are planned between two days, with the service of their match."""
    rows = session.execute(
        text(
            "SELECT v.visit_ref, v.planned_on, (v.planned_exit - v.planned_entry + 86400) % 86400 AS seconds,"
            " v.cpli_id, c.service_id::text FROM visits v LEFT JOIN cplis c USING (cpli_id)"
            " WHERE v.client_id = CAST(:client AS uuid) AND v.organisation_id = :organisation AND NOT v.deleted"
            " AND v.visit_type = :hospital AND v.planned_on BETWEEN :first AND :last"
            " AND v.monday BETWEEN CAST(:first AS date) - 6 AND :last ORDER BY v.planned_on, v.planned_entry, v.visit_ref"
        ),
        {
            "organisation": organisation_id,
            "client": client_id,
            "hospital": HOSPITAL,
            "first": first_on,
            "last": last_on,
        },
    )
    return [dict(row) for row in rows.mappings()]


def first_delivered(
    session: Session, organisation_id: uuid.UUID, client_id: str, since: dt.date
) -> dt.date | None:
    """The day of the first visit that an organisation delivered to a client from a day on."""
    found: dt.date | None = session.scalar(
        text(
            "SELECT min(v.planned_on) FROM visits v JOIN visit_types t ON t.ref = v.visit_type AND t.delivered"
            " WHERE v.client_id = CAST(:client AS uuid) AND v.organisation_id = :organisation AND NOT v.deleted"
            " AND v.planned_on >= :since AND v.monday >= CAST(:since AS date) - 6"
        ),
        {"organisation": organisation_id, "client": client_id, "since": since},
    )
    return found


def packages(session: Session, organisation_id: uuid.UUID, client_id: str) -> list[Row]:
    """A client's CPLIs with an organisation, the latest begun first."""
    rows = session.execute(
        text(
            "SELECT cpli_id, service_id::text, service_level, unit, frequency, start_on, end_on FROM cplis"
            " WHERE client_id = CAST(:client AS uuid) AND organisation_id = :organisation"
            " ORDER BY start_on DESC, cpli_id DESC"
        ),
        {"organisation": organisation_id, "client": client_id},
    )
    return [dict(row) for row in rows.mappings()]
