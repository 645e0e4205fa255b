"""Samples: weeks of CPLIs picked to be looked at, and kept as they were picked (RULES 9). Never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.weeks import sunday_of
from libs.common.casework.doubts import SAMPLED
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.disputes.doubts import ListedSample, PickedSample, Sample
from services.disputes.doubts import store_samples
from services.disputes.doubts.words import HIDDEN

SAMPLES_SHOWN: Final = 50


def keep_sample(
    session: Session,
    caller: Caller,
    *,
    sample_id: uuid.UUID,
    monday: dt.date,
    organisation_id: uuid.UUID | None,
    way: str,
    size: int,
    seed: str,
    out_of: int,
    rows: Sequence[Mapping[str, Any]],
    now: dt.datetime,
) -> None:
    """Keep a sample with what was picked; keeping it twice is keeping it once.

    rows: {"cpli_id", "organisation_id", "client", …figures}. Council only: raises Refused ``not_found``.
    """
    require_council(caller, HIDDEN)
    is_new = store_samples.insert_sample(
        session,
        {
            "sample_id": sample_id,
            "monday": monday,
            "organisation_id": organisation_id,
            "way": way,
            "size": size,
            "seed": seed,
            "out_of": out_of,
            "picked_by": caller["who"],
            "picked_at": now,
        },
    )
    if is_new:
        store_samples.insert_rows(
            session, [_row_to_keep(row, sample_id=sample_id, monday=monday, now=now) for row in rows]
        )


def find_sample(session: Session, caller: Caller, *, sample_id: uuid.UUID) -> Sample:
    """How a sample was picked and how it stands. Council only: raises Refused ``not_found``."""
    require_council(caller, HIDDEN)
    row = store_samples.find_sample(session, sample_id)
    if row is None:
        raise Refused("not_found", "There is no such sample.")
    return {**_sample_document(row), "states": store_samples.count_states(session, sample_id)}


def list_samples(session: Session, caller: Caller, *, monday: dt.date) -> list[ListedSample]:
    """The samples of a week, the newest first. Council only: raises Refused ``not_found``."""
    require_council(caller, HIDDEN)
    rows = store_samples.list_samples(session, monday, SAMPLES_SHOWN)
    return [{**_sample_document(row), "left_to_do": row["left_to_do"]} for row in rows]


def _row_to_keep(
    row: Mapping[str, Any], *, sample_id: uuid.UUID, monday: dt.date, now: dt.datetime
) -> dict[str, Any]:
    named = ("cpli_id", "organisation_id", "client")
    return {
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


def _sample_document(row: Mapping[str, Any]) -> PickedSample:
    return {
        "sample_id": str(row["sample_id"]),
        "monday": row["monday"].isoformat(),
        "organisation_id": str(row["organisation_id"]) if row["organisation_id"] else None,
        "way": row["way"],
        "size": row["size"],
        "seed": row["seed"],
        "out_of": row["out_of"],
        "picked_by": row["picked_by"],
        "picked_at": row["picked_at"].isoformat(),
    }
