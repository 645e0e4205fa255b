"""Doubts become disputes, one or many at once (RULES 9). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.casework.cases import DISPUTE, OPEN
from libs.common.casework.doubts import RAISED
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.disputes.doubts import RaisedDoubts
from libs.common.seams.disputes.evidence import DoubtInDispute
from services.disputes.disputes import store as disputes_store
from services.disputes.disputes.steps import raise_disputes
from services.disputes.doubts import rules, store
from services.disputes.doubts.rules import About
from services.disputes.doubts.steps import lock_doubts
from services.disputes.doubts.words import HIDDEN

Row = dict[str, Any]
Saying = Mapping[tuple[str, str], Mapping[str, Any]]
"""What visits say now, by organisation id and VisitRef."""


def raise_doubts(
    session: Session,
    caller: Caller,
    *,
    seed: uuid.UUID,
    doubt_ids: Sequence[uuid.UUID],
    words: Mapping[str, str],
    visits: Sequence[Mapping[str, Any]],
    now: dt.datetime,
) -> RaisedDoubts:
    """Raise these as disputes, one for each provider, client and reason, with what they are seen by in the provider's
    own visits.

    What can't be raised any more is left as it is, and stops no other.

    seed: the ids of disputes follow from it, so that a form sent twice raises once and is answered the same.
    words: by type of dispute. visits: what those in doubt say now, {"organisation_id", "visit_ref", "version",
    "deleted", "values"}. Raises Refused ``not_found``.
    """
    require_council(caller, HIDDEN)
    rows = lock_doubts(session, doubt_ids)
    disputes_store.lock_organisations(session, (row["organisation_id"] for row in rows))
    saying = {(str(one["organisation_id"]), one["visit_ref"]): one for one in visits}
    raised, rest = _apart(rows, seed)
    left = _left(session, rest, saying)
    free = [row for row in rest if row["doubt_id"] not in left]
    disputes, settled = _as_disputes(seed, free, words, saying)
    raise_disputes(session, caller, disputes=disputes, now=now)
    for case_id, ids in settled.items():
        store.settle(session, ids, state=RAISED, who=caller["who"], why="", case_id=case_id, now=now)
    of_case = {one["case_id"]: [row for row in rows if row["case_id"] == one["case_id"]] for one in raised}
    of_case |= {case_id: [row for row in free if row["doubt_id"] in ids] for case_id, ids in settled.items()}
    return {
        "done": len(rows) - len(left),
        "left": [
            {"doubt_id": str(one), "code": why.code, "message": why.message} for one, why in left.items()
        ],
        "disputes": [
            {
                "case_id": str(one["case_id"]),
                "organisation_id": str(one["organisation_id"]),
                "reason": one["reason"],
                "doubts": _told(of_case[one["case_id"]]),
            }
            for one in (*raised, *disputes)
        ],
    }


def _apart(rows: Sequence[Row], seed: uuid.UUID) -> tuple[list[Row], list[Row]]:
    """The disputes that this form has raised before, and the doubts that it has not."""
    own = {_case_id(seed, row) for row in rows}
    raised = {
        row["case_id"]: row | {"reason": rules.reason_of(row["kind"])}
        for row in rows
        if row["case_id"] in own
    }
    return list(raised.values()), [row for row in rows if row["case_id"] not in own]


def _case_id(seed: uuid.UUID, first: Mapping[str, Any]) -> uuid.UUID:
    """The id of the dispute whose first doubt this is."""
    return uuid.uuid5(seed, str(first["doubt_id"]))


def _left(session: Session, rows: Sequence[Row], saying: Saying) -> dict[uuid.UUID, rules.Why]:
    """Those that can't be raised, and why."""
    disputed = _disputed(session, {about for row in rows for about in rules.list_about(row)})
    faults = {row["doubt_id"]: rules.find_why_left(row, saying, disputed) for row in rows}
    return {doubt_id: why for doubt_id, why in faults.items() if why is not None}


def _disputed(session: Session, wanted: Iterable[About]) -> dict[About, int]:
    """Which of these visits and weeks are in an open dispute for that reason, and its number."""
    visits = [(one.of, one.what, one.reason) for one in wanted if isinstance(one.what, str)]
    weeks = [(one.of, one.what, one.reason) for one in wanted if isinstance(one.what, dt.date)]
    found: dict[About, int] = {}
    for row in (
        disputes_store.list_disputed_visits(session, visits, states=OPEN[DISPUTE], but=()) if visits else ()
    ):
        found[About(str(row["organisation_id"]), row["visit_ref"], row["reason"])] = row["number"]
    for row in (
        disputes_store.list_disputed_weeks(session, weeks, states=OPEN[DISPUTE], but=()) if weeks else ()
    ):
        found[About(row["cpli_id"], row["monday"], row["reason"])] = row["number"]
    return found


def _as_disputes(
    seed: uuid.UUID, free: Sequence[Row], words: Mapping[str, str], saying: Saying
) -> tuple[list[Row], dict[uuid.UUID, list[uuid.UUID]]]:
    """The disputes to raise, and the doubts that each of them settles. A visit is in one dispute for a reason."""
    disputes: list[Row] = []
    settled: dict[uuid.UUID, list[uuid.UUID]] = {}
    named: dict[tuple[str, str, str], uuid.UUID] = {}
    for group, rows in rules.group_by_dispute(free).items():
        organisation_id = str(group.organisation_id)
        case_id = _case_id(seed, rows[0])
        refs = list(dict.fromkeys(ref for row in rows for ref in row["visits"]))
        new = [ref for ref in refs if (organisation_id, ref, group.reason) not in named]
        if refs and not new:
            settled[named[organisation_id, refs[0], group.reason]] += [row["doubt_id"] for row in rows]
            continue
        named |= {(organisation_id, ref, group.reason): case_id for ref in new}
        settled[case_id] = [row["doubt_id"] for row in rows]
        disputes.append(
            {
                "case_id": case_id,
                "organisation_id": group.organisation_id,
                "reason": group.reason,
                "words": words.get(group.reason) or "",
                "client_reference": group.client,
                "cpli_id": group.cpli_id,
                "first_on": min(row["first_on"] for row in rows),
                "last_on": max(row["last_on"] for row in rows),
                "monday": None if new else group.monday,
                "visits": [_saying(saying, organisation_id, ref) for ref in new],
            }
        )
    for one in disputes:
        one["facts"] = {"doubts": _told([row for row in free if row["doubt_id"] in settled[one["case_id"]]])}
    return disputes, settled


def _told(rows: Sequence[Row]) -> list[DoubtInDispute]:
    """What a dispute tells of its doubts, the earliest first."""
    return [
        rules.doubt_to_tell(row) for row in sorted(rows, key=lambda row: (row["first_on"], row["doubt_id"]))
    ]


def _saying(saying: Saying, organisation_id: str, visit_ref: str) -> Row:
    """What a visit says, as a dispute keeps it."""
    found = saying[organisation_id, visit_ref]
    return {name: fact for name, fact in found.items() if name != "organisation_id"}
