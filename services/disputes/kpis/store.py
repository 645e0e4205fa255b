"""Queries for the page of KPIs; row-level security limits cases to what the caller may see."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]

# By the index cases_of_organisation. The first message is of whoever raised the case.
_RAISED = text(
    "SELECT c.case_id, c.number, c.subject, c.state, c.opened_at,"
    " (SELECT min(m.said_at) FROM messages m WHERE m.case_id = c.case_id AND m.side <> :side) AS answered_at"
    " FROM cases c WHERE c.organisation_id = :organisation_id AND c.kind = :kind"
    " AND c.opened_at >= :begin AND c.opened_at < :end"
    " AND EXISTS (SELECT 1 FROM messages m WHERE m.case_id = c.case_id AND m.ordinal = 1 AND m.side = :side)"
    " ORDER BY c.opened_at, c.number LIMIT :most"
)


def list_raised(
    session: Session,
    organisation_id: uuid.UUID,
    kind: str,
    *,
    side: str,
    begin: dt.datetime,
    end: dt.datetime,
    most: int,
) -> list[Row]:
    """The cases of a kind that a side raised from one moment to before another, with the other side's first answer."""
    asked = {"organisation_id": organisation_id, "kind": kind, "side": side}
    rows = session.execute(_RAISED, asked | {"begin": begin, "end": end, "most": most})
    return [dict(row) for row in rows.mappings()]


def list_spans(session: Session) -> list[Row]:
    """All that was ever set of spans, the newest first."""
    rows = session.execute(
        text("SELECT months, first_month, set_by, set_at FROM kpi_spans ORDER BY change_id DESC")
    )
    return [dict(row) for row in rows.mappings()]


def insert_span(session: Session, *, months: int, first_month: int, set_by: str, now: dt.datetime) -> None:
    """Have spans be so from now on; what was set before is kept."""
    session.execute(
        text(
            "INSERT INTO kpi_spans (months, first_month, set_by, set_at)"
            " VALUES (:months, :first_month, :set_by, :now)"
        ),
        {"months": months, "first_month": first_month, "set_by": set_by, "now": now},
    )
