"""Queries of payments on the items of one-off claims."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session


def posted(session: Session, item_ids: Sequence[str]) -> set[str]:
    """Which of these items are posted."""
    rows = session.scalars(
        text("SELECT item_id::text FROM items WHERE item_id = ANY(CAST(:ids AS uuid[]))"),
        {"ids": list(item_ids)},
    )
    return set(rows)


def count_of_week(session: Session, series: str, cpli_id: int | None, monday: dt.date) -> int:
    """How many items of a series a CPLI's week has: the next one's ordinal."""
    query = text(
        "SELECT count(*) FROM items WHERE series = :series AND cpli_id = :cpli_id AND monday = :monday"
    )
    return session.scalar(query, {"series": series, "cpli_id": cpli_id, "monday": monday}) or 0
