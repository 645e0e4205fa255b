"""Queries of ranked lists, their prices and terms; row-level security keeps prices from providers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.names import fold
from services.matching.ranking.rules import DEFAULTS, Terms, Weighed

Row = dict[str, Any]
_PRICE = (
    "p.organisation_id::text, coalesce(o.name, '') AS organisation, p.quarter, p.price, p.set_by, p.set_at"
    " FROM ranked_prices p LEFT JOIN organisations o USING (organisation_id)"
)


def insert_list(session: Session, list_id: uuid.UUID, name: str, who: str) -> bool:
    """Add a list; False where there is one of this id or name."""
    added = session.execute(
        text(
            "INSERT INTO ranked_lists (list_id, name, folded_name, made_by) VALUES (:id, :name, :folded, :who)"
            " ON CONFLICT DO NOTHING RETURNING true"
        ),
        {"id": list_id, "name": name, "folded": fold(name), "who": who},
    )
    return added.first() is not None


def find_list(
    session: Session, list_id: uuid.UUID | None = None, name: str | None = None
) -> tuple[uuid.UUID, str] | None:
    """Id and name of the list of this id, or of this name."""
    found = session.execute(
        text("SELECT list_id, name FROM ranked_lists WHERE list_id = :id OR folded_name = :folded"),
        {"id": list_id, "folded": None if name is None else fold(name)},
    ).first()
    return None if found is None else (found.list_id, found.name)


def list_lists(session: Session) -> list[tuple[uuid.UUID, str]]:
    """Id and name of every list, by name."""
    rows = session.execute(text("SELECT list_id, name FROM ranked_lists ORDER BY folded_name"))
    return [(list_id, name) for list_id, name in rows]


def prices_in(session: Session, list_id: uuid.UUID, quarter: str) -> list[Row]:
    """Who is on a list in a quarter, with the price that holds, by name."""
    rows = session.execute(
        text(
            f"SELECT * FROM (SELECT DISTINCT ON (p.organisation_id) {_PRICE} WHERE list_id = :id"
            " AND quarter <= :quarter ORDER BY p.organisation_id, p.quarter DESC, p.change_id DESC) newest"
            " WHERE price IS NOT NULL ORDER BY organisation"
        ),
        {"id": list_id, "quarter": quarter},
    )
    return [dict(row) for row in rows.mappings()]


def all_prices(session: Session, list_id: uuid.UUID) -> list[Row]:
    """All that was ever set of a list's prices, the newest first."""
    rows = session.execute(
        text(f"SELECT {_PRICE} WHERE list_id = :id ORDER BY change_id DESC"), {"id": list_id}
    )
    return [dict(row) for row in rows.mappings()]


def add_price(
    session: Session,
    list_id: uuid.UUID,
    organisation_id: str,
    quarter: str,
    price: Decimal | None,
    who: str,
) -> None:
    """Have an organisation be on a list at a price, or off it, from a quarter on."""
    session.execute(
        text(
            "INSERT INTO ranked_prices (list_id, organisation_id, quarter, price, set_by)"
            " VALUES (:id, CAST(:organisation AS uuid), :quarter, :price, :who)"
        ),
        {
            "id": list_id,
            "organisation": organisation_id,
            "quarter": quarter,
            "price": price,
            "who": who,
        },
    )


def all_terms(session: Session, list_id: uuid.UUID | None) -> list[Row]:
    """All terms that were ever set of a list, and of all lists, the newest first; of all lists alone for None."""
    rows = session.execute(
        text(
            "SELECT list_id, quarter, quality_share, measures, set_by, set_at FROM ranking_terms"
            " WHERE list_id IS NULL OR list_id = :id ORDER BY change_id DESC"
        ),
        {"id": list_id},
    )
    return [dict(row) for row in rows.mappings()]


def terms_in(session: Session, list_id: uuid.UUID | None, quarter: str) -> Row:
    """What holds for a list in a quarter: its own newest terms, else those of all lists, else the defaults."""
    held = [row for row in all_terms(session, list_id) if row["quarter"] <= quarter]
    own = [row for row in held if row["list_id"] is not None]
    # of two for one quarter the newest, which comes first
    return max(own or held, key=lambda row: row["quarter"], default=default_terms())


def default_terms() -> Row:
    """The terms that hold until some are set, as a row."""
    return {
        "list_id": None,
        "quarter": None,
        "quality_share": DEFAULTS.quality_share,
        "measures": measures_as_json(DEFAULTS.measures),
        "set_by": None,
        "set_at": None,
    }


def terms_of(row: Row) -> Terms:
    """A row as the rules take it."""
    measures = tuple(Weighed(name, *map(Decimal, numbers)) for name, *numbers in row["measures"])
    return Terms(row["quality_share"], measures)


def measures_as_json(measures: Sequence[Weighed]) -> list[list[str]]:
    """Measures as a row keeps them: exact."""
    return [[one.measure, str(one.best), str(one.worst), str(one.weight)] for one in measures]


def add_terms(session: Session, list_id: uuid.UUID | None, quarter: str, terms: Terms, who: str) -> None:
    """Have a list, or all without terms of their own, be ranked by these from a quarter on."""
    session.execute(
        text(
            "INSERT INTO ranking_terms (list_id, quarter, quality_share, measures, set_by)"
            " VALUES (:id, :quarter, :share, CAST(:measures AS jsonb), :who)"
        ),
        {
            "id": list_id,
            "quarter": quarter,
            "share": terms.quality_share,
            "measures": json.dumps(measures_as_json(terms.measures)),
            "who": who,
        },
    )
