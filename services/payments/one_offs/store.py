"""Queries of payments on one-off payments and the accepted claims that stand for them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.payments.items.rules import Holder
from services.payments.one_offs.rules import SERIES, ClaimedStay

Standing = tuple[dict[Holder, dict[date, Decimal]], int]
"""Pounds that stand posted, by holder and period; and how many items they are."""


def posted_one_offs(session: Session, cpli_ids: Collection[int]) -> dict[int, Standing]:
    """What was posted until now for these CPLIs as one-offs."""
    rows = session.execute(
        text(
            "SELECT cpli_id, organisation_id::text, client_id::text, period_start, sum(amount), count(*) FROM items"
            " WHERE series = :series AND cpli_id = ANY(CAST(:ids AS bigint[])) GROUP BY 1, 2, 3, 4"
        ),
        {"series": SERIES, "ids": array_text(cpli_ids)},
    )
    amounts: dict[int, dict[Holder, dict[date, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    counts: dict[int, int] = defaultdict(int)
    for cpli_id, organisation_id, client_id, start, amount, count in rows.all():
        amounts[cpli_id][organisation_id, client_id][start] = amount
        counts[cpli_id] += count
    return {cpli_id: (of_cpli, counts[cpli_id]) for cpli_id, of_cpli in amounts.items()}


def stays_of_clients(session: Session, client_ids: Collection[str]) -> list[ClaimedStay]:
    """The stays of these clients, and of those who were merged into them, that accepted claims pay for."""
    rows = session.execute(
        text(
            "SELECT s.item_id::text, s.organisation_id::text, coalesce(m.into_client_id, s.client_id)::text,"
            " s.admitted_on, s.discharged_on FROM claimed_stays s LEFT JOIN merged_clients m USING (client_id)"
            " WHERE coalesce(m.into_client_id, s.client_id) = ANY(CAST(:ids AS uuid[]))"
        ),
        {"ids": array_text(client_ids)},
    )
    return [ClaimedStay(*row) for row in rows.all()]


def keep_stays(session: Session, stays: Sequence[Mapping[str, Any]]) -> None:
    """Keep what accepted claims pay for; each item once."""
    if stays:
        session.execute(
            text(
                "INSERT INTO claimed_stays (item_id, organisation_id, client_id, admitted_on, discharged_on)"
                " VALUES (:item_id, :organisation_id, :client_id, :admitted_on, :discharged_on)"
                " ON CONFLICT DO NOTHING"
            ),
            [dict(stay) for stay in stays],
        )
