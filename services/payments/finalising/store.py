"""Queries of payments that finalise a period, and keep what it held."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

KEEP_SUMS = """
    INSERT INTO closed_sums (period_start, contract, organisation_id, payable, deductions, non_payable, items)
    SELECT period_start, contract, organisation_id,
        coalesce(sum(amount) FILTER (WHERE status = 'payable' AND series <> 'income'), 0),
        coalesce(sum(amount) FILTER (WHERE status = 'payable' AND series = 'income'), 0),
        coalesce(sum(amount) FILTER (WHERE status <> 'payable'), 0), sum(posted)
    FROM item_lines WHERE period_start > :after AND period_start <= :through GROUP BY 1, 2, 3
"""


KEEP_CHARGES = """
    INSERT INTO closed_charges (period_start, amount) SELECT period_start, sum(amount) FROM charges
    WHERE period_start > :after AND period_start <= :through GROUP BY 1
"""


def keep_sums(session: Session, after: dt.date | None, through: dt.date) -> None:
    """Keep what periods hold that were finalised for all just now: they keep their totals for good."""
    span = {"after": after or dt.date.min, "through": through}
    for statement in (KEEP_SUMS, KEEP_CHARGES):
        session.execute(text(statement), span)


def insert_finalisation(session: Session, start: dt.date, contract: str | None, who: str) -> None:
    """Note that a period, and with it every earlier one, is finalised."""
    session.execute(
        text(
            "INSERT INTO finalisations (contract, period_start, finalised_by) VALUES (:contract, :start, :who)"
            " ON CONFLICT DO NOTHING"
        ),
        {"contract": contract or "", "start": start, "who": who},
    )


def totals_by_organisation(session: Session, start: dt.date, contract: str | None) -> list[dict[str, Any]]:
    """What a period holds for each organisation: items and pounds posted into it, payable and not, deductions included."""
    rows = session.execute(
        text(
            "SELECT organisation_id::text, sum(posted) AS items,"
            " coalesce(sum(amount) FILTER (WHERE posted = 1), 0)::numeric(20, 2) AS posted,"
            " coalesce(sum(amount) FILTER (WHERE status = 'payable'), 0)::numeric(20, 2) AS payable,"
            " coalesce(sum(amount) FILTER (WHERE status <> 'payable'), 0)::numeric(20, 2) AS non_payable FROM item_lines"
            " WHERE period_start = :start AND (CAST(:contract AS text) IS NULL OR contract = :contract)"
            " GROUP BY organisation_id ORDER BY organisation_id"
        ),
        {"start": start, "contract": contract},
    )
    return [dict(row) for row in rows.mappings()]


def sums_after(session: Session, start: dt.date | None) -> Sequence[Any]:
    """What is payable of each organisation, period and contract, of the periods after ``start`` (None: of all)."""
    return session.execute(
        text(
            "SELECT l.organisation_id::text, coalesce(max(o.name), '') AS name, l.period_start AS start,"
            " l.contract, count(*) AS items,"
            " coalesce(sum(l.amount) FILTER (WHERE l.series <> 'income'), 0)::numeric(20, 2) AS cost,"
            " coalesce(sum(l.amount) FILTER (WHERE l.series = 'income'), 0)::numeric(20, 2) AS deductions"
            " FROM (SELECT organisation_id, period_start, contract, series, item_id, sum(amount) AS amount"
            "  FROM item_lines WHERE period_start > :start AND status = 'payable'"
            "  GROUP BY 1, 2, 3, 4, 5 HAVING sum(amount) <> 0) l"
            " LEFT JOIN organisations o USING (organisation_id)"
            " GROUP BY l.organisation_id, l.period_start, l.contract ORDER BY 1, 3, 4"
        ),
        {"start": start or dt.date.min},
    ).all()
