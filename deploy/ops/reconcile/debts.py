"""``reconcile``, debts (RULES 8): nobody was paid less than nothing, and what came off is what was owed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.differences import difference
from libs.common.care.money import NOTHING
from services.payments.debts.rules import CARRIED, WRITTEN_OFF
from services.payments.periods import store as periods_store

DEBTS = """
    SELECT d.debt_id::text, d.amount,
        coalesce(sum(i.amount) FILTER (WHERE i.kind = :carried AND i.contract = d.contract
            AND i.period_start = d.arose_in), 0) AS arose,
        coalesce(sum(i.amount) FILTER (WHERE i.kind <> :written_off), 0) AS left_over
    FROM debts d LEFT JOIN debt_items USING (debt_id) LEFT JOIN items i USING (item_id)
    GROUP BY d.debt_id, d.amount ORDER BY 1
"""
TOTALS = """
    SELECT organisation_id::text, contract, period_start, sum(amount) AS total,
        coalesce(sum(amount) FILTER (WHERE series <> 'debt'), 0) AS without_debts
    FROM item_lines WHERE status = 'payable' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def compare_debts(session: Session) -> Iterator[dict[str, Any]]:
    """Each debt against its items, and each total that is finalised against what it may be."""
    kinds = {"carried": CARRIED, "written_off": WRITTEN_OFF}
    for debt_id, amount, arose, left_over in session.execute(text(DEBTS), kinds):
        yield from difference("debt", f"{debt_id}/arose", amount, arose)
        yield from difference("debt", f"{debt_id}/left over", NOTHING, left_over)
    alone = text(
        "SELECT item_id::text FROM items WHERE series = 'debt' AND item_id NOT IN (SELECT item_id FROM debt_items)"
    )
    for item_id in session.scalars(alone):
        yield from difference("debt", item_id, "an item of a debt", "of none")
    periods = periods_store.read_periods(session)
    for row in session.execute(text(TOTALS)):
        if is_closed(row, periods):
            which = f"{row.organisation_id}/{row.contract}/{row.period_start}"
            yield from difference("paid", which, payable_of(row.total, row.without_debts), row.total)


def is_closed(row: Any, periods: Any) -> bool:
    """Whether a total is finalised."""
    through = periods.through(row.contract)
    return through is not None and row.period_start <= through


def payable_of(total: Decimal, without_debts: Decimal) -> Decimal:
    """What a total may be: never below nothing, and debts take from it and never add to it."""
    return min(max(total, NOTHING), max(without_debts, NOTHING))
