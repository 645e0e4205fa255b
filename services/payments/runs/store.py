"""Queries of payments on payment runs: what is payable now, what a run holds, how it was decided."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.runs.rules import Limits, Total

Row = dict[str, Any]

RUNS = (
    "SELECT r.run_id::text, r.period_start, r.contract, r.prepared_by, r.prepared_at, d.decision, d.reason,"
    " d.decided_by, d.decided_at, EXISTS (SELECT 1 FROM runs n WHERE n.period_start = r.period_start"
    "  AND n.contract = r.contract AND (n.prepared_at, n.run_id) > (r.prepared_at, r.run_id)) AS has_newer,"
    " t.payable, t.last_payable, r.percent, r.pounds"
    " FROM runs r LEFT JOIN run_decisions d USING (run_id) CROSS JOIN LATERAL"
    " (SELECT coalesce(sum(cost + deductions), 0) AS payable, coalesce(sum(last_payable), 0) AS last_payable"
    "  FROM run_totals t WHERE t.run_id = r.run_id) t"
)


def limits(session: Session) -> Limits:
    """From when on a change is large: what the council has set last."""
    row = session.execute(
        text("SELECT percent, pounds, adjustments FROM run_limits ORDER BY limit_id DESC LIMIT 1")
    ).one()
    return Limits(row.percent, row.pounds, row.adjustments)


def limits_set(session: Session, newest: int) -> list[Row]:
    """The limits that were set, the newest first: that one holds."""
    rows = session.execute(
        text(
            "SELECT percent, pounds, adjustments, set_by, set_at FROM run_limits ORDER BY limit_id DESC LIMIT :newest"
        ),
        {"newest": newest},
    )
    return [dict(row) for row in rows.mappings()]


def insert_limits(session: Session, limits: Limits, who: str) -> None:
    """Have these limits hold for the runs that are prepared from now on."""
    session.execute(
        text(
            "INSERT INTO run_limits (percent, pounds, adjustments, set_by)"
            " VALUES (:percent, :pounds, :adjustments, :who)"
        ),
        {
            "percent": limits.percent,
            "pounds": limits.pounds,
            "adjustments": limits.adjustments,
            "who": who,
        },
    )


def payable_now(
    session: Session, start: dt.date, last_start: dt.date, contract: str | None, approved: Sequence[str]
) -> list[Total]:
    """What is payable in a period by organisation and contract, and was in the last; without approved contracts."""
    rows = session.execute(
        text(
            "SELECT organisation_id::text, contract, count(*) FILTER (WHERE is_now) AS items,"
            " coalesce(sum(amount) FILTER (WHERE is_now AND series <> 'income'), 0)::numeric(20, 2) AS cost,"
            " coalesce(sum(amount) FILTER (WHERE is_now AND series = 'income'), 0)::numeric(20, 2) AS deductions,"
            " coalesce(sum(amount) FILTER (WHERE NOT is_now), 0)::numeric(20, 2) AS last_payable,"
            " coalesce(md5(string_agg(item_id || '=' || amount, ',' ORDER BY item_id) FILTER (WHERE is_now)), '')"
            " AS fingerprint FROM ("
            "  SELECT organisation_id, contract, series, item_id, period_start = :start AS is_now, sum(amount) AS amount"
            "  FROM item_lines WHERE status = 'payable' AND period_start IN (:start, :last)"
            "  AND (CAST(:contract AS text) IS NULL OR contract = :contract)"
            "  AND contract <> ALL(CAST(:approved AS text[]))"
            "  GROUP BY 1, 2, 3, 4, 5 HAVING sum(amount) <> 0) portions GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        {"start": start, "last": last_start, "contract": contract, "approved": list(approved)},
    )
    return [Total(*row) for row in rows.all()]


def approved_contracts(session: Session, start: dt.date) -> list[str]:
    """The contracts of a period that an approved run has paid; empty text stands for all."""
    return list(
        session.scalars(
            text(
                "SELECT DISTINCT contract FROM runs JOIN run_decisions USING (run_id)"
                " WHERE period_start = :start AND decision = 'approved' ORDER BY contract"
            ),
            {"start": start},
        )
    )


def insert_run(session: Session, run: Mapping[str, Any], totals: Sequence[Total]) -> None:
    """Keep a run with what it would pay; once for a run's id."""
    made = session.execute(
        text(
            "INSERT INTO runs (run_id, period_start, contract, prepared_by, percent, pounds)"
            " VALUES (:run_id, :period_start, :contract, :prepared_by, :percent, :pounds)"
            " ON CONFLICT DO NOTHING RETURNING true"
        ),
        dict(run),
    ).first()
    if made is None:
        return
    names = ("organisation_id", "contract", "items", "cost", "deductions", "last_payable", "fingerprint")
    session.execute(
        text(
            "INSERT INTO run_totals (run_id, organisation_id, contract, items, cost, deductions, last_payable,"
            " fingerprint) VALUES (:run_id, :organisation_id, :contract, :items, :cost, :deductions, :last_payable,"
            " :fingerprint)"
        ),
        [{"run_id": run["run_id"], **{name: getattr(one, name) for name in names}} for one in totals],
    )


