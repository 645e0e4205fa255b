"""Doubts are kept, shown and dismissed (RULES 9). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from services.disputes.doubts import rules, store
from services.disputes.doubts.rules import DISMISSED, MOVES, PROPOSED

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
    store.lock_week(session, organisation_id, monday)
    if store.take_look(session, **look, now=now):
        if body["doubts"]:
            store.save_found(session, look, body["doubts"], now)
        store.mark_gone(session, look)


def look_at_week(session: Session, caller: Caller, *, monday: dt.date) -> str:
    """``doubts_wanted``: have a week looked at now; the cause of all that follows."""
    for_council(caller)
    ask_for_look(session, monday, lane="single")
    return rules.cause_of(monday)


def ask_for_look(session: Session, monday: dt.date, *, lane: str) -> None:
    """``doubts_wanted``. All looks at a week have one cause, so that what is counted of them does not grow."""
    body = {"monday": monday.isoformat()}
    emit(session, "doubts_wanted", body, cause_id=rules.cause_of(monday), lane=lane)


def look_again(session: Session, now: dt.datetime) -> int:
    """Once an hour: the newest complete week, and those with proposals, which may be gone; how many weeks."""
    mondays = {rules.last_complete_week(now)}
    mondays.update(store.weeks_proposed(session, rules.MOST_WEEKS_AGAIN))
    for monday in sorted(mondays):
        ask_for_look(session, monday, lane="bulk")
    return len(mondays)


def doubts(session: Session, caller: Caller, **wanted: Any) -> list[Row]:
    """A page of doubts of a week or a sample, with the type of dispute that each would be."""
    for_council(caller)
    return [_shown(row) for row in store.page(session, **wanted)]


def chosen(session: Session, caller: Caller, *, doubt_ids: Sequence[uuid.UUID]) -> list[Row]:
    """These doubts, in the order of a page. Unknown ones are left out."""
    for_council(caller)
    return [_shown(row) for row in store.by_ids(session, doubt_ids)]


def week(
    session: Session, caller: Caller, *, monday: dt.date, organisation_id: uuid.UUID | None, kind: str | None
) -> Row:
    """How a week stands: {"looked_at", "states", "kinds", "organisations"}; the last two count what is proposed, each
    limited by the other's choice, in pairs, most first."""
    for_council(caller)
    states: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    organisations: Counter[str] = Counter()
    for row in store.counts(session, week=monday):
        is_of_kind = kind in (None, row["kind"])
        is_of_organisation = organisation_id in (None, row["organisation_id"])
        if is_of_kind and is_of_organisation:
            states[row["state"]] += row["number"]
        if row["state"] == PROPOSED and is_of_organisation:
            kinds[row["kind"]] += row["number"]
        if row["state"] == PROPOSED and is_of_kind:
            organisations[str(row["organisation_id"])] += row["number"]
    return {
        "looked_at": store.looked_at(session, monday),
        "states": dict(states),
        "kinds": [list(one) for one in kinds.most_common()],
        "organisations": [list(one) for one in organisations.most_common()],
    }


def newest_week(session: Session, caller: Caller, *, now: dt.datetime) -> dt.date:
    """The Monday of the newest week with proposals, however old; without any, of the last complete one."""
    for_council(caller)
    proposed = store.weeks_proposed(session, 1)
    return proposed[0] if proposed else rules.last_complete_week(now)


def weeks(session: Session, caller: Caller) -> list[Row]:
    """The newest weeks that were looked at, with the number of their proposals."""
    for_council(caller)
    return store.weeks(session, WEEKS_SHOWN)


def dismiss(
    session: Session, caller: Caller, *, doubt_ids: Sequence[uuid.UUID], why: str, now: dt.datetime
) -> Row:
    """Dismiss these for good, with a reason; {"done", "left"}: left are those that are no longer proposed."""
    for_council(caller)
    rows = locked(session, doubt_ids)
    free = [row for row in rows if DISMISSED in MOVES[row["state"]]]
    store.settle(
        session,
        [row["doubt_id"] for row in free],
        state=DISMISSED,
        who=caller["who"],
        why=why,
        case_id=None,
        now=now,
    )
    return {"done": len(free), "left": len(rows) - len(free)}


def locked(session: Session, doubt_ids: Sequence[uuid.UUID]) -> list[Row]:
    """These doubts, to be settled, in the order of a page. Raises Refused ``not_found`` when there is none of them."""
    rows = store.by_ids(session, doubt_ids, is_locked=True)
    if not rows:
        raise Refused("not_found", "There is no such doubt.")
    return rows


def waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits on the worklist, for the council alone."""
    if caller["organisation"] is not None:
        return {}
    return {"doubts_proposed": store.count_proposed(session, COUNTED_TO)}


def for_council(caller: Caller) -> None:
    """Doubts are the council's. Raises Refused ``not_found`` for a provider."""
    if caller["organisation"] is not None:
        raise Refused("not_found", "There is no such worklist.")


def _shown(row: Row) -> Row:
    return row | {"reason": rules.reason_of(row["kind"])}
