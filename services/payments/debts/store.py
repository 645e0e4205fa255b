"""Queries of payments on debts: what comes off where, and what became of each."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.debts.rules import Due

Row = dict[str, Any]

# What stands of each debt in each contract and period, below nothing where it comes off: payable lines alone count.
STANDING = """
    SELECT d.debt_id, d.arose_in, l.contract, l.period_start, sum(l.amount) AS amount
    FROM debts d JOIN debt_items USING (debt_id) JOIN item_lines l USING (item_id)
    WHERE l.status = 'payable'{only} GROUP BY d.debt_id, d.arose_in, l.contract, l.period_start
    HAVING sum(l.amount) <> 0
"""
OF_PLACE = (
    " AND d.organisation_id = CAST(:organisation AS uuid) AND l.contract = :contract"
    " AND l.period_start = :start"
)


def due_in(session: Session, organisation_id: str, contract: str, start: dt.date) -> list[Due]:
    """The debts that come off an organisation's payment under a contract in a period."""
    rows = session.execute(
        text(STANDING.format(only=OF_PLACE)),
        {"organisation": organisation_id, "contract": contract, "start": start},
    )
    return [due for due in map(_due, rows) if due.amount > 0]


def came_to_wait(session: Session, organisation_id: str, contract: str, start: dt.date) -> list[Due]:
    """As `due_in`, of what was carried into the period alone: an instalment that is due there is not early."""
    carried_in = "SELECT 1 FROM items i WHERE i.item_id = debt_items.item_id AND i.period_start = :start"
    only = f"{OF_PLACE} AND EXISTS ({carried_in})"
    rows = session.execute(
        text(STANDING.format(only=only)),
        {"organisation": organisation_id, "contract": contract, "start": start},
    )
    return [due for due in map(_due, rows) if due.amount > 0]


def standing_of(session: Session, debt_id: str) -> list[Due]:
    """What of one debt stands in each contract and period; below nothing where it was taken out."""
    rows = session.execute(
        text(STANDING.format(only=" AND d.debt_id = CAST(:debt AS uuid)")), {"debt": debt_id}
    )
    return [_due(row) for row in rows]


def _due(row: Any) -> Due:
    return Due(str(row.debt_id), row.arose_in, row.contract, row.period_start, -row.amount)


def contracts_in_debt(session: Session, organisation_id: str) -> list[str]:
    """The contracts under which an organisation ever had a debt."""
    rows = session.scalars(
        text(
            "SELECT DISTINCT contract FROM debts WHERE organisation_id = CAST(:organisation AS uuid)"
            " ORDER BY contract"
        ),
        {"organisation": organisation_id},
    )
    return list(rows)


def insert_debt(session: Session, row: Mapping[str, Any]) -> None:
    """Note a debt that arose."""
    session.execute(
        text(
            "INSERT INTO debts (debt_id, organisation_id, contract, arose_in, amount)"
            " VALUES (:debt_id, :organisation_id, :contract, :arose_in, :amount)"
        ),
        dict(row),
    )


def insert_debt_item(session: Session, item_id: str, debt_id: str, organisation_id: str) -> None:
    """Note which debt an item belongs to."""
    session.execute(
        text(
            "INSERT INTO debt_items (item_id, debt_id, organisation_id) VALUES (:item, :debt, :organisation)"
        ),
        {"item": item_id, "debt": debt_id, "organisation": organisation_id},
    )


def debt(session: Session, debt_id: str) -> Row | None:
    """A debt that the caller may see."""
    rows = session.execute(
        text(
            "SELECT debt_id::text, organisation_id::text, contract, arose_in, amount FROM debts"
            " WHERE debt_id = CAST(:debt AS uuid)"
        ),
        {"debt": debt_id},
    )
    found = rows.mappings().one_or_none()
    return dict(found) if found else None


def debt_of_item(session: Session, item_id: str) -> str | None:
    """The debt that an item belongs to."""
    found: str | None = session.scalar(
        text("SELECT debt_id::text FROM debt_items WHERE item_id = CAST(:item AS uuid)"), {"item": item_id}
    )
    return found


def debts(session: Session, organisation_id: str | None, limit: int) -> list[Row]:
    """The newest debts of an organisation (None: of all), with what stands of each and what was written off."""
    rows = session.execute(
        text(
            "SELECT d.debt_id::text, d.organisation_id::text, o.name AS organisation, d.contract, d.arose_in,"
            " d.amount, coalesce((SELECT jsonb_agg(jsonb_build_array(s.contract, s.period_start, s.amount::text)"
            "  ORDER BY s.period_start, s.contract) FROM"
            f" ({STANDING.format(only=' AND debt_items.debt_id = newest.debt_id')}) s), '[]') AS standing,"
            " coalesce((SELECT sum(i.amount) FROM debt_items JOIN items i USING (item_id)"
            "  WHERE debt_items.debt_id = d.debt_id AND i.kind = 'debt_written_off'), 0) AS written_off,"
            " (SELECT i.item_id::text FROM debt_items JOIN items i USING (item_id)"
            "  WHERE debt_items.debt_id = d.debt_id AND i.kind = 'debt' ORDER BY i.period_start DESC LIMIT 1) AS item_id"
            " FROM (SELECT debt_id FROM debts WHERE (CAST(:organisation AS uuid) IS NULL"
            "  OR organisation_id = CAST(:organisation AS uuid)) ORDER BY arose_in DESC, debt_id LIMIT :limit) newest"
            " JOIN debts d USING (debt_id) LEFT JOIN organisations o USING (organisation_id)"
            " ORDER BY d.arose_in DESC, organisation, d.contract, d.debt_id"
        ),
        {"organisation": organisation_id, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def standing_by_place(session: Session, organisation_id: str | None) -> list[Row]:
    """What of all debts (None: of all organisations) stands in each contract and period; above nothing: still to come off."""
    rows = session.execute(
        text(
            "SELECT l.contract, l.period_start, -sum(l.amount) AS amount FROM debt_items d"
            " JOIN item_lines l USING (item_id) WHERE l.status = 'payable'"
            " AND (CAST(:organisation AS uuid) IS NULL OR d.organisation_id = CAST(:organisation AS uuid))"
            " GROUP BY l.contract, l.period_start"
        ),
        {"organisation": organisation_id},
    )
    return [dict(row) for row in rows.mappings()]


def count_debts(session: Session, organisation_id: str | None) -> int:
    """How many debts an organisation (None: all of them) ever had."""
    query = text(
        "SELECT count(*) FROM debts WHERE CAST(:organisation AS uuid) IS NULL"
        " OR organisation_id = CAST(:organisation AS uuid)"
    )
    return session.scalar(query, {"organisation": organisation_id}) or 0


def explanation_of(rule: str, **facts: Decimal | dt.date | str) -> str:
    """What makes a debt's item explain itself, as it is stored."""
    return json.dumps({"rule": rule, "parts": []} | {name: str(value) for name, value in facts.items()})
