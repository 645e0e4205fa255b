"""Queries of payments on what providers answer about a period, and on what waits for an answer."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]

TO_CONFIRM = """
    SELECT count(*) FROM (
        SELECT p.period_start FROM (
            SELECT period_start, sum(amount) AS payable FROM item_lines
            WHERE status = 'payable' AND organisation_id = CAST(:organisation AS uuid) GROUP BY period_start HAVING sum(amount) <> 0
            ORDER BY period_start DESC LIMIT :newest
        ) p LEFT JOIN LATERAL (
            SELECT payable FROM period_answers a WHERE a.period_start = p.period_start
            ORDER BY answered_at DESC, answer_id LIMIT 1
        ) a ON true
        WHERE a.payable IS DISTINCT FROM p.payable
    ) waiting
"""


def insert_answer(session: Session, row: Mapping[str, Any]) -> dt.datetime:
    """Add a provider's answer; the newest counts. When it was given."""
    added = session.execute(
        text(
            "INSERT INTO period_answers (answer_id, organisation_id, period_start, answer, reason, payable, answered_by)"
            " VALUES (:answer_id, :organisation_id, :period_start, :answer, :reason, :payable, :answered_by)"
            " RETURNING answered_at"
        ),
        dict(row),
    )
    answered_at: dt.datetime = added.scalar_one()
    return answered_at


def newest_answers(session: Session, start: dt.date, organisation_id: str | None, limit: int) -> list[Row]:
    """The newest answer of each organisation (None: of all) about a period, rejections first."""
    rows = session.execute(
        text(
            "SELECT a.organisation_id::text, coalesce(o.name, a.organisation_id::text) AS organisation, a.answer_id, a.answer, a.reason,"
            " a.payable, a.answered_by, a.answered_at FROM ("
            " SELECT DISTINCT ON (organisation_id) * FROM period_answers WHERE period_start = :start"
            " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
            " ORDER BY organisation_id, answered_at DESC, answer_id) a"
            " LEFT JOIN organisations o USING (organisation_id)"
            " ORDER BY a.answer DESC, organisation LIMIT :limit"
        ),
        {"start": start, "organisation": organisation_id, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def count_to_confirm(session: Session, organisation_id: str, newest: int) -> int:
    """In how many of the newest periods what is payable to the provider, whose rows alone are seen, has no answer."""
    return int(session.scalar(text(TO_CONFIRM), {"organisation": organisation_id, "newest": newest}) or 0)
