"""Queries of matching on one care package line item; row-level security limits what a provider sees."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

MOST_CHOICES = 500

Row = dict[str, Any]


def services(session: Session, organisation_id: str | None) -> list[str]:
    """The names of an organisation's services, or of all that the caller may see."""
    return list(
        session.scalars(
            text(
                "SELECT DISTINCT name FROM services WHERE CAST(:organisation AS uuid) IS NULL"
                " OR organisation_id = CAST(:organisation AS uuid) ORDER BY name LIMIT :limit"
            ),
            {"organisation": organisation_id, "limit": MOST_CHOICES},
        )
    )


def service_levels(session: Session) -> list[str]:
    """The names of all service levels."""
    return list(
        session.scalars(
            text("SELECT name FROM service_levels ORDER BY name LIMIT :limit"), {"limit": MOST_CHOICES}
        )
    )


def weeks(session: Session, cpli_id: int, client_id: str, limit: int) -> list[tuple[dt.date, int]]:
    """The newest weeks with visits that match a CPLI of this client: (Monday, number of visits)."""
    rows = session.execute(
        text(
            "SELECT monday, count(*) FROM visits WHERE client_id = :client AND cpli_id = :id AND NOT deleted"
            " GROUP BY monday ORDER BY monday DESC LIMIT :limit"
        ),
        {"client": client_id, "id": cpli_id, "limit": limit},
    )
    return [(monday, count) for monday, count in rows]


def history(session: Session, cpli_id: int, limit: int) -> list[Row]:
    """The newest care rows that changed a CPLI, newest first, with who imported them when."""
    rows = session.execute(
        text(
            "SELECT care_row, imported_by, imported_at FROM cpli_history WHERE cpli_id = :id"
            " ORDER BY entry_id DESC LIMIT :limit"
        ),
        {"id": cpli_id, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def last_rows(session: Session, cpli_ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
    """The care row by which each of these CPLIs stands."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (cpli_id) cpli_id, care_row FROM cpli_history WHERE cpli_id = ANY(:ids)"
            " ORDER BY cpli_id, entry_id DESC"
        ),
        {"ids": list(cpli_ids)},
    )
    return {row.cpli_id: row.care_row for row in rows}


def services_of(session: Session, organisation_id: str, day: dt.date, limit: int) -> list[Row]:
    """The services of an organisation, with how many line items of each run on a day or later."""
    rows = session.execute(
        text(
            "SELECT s.contract, s.name AS service, count(c.cpli_id) AS line_items FROM services s"
            " LEFT JOIN cplis c ON c.service_id = s.service_id AND (c.end_on IS NULL OR c.end_on >= :day)"
            " WHERE s.organisation_id = CAST(:organisation AS uuid)"
            " GROUP BY s.service_id, s.contract, s.name ORDER BY s.contract, s.name LIMIT :limit"
        ),
        {"organisation": organisation_id, "day": day, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]
