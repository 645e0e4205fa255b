"""Queries of payments on holds of CPLI-weeks. Rows are only ever added; the newest of a week counts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.holds.week_rules import WeekHold
from services.payments.items.rules import Holder, Portion
from services.payments.pricing.rules import CpliWeek
from services.payments.pricing.store import pairs_of

Row = dict[str, Any]

HOLD_COLUMNS = (
    "hold_id",
    "cpli_id",
    "monday",
    "ordinal",
    "organisation_id",
    "client_id",
    "client_reference",
    "kind",
    "pays_from",
    "charge",
    "released",
    "reason",
    "owner",
    "placed_by",
)
# Whose a row is today: a merged client stays on as another (RULES 2).
STAYS = "coalesce((SELECT m.into_client_id FROM merged_clients m WHERE m.client_id = {0}.client_id), {0}.client_id)"
OF_WEEKS = "SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[]))"
# A carried week waits until the period that it is carried to is the earliest open one of its contract.
IN_FORCE = (
    "h.kind <> 'release' AND NOT EXISTS (SELECT 1 FROM finalisations f WHERE f.contract IN ('', p.contract)"
    " AND f.period_start >= h.pays_from - 28)"
)
# What waits by a hold: as `WeekHold.is_holding` says it.
HELD_SUM = (
    "SELECT coalesce(sum(l.amount), 0)::numeric(20, 2) AS held FROM items i JOIN item_lines l USING (item_id)"
    " WHERE i.cpli_id = h.cpli_id AND i.monday = h.monday AND i.series IN ('cost', 'income')"
    f" AND i.organisation_id = h.organisation_id AND {STAYS.format('i')} = {STAYS.format('h')}"
    " AND CASE WHEN h.pays_from IS NULL"
    " THEN l.status IN ('cancelled', 'suspended') ELSE l.status = 'payable' AND l.period_start >= h.pays_from END"
)


def insert_hold(session: Session, hold: Mapping[str, Any]) -> None:
    """Add a decision about a week; a second one of the same ordinal is an error."""
    session.execute(
        text(
            f"INSERT INTO week_holds ({', '.join(HOLD_COLUMNS)})"
            f" VALUES ({', '.join(f':{name}' for name in HOLD_COLUMNS)})"
        ),
        {name: hold[name] for name in HOLD_COLUMNS},
    )


def newest_holds(session: Session, cpli_weeks: Collection[CpliWeek]) -> dict[CpliWeek, WeekHold]:
    """The newest decision about each of these weeks, releases too; most weeks have none."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (cpli_id, monday) cpli_id, monday, kind, charge, organisation_id::text,"
            f" {STAYS.format('h')}::text AS client_id, pays_from, released, reason, owner, placed_by FROM week_holds h"
            f" WHERE (cpli_id, monday) IN ({OF_WEEKS}) ORDER BY cpli_id, monday, ordinal DESC"
        ),
        pairs_of("cplis", cpli_weeks),
    )
    return {
        (row.cpli_id, row.monday): WeekHold(
            row.kind, row.charge, (row.organisation_id, row.client_id), *row[6:]
        )
        for row in rows
    }


def held_amounts(
    session: Session, holds: Mapping[CpliWeek, WeekHold]
) -> dict[tuple[str, int, dt.date], Decimal]:
    """What waits by each of these holds: pounds by series, CPLI and Monday."""
    held: dict[tuple[str, int, dt.date], Decimal] = defaultdict(Decimal)
    for (series, cpli_id, monday), holder, portion in _portions(session, holds):
        hold = holds[cpli_id, monday]
        if holder == hold.holder and hold.is_holding(portion):
            held[series, cpli_id, monday] += portion.amount
    return held


def _portions(
    session: Session, weeks: Collection[CpliWeek]
) -> list[tuple[tuple[str, int, dt.date], Holder, Portion]]:
    """What the cost and income items of these weeks come to, by series and week, holder, period and status."""
    rows = session.execute(
        text(
            f"SELECT i.series, i.cpli_id, i.monday, i.organisation_id::text, {STAYS.format('i')}::text, l.period_start, l.status,"
            " sum(l.amount) FROM items i JOIN item_lines l USING (item_id) WHERE i.series IN ('cost', 'income')"
            f" AND (i.cpli_id, i.monday) IN ({OF_WEEKS}) GROUP BY 1, 2, 3, 4, 5, 6, 7"
        ),
        pairs_of("cplis", weeks),
    )
    return [((r[0], r[1], r[2]), (r[3], r[4]), Portion(r[5], r[6], r[7])) for r in rows]


