"""What ingest tells reports: visits that overlap, and by what limits (RULES 15, 16)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.ingest.overlaps import Overlap, OverlapLimitSet, OverlappingVisit
from services.ingest.callers import organisation_asked
from services.ingest.overlaps import store
from services.ingest.overlaps.rules import SECONDS_IN_A_DAY, LimitsOn, Pair, signs_of_running_on
from services.ingest.rows.stored import time_text


def list_overlapping_visits(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    carer: str | None,
    where: str | None,
    first: dt.date,
    last: dt.date,
    is_left_running: bool,
    after: Sequence[Any] | None,
    limit: int,
) -> list[Overlap]:
    """A page of pairs of visits in which one carer is in two places at once. Raises Refused ``not_found``.

    ``first`` and ``last`` are days of delivery; each pair has the ``place`` after which the next page begins.
    ``is_left_running``: only those of which the first visit looks as if it was left running.
    """
    facts = {"organisation": organisation_asked(session, caller, organisation), "carer": carer}
    limits_on = store.limits_on(session)
    found: list[Overlap] = []
    while len(found) < limit:
        rows = store.list_overlapping(
            session, facts, first, last, where=where, after=after, limit=limit, limits_on=limits_on
        )
        pairs = [overlap_document(row, limits_on) for row in rows]
        found += [pair for pair in pairs if pair["left_running"] or not is_left_running]
        if len(rows) < limit:
            break
        after = [rows[-1][name] for name in store.PLACE]
    return found[:limit]


def list_limits(session: Session, caller: Caller) -> list[OverlapLimitSet]:
    """All limits that were ever set, the newest first. Raises Refused ``not_allowed`` for a provider."""
    require_council(caller)
    return [
        {
            "name": row["name"],
            "effective_from": row["effective_from"].isoformat(),
            "value": row["value"],
            "set_by": row["set_by"],
            "set_at": row["set_at"].isoformat(),
        }
        for row in store.list_limits(session)
    ]


def limits_of_day(session: Session, *, day: dt.date) -> dict[str, int]:
    """The limits that hold for what is delivered on a day, in whole minutes by name."""
    return store.limits_on(session)(day)._asdict()


def overlap_document(row: Mapping[str, Any], limits_on: LimitsOn) -> Overlap:
    """A pair; times as 09:00, how long both lasted in seconds."""
    day = row["day"].isoformat()
    pair = Pair(
        row["entry"],
        row["leaving"],
        row["planned_seconds"],
        row["other_entry_then"],
        row["other_leaving_then"],
    )
    return {
        "left_running": list(signs_of_running_on(pair, limits_on(row["day"]))),
        "carer": row["carer"],
        "is_across": row["is_across"],
        "seconds": row["seconds"],
        "day": day,
        "visits": (_visit_document(row), _visit_document(row, "other_")),
        "place": (
            day,
            row["entry"],
            str(row["organisation_id"]),
            row["visit_ref"],
            str(row["other_id"]),
            row["other_ref"],
        ),
    }


def _visit_document(row: Mapping[str, Any], other: str = "") -> OverlappingVisit:
    return {
        "organisation_id": str(row["other_id" if other else "organisation_id"]),
        "organisation": row[f"{other}organisation"],
        "ref": row["other_ref" if other else "visit_ref"],
        "client": row[f"{other}client"],
        "carer_ref": row[f"{other}carer_ref"],
        "day": row[f"{other}day"].isoformat(),
        "entry": time_text(row[f"{other}entry"]),
        "exit": time_text(row[f"{other}leaving"] % SECONDS_IN_A_DAY),
    }
