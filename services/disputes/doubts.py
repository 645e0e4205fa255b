"""Doubts are kept, shown, dismissed and raised as disputes (RULES 9). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messages import Message
from libs.common.outbox import emit
from libs.common.rpc import Caller
from services.disputes import rules_doubts, store_doubts
from services.disputes.disputes import raise_disputes
from services.disputes.rules_doubts import DISMISSED, MOVES, PROPOSED, RAISED

COUNTED_TO: Final = 1_000
WEEKS_SHOWN: Final = 26

Row = dict[str, Any]


def take_doubts(session: Session, message: Message) -> None:
    """``doubts_found``: the full state of an organisation's week as one finder sees it; the newest version counts.

    What it no longer finds is gone. What somebody raised or dismissed stays as it is.
    """
    body = message.body
    monday, organisation_id = dt.date.fromisoformat(body["monday"]), body["organisation_id"]
    look = {
        "finder": body["finder"],
        "organisation_id": organisation_id,
        "monday": monday,
        "version": body["version"],
    }
    now = session.scalar(text("SELECT now()"))
    store_doubts.lock_week(session, organisation_id, monday)
    if store_doubts.take_look(session, **look, now=now):
        if body["doubts"]:
            store_doubts.save_found(session, look, body["doubts"], now)
        store_doubts.mark_gone(session, look)


def look_at_week(session: Session, caller: Caller, *, monday: dt.date) -> str:
    """``doubts_wanted``: have a week looked at now; the cause of all that follows."""
    for_council(caller)
    ask_for_look(session, monday, lane="single")
    return rules_doubts.cause_of(monday)


def ask_for_look(session: Session, monday: dt.date, *, lane: str) -> None:
    """``doubts_wanted``. All looks at a week have one cause, so that what is counted of them does not grow."""
    body = {"monday": monday.isoformat()}
    emit(session, "doubts_wanted", body, cause_id=rules_doubts.cause_of(monday), lane=lane)


def look_again(session: Session, now: dt.datetime) -> int:
    """Once an hour: the newest complete week, and those with proposals, which may be gone; how many weeks."""
    mondays = {rules_doubts.last_complete_week(now)}
    mondays.update(store_doubts.weeks_proposed(session, rules_doubts.MOST_WEEKS_AGAIN))
    for monday in sorted(mondays):
        ask_for_look(session, monday, lane="bulk")
    return len(mondays)


def doubts(session: Session, caller: Caller, **wanted: Any) -> list[Row]:
    """A page of doubts of a week or a sample, with the type of dispute that each would be."""
    for_council(caller)
    return [_shown(row) for row in store_doubts.page(session, **wanted)]


def chosen(session: Session, caller: Caller, *, doubt_ids: Sequence[uuid.UUID]) -> list[Row]:
    """These doubts, in the order of a page. Unknown ones are left out."""
    for_council(caller)
    return [_shown(row) for row in store_doubts.by_ids(session, doubt_ids)]


def week(
    session: Session, caller: Caller, *, monday: dt.date, organisation_id: uuid.UUID | None, kind: str | None
) -> Row:
    """How a week stands: {"looked_at", "states", "kinds", "organisations"}; the last two count what is proposed, each
    limited by the other's choice, in pairs, most first."""
    for_council(caller)
    states: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    organisations: Counter[str] = Counter()
    for row in store_doubts.counts(session, week=monday):
        is_of_kind = kind in (None, row["kind"])
        is_of_organisation = organisation_id in (None, row["organisation_id"])
        if is_of_kind and is_of_organisation:
            states[row["state"]] += row["number"]
        if row["state"] == PROPOSED and is_of_organisation:
            kinds[row["kind"]] += row["number"]
        if row["state"] == PROPOSED and is_of_kind:
            organisations[str(row["organisation_id"])] += row["number"]
    return {
        "looked_at": store_doubts.looked_at(session, monday),
        "states": dict(states),
        "kinds": [list(one) for one in kinds.most_common()],
        "organisations": [list(one) for one in organisations.most_common()],
    }


