"""Queries of matching for doubts: a week's visits of an organisation's clients, found by client and week."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.matching.doubts.rules import HOSPITAL
from services.matching.matches.store import SELECT_VISITS, ReplicaVisit

WEEK_LOCK_CLASS = 4

Row = dict[str, Any]

# An index finds a client's week; there is none for a week of everybody, which would cost every import.
_CLIENTS = "SELECT DISTINCT client_id FROM cplis WHERE organisation_id = CAST(:organisation AS uuid)"


@dataclass(slots=True)
class OfClient:
    """What the replica holds of a client's week."""

    visits: list[ReplicaVisit] = field(default_factory=list)
    elsewhere: list[dt.date] = field(default_factory=list)


def lock_week(session: Session, monday: dt.date) -> None:
    """Look for a week's doubts once at a time: whoever draws a later version has looked later."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(:class, :week)"),
        {"class": WEEK_LOCK_CLASS, "week": monday.toordinal()},
    )


def organisations(session: Session) -> list[str]:
    """All organisations that care names."""
    return list(session.scalars(text("SELECT organisation_id::text FROM organisations ORDER BY 1")))


def week_of_organisation(session: Session, organisation_id: str, monday: dt.date) -> dict[str, OfClient]:
    """By client, the visits with the organisation, and the days of H visits with others."""
    asked = {"organisation": organisation_id, "monday": monday, "hospital": HOSPITAL}
    found: dict[str, OfClient] = defaultdict(OfClient)
    rows = session.execute(
        text(
            f"{SELECT_VISITS} WHERE client_id IN ({_CLIENTS}) AND monday = :monday AND NOT deleted"
            " AND organisation_id = CAST(:organisation AS uuid)"
        ),
        asked,
    )
    for row in rows:
        visit = ReplicaVisit(*row)
        found[str(visit.client_id)].visits.append(visit)
    others = session.execute(
        text(
            f"SELECT client_id::text, planned_on FROM visits WHERE client_id IN ({_CLIENTS}) AND monday = :monday"
            " AND NOT deleted AND visit_type = :hospital AND organisation_id <> CAST(:organisation AS uuid)"
        ),
        asked,
    )
    for client_id, day in others:
        if client_id in found:
            found[client_id].elsewhere.append(day)
    return found


def references(session: Session, client_ids: list[str]) -> dict[str, str]:
    """The reference by which each client is shown."""
    rows = session.execute(
        text(
            "SELECT client_id::text, coalesce(ssref, client_ref, nhs_number, '') FROM clients"
            " WHERE client_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"ids": client_ids},
    )
    return {row[0]: row[1] for row in rows}
