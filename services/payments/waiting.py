"""What waits for somebody in payments, in numbers for the first page: bounded, and about open questions alone."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.rpc import Caller

COUNTED_TO = 1_000

TO_CONFIRM = """
    SELECT count(*) FROM (
        SELECT p.period_start FROM (
            SELECT period_start, sum(amount) AS payable FROM item_lines
            WHERE status = 'payable' GROUP BY period_start HAVING sum(amount) <> 0
        ) p LEFT JOIN LATERAL (
            SELECT payable FROM period_answers a WHERE a.period_start = p.period_start
            ORDER BY answered_at DESC, answer_id LIMIT 1
        ) a ON true
        WHERE a.payable IS DISTINCT FROM p.payable AND p.period_start IN
            (SELECT period_start FROM item_lines GROUP BY period_start ORDER BY period_start DESC LIMIT 2)
        LIMIT :limit
    ) waiting
"""
"""Of a provider, whose rows alone are seen: the two newest periods, as far as what is payable has no answer yet."""

TO_APPROVE = """
    SELECT count(*) FROM (
        SELECT DISTINCT period_start, contract FROM runs r
        WHERE NOT EXISTS (SELECT 1 FROM run_decisions d WHERE d.run_id = r.run_id)
        AND NOT EXISTS (SELECT 1 FROM runs n WHERE n.period_start = r.period_start AND n.contract = r.contract
            AND (n.prepared_at, n.run_id) > (r.prepared_at, r.run_id))
        LIMIT :limit
    ) waiting
"""


def numbers(session: Session, caller: Caller) -> dict[str, int]:
    """Payments that a provider may confirm, or payment runs that the council may approve."""
    name, query = ("runs_to_approve", TO_APPROVE)
    if caller["organisation"] is not None:
        name, query = ("payments_to_confirm", TO_CONFIRM)
    found: Any = session.scalar(text(query), {"limit": COUNTED_TO})
    return {name: int(found)}
