"""Queries of payments for reports; row-level security limits what a provider sees."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.plans import Commissioned, commissioned_of_week, plan_from_json
from libs.common.care.terms import terms_from_json
from services.payments.items.store import MOVED, OF_UNMOVED, place

Row = dict[str, Any]

# The dated terms of CPLIs with the days for which each is in force, as in `term_on`: from the day on which it begins,
# the first one also before, until the next one.
_TERMS = """
WITH terms AS (
  SELECT p.cpli_id, p.start_on, p.end_on, p.plan, p.terms AS all_terms, t.quantity, t.unit_cost,
         coalesce(jsonb_array_length(p.plan -> 'suspensions'), 0) > 0 AS is_suspended,
         CASE WHEN lag(t.effective_from) OVER dated IS NULL THEN DATE '-infinity' ELSE t.effective_from END AS since,
         lead(t.effective_from, 1, DATE 'infinity') OVER dated AS until
  FROM packages p
  CROSS JOIN LATERAL jsonb_to_recordset(p.terms) AS t (effective_from date, quantity numeric, unit_cost numeric)
  WHERE p.unit <> 'Payment' AND {of_whom} WINDOW dated AS (PARTITION BY p.cpli_id ORDER BY t.effective_from)
), actuals AS (
  SELECT k.* FROM weeks k WHERE k.monday BETWEEN CAST(:first AS date) AND CAST(:last AS date)
  AND k.priced AND (k.lines IS NOT NULL OR jsonb_array_length(k.visits) > 0) AND {of_which}
)
"""
# A week is read with the term that is in force on its Monday, or on the day on which the CPLI starts. Sums over all
# CPLIs are read from the index `weeks_of_monday` alone, which holds actuals and no other weeks.
_IN_FORCE = "greatest({monday}, t.start_on) >= t.since AND greatest({monday}, t.start_on) < t.until"
# Most weeks are whole: one term holds on each of their days. What is commissioned for the others is worked out day by
# day, by `commissioned_of_week`.
_WHOLE = (
    "({monday} >= t.start_on AND (t.end_on IS NULL OR {monday} + 6 <= t.end_on)"
    " AND {monday} + 6 < t.until AND NOT t.is_suspended)"
)
# Those that were matched, or that the provider counted in an actual.
_VISITS = (
    "coalesce(CASE WHEN k.lines IS NULL THEN jsonb_array_length(k.visits)"
    " ELSE (SELECT sum((line -> 4)::int) FROM jsonb_array_elements(k.lines) line WHERE line -> 4 <> 'null') END, 0)"
)
_ACTUALS = f"FROM terms t JOIN actuals k ON k.cpli_id = t.cpli_id AND {_IN_FORCE.format(monday='k.monday')}"
_WITH_EMPTY = f"""
FROM (SELECT CAST(day AS date) AS monday
      FROM generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp), interval '7 days') day) m
