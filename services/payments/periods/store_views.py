"""Queries of payments for the faces; row-level security limits what a provider sees."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]
OF_WHOM = (
    " AND (CAST(:organisation AS uuid) IS NULL OR l.organisation_id = CAST(:organisation AS uuid))"
    " AND (CAST(:contract AS text) IS NULL OR l.contract = :contract)"
)
_OF_METHOD = (
    " AND l.item_id IN (SELECT item_id FROM items JOIN packages USING (cpli_id)"
    " WHERE payment_method = :payment_method)"
)


def of_whom(payment_method: str | None) -> str:
    """What limits lines ``l`` of items: organisation and contract, and the way in which their CPLI is paid now."""
    return OF_WHOM if payment_method is None else OF_WHOM + _OF_METHOD


def period_totals(
    session: Session,
    start: dt.date,
    organisation_id: str | None,
    contract: str | None,
    payment_method: str | None = None,
) -> Row:
    """Costs, deductions and what is payable in all, and what is not payable, of the whole period."""
    rows = session.execute(
        text(
            "SELECT coalesce(sum(amount) FILTER (WHERE status = 'payable' AND series <> 'income'), 0) AS cost,"
            " coalesce(sum(amount) FILTER (WHERE status = 'payable' AND series = 'income'), 0) AS income,"
            " coalesce(sum(amount) FILTER (WHERE status = 'payable'), 0) AS total,"
            " coalesce(sum(amount) FILTER (WHERE status <> 'payable'), 0) AS non_payable"
            f" FROM item_lines l WHERE period_start = :start{of_whom(payment_method)}"
        ),
        {
            "start": start,
            "organisation": organisation_id,
            "contract": contract,
            "payment_method": payment_method,
        },
    )
    return dict(rows.mappings().one())


def payable_to(session: Session, start: dt.date, organisation_ids: Sequence[str]) -> dict[str, Decimal]:
    """What is payable in a period to each of these organisations under all contracts, in pounds."""
    if not organisation_ids:
        return {}
    rows = session.execute(
        text(
            "SELECT organisation_id::text, sum(amount) FROM item_lines WHERE period_start = :start"
            " AND status = 'payable' AND organisation_id = ANY(CAST(:ids AS uuid[])) GROUP BY 1"
        ),
        {"start": start, "ids": list(organisation_ids)},
    )
    return {row[0]: row[1] for row in rows}


def not_paid(
    session: Session,
    start: dt.date,
    organisation_id: str | None,
    contract: str | None,
    payment_method: str | None = None,
) -> list[Row]:
    """How many items of a period are not payable and what they come to, by status."""
    rows = session.execute(
        text(
            "SELECT status, count(*) AS items, sum(amount) AS amount FROM ("
            " SELECT item_id, status, sum(amount) AS amount FROM item_lines l"
            f" WHERE period_start = :start AND status <> 'payable'{of_whom(payment_method)}"
            " GROUP BY item_id, status HAVING sum(amount) <> 0) portions GROUP BY status ORDER BY status"
        ),
        {
            "start": start,
            "organisation": organisation_id,
            "contract": contract,
            "payment_method": payment_method,
        },
    )
    return [dict(row) for row in rows.mappings()]
