"""``reconcile`` on holds: portions come to their items, and nothing of a held week is paid (RULES 8)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.differences import difference
from libs.common.care.money import NOTHING
from services.payments.holds.week_store import STAYS
from services.payments.items.rules import MOVED_ON

# By series, of the holders of weeks that are held: more money above nothing, for deductions too.
MONEY_OF_HELD_WEEKS = f"""
    SELECT i.series, h.cpli_id, h.monday,
        sum(CASE i.series WHEN 'cost' THEN l.amount ELSE -l.amount END) FILTER (WHERE l.status = 'payable'
            AND l.period_start < coalesce(h.pays_from, 'infinity') AND NOT EXISTS (SELECT 1 FROM finalisations f
                WHERE f.contract IN ('', i.contract) AND f.period_start >= l.period_start)) AS payable,
        sum(CASE i.series WHEN 'cost' THEN l.amount ELSE -l.amount END) FILTER (WHERE CASE WHEN h.pays_from IS NULL
            THEN l.status IN ('cancelled', 'suspended')
            ELSE l.status = 'payable' AND l.period_start >= h.pays_from END) AS held
    FROM (SELECT DISTINCT ON (cpli_id, monday) * FROM week_holds ORDER BY cpli_id, monday, ordinal DESC) h
    JOIN packages p USING (cpli_id)
    JOIN items i ON i.cpli_id = h.cpli_id AND i.monday = h.monday AND i.series IN ('cost', 'income')
        AND i.organisation_id = h.organisation_id AND {STAYS.format("i")} = {STAYS.format("h")}
    JOIN item_lines l USING (item_id)
    WHERE h.kind <> 'release' AND NOT EXISTS (SELECT 1 FROM finalisations f
        WHERE f.contract IN ('', p.contract) AND f.period_start >= h.pays_from - 28)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def compare_portions(session: Session) -> Iterator[dict[str, Any]]:
    """Whatever was held, released or split, an item's portions come to it, each counted where it came."""
    rows = session.execute(
        text(
            "SELECT l.item_id::text, i.amount, sum(l.amount) FROM item_lines l JOIN items i USING (item_id)"
            " WHERE l.item_id IN (SELECT item_id FROM moved_lines) AND l.status <> ALL(:moved_on)"
            " GROUP BY l.item_id, i.amount ORDER BY 1"
        ),
        {"moved_on": list(MOVED_ON)},
    )
    for item_id, amount, standing in rows:
        yield from difference("portions", item_id, amount, standing)


def compare_holds(session: Session) -> Iterator[dict[str, Any]]:
    """Nothing of a held week is payable in an open period, before the period that it is carried to.

    Less than nothing may be: what is taken from what was paid. What is held is never less than nothing.
    """
    for row in session.execute(text(MONEY_OF_HELD_WEEKS)):
        which = f"{row.series}/{row.cpli_id}/{row.monday}"
        yield from difference("hold", f"{which}/payable", NOTHING, max(row.payable or NOTHING, NOTHING))
        yield from difference("hold", f"{which}/held", NOTHING, min(row.held or NOTHING, NOTHING))
