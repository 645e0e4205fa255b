"""What ingest tells reports: visits that overlap (RULES 15, 16)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.seams.ingest.overlaps import Overlap, OverlappingVisit
from services.ingest.callers import organisation_asked
from services.ingest.overlaps import store
from services.ingest.rows.stored import time_text

SECONDS_IN_A_DAY = 86_400


def list_overlapping_visits(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    carer: str | None,
    where: str | None,
    first: dt.date,
    last: dt.date,
    after: Sequence[Any] | None,
    limit: int,
) -> list[Overlap]:
    """A page of pairs of visits in which one carer is in two places at once. Raises Refused ``not_found``.

    ``first`` and ``last`` are days of delivery; each pair has the ``place`` after which the next page begins.
    """
    facts = {"organisation": organisation_asked(session, caller, organisation), "carer": carer}
    rows = store.list_overlapping(session, facts, first, last, where=where, after=after, limit=limit)
    return [overlap_document(row) for row in rows]


def overlap_document(row: Mapping[str, Any]) -> Overlap:
    """A pair; times as 09:00, how long both lasted in seconds."""
    day = row["day"].isoformat()
    return {
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
        "organisation": row[f"{other}organisation"],
        "ref": row["other_ref" if other else "visit_ref"],
        "client": row[f"{other}client"],
        "carer_ref": row[f"{other}carer_ref"],
        "day": row[f"{other}day"].isoformat(),
        "entry": time_text(row[f"{other}entry"]),
        "exit": time_text(row[f"{other}leaving"] % SECONDS_IN_A_DAY),
    }
