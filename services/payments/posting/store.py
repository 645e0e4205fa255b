"""Queries of payments on what was posted for weeks: items and charges."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from libs.common.sql.copying import copy_rows
from services.payments.items.rules import Holder
from services.payments.packages import store_merges
from services.payments.pricing.rules import ClientWeek, CpliWeek
from services.payments.pricing.store import pairs_of


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted of a series until now: pounds, and how many items."""

    amount: Decimal
    count: int


def posted_items(
    session: Session, cpli_weeks: Collection[CpliWeek]
) -> dict[tuple[str, int, dt.date], dict[Holder, Posted]]:
    """What was posted: by series, CPLI and Monday, then by its holder (a CPLI may have moved; a merged client stays on
    as another)."""
    rows = session.execute(
        text(
            "SELECT series, cpli_id, monday, organisation_id::text, coalesce(into_client_id, client_id)::text,"
            " sum(amount), count(*) FROM items LEFT JOIN merged_clients USING (client_id) WHERE (cpli_id, monday) IN"
            " (SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[]))) GROUP BY 1, 2, 3, 4, 5"
        ),
        pairs_of("cplis", cpli_weeks),
    )
    posted: dict[tuple[str, int, dt.date], dict[Holder, Posted]] = defaultdict(dict)
    for series, cpli_id, monday, organisation_id, client_id, amount, count in rows.all():
        posted[series, cpli_id, monday][organisation_id, client_id] = Posted(amount, count)
    return posted


def posted_charges(session: Session, client_weeks: Collection[ClientWeek]) -> dict[ClientWeek, Posted]:
    """What was charged until now, by client and Monday: its own charges are counted, those of merged clients only summed."""
    merged = store_merges.merged_into(session, {client_id for client_id, _ in client_weeks})
    keys = {
        *client_weeks,
        *((one, day) for one, stays in merged.items() for of, day in client_weeks if of == stays),
    }
    rows = session.execute(
        text(
            "SELECT client_id::text, monday, sum(amount), count(*) FROM charges WHERE (client_id, monday) IN"
            " (SELECT * FROM unnest(CAST(:clients AS uuid[]), CAST(:mondays AS date[]))) GROUP BY 1, 2"
        ),
        pairs_of("clients", keys),
    )
    posted: dict[ClientWeek, Posted] = {}
    for client_id, monday, amount, count in rows.all():
        week = merged.get(client_id, client_id), monday
        before = posted.get(week, Posted(NOTHING, 0))
        posted[week] = Posted(before.amount + amount, before.count + (0 if client_id in merged else count))
    return posted


CHARGE_COLUMNS = (
    "charge_id",
    "client_id",
    "client_reference",
    "monday",
    "ordinal",
    "period_start",
    "amount",
    "reason",
    "explanation",
    "cause_id",
)


def insert_charges(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Post charges; ordinals as for items."""
    if rows:
        copy_rows(
            session, "charges", CHARGE_COLUMNS, ([row[name] for name in CHARGE_COLUMNS] for row in rows)
        )
