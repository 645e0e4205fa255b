"""Queries of payments on one item: its lines, and the moves that made them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.items.rules import Portion

Row = dict[str, Any]


def item(session: Session, item_id: str) -> Row | None:
    """An item as the lists of a period have it; None when there is none that the caller may see."""
    rows = session.execute(
        text(
            "SELECT i.item_id::text, i.organisation_id::text, o.name AS organisation, i.client_reference AS client,"
            " i.cpli_id, i.monday AS week, i.series, i.kind, i.amount, i.amount AS posted_amount, i.period_start, i.reason,"
            " i.contract, i.posted_at, i.explanation, p.terms"
            " FROM items i LEFT JOIN organisations o USING (organisation_id) LEFT JOIN packages p USING (cpli_id)"
            " WHERE i.item_id = CAST(:item AS uuid)"
        ),
        {"item": item_id},
    )
    found = rows.mappings().one_or_none()
    return dict(found) if found else None


def lines(session: Session, item_id: str) -> list[Portion]:
    """All lines about an item."""
    rows = session.execute(
        text("SELECT period_start, status, amount FROM item_lines WHERE item_id = CAST(:item AS uuid)"),
        {"item": item_id},
    )
    return [Portion(*row) for row in rows.all()]


def moves(session: Session, item_id: str) -> list[Row]:
    """What was done with an item, oldest first."""
    rows = session.execute(
        text(
            "SELECT name, period_start, status, instalments, reason, owner, moved_by, moved_at FROM moves"
            " WHERE item_id = CAST(:item AS uuid) ORDER BY ordinal"
        ),
        {"item": item_id},
    )
    return [dict(row) for row in rows.mappings()]


def insert_move(session: Session, move: Mapping[str, Any], made: Sequence[Portion]) -> None:
    """Add a move and its lines; a second move of the same ordinal is an error, never money."""
    session.execute(
        text(
            "INSERT INTO moves (move_id, item_id, ordinal, organisation_id, name, period_start, status, instalments,"
            " reason, owner, moved_by) VALUES (:move_id, :item_id, :ordinal, :organisation_id, :name, :period_start,"
            " :status, :instalments, :reason, :owner, :moved_by)"
        ),
        dict(move),
    )
    session.execute(
        text(
            "INSERT INTO moved_lines (move_id, number, item_id, organisation_id, period_start, status, amount)"
            " VALUES (:move_id, :number, :item_id, :organisation_id, :period_start, :status, :amount)"
        ),
        [
            {
                **{name: move[name] for name in ("move_id", "item_id", "organisation_id")},
                "number": number,
                "period_start": line.period_start,
                "status": line.status,
                "amount": line.amount,
            }
            for number, line in enumerate(made, 1)
        ],
    )


def reasons(session: Session, start: dt.date, item_ids: Sequence[str]) -> dict[str, Row]:
    """Reason and owner of the newest move of each of these items that touched the period."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (m.item_id) m.item_id::text, m.name, m.reason, m.owner, m.moved_at"
            " FROM moves m JOIN moved_lines l USING (move_id)"
            " WHERE m.item_id = ANY(CAST(:items AS uuid[])) AND l.period_start = :start"
            " ORDER BY m.item_id, m.ordinal DESC"
        ),
        {"items": list(item_ids), "start": start},
    )
    return {row["item_id"]: dict(row) for row in rows.mappings()}
