"""Queries of remittances: what is paid to organisations in a period (RULES 8, 15)."""

import datetime as dt
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.periods.store_views import of_whom

Row = dict[str, Any]

# What of `item_lines` is payable in a period, each line with its item: items are read once, by their period.
_ITEM = (
    "i.item_id, i.organisation_id, i.contract, i.client_reference, i.cpli_id, i.kind, i.series, i.reason, i.monday,"
    " i.period_start AS posted_in"
)
_REMITTED = (
    f"SELECT {_ITEM}, i.amount FROM items i WHERE i.period_start = :start"
    f" UNION ALL SELECT {_ITEM}, m.amount FROM moved_lines m JOIN items i USING (item_id)"
    " WHERE m.period_start = :start AND m.status = 'payable'"
)
# One line a client, kind and reason of a service (which is of one contract); a manual adjustment is a line of its own,
# dated as its period. A package that went to another organisation doesn't say what this one was paid for.
_LINES = (
    "SELECT l.organisation_id::text, coalesce(o.name, l.organisation_id::text) AS organisation,"
    " coalesce(p.service, '') AS service, l.contract, l.client_reference AS client, l.kind,"
    " CASE WHEN l.series = 'income' THEN 'income' ELSE 'cost' END AS cost_or_income, l.reason,"
    " CASE WHEN l.series = 'manual' THEN l.item_id::text END AS single, max(l.item_id::text) AS last_item,"
    " min(coalesce(l.monday, l.posted_in)) AS week_from, max(coalesce(l.monday + 6, l.posted_in + 27)) AS week_to,"
    " sum(l.amount) AS amount, 1 AS lines"
    f" FROM ({_REMITTED}) l LEFT JOIN organisations o ON o.organisation_id = l.organisation_id"
    " LEFT JOIN packages p ON p.cpli_id = l.cpli_id AND p.organisation_id = l.organisation_id"
    " WHERE true{of_whom} GROUP BY l.organisation_id, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(l.amount) <> 0"
)
_SUMMARY = (
    "SELECT organisation_id, organisation, service, contract, '' AS client, kind, cost_or_income, reason, single,"
    " max(last_item) AS last_item, min(week_from) AS week_from, max(week_to) AS week_to, sum(amount) AS amount,"
    f" sum(lines) AS lines FROM ({_LINES}) each GROUP BY 1, 2, 3, 4, 6, 7, 8, 9 HAVING sum(amount) <> 0"
)
_IN_ORDER = (
    "organisation, organisation_id, service = '', service, contract, client, kind, cost_or_income, reason, week_from,"
    " last_item"
)
# With each last line of a service, and of an organisation, what all of its lines come to.
_WITH_SUBTOTALS = (
    "SELECT *, CASE WHEN lead((organisation_id, service)) OVER in_order IS DISTINCT FROM (organisation_id, service)"
    "  THEN sum(amount) OVER (PARTITION BY organisation_id, service) END AS service_total,"
    " CASE WHEN lead(organisation_id) OVER in_order IS DISTINCT FROM organisation_id"
    "  THEN sum(amount) OVER (PARTITION BY organisation_id) END AS organisation_total"
    f" FROM ({{lines}}) found WINDOW in_order AS (ORDER BY {_IN_ORDER})"
    f" ORDER BY {_IN_ORDER} OFFSET :after LIMIT :limit"
)
# Pounds by organisation and contract, and when a run that pays them was approved.
_SUMS = (
    "SELECT l.organisation_id::text, coalesce(o.name, l.organisation_id::text) AS organisation, l.contract,"
    " sum(l.amount) AS amount, (SELECT max(d.decided_at) FROM runs r JOIN run_decisions d USING (run_id)"
    "  JOIN run_totals t USING (run_id) WHERE r.period_start = :start AND d.decision = 'approved'"
    "  AND t.organisation_id = l.organisation_id AND t.contract = l.contract) AS paid_at"
    f" FROM ({_REMITTED}) l LEFT JOIN organisations o ON o.organisation_id = l.organisation_id"
    " WHERE true{of_whom} GROUP BY l.organisation_id, 2, 3 ORDER BY 2, 1, 3"
)


def lines(
    session: Session,
    start: dt.date,
    organisation_id: str | None,
    contract: str | None,
    payment_method: str | None = None,
    *,
    is_summary: bool,
    after: int,
    limit: int,
) -> list[Row]:
    """A page of what is payable, by organisation, service and client; lines that come to nothing are left out.

    A summary has no clients; ``lines`` says how many lines one of it is made of.
    """
    found = (_SUMMARY if is_summary else _LINES).format(of_whom=of_whom(payment_method))
    rows = session.execute(
        text(_WITH_SUBTOTALS.format(lines=found)),
        {
            "start": start,
            "organisation": organisation_id,
            "contract": contract,
            "payment_method": payment_method,
            "after": after,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def sums(
    session: Session,
    start: dt.date,
    organisation_id: str | None,
    contract: str | None,
    payment_method: str | None = None,
) -> list[Row]:
    """What each organisation is paid under each contract, and when that was approved (`paid_at`, None: not yet)."""
    rows = session.execute(
        text(_SUMS.format(of_whom=of_whom(payment_method))),
        {
            "start": start,
            "organisation": organisation_id,
            "contract": contract,
            "payment_method": payment_method,
        },
    )
    return [dict(row) for row in rows.mappings()]