JOIN terms t ON {_IN_FORCE.format(monday="m.monday")}
LEFT JOIN actuals k ON k.cpli_id = t.cpli_id AND k.monday = m.monday
WHERE k.cpli_id IS NOT NULL OR (t.start_on <= m.monday + 6 AND (t.end_on IS NULL OR t.end_on >= m.monday))
"""


@dataclass(frozen=True)
class Span:
    """The weeks that a report compares, of one Monday to another.

    ``with_empty``: also those in which a CPLI is in force without an actual. ``cpli_ids``, ``organisation_id``: None is
    no limit.
    """

    first: dt.date
    last: dt.date
    with_empty: bool
    cpli_ids: Sequence[int] | None = None
    organisation_id: str | None = None

    @property
    def _week(self) -> str:
        return "m.monday" if self.with_empty else "k.monday"

    @property
    def whole(self) -> str:
        """Whether a week is whole."""
        return _WHOLE.format(monday=self._week)

    def select(self, columns: str) -> str:
        """These columns of ``terms`` t and ``actuals`` k, after the Monday of each week."""
        of_cplis = "{0}.cpli_id = ANY(:cpli_ids)" if self.cpli_ids is not None else "true"
        of_organisation = "p.organisation_id = :organisation_id" if self.organisation_id else "true"
        terms = _TERMS.format(
            of_whom=f"{of_cplis.format('p')} AND {of_organisation}", of_which=of_cplis.format("k")
        )
        weeks = _WITH_EMPTY if self.with_empty else _ACTUALS
        return f"{terms} SELECT {self._week}, {columns} {weeks}"


def compared_weeks(session: Session, span: Span) -> list[Row]:
    """Weeks by CPLI and Monday, with what was ``commissioned`` (exact) and what is payable."""
    rows = session.execute(
        text(
            span.select(
                f"t.cpli_id, {_VISITS} AS visits, t.quantity, t.unit_cost,"
                f" {_part_of(span)}, coalesce(k.delivered_seconds, 0) AS delivered_seconds,"
                " coalesce(k.frustrated_seconds, 0) AS frustrated_seconds,"
                " coalesce(k.actual, 0) AS actual, coalesce(k.frustrated, 0) AS frustrated"
            )
            + " ORDER BY cpli_id, monday"
        ),
        asdict(span),
    )
    return [dict(row) | {"commissioned": _commissioned(row)} for row in rows.mappings()]


def _part_of(span: Span) -> str:
    """The columns from which a part week is worked out; nothing in them for a whole one."""
    names = ("start_on", "end_on", "plan", "all_terms")
    return ", ".join(f"CASE WHEN NOT {span.whole} THEN t.{name} END AS {name}" for name in names)


def _commissioned(row: Mapping[Any, Any]) -> Commissioned:
    if row["start_on"] is None:
        return Commissioned(row["quantity"], row["quantity"] * row["unit_cost"])
    terms = terms_from_json(row["all_terms"])
    return commissioned_of_week(
        plan_from_json(row["start_on"], row["end_on"], terms, row["plan"]), row["monday"]
    )


def weekly_sums(session: Session, span: Span) -> list[Row]:
    """Hours commissioned (exact), and seconds delivered and frustrated, of each week that holds any."""
    rows = session.execute(
        text(
            span.select(
                f"coalesce(sum(t.quantity) FILTER (WHERE {span.whole}), 0) AS commissioned,"
                " coalesce(sum(k.delivered_seconds), 0)::bigint AS delivered,"
                " coalesce(sum(k.frustrated_seconds), 0)::bigint AS frustrated"
            )
            + " GROUP BY 1 ORDER BY 1"
        ),
        asdict(span),
    )
    parts = _hours_of_part_weeks(session, span)
    return [
        dict(row) | {"commissioned": row["commissioned"] + parts.get(row["monday"], 0)}
        for row in rows.mappings()
    ]


def _hours_of_part_weeks(session: Session, span: Span) -> dict[dt.date, Decimal]:
    """Hours commissioned in the weeks that are not whole, by Monday."""
    columns = "t.start_on, t.end_on, t.plan, t.all_terms"
    rows = session.execute(
        text(f"SELECT * FROM ({span.select(f'{columns}, {span.whole} AS is_whole')}) w WHERE NOT is_whole"),
        asdict(span),
    )
    hours: dict[dt.date, Decimal] = defaultdict(Decimal)
    for row in rows.mappings():
        hours[row["monday"]] += _commissioned(row).hours
    return hours


_ITEM = (
    "i.item_id, i.organisation_id, i.client_reference, i.cpli_id, i.monday, i.ordinal, i.kind, i.series, i.reason,"
    " i.contract"
)
# Each CPLI's first item is looked up by itself: nearly all items are ordinary, and none of these is sorted. It is a first
# payment where nothing of the CPLI was payable before: a later instalment of it is none, nor are late visits of an
# earlier week.
_EXCEPTIONAL = f"""
{MOVED}, here AS (
  SELECT {_ITEM}, i.amount AS payable_amount, false AS is_moved {OF_UNMOVED} AND i.amount <> 0
  UNION ALL
  SELECT {_ITEM}, m.payable_amount, i.period_start <> :start OR m.payable_amount <> i.amount
  FROM of_moved m JOIN items i USING (item_id) WHERE m.payable_amount <> 0
), first_items AS (
  SELECT f.item_id FROM (SELECT DISTINCT cpli_id FROM here WHERE series = 'cost') known
  CROSS JOIN LATERAL (SELECT e.item_id FROM items e WHERE e.cpli_id = known.cpli_id AND e.series = 'cost'
                      ORDER BY e.monday, e.ordinal LIMIT 1) f
), listed AS (
  SELECT h.*, coalesce(o.name, h.organisation_id::text) AS organisation,
         h.item_id IN (SELECT item_id FROM first_items) AND NOT EXISTS (
             SELECT 1 FROM items e JOIN item_lines l USING (item_id)
             WHERE e.cpli_id = h.cpli_id AND e.series = 'cost' AND l.period_start < :start AND l.status = 'payable'
             GROUP BY l.period_start HAVING sum(l.amount) <> 0) AS is_first
  FROM here h LEFT JOIN organisations o USING (organisation_id) WHERE h.contract <> ALL(:finalised) AND {{of_method}}
)
SELECT item_id::text, organisation, client_reference AS client, cpli_id, monday, kind, series, reason, contract,
       payable_amount AS amount, is_first, is_moved
FROM listed l WHERE (kind <> 'cost' OR payable_amount < 0 OR is_first OR is_moved) AND {{beyond}}
ORDER BY organisation, {place("l")} LIMIT :limit
"""
_OF_METHOD = "h.cpli_id IN (SELECT p.cpli_id FROM packages p WHERE p.payment_method = :payment_method)"
_BEYOND = f"""
(organisation, {place("l")}) > (
  SELECT coalesce(o.name, a.organisation_id::text), {place("a")}
  FROM items a LEFT JOIN organisations o USING (organisation_id) WHERE a.item_id = :after)
"""


def exceptional_items(
    session: Session,
    start: dt.date,
    *,
    organisation_id: str | None,
    contract: str | None,
    payment_method: str | None,
    finalised: Sequence[str],
    after: uuid.UUID | None,
    limit: int,
) -> list[Row]:
    """A page of what is payable in a period but is not the ordinary cost of a week, without finalised contracts.

    An item is never deleted: ``after`` stays a place.
    """
    rows = session.execute(
        text(
            _EXCEPTIONAL.format(
                beyond="true" if after is None else _BEYOND,
                of_method="true" if payment_method is None else _OF_METHOD,
            )
        ),
        {
            "start": start,
            "organisation": organisation_id,
            "contract": contract,
            "payment_method": payment_method,
            "finalised": list(finalised),
            "after": after,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]
