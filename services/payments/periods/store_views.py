"""Queries of payments for the faces; row-level security limits what a provider sees."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]
CpliWeek = tuple[int, dt.date]
OF_WHOM = (
    " AND (CAST(:organisation AS uuid) IS NULL OR l.organisation_id = CAST(:organisation AS uuid))"
    " AND (CAST(:contract AS text) IS NULL OR l.contract = :contract)"
)
# What of `item_lines` is payable in a period, each line with its item: items are read once, by their period.
_REMITTED_ITEM = (
    "i.item_id, i.organisation_id, i.contract, i.client_reference, i.kind, i.series, i.reason, i.monday,"
    " i.period_start AS posted_in"
)
REMITTED = (
    f"SELECT {_REMITTED_ITEM}, i.amount FROM items i WHERE i.period_start = :start"
    f" UNION ALL SELECT {_REMITTED_ITEM}, m.amount FROM moved_lines m JOIN items i USING (item_id)"
    " WHERE m.period_start = :start AND m.status = 'payable'"
)


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


def remittance(
    session: Session,
    start: dt.date,
    organisation_id: str | None,
    contract: str | None,
    *,
    is_summary: bool,
    after: int,
    limit: int,
) -> list[Row]:
    """RULES 8: one line a client, kind and reason of what is payable; groups that come to nothing are left out.

    A manual adjustment has a line of its own, dated as its period. A summary has no clients.
    """
    rows = session.execute(
        text(
            f"WITH lines AS ({REMITTED}) SELECT coalesce(o.name, l.organisation_id::text) AS organisation,"
            " CASE WHEN :is_summary THEN '' ELSE l.client_reference END AS client, l.kind,"
            " CASE WHEN l.series = 'income' THEN 'income' ELSE 'cost' END AS cost_or_income, l.reason,"
            " min(coalesce(l.monday, l.posted_in)) AS week_from,"
            " max(coalesce(l.monday + 6, l.posted_in + 27)) AS week_to, sum(l.amount) AS amount"
            " FROM lines l LEFT JOIN organisations o ON o.organisation_id = l.organisation_id"
            f" WHERE true{OF_WHOM}"
            " GROUP BY 1, 2, 3, 4, 5, CASE WHEN l.series = 'manual' THEN l.item_id END"
            " HAVING sum(l.amount) <> 0 ORDER BY 1, 2, 3, 4, 5, 6, max(l.item_id::text) OFFSET :after LIMIT :limit"
        ),
        {
            "start": start,
            "organisation": organisation_id,
            "contract": contract,
            "is_summary": is_summary,
            "after": after,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def period_totals(session: Session, start: dt.date, organisation_id: str | None, contract: str | None) -> Row:
    """Costs, deductions and what is payable in all, and what is not payable, of the whole period."""
    rows = session.execute(
        text(
            "SELECT coalesce(sum(amount) FILTER (WHERE status = 'payable' AND series <> 'income'), 0) AS cost,"
            " coalesce(sum(amount) FILTER (WHERE status = 'payable' AND series = 'income'), 0) AS income,"
            " coalesce(sum(amount) FILTER (WHERE status = 'payable'), 0) AS total,"
            " coalesce(sum(amount) FILTER (WHERE status <> 'payable'), 0) AS non_payable"
            f" FROM item_lines l WHERE period_start = :start{OF_WHOM}"
        ),
        {"start": start, "organisation": organisation_id, "contract": contract},
    )
    return dict(rows.mappings().one())


def not_paid(
    session: Session, start: dt.date, organisation_id: str | None, contract: str | None
) -> list[Row]:
    """How many items of a period are not payable and what they come to, by status."""
    rows = session.execute(
        text(
            "SELECT status, count(*) AS items, sum(amount) AS amount FROM ("
            " SELECT item_id, status, sum(amount) AS amount FROM item_lines l"
            f" WHERE period_start = :start AND status <> 'payable'{OF_WHOM}"
            " GROUP BY item_id, status HAVING sum(amount) <> 0) portions GROUP BY status ORDER BY status"
        ),
        {"start": start, "organisation": organisation_id, "contract": contract},
    )
    return [dict(row) for row in rows.mappings()]
