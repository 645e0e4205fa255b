"""Queries of payments on what there is to look at before a period is finalised.

They read the items of two periods at most, by the indexes that begin with the period.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]

TOTALS = """
    SELECT organisation_id::text, contract,
        coalesce(sum(amount) FILTER (WHERE period_start = :start), 0)::numeric(20, 2) AS payable,
        coalesce(sum(amount) FILTER (WHERE period_start = :last), 0)::numeric(20, 2) AS last_payable
    FROM item_lines WHERE status = 'payable' AND period_start IN (:start, :last)
    AND contract = ANY(CAST(:contracts AS text[])) GROUP BY 1, 2 ORDER BY 1, 2
"""
HELD = """
    SELECT organisation_id::text, count(*) AS number, sum(amount) AS amount FROM (
        SELECT organisation_id, item_id, sum(amount) AS amount FROM item_lines
        WHERE period_start = :start AND status IN ('cancelled', 'suspended', 'carried_forward')
        AND contract = ANY(CAST(:contracts AS text[]))
        GROUP BY organisation_id, item_id HAVING sum(amount) <> 0) held
    GROUP BY 1 ORDER BY abs(sum(amount)) DESC, 1
"""


def totals(session: Session, start: dt.date, last: dt.date, contracts: Sequence[str]) -> list[Row]:
    """What is payable to each organisation under each of these contracts in a period, and was in the last, in pounds."""
    values = {"start": start, "last": last, "contracts": list(contracts)}
    return [dict(row) for row in session.execute(text(TOTALS), values).mappings()]


def held(session: Session, start: dt.date, contracts: Sequence[str]) -> list[Row]:
    """How many items of a period each organisation has that are held, and what they come to; the most first."""
    values = {"start": start, "contracts": list(contracts)}
    return [dict(row) for row in session.execute(text(HELD), values).mappings()]
