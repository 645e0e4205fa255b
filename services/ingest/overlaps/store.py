"""Queries of ingest for reports; row-level security limits what a provider sees."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.dated import NumberSet, holding_on
from services.ingest.overlaps.rules import DEFAULTS, LimitsOn, least_seconds

Row = dict[str, Any]

# Delivered times are seconds since the midnight of the delivered date; an exit not after the entry is on the next day.
_GIVEN = """
  SELECT v.organisation_id, o.name AS organisation, v.visit_ref, v.carer_ref, v.delivered_on AS day,
         v.delivered_entry AS entry,
         v.delivered_exit + CASE WHEN v.delivered_exit <= v.delivered_entry THEN 86400 ELSE 0 END AS leaving,
         (v.planned_exit - v.planned_entry + 86400) % 86400 AS planned_seconds,
         coalesce(nullif(v.ssref, ''), nullif(v.client_ref, ''), v.nhs_number, '') AS client,
         coalesce(btrim(c.forename || ' ' || c.surname), '') AS carer,
         nullif(lower(btrim(c.forename || ' ' || c.surname)), '') AS name
  FROM visits v JOIN organisations o USING (organisation_id) LEFT JOIN carers c USING (organisation_id, carer_ref)
  WHERE NOT v.deleted AND v.carer_ref <> '' AND v.delivered_entry IS NOT NULL AND v.delivered_exit IS NOT NULL
    AND v.delivered_on BETWEEN CAST(:day AS date) AND CAST(:day AS date) + 1
"""
# The carer that is asked for, and those of the same name: no other visits make a pair with the carer's.
_OF_CARER = """
    AND (lower(v.carer_ref) = lower(:carer) OR lower(btrim(c.forename || ' ' || c.surname)) IN (
      SELECT lower(:carer) UNION
      SELECT lower(btrim(n.forename || ' ' || n.surname)) FROM carers n WHERE lower(n.carer_ref) = lower(:carer)))
"""
# A visit meets those that begin after it on its own day, and those of the next day if it goes on past midnight.
_PAIRS = """
  SELECT a.organisation_id, a.organisation, a.visit_ref, a.client, a.carer_ref, a.carer, a.day, a.entry, a.leaving,
         a.planned_seconds, b.organisation_id AS other_id, b.organisation AS other_organisation, b.visit_ref AS other_ref,
         b.client AS other_client, b.carer_ref AS other_carer_ref, b.day AS other_day, b.entry AS other_entry,
         b.leaving AS other_leaving, b.entry + d.days * 86400 AS other_entry_then,
         b.leaving + d.days * 86400 AS other_leaving_then, a.organisation_id <> b.organisation_id AS is_across,
         least(a.leaving, b.leaving + d.days * 86400) - (b.entry + d.days * 86400) AS seconds
  FROM given a CROSS JOIN (VALUES (0), (1)) d (days)
  JOIN given b ON b.day = a.day + d.days AND {same_carer} AND b.entry + d.days * 86400 < a.leaving
    AND (d.days = 1 OR (a.entry, a.organisation_id, a.visit_ref) < (b.entry, b.organisation_id, b.visit_ref))
    AND least(a.leaving, b.leaving + d.days * 86400) - (b.entry + d.days * 86400) >= :least
  WHERE a.day = CAST(:day AS date) AND (d.days = 0 OR a.leaving > 86400)
    AND (CAST(:organisation AS uuid) IS NULL OR CAST(:organisation AS uuid) IN (a.organisation_id, b.organisation_id))
    AND (CAST(:carer AS text) IS NULL OR lower(:carer) IN (lower(a.carer_ref), lower(b.carer_ref), a.name))
"""
_WITHIN = _PAIRS.format(same_carer="b.organisation_id = a.organisation_id AND b.carer_ref = a.carer_ref")
_ACROSS = _PAIRS.format(same_carer="b.organisation_id <> a.organisation_id AND b.name = a.name")
_BY_WHERE = {"within": _WITHIN, "across": _ACROSS, None: f"{_WITHIN} UNION ALL {_ACROSS}"}
PLACE = ("day", "entry", "organisation_id", "visit_ref", "other_id", "other_ref")
_PLACE = ", ".join(PLACE)


def list_overlapping(
    session: Session,
    facts: Mapping[str, Any],
    first: dt.date,
    last: dt.date,
    *,
    where: str | None,
    after: Sequence[Any] | None,
    limit: int,
    limits_on: LimitsOn,
) -> list[Row]:
    """Pairs of visits that one carer delivered at the same time; the first of each began between two days.

    ``where`` is ``within`` an organisation, where a carer is known by CarerRef, or ``across`` organisations, whose refs
    are their own: there by name; None is both. ``after`` are the values of _PLACE of the last row of the page before.
    The days are looked at one by one, and no more of them than fill the page. Of each day the pairs of as many minutes
    as count by its limits; the first visit's day decides.
    """
    rows: list[Row] = []
    day = max(first, after[0]) if after else first
    while day <= last and len(rows) < limit:
        least = {"least": least_seconds(limits_on(day))}
        rows += _list_overlapping_on(
            session, {**facts, **least}, day, where=where, after=after, limit=limit - len(rows)
        )
        day += dt.timedelta(days=1)
    return rows


def _list_overlapping_on(
    session: Session,
    facts: Mapping[str, Any],
    day: dt.date,
    *,
    where: str | None,
    after: Sequence[Any] | None,
    limit: int,
) -> list[Row]:
    names = ("after_day", "after_entry", "after_id", "after_ref", "after_other_id", "after_other_ref")
    given = _GIVEN
    if facts["carer"]:
        given += _OF_CARER
    if facts["organisation"] and where == "within":
        given += " AND v.organisation_id = CAST(:organisation AS uuid)"
    rows = session.execute(
        text(
            f"WITH given AS ({given}), pairs AS ({_BY_WHERE[where]}) SELECT * FROM pairs"
            f" WHERE :is_first OR ({_PLACE}) > (CAST(:after_day AS date), CAST(:after_entry AS bigint),"
            " CAST(:after_id AS uuid), CAST(:after_ref AS text), CAST(:after_other_id AS uuid),"
            f" CAST(:after_other_ref AS text)) ORDER BY {_PLACE} LIMIT :limit"
        ),
        {
            **facts,
            **dict(zip(names, after or [None] * len(names), strict=True)),
            "day": day,
            "is_first": after is None,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def limits_on(session: Session) -> LimitsOn:
    """By which limits a delivered day is looked at."""
    rows = session.execute(text("SELECT name, effective_from, value FROM overlap_limits ORDER BY change_id"))
    return holding_on(DEFAULTS, [NumberSet(*row) for row in rows])


def add_limit(session: Session, one: NumberSet, who: str) -> None:
    """Have a limit hold from its day on."""
    session.execute(
        text(
            "INSERT INTO overlap_limits (name, effective_from, value, set_by)"
            " VALUES (:name, :effective_from, :value, :who)"
        ),
        {**one._asdict(), "who": who},
    )


def list_limits(session: Session) -> list[Row]:
    """All that was ever set, the newest first."""
    rows = session.execute(
        text(
            "SELECT name, effective_from, value, set_by, set_at FROM overlap_limits"
            " ORDER BY change_id DESC LIMIT 1000"
        )
    )
    return [dict(row) for row in rows.mappings()]
