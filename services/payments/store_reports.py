"""Queries of payments for reports; row-level security limits what a provider sees."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.store_items import STANDING, place

Row = dict[str, Any]

# The CPLI's week beside its actual. In force is, as in `term_on`, the newest term begun by the week's Monday (or by the
# start of the CPLI); before the first one, that first one.
_COMPARED = """
WITH mondays AS (
  SELECT CAST(day AS date) AS monday
  FROM generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp), interval '7 days') day
), compared AS (
  SELECT p.cpli_id, m.monday, w.visits, t.quantity, t.unit_cost,
         coalesce(w.delivered_seconds, 0) AS delivered_seconds,
         coalesce(w.frustrated_seconds, 0) AS frustrated_seconds,
         coalesce(w.actual, 0) AS actual, coalesce(w.frustrated, 0) AS frustrated
  FROM packages p CROSS JOIN mondays m
  LEFT JOIN LATERAL (
    SELECT jsonb_array_length(k.visits) AS visits, k.delivered_seconds, k.frustrated_seconds, k.actual, k.frustrated
    FROM weeks k WHERE k.cpli_id = p.cpli_id AND k.monday = m.monday AND k.priced AND jsonb_array_length(k.visits) > 0
  ) w ON true
  CROSS JOIN LATERAL (
    SELECT CAST(term ->> 'quantity' AS numeric) AS quantity, CAST(term ->> 'unit_cost' AS numeric) AS unit_cost
    FROM jsonb_array_elements(p.terms) term,
    LATERAL (SELECT greatest(m.monday, p.start_on) - CAST(term ->> 'effective_from' AS date) AS age) known
    ORDER BY age < 0, abs(age) LIMIT 1
  ) t
  WHERE (CAST(:cplis AS bigint[]) IS NULL OR p.cpli_id = ANY(CAST(:cplis AS bigint[])))
    AND (CAST(:organisation AS uuid) IS NULL OR p.organisation_id = CAST(:organisation AS uuid))
    AND (w.visits IS NOT NULL OR (CAST(:with_empty AS boolean) AND p.start_on <= m.monday + 6
         AND (p.end_on IS NULL OR p.end_on >= m.monday)))
)
"""


def compared_weeks(session: Session, cpli_ids: Sequence[int], facts: Mapping[str, Any]) -> list[Row]:
    """The weeks of these CPLIs from ``first`` to ``last`` (Mondays), with what was commissioned and what is payable."""
    rows = session.execute(
        text(
            f"{_COMPARED} SELECT cpli_id, monday, coalesce(visits, 0) AS visits, quantity, unit_cost,"
            " delivered_seconds, frustrated_seconds, actual, frustrated FROM compared ORDER BY cpli_id, monday"
        ),
        {**facts, "cplis": list(cpli_ids), "organisation": None},
    )
    return [dict(row) for row in rows.mappings()]


def weekly_sums(
    session: Session, organisation_id: str | None, cpli_ids: Sequence[int] | None, facts: Mapping[str, Any]
) -> list[Row]:
    """Hours commissioned, and seconds delivered and frustrated, of each week that holds any."""
    rows = session.execute(
        text(
            f"{_COMPARED} SELECT monday, sum(quantity) AS commissioned, sum(delivered_seconds)::bigint AS delivered,"
            " sum(frustrated_seconds)::bigint AS frustrated FROM compared GROUP BY monday ORDER BY monday"
        ),
        {
            **facts,
            "cplis": None if cpli_ids is None else list(cpli_ids),
            "organisation": organisation_id,
        },
    )
    return [dict(row) for row in rows.mappings()]


def exceptional_items(
    session: Session,
    start: dt.date,
    *,
    organisation_id: str | None,
    contract: str | None,
    finalised: Sequence[str],
    after: uuid.UUID | None,
    limit: int,
) -> list[Row]:
    """A page of what is payable in a period but is not the ordinary cost of a week, without finalised contracts.

    An item is never deleted: ``after`` stays a place.
    """
    rows = session.execute(
        text(
            f"{STANDING}, listed AS (SELECT i.*, coalesce(o.name, i.organisation_id::text) AS organisation,"
            " s.payable_amount, i.period_start <> :start OR s.payable_amount <> i.amount AS is_moved,"
            " i.series = 'cost' AND NOT EXISTS (SELECT 1 FROM items e WHERE e.cpli_id = i.cpli_id"
            "  AND e.series = i.series AND (e.monday, e.ordinal) < (i.monday, i.ordinal)) AS is_first"
            " FROM standing s JOIN items i USING (item_id) LEFT JOIN organisations o USING (organisation_id)"
            " WHERE s.payable_amount <> 0 AND i.contract <> ALL(:finalised))"
            " SELECT item_id::text, organisation, client_reference AS client, cpli_id, monday, kind, series, reason,"
            " contract, payable_amount AS amount, is_first, is_moved FROM listed l"
            " WHERE (kind <> 'cost' OR payable_amount < 0 OR is_first OR is_moved) AND (:is_first OR"
            f" (organisation, {place('l')}) > (SELECT coalesce(o.name, a.organisation_id::text), {place('a')}"
            "  FROM items a LEFT JOIN organisations o USING (organisation_id) WHERE a.item_id = :after))"
            f" ORDER BY organisation, {place('l')} LIMIT :limit"
        ),
        {
            "start": start,
            "organisation": organisation_id,
            "contract": contract,
            "finalised": list(finalised),
            "is_first": after is None,
            "after": after,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]
