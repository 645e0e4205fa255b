"""Queries of payments on manual adjustments."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session


def insert_adjustment(session: Session, row: Mapping[str, Any]) -> bool:
    """Note a manual adjustment; False when this one was noted before."""
    noted = session.execute(
        text(
            "INSERT INTO manual_adjustments (adjustment_id, organisation_id, contract, cpli_id, client_reference,"
            " period_start, amount, reason, posted_by) VALUES (:adjustment_id, :organisation_id, :contract, :cpli_id,"
            " :client_reference, :period_start, :amount, :reason, :posted_by) ON CONFLICT DO NOTHING RETURNING true"
        ),
        dict(row),
    )
    return noted.first() is not None


def find_client(session: Session, organisation_id: str, client_reference: str) -> str | None:
    """The id of a client of this organisation, by the reference that items show."""
    found: str | None = session.scalar(
        text(
            "SELECT client_id::text FROM packages WHERE organisation_id = CAST(:organisation AS uuid)"
            " AND client_reference = :client ORDER BY start_on DESC, cpli_id LIMIT 1"
        ),
        {"organisation": organisation_id, "client": client_reference},
    )
    return found


def adjusted_size(session: Session, organisation_id: str, start: dt.date, *, but: str) -> Decimal:
    """The sizes of a provider's manual adjustments of a period, up and down, but for one: pounds."""
    found: Decimal = session.scalar(
        text(
            "SELECT coalesce(sum(abs(amount)), 0) FROM manual_adjustments WHERE period_start = :start"
            " AND organisation_id = CAST(:organisation AS uuid) AND adjustment_id <> CAST(:but AS uuid)"
        ),
        {"organisation": organisation_id, "start": start, "but": but},
    )
    return found
