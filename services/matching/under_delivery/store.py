"""Queries of matching on what was delivered of CPLIs by week; row-level security limits what a provider sees."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.matching.measures.rules import FRUSTRATED


def seconds_by_week(
    session: Session, organisation_id: str, mondays: Collection[dt.date]
) -> dict[int, dict[dt.date, int]]:
    """Delivered and frustrated seconds of the organisation's CPLIs in these weeks, by CpliId and Monday."""
    found: dict[int, dict[dt.date, int]] = defaultdict(dict)
    if not mondays:
        return found
    rows = session.execute(
        text(
            "SELECT v.cpli_id, v.monday, sum(CASE WHEN t.delivered THEN coalesce(v.delivered_seconds, 0)"
            " ELSE (v.planned_exit - v.planned_entry + 86400) % 86400 END) AS seconds"
            " FROM visits v JOIN visit_types t ON t.ref = v.visit_type"
            " WHERE v.organisation_id = CAST(:organisation AS uuid) AND v.planned_on BETWEEN :first AND :last"
            " AND v.monday = ANY(CAST(:mondays AS date[])) AND NOT v.deleted AND v.cpli_id IS NOT NULL"
            " AND (t.delivered OR t.ref = ANY(:frustrated)) GROUP BY 1, 2"
        ),
        {
            "organisation": organisation_id,
            "first": min(mondays),
            "last": max(mondays) + dt.timedelta(days=6),
            "mondays": array_text(mondays),
            "frustrated": sorted(FRUSTRATED),
        },
    )
    for cpli_id, monday, seconds in rows:
        found[cpli_id][monday] = int(seconds)
    return found
