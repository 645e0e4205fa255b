"""Queries of payments on the items of a period: what of each stands there, payable or not."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]

OF_WHOM = (
    " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
    " AND (CAST(:contract AS text) IS NULL OR contract = :contract)"
)
# Few items were moved at all: the others stand where they were posted, and need no sums.
STANDING = (
    "WITH moved AS (SELECT DISTINCT item_id FROM moved_lines WHERE period_start = :start),"
    " portions AS (SELECT item_id, status, sum(amount) AS amount FROM item_lines"
    f"  WHERE period_start = :start AND item_id IN (SELECT item_id FROM moved){OF_WHOM}"
    "  GROUP BY item_id, status HAVING sum(amount) <> 0),"
    " standing AS (SELECT item_id, amount, amount AS payable_amount, jsonb_build_object('payable', amount::text) AS portions"
    f"  FROM items WHERE period_start = :start AND item_id NOT IN (SELECT item_id FROM moved){OF_WHOM}"
    "  UNION ALL SELECT item_id, sum(amount), coalesce(sum(amount) FILTER (WHERE status = 'payable'), 0),"
    "  jsonb_object_agg(status, amount::text) FROM portions GROUP BY item_id)"
)
SHOWN = {
    None: "true",
    "payable": "s.payable_amount <> 0",
    "non_payable": "s.amount <> s.payable_amount",
}


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
    rows = session.execute(
        text(
            f"{STANDING} SELECT i.item_id::text, o.name AS organisation, i.client_reference AS client, i.cpli_id,"
            " i.monday AS week, i.kind, s.amount, s.payable_amount, s.portions, i.amount AS posted_amount, i.reason,"
            " i.contract, i.posted_at, i.explanation, p.terms"
            " FROM standing s JOIN items i USING (item_id) LEFT JOIN organisations o USING (organisation_id)"
            " LEFT JOIN packages p USING (cpli_id)"
            f" WHERE {SHOWN[shown]} AND (:is_first OR ({place('i')}) >"
            f" (SELECT {place('a')} FROM items a WHERE a.item_id = :after))"
            f" ORDER BY {place('i')} LIMIT :limit"
        ),
        {
            "start": start,
            "organisation": organisation_id,
            "contract": contract,
            "is_first": after is None,
            "after": after,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


MOST_FOUND = 20


def found(session: Session, cpli_id: int | None, references: Sequence[str]) -> list[Row]:
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