def lines_of_week(session: Session, week: CpliWeek, holder: Holder) -> list[Row]:
    """All lines about the cost and income items of a holder's week, in the order in which the items were posted."""
    rows = session.execute(
        text(
            "SELECT i.item_id::text, i.series, i.kind, i.contract, i.organisation_id::text, i.client_reference,"
            " l.period_start, l.status, l.amount FROM items i JOIN item_lines l USING (item_id)"
            " WHERE i.cpli_id = :cpli AND i.monday = :monday AND i.series IN ('cost', 'income')"
            f" AND i.organisation_id = CAST(:organisation AS uuid) AND {STAYS.format('i')} = CAST(:client AS uuid)"
            " ORDER BY i.series, i.ordinal"
        ),
        {"cpli": week[0], "monday": week[1], "organisation": holder[0], "client": holder[1]},
    )
    return [dict(row) for row in rows.mappings()]


def history(session: Session, week: CpliWeek) -> list[Row]:
    """Every decision about a week, oldest first."""
    rows = session.execute(
        text(
            f"SELECT kind, charge, organisation_id::text, {STAYS.format('h')}::text AS client_id, client_reference, pays_from,"
            " released, reason, owner, placed_by, placed_at FROM week_holds h WHERE cpli_id = :cpli AND monday = :monday ORDER BY ordinal"
        ),
        {"cpli": week[0], "monday": week[1]},
    )
    return [dict(row) for row in rows.mappings()]


def count_moves(session: Session, item_ids: Sequence[str]) -> dict[str, int]:
    """How many moves each of these items has, of those that have any."""
    rows = session.execute(
        text(
            "SELECT item_id::text, count(*) FROM moves WHERE item_id = ANY(CAST(:ids AS uuid[])) GROUP BY item_id"
        ),
        {"ids": list(item_ids)},
    )
    counts: dict[str, int] = dict(rows.all())  # type: ignore[arg-type]
    return counts


def holds_in_force(
    session: Session, organisation_id: str | None, after: CpliWeek | None, limit: int
) -> list[Row]:
    """A page of the holds that hold weeks now, by Monday and CPLI, each with the money that waits."""
    rows = session.execute(
        text(
            "SELECT h.cpli_id, h.monday AS week, h.kind, h.charge, h.pays_from, h.reason, h.owner, h.placed_by,"
            " h.placed_at, coalesce(o.name, h.organisation_id::text) AS organisation, h.client_reference AS client,"
            " s.held FROM (SELECT DISTINCT ON (cpli_id, monday) * FROM week_holds"
            "  ORDER BY cpli_id, monday, ordinal DESC) h JOIN packages p USING (cpli_id)"
            f" LEFT JOIN organisations o ON o.organisation_id = h.organisation_id CROSS JOIN LATERAL ({HELD_SUM}) s"
            f" WHERE {IN_FORCE} AND (:is_first OR (h.monday, h.cpli_id) > (:after_monday, :after_cpli))"
            " AND (CAST(:organisation AS uuid) IS NULL OR h.organisation_id = CAST(:organisation AS uuid))"
            " ORDER BY h.monday, h.cpli_id LIMIT :limit"
        ),
        {
            "organisation": organisation_id,
            "is_first": after is None,
            "after_cpli": after[0] if after else 0,
            "after_monday": after[1] if after else dt.date.min,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def carried_weeks(session: Session, until: dt.date) -> list[Row]:
    """The weeks whose newest decision carries them to a period that begins then or earlier."""
    rows = session.execute(
        text(
            f"SELECT {STAYS.format('h')}::text AS client_id, h.monday, h.pays_from, p.contract FROM (SELECT DISTINCT ON (cpli_id, monday) *"
            "  FROM week_holds ORDER BY cpli_id, monday, ordinal DESC) h JOIN packages p USING (cpli_id)"
            " WHERE h.pays_from <= :until"
        ),
        {"until": until},
    )
    return [dict(row) for row in rows.mappings()]
