"""Doubts and weeks of them as the council sees them (RULES 9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.clock import iso_text
from libs.common.casework.doubts import PROPOSED
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.disputes.doubts import Doubt, DoubtGroup, DoubtWeek, LookedAtWeek
from services.disputes.doubts import rules, store
from services.disputes.doubts.words import HIDDEN

COUNTED_TO: Final = 1_000
WEEKS_SHOWN: Final = 26


def list_doubts(
    session: Session,
    caller: Caller,
    *,
    week: dt.date | None,
    sample_id: uuid.UUID | None,
    organisation_id: uuid.UUID | None,
    kind: str | None,
    states: Sequence[str] | None,
    after: uuid.UUID | None,
    limit: int,
    group_ids: Sequence[uuid.UUID] | None = None,
) -> list[Doubt]:
    """A page of doubts of a week, of groups of it, or of a sample. Council only: raises Refused ``not_found``."""
    require_council(caller, HIDDEN)
    rows = store.list_doubts(
        session,
        after=after,
        limit=limit,
        week=week,
        sample_id=sample_id,
        organisation_id=organisation_id,
        kind=kind,
        states=states,
        group_ids=group_ids,
    )
    return [_doubt_document(row) for row in rows]


def list_groups(
    session: Session,
    caller: Caller,
    *,
    week: dt.date,
    organisation_id: uuid.UUID | None,
    kind: str | None,
    states: Sequence[str],
    after: store.GroupPlace | None,
    limit: int,
) -> list[DoubtGroup]:
    """A page of a week's doubts put together, the largest group first. Council only: raises Refused ``not_found``."""
    require_council(caller, HIDDEN)
    groups = store.list_groups(
        session,
        after=after,
        limit=limit,
        week=week,
        organisation_id=organisation_id,
        kind=kind,
        states=states,
    )
    first = {row["doubt_id"]: row for row in store.find_doubts(session, [one["first_id"] for one in groups])}
    return [_group_document(one, first[one["first_id"]]) for one in groups]


def find_doubts(session: Session, caller: Caller, *, doubt_ids: Sequence[uuid.UUID]) -> list[Doubt]:
    """These doubts, in the order of a page; unknown ones are left out. Council only: raises Refused ``not_found``."""
    require_council(caller, HIDDEN)
    return [_doubt_document(row) for row in store.find_doubts(session, doubt_ids)]


def find_week(
    session: Session, caller: Caller, *, monday: dt.date, organisation_id: uuid.UUID | None, kind: str | None
) -> DoubtWeek:
    """How a week stands; kinds and organisations are each limited by the other's choice.

    Council only: raises Refused ``not_found``.
    """
    require_council(caller, HIDDEN)
    states: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    organisations: Counter[str] = Counter()
    for row in store.count_doubts(session, week=monday):
        is_of_kind = kind in (None, row["kind"])
        is_of_organisation = organisation_id in (None, row["organisation_id"])
        if is_of_kind and is_of_organisation:
            states[row["state"]] += row["number"]
        if row["state"] == PROPOSED and is_of_organisation:
            kinds[row["kind"]] += row["number"]
        if row["state"] == PROPOSED and is_of_kind:
            organisations[str(row["organisation_id"])] += row["number"]
    return {
        "looked_at": iso_text(store.find_looked_at(session, monday)),
        "states": dict(states),
        "kinds": kinds.most_common(),
        "organisations": organisations.most_common(),
    }


def find_newest_week(session: Session, caller: Caller, *, now: dt.datetime) -> str:
    """The Monday of the newest week with proposals, however old; without any, of the last complete one.

    Council only: raises Refused ``not_found``.
    """
    require_council(caller, HIDDEN)
    proposed = store.list_weeks_proposed(session, 1)
    return (proposed[0] if proposed else rules.last_complete_week(now)).isoformat()


def list_weeks(session: Session, caller: Caller) -> list[LookedAtWeek]:
    """The newest weeks that were looked at. Council only: raises Refused ``not_found``."""
    require_council(caller, HIDDEN)
    return [
        {"monday": row["monday"].isoformat(), "proposed": row["proposed"]}
        for row in store.list_weeks(session, WEEKS_SHOWN)
    ]


def count_waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits on the worklist, for the council alone."""
    if caller["organisation"] is not None:
        return {}
    return {"doubts_proposed": store.count_proposed(session, COUNTED_TO)}


def _group_document(row: Mapping[str, Any], first: Mapping[str, Any]) -> DoubtGroup:
    return {
        "group_id": str(row["group_id"]),
        "organisation_id": str(row["organisation_id"]),
        "kind": row["kind"],
        "carer_ref": row["carer_ref"],
        "number": row["number"],
        "days": row["days"],
        "clients": row["clients"],
        "first_on": row["first_on"].isoformat(),
        "last_on": row["last_on"].isoformat(),
        "overlap_seconds": row["overlap_seconds"],
        "place": (row["number"], str(row["organisation_id"]), row["about"], row["kind"]),
        "first": _doubt_document(first),
    }


def _doubt_document(row: Mapping[str, Any]) -> Doubt:
    return {
        "doubt_id": str(row["doubt_id"]),
        "group_id": str(row["group_id"]),
        "organisation_id": str(row["organisation_id"]),
        "monday": row["monday"].isoformat(),
        "kind": row["kind"],
        "reason": rules.reason_of(row["kind"]),
        "client_reference": row["client_reference"],
        "cpli_id": row["cpli_id"],
        "visits": row["visits"],
        "first_on": row["first_on"].isoformat(),
        "last_on": row["last_on"].isoformat(),
        "evidence": row["evidence"],
        "state": row["state"],
        "found_at": row["found_at"].isoformat(),
        "settled_by": row["settled_by"],
        "settled_at": iso_text(row["settled_at"]),
        "settled_why": row["settled_why"],
        "case_id": str(row["case_id"]) if row["case_id"] else None,
        "sample_id": str(row["sample_id"]) if row["sample_id"] else None,
    }
