"""Samples: weeks of CPLIs picked to be looked at, and kept as they were picked (RULES 9). Never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.doubts import SAMPLED
from libs.common.care.weeks import sunday_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.disputes.doubts import store_samples
from services.disputes.doubts.steps import for_council

SAMPLES_SHOWN: Final = 50

Row = dict[str, Any]


def keep(
    session: Session,
    caller: Caller,
    *,
    sample_id: uuid.UUID,
    monday: dt.date,
    rows: Sequence[Mapping[str, Any]],
    now: dt.datetime,
    **how: Any,
) -> None:
    """Keep a sample with what was picked; keeping it twice is keeping it once.

    rows: {"cpli_id", "organisation_id", "client", …figures}; how: organisation_id, way, size, seed, out_of.
    """
    for_council(caller)
    facts = {"sample_id": sample_id, "monday": monday, "picked_by": caller["who"], "picked_at": now, **how}
    if not store_samples.insert(session, facts):
        return
    named = ("cpli_id", "organisation_id", "client")
    store_samples.insert_rows(
        session,
        [
            {
                "doubt_id": uuid.uuid5(sample_id, str(row["cpli_id"])),
                "sample_id": sample_id,
                "kind": SAMPLED,
                "monday": monday,
                "last_on": sunday_of(monday),
                "organisation_id": row["organisation_id"],
                "client": row["client"],
                "cpli_id": row["cpli_id"],
                "evidence": {name: fact for name, fact in row.items() if name not in named},
                "now": now,
            }
            for row in rows
        ],
    )


def sample(session: Session, caller: Caller, *, sample_id: uuid.UUID) -> Row:
    """How a sample was picked, and how many of it are in which state. Raises Refused ``not_found``."""
    for_council(caller)
    found = store_samples.one(session, sample_id)
    if found is None:
        raise Refused("not_found", "There is no such sample.")
    return found | {"states": store_samples.states(session, sample_id)}


def samples(session: Session, caller: Caller, *, monday: dt.date) -> list[Row]:
    """The samples of a week, the newest first."""
    for_council(caller)
    return store_samples.of_week(session, monday, SAMPLES_SHOWN)
