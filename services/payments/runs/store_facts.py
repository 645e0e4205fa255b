"""Queries of payments on what an approver must see of a period besides its totals (RULES 8)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.periods.store_answers import newest_answers

Row = Mapping[str, Any]

OF_CONTRACT = " AND (CAST(:contract AS text) IS NULL OR contract = :contract)"
ADJUSTMENTS = f"""
    SELECT organisation_id::text, count(*) AS adjustments, sum(amount) AS adjusted, sum(abs(amount)) AS adjusted_size
    FROM manual_adjustments WHERE period_start = :start{OF_CONTRACT} GROUP BY 1
"""
HOLDS = f"""
    SELECT organisation_id::text, count(*) AS held_items, sum(amount) AS held FROM (
        SELECT organisation_id, item_id, sum(amount) AS amount FROM item_lines
        WHERE period_start = :start AND status IN ('cancelled', 'suspended', 'carried_forward'){OF_CONTRACT}
        GROUP BY organisation_id, item_id HAVING sum(amount) <> 0) held GROUP BY 1
"""
PAID_BEFORE = """
    SELECT organisation_id::text FROM closed_sums
    WHERE period_start <= :closed AND period_start < :start AND payable + deductions > 0
    UNION
    SELECT organisation_id::text FROM item_lines
    WHERE period_start > :closed AND period_start < :start AND status = 'payable'
    GROUP BY organisation_id, period_start, contract HAVING sum(amount) > 0
"""
MOST_ANSWERS = 10_000


def adjustments(session: Session, start: dt.date, contract: str | None) -> dict[str, Row]:
    """Manual adjustments of a period by organisation: how many, their sum and that of their sizes."""
    return _by_organisation(session, ADJUSTMENTS, start, contract)


def holds(session: Session, start: dt.date, contract: str | None) -> dict[str, Row]:
    """What is held of a period by organisation: how many items, and pounds."""
    return _by_organisation(session, HOLDS, start, contract)


def _by_organisation(session: Session, query: str, start: dt.date, contract: str | None) -> dict[str, Row]:
    rows = session.execute(text(query), {"start": start, "contract": contract})
    return {row["organisation_id"]: dict(row) for row in rows.mappings()}


def paid_before(session: Session, start: dt.date, closed: dt.date | None) -> set[str]:
    """The organisations to which anything above nothing was payable in any period before. closed: the last that is finalised for all."""
    values = {"start": start, "closed": closed or dt.date.min}
    return set(session.scalars(text(PAID_BEFORE), values))


def rejections(session: Session, start: dt.date) -> Sequence[Row]:
    """The newest answer of each provider that rejects the period's payment."""
    return [row for row in newest_answers(session, start, None, MOST_ANSWERS) if row["answer"] == "rejected"]
