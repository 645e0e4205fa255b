"""Queries of payments for the faces; row-level security limits what a provider sees."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]
CpliWeek = tuple[int, dt.date]


def weeks(session: Session, cpli_weeks: Sequence[CpliWeek]) -> dict[CpliWeek, Row]:
    """These weeks in money, with their visits, as far as they are priced."""
    rows = session.execute(
        text(
            "SELECT cpli_id, monday, organisation_id::text, visits, delivered_seconds, frustrated_seconds, actual,"
            " frustrated FROM weeks WHERE priced AND (cpli_id, monday) IN"
            " (SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[])))"
        ),
        {"cplis": [one for one, _ in cpli_weeks], "mondays": [monday for _, monday in cpli_weeks]},
    )
    return {(row["cpli_id"], row["monday"]): dict(row) for row in rows.mappings()}


def items(
    session: Session, start: dt.date, organisation_id: str | None, *, after: uuid.UUID | None, limit: int
) -> list[Row]:
    """A page of a period's items, client by client and week by week. An item is never deleted: `after` stays a place."""
    rows = session.execute(
        text(
            "SELECT i.item_id::text, o.name AS organisation, i.client_reference AS client, i.cpli_id,"
            " i.monday AS week, i.kind, i.amount, i.reason, i.contract, i.posted_at, i.explanation, p.terms"
            " FROM items i LEFT JOIN organisations o USING (organisation_id) LEFT JOIN packages p USING (cpli_id)"
            " WHERE i.period_start = :start AND (:is_first OR (i.client_reference, i.cpli_id, i.monday, i.ordinal, i.item_id) >"
            " (SELECT client_reference, cpli_id, monday, ordinal, item_id FROM items WHERE item_id = :after))"
            " AND (CAST(:organisation AS uuid) IS NULL OR i.organisation_id = CAST(:organisation AS uuid))"
            " ORDER BY i.client_reference, i.cpli_id, i.monday, i.ordinal, i.item_id LIMIT :limit"
        ),
        {
            "start": start,
            "organisation": organisation_id,
            "is_first": after is None,
            "after": after,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def remittance(
    session: Session, start: dt.date, organisation_id: str | None, *, after: int, limit: int
) -> list[Row]:
    """RULES 8: one line a client, kind and reason; groups that come to nothing are left out."""
    rows = session.execute(
        text(
            "SELECT coalesce(o.name, i.organisation_id::text) AS organisation, i.client_reference AS client, i.kind,"
            " CASE WHEN i.series = 'income' THEN 'income' ELSE 'cost' END AS cost_or_income, i.reason,"
            " min(i.monday) AS week_from, max(i.monday) + 6 AS week_to, sum(i.amount) AS amount"
            " FROM items i LEFT JOIN organisations o USING (organisation_id) WHERE i.period_start = :start"
            " AND (CAST(:organisation AS uuid) IS NULL OR i.organisation_id = CAST(:organisation AS uuid))"
            " GROUP BY 1, 2, 3, 4, 5 HAVING sum(i.amount) <> 0 ORDER BY 1, 2, 3, 4, 5 OFFSET :after LIMIT :limit"
        ),
        {"start": start, "organisation": organisation_id, "after": after, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def remittance_totals(session: Session, start: dt.date, organisation_id: str | None) -> Row:
    """Costs, deductions and what is remitted in all, of the whole period."""
    rows = session.execute(
        text(
            "SELECT coalesce(sum(amount) FILTER (WHERE series <> 'income'), 0) AS cost,"
            " coalesce(sum(amount) FILTER (WHERE series = 'income'), 0) AS income, coalesce(sum(amount), 0) AS total"
            " FROM items WHERE period_start = :start"
            " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
        ),
        {"start": start, "organisation": organisation_id},
    )
    return dict(rows.mappings().one())
