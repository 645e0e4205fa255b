"""Queries of payments on moves of items, and on items that somebody posted by hand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.holds.rules import Portion
from services.payments.posting.store import ITEM_COLUMNS

Row = dict[str, Any]

ITEM_LOCK_CLASS = 4
"""Beside those of `store`."""


def lock_item(session: Session, item_id: str) -> None:
    """One transaction at a time moves an item."""
    session.execute(
        text(f"SELECT pg_advisory_xact_lock({ITEM_LOCK_CLASS}, hashtext(:item))"), {"item": item_id}
    )


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


def insert_adjustment(session: Session, row: Mapping[str, Any]) -> bool:
    """Note a manual adjustment; False when this one was noted before."""
    noted = session.execute(
        text(
            "INSERT INTO manual_adjustments (adjustment_id, organisation_id, contract, cpli_id, client_reference,"
            " period_start, amount, reason, posted_by) VALUES (:adjustment_id, :organisation_id, :contract, :cpli_id,"
            " :client_reference, :period_start, :amount, :reason, :posted_by) ON CONFLICT DO NOTHING RETURNING true"
        ),
        dict(row),
    )
    return noted.first() is not None


def insert_item(session: Session, row: Mapping[str, Any]) -> None:
    """Post one item. By INSERT: PostgreSQL copies nothing into a table whose rows are limited for who asks."""
    values = [f"CAST(:{name} AS jsonb)" if name == "explanation" else f":{name}" for name in ITEM_COLUMNS]
    session.execute(
        text(f"INSERT INTO items ({', '.join(ITEM_COLUMNS)}) VALUES ({', '.join(values)})"),
        {name: row[name] for name in ITEM_COLUMNS},
    )


def client_of(session: Session, organisation_id: str, client_reference: str) -> str | None:
    """The id of a client of this organisation, by the reference that items show."""
    found: str | None = session.scalar(
        text(
            "SELECT client_id::text FROM packages WHERE organisation_id = CAST(:organisation AS uuid)"
            " AND client_reference = :client ORDER BY start_on DESC, cpli_id LIMIT 1"
        ),
        {"organisation": organisation_id, "client": client_reference},
    )
    return found