def insert_decision(session: Session, run_id: str, decision: str, reason: str, who: str) -> None:
    """Decide about a run; a second decision is an error."""
    session.execute(
        text(
            "INSERT INTO run_decisions (run_id, decision, reason, decided_by)"
            " VALUES (:run_id, :decision, :reason, :who)"
        ),
        {"run_id": run_id, "decision": decision, "reason": reason, "who": who},
    )


def run(session: Session, run_id: str) -> Row | None:
    """A run with its decision, if any."""
    found = session.execute(text(f"{RUNS} WHERE r.run_id = CAST(:run AS uuid)"), {"run": run_id})
    row = found.mappings().one_or_none()
    return dict(row) if row else None


def runs(session: Session, start: dt.date | None, after: str | None, limit: int) -> list[Row]:
    """A page of runs (of a period, or of all), newest first, after a run."""
    rows = session.execute(
        text(
            f"{RUNS} WHERE (CAST(:start AS date) IS NULL OR r.period_start = :start)"
            " AND (CAST(:after AS uuid) IS NULL OR (r.prepared_at, r.run_id) <"
            " (SELECT prepared_at, run_id FROM runs WHERE run_id = CAST(:after AS uuid)))"
            " ORDER BY r.prepared_at DESC, r.run_id DESC LIMIT :limit"
        ),
        {"start": start, "after": after, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def totals_of(session: Session, run_id: str) -> list[Total]:
    """What a run would pay."""
    rows = session.execute(
        text(
            "SELECT organisation_id::text, contract, items, cost, deductions, last_payable, fingerprint"
            " FROM run_totals WHERE run_id = CAST(:run AS uuid) ORDER BY organisation_id, contract"
        ),
        {"run": run_id},
    )
    return [Total(*row) for row in rows.all()]


def biggest_items(
    session: Session,
    start: dt.date,
    organisation_ids: Sequence[str],
    contract: str | None,
    approved: Sequence[str],
    limit: int,
) -> dict[str, list[Row]]:
    """The payable items of a period that are furthest from nothing, so many of each of these organisations."""
    rows = session.execute(
        text(
            "SELECT organisation_id::text, item_id::text, client, cpli_id, week, kind, reason, amount FROM ("
            " SELECT l.organisation_id, l.item_id, i.client_reference AS client, i.cpli_id, i.monday AS week, i.kind,"
            "  i.reason, sum(l.amount) AS amount, row_number() OVER (PARTITION BY l.organisation_id"
            "   ORDER BY abs(sum(l.amount)) DESC, l.item_id) AS place FROM item_lines l JOIN items i USING (item_id)"
            " WHERE l.period_start = :start AND l.status = 'payable' AND l.organisation_id = ANY(CAST(:ids AS uuid[]))"
            "  AND (CAST(:contract AS text) IS NULL OR l.contract = :contract)"
            "  AND l.contract <> ALL(CAST(:approved AS text[]))"
            " GROUP BY l.organisation_id, l.item_id, i.item_id HAVING sum(l.amount) <> 0) found"
            " WHERE place <= :limit ORDER BY organisation_id, place"
        ),
        {
            "start": start,
            "ids": list(organisation_ids),
            "contract": contract,
            "approved": list(approved),
            "limit": limit,
        },
    )
    found: dict[str, list[Row]] = {}
    for row in rows.mappings():
        found.setdefault(row["organisation_id"], []).append(dict(row))
    return found


TO_APPROVE = """
    SELECT count(*) FROM (
        SELECT 1 FROM runs r
        WHERE NOT EXISTS (SELECT 1 FROM run_decisions d WHERE d.run_id = r.run_id)
        AND NOT EXISTS (SELECT 1 FROM runs n WHERE n.period_start = r.period_start AND n.contract = r.contract
            AND (n.prepared_at, n.run_id) > (r.prepared_at, r.run_id))
        LIMIT :limit
    ) waiting
"""


def count_to_approve(session: Session, limit: int) -> int:
    """How many payment runs wait for a decision; counted no further than `limit`."""
    return int(session.scalar(text(TO_APPROVE), {"limit": limit}) or 0)
