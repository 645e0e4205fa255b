"""Queries of payments on the items of a period: what of each stands there, payable or not."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.copying import copy_rows

Row = dict[str, Any]

OF_WHOM = (
    " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
    " AND (CAST(:contract AS text) IS NULL OR contract = :contract)"
)
# Few items were moved at all. The others stand where they were posted, need no sums, and are found in the order of
# the list by the index `items_in_order`: a page reads no more of them than it shows.
MOVED = (
    "WITH moved AS (SELECT DISTINCT item_id FROM moved_lines WHERE period_start = :start),"
    " portions AS (SELECT item_id, status, sum(amount) AS amount FROM item_lines"
    f"  WHERE period_start = :start AND item_id IN (SELECT item_id FROM moved){OF_WHOM}"
    "  GROUP BY item_id, status HAVING sum(amount) <> 0),"
    " of_moved AS (SELECT item_id, sum(amount) AS amount,"
    "  coalesce(sum(amount) FILTER (WHERE status = 'payable'), 0) AS payable_amount,"
    "  jsonb_object_agg(status, amount::text) AS portions FROM portions GROUP BY item_id)"
)
OF_UNMOVED = (
    f" FROM items i WHERE i.period_start = :start AND i.item_id NOT IN (SELECT item_id FROM moved){OF_WHOM}"
)
UNMOVED = (
    "SELECT i.item_id, i.amount, i.amount AS payable_amount, jsonb_build_object('payable', i.amount::text) AS portions"
    f"{OF_UNMOVED}"
)
SHOWN = {
    None: ("true", "true"),
    "payable": ("payable_amount <> 0", "i.amount <> 0"),
    "non_payable": ("amount <> payable_amount", "false"),
}
"""What is shown of the items that were moved, and of the others, which are payable."""
PLACE = ("client_reference", "cpli_id", "monday", "ordinal", "item_id")


def place(of: str) -> str:
    """Where an item stands in a period's list; what somebody posted may have no CPLI and has no week."""
    return (
        f"{of}.client_reference, coalesce({of}.cpli_id, 0), coalesce({of}.monday, DATE '0001-01-01'),"
        f" {of}.ordinal, {of}.item_id"
    )


def items(
    session: Session,
    start: dt.date,
    organisation_id: str | None,
    contract: str | None,
    *,
    shown: str | None,
    after: uuid.UUID | None,
    limit: int,
) -> list[Row]:
    """A page of a period's items, client by client and week by week; `shown`: payable, non_payable or None for all.

    An item is never deleted: `after` stays a place.
    """
    values: dict[str, Any] = {
        "start": start,
        "organisation": organisation_id,
        "contract": contract,
        "limit": limit,
    }
    beyond = ""
    if after is not None:
        known = session.execute(
            text(f"SELECT {place('a')} FROM items a WHERE a.item_id = :after"), {"after": after}
        )
        if (last := known.one_or_none()) is None:
            return []
        values |= {f"after_{name}": value for name, value in zip(PLACE, last, strict=True)}
        beyond = f" AND ({place('i')}) > ({', '.join(f':after_{name}' for name in PLACE)})"
    rows = session.execute(text(_page_of_items(shown, beyond)), values)
    return [dict(row) for row in rows.mappings()]


def _page_of_items(shown: str | None, beyond: str) -> str:
    """The query of a page: of what was moved all, of the rest no more than fit on the page."""
    moved, unmoved = SHOWN[shown]
    others = f"{UNMOVED} AND {unmoved}{beyond} ORDER BY {place('i')} LIMIT :limit"
    return (
        f"{MOVED}, shown AS (SELECT * FROM of_moved WHERE {moved} UNION ALL ({others}))"
        " SELECT i.item_id::text, o.name AS organisation, i.client_reference AS client, i.cpli_id,"
        " i.monday AS week, i.kind, s.amount, s.payable_amount, s.portions, i.amount AS posted_amount, i.reason,"
        " i.contract, i.posted_at, i.explanation, p.terms"
        " FROM shown s JOIN items i USING (item_id) LEFT JOIN organisations o USING (organisation_id)"
        f" LEFT JOIN packages p USING (cpli_id) WHERE true{beyond} ORDER BY {place('i')} LIMIT :limit"
    )


MOST_FOUND = 20


def find_items(session: Session, cpli_id: int | None, references: Sequence[str]) -> list[Row]:
    """The newest items of a CPLI or of the client of these references, that the caller may see."""
    rows = session.execute(
        text(
            "SELECT i.item_id::text, o.name AS organisation, i.client_reference AS client, i.cpli_id, i.monday AS week,"
            " i.kind, i.amount::text, i.period_start FROM items i LEFT JOIN organisations o USING (organisation_id)"
            " WHERE i.cpli_id = :cpli_id OR i.client_reference = ANY(:references)"
            " ORDER BY i.monday DESC NULLS FIRST, i.posted_at DESC, i.item_id LIMIT :limit"
        ),
        {"cpli_id": cpli_id, "references": list(references), "limit": MOST_FOUND},
    )
    return [dict(row) for row in rows.mappings()]


ITEM_COLUMNS = (
    "item_id",
    "series",
    "kind",
    "cpli_id",
    "monday",
    "ordinal",
    "organisation_id",
    "contract",
    "client_id",
    "client_reference",
    "period_start",
    "amount",
    "reason",
    "week_version",
    "explanation",
    "cause_id",
)


def insert_items(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Post payment items; a second item of the same ordinal is an error, never money."""
    if rows:
        copy_rows(session, "items", ITEM_COLUMNS, ([row[name] for name in ITEM_COLUMNS] for row in rows))


def insert_item(session: Session, row: Mapping[str, Any]) -> None:
    """Post one item. By INSERT: PostgreSQL copies nothing into a table whose rows are limited for who asks."""
    values = [f"CAST(:{name} AS jsonb)" if name == "explanation" else f":{name}" for name in ITEM_COLUMNS]
    session.execute(
        text(f"INSERT INTO items ({', '.join(ITEM_COLUMNS)}) VALUES ({', '.join(values)})"),
        {name: row[name] for name in ITEM_COLUMNS},
    )
