"""Queries of matching on the replica of the actuals. Set-based: one statement a step."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.events import ActualSaid, LineOfWeek
from libs.common.sql.columns import array_text

ACTUALS: Final = "Actuals"
"""The PaymentMethod of RULES 2."""
CpliWeek = tuple[int, dt.date]


def keep_newest(session: Session, organisation_id: str, weeks: Sequence[ActualSaid]) -> set[CpliWeek]:
    """Keep the newest state of each saved week; answers which of them are not older than what was known.

    An equal version is taken again: that is how ``resync`` has a week said once more.
    """
    rows = session.execute(
        text(
            "INSERT INTO actuals (cpli_id, monday, organisation_id, version, lines)"
            " SELECT cpli_id, monday, CAST(:organisation AS uuid), version, lines FROM unnest("
            "CAST(:cplis AS bigint[]), CAST(:mondays AS date[]), CAST(:versions AS bigint[]), CAST(:lines AS jsonb[]))"
            " AS said (cpli_id, monday, version, lines) ON CONFLICT (cpli_id, monday) DO UPDATE SET"
            " organisation_id = excluded.organisation_id, version = excluded.version, lines = excluded.lines"
            " WHERE actuals.version <= excluded.version RETURNING cpli_id, monday"
        ),
        {
            "organisation": organisation_id,
            "cplis": array_text(week.cpli_id for week in weeks),
            "mondays": array_text(week.monday for week in weeks),
            "versions": array_text(week.version for week in weeks),
            "lines": array_text(json.dumps(week.lines) for week in weeks),
        },
    )
    return {(cpli_id, monday) for cpli_id, monday in rows}


def lines_of_weeks(session: Session, weeks: Collection[CpliWeek]) -> dict[CpliWeek, list[LineOfWeek]]:
    """What was saved of these weeks, as far as their CPLIs are paid by actuals now."""
    return _lines(
        session,
        "(a.cpli_id, a.monday) IN (SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[])))",
        cplis=array_text(cpli_id for cpli_id, _ in weeks),
        mondays=array_text(monday for _, monday in weeks),
    )


def lines_of_cplis(session: Session, cpli_ids: Collection[int]) -> dict[CpliWeek, list[LineOfWeek]]:
    """What was saved of these CPLIs, as far as they are paid by actuals now."""
    return _lines(session, "a.cpli_id = ANY(CAST(:ids AS bigint[]))", ids=array_text(cpli_ids))


def _lines(session: Session, where: str, **values: str) -> dict[CpliWeek, list[LineOfWeek]]:
    rows = session.execute(
        text(
            "SELECT a.cpli_id, a.monday, a.lines FROM actuals a JOIN cplis c USING (cpli_id)"
            f" WHERE c.payment_method = :method AND {where}"
        ),
        {"method": ACTUALS, **values},
    )
    return {(cpli_id, monday): list(map(LineOfWeek._make, lines)) for cpli_id, monday, lines in rows}


def weeks_of_cplis(session: Session, cpli_ids: Collection[int]) -> set[CpliWeek]:
    """The weeks of these CPLIs that were ever saved."""
    rows = session.execute(
        text("SELECT cpli_id, monday FROM actuals WHERE cpli_id = ANY(CAST(:ids AS bigint[]))"),
        {"ids": array_text(cpli_ids)},
    )
    return {(cpli_id, monday) for cpli_id, monday in rows}


def follow_holders(session: Session, cpli_ids: Collection[int]) -> None:
    """Let what was saved of CPLIs be seen by whoever has them now."""
    session.execute(
        text(
            "UPDATE actuals a SET organisation_id = c.organisation_id FROM cplis c WHERE c.cpli_id = a.cpli_id"
            " AND c.organisation_id <> a.organisation_id AND a.cpli_id = ANY(CAST(:ids AS bigint[]))"
        ),
        {"ids": array_text(cpli_ids)},
    )