def weeks(session: Session, caller: Caller) -> list[Row]:
    """The newest weeks that were looked at, with the number of their proposals."""
    for_council(caller)
    return store_doubts.weeks(session, WEEKS_SHOWN)


def dismiss(
    session: Session, caller: Caller, *, doubt_ids: Sequence[uuid.UUID], why: str, now: dt.datetime
) -> Row:
    """Dismiss these for good, with a reason; {"done", "left"}: left are those that are no longer proposed."""
    for_council(caller)
    free, left = _free(session, doubt_ids, DISMISSED)
    store_doubts.settle(
        session,
        [row["doubt_id"] for row in free],
        state=DISMISSED,
        who=caller["who"],
        why=why,
        case_id=None,
        now=now,
    )
    return {"done": len(free), "left": left}


def raise_doubts(
    session: Session,
    caller: Caller,
    *,
    doubt_ids: Sequence[uuid.UUID],
    words: Mapping[str, str],
    visits: Sequence[Mapping[str, Any]],
    now: dt.datetime,
) -> Row:
    """Raise these as disputes, one for each provider, client and reason; nothing of their evidence goes along.

    words: by type of dispute. visits: what those in doubt say now, {"organisation_id", "visit_ref", "version",
    "deleted", "values"}. Answers {"done", "left", "disputes": [{"case_id", "organisation_id", "reason"}]}.
    Raises Refused as `raise_disputes` does.
    """
    for_council(caller)
    free, left = _free(session, doubt_ids, RAISED)
    saying = {(str(one["organisation_id"]), one["visit_ref"]): one for one in visits}
    disputes, settled = _as_disputes(free, words, saying)
    raise_disputes(session, caller, disputes=disputes, now=now)
    for case_id, ids in settled.items():
        store_doubts.settle(session, ids, state=RAISED, who=caller["who"], why="", case_id=case_id, now=now)
    raised = [{name: one[name] for name in ("case_id", "organisation_id", "reason")} for one in disputes]
    return {"done": sum(map(len, settled.values())), "left": left, "disputes": raised}


def _as_disputes(
    free: Sequence[Row], words: Mapping[str, str], saying: Mapping[tuple[str, str], Mapping[str, Any]]
) -> tuple[list[Row], dict[uuid.UUID, list[uuid.UUID]]]:
    """The disputes to raise, and the doubts that each of them settles. A visit is in one dispute for a reason."""
    disputes: list[Row] = []
    settled: dict[uuid.UUID, list[uuid.UUID]] = {}
    named: dict[tuple[str, str, str], uuid.UUID] = {}
    for group, rows in rules_doubts.grouped(free).items():
        organisation_id = str(group.organisation_id)
        case_id = uuid.uuid4()
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
    return disputes, settled


def _saying(saying: Mapping[tuple[str, str], Mapping[str, Any]], organisation_id: str, visit_ref: str) -> Row:
    """What a visit says, as a dispute keeps it."""
    found = saying.get((organisation_id, visit_ref))
    if found is None:
        raise Refused("visit_gone", f"Visit {visit_ref} is not there any more: look at the week again.")
    return {name: fact for name, fact in found.items() if name != "organisation_id"}


def _free(session: Session, doubt_ids: Sequence[uuid.UUID], state: str) -> tuple[list[Row], int]:
    """Those that may move to a state, locked, and how many others there are. Raises Refused ``not_found``."""
    rows = store_doubts.by_ids(session, doubt_ids, is_locked=True)
    if not rows:
        raise Refused("not_found", "There is no such doubt.")
    free = [row for row in rows if state in MOVES[row["state"]]]
    return free, len(rows) - len(free)


def waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits on the worklist, for the council alone."""
    if caller["organisation"] is not None:
        return {}
    return {"doubts_proposed": store_doubts.count_proposed(session, COUNTED_TO)}


def for_council(caller: Caller) -> None:
    """Doubts are the council's. Raises Refused ``not_found`` for a provider."""
    if caller["organisation"] is not None:
        raise Refused("not_found", "There is no such worklist.")


def _shown(row: Row) -> Row:
    return row | {"reason": rules_doubts.reason_of(row["kind"])}
