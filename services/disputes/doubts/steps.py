"""Doubts are kept and dismissed (RULES 9). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.casework.doubts import DISMISSED, cause_of_looks
from libs.common.errors import Refused
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.disputes.doubts import DismissedDoubts
from services.disputes.doubts import rules, store
from services.disputes.doubts.rules import MOVES
from services.disputes.doubts.words import HIDDEN

Row = dict[str, Any]


def take_doubts(session: Session, message: Message) -> None:
    """``doubts_found``: the full state of an organisation's week as one finder sees it; the newest version counts.

    What it no longer finds is gone, and so is what is said of single visits of one diary (RULES 16). What somebody
    raised or dismissed stays as it is.
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
    if store.take_look(session, **look, silent_visits=body.get("silent_visits") or (), now=now):
        if body["doubts"]:
            store.save_found(session, look, body["doubts"], now)
        store.mark_gone(session, look)
        store.silence(session, organisation_id, monday)


def look_at_week(session: Session, caller: Caller, *, monday: dt.date) -> str:
    """``doubts_wanted``: have a week looked at now; the cause of all that follows."""
    require_council(caller, HIDDEN)
    ask_for_look(session, monday, lane="single")
    return cause_of_looks(monday)


def ask_for_look(session: Session, monday: dt.date, *, lane: str) -> None:
    """``doubts_wanted``."""
    body = {"monday": monday.isoformat()}
    emit(session, "doubts_wanted", body, cause_id=cause_of_looks(monday), lane=lane)


def look_again(session: Session, now: dt.datetime) -> int:
    """Once an hour: the newest complete week, and those with proposals, which may be gone; how many weeks."""
    mondays = {rules.last_complete_week(now)}
    mondays.update(store.list_weeks_proposed(session, rules.MOST_WEEKS_AGAIN))
    for monday in sorted(mondays):
        ask_for_look(session, monday, lane="bulk")
    return len(mondays)


def dismiss(
    session: Session, caller: Caller, *, doubt_ids: Sequence[uuid.UUID], why: str, now: dt.datetime
) -> DismissedDoubts:
    """Dismiss these for good, with a reason; left are those that are no longer proposed."""
    require_council(caller, HIDDEN)
    rows = lock_doubts(session, doubt_ids)
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


def lock_doubts(session: Session, doubt_ids: Sequence[uuid.UUID]) -> list[Row]:
    """These doubts, to be settled, in the order of a page. Raises Refused ``not_found`` when there is none of them."""
    rows = store.find_doubts(session, doubt_ids, is_locked=True)
    if not rows:
        raise Refused("not_found", "There is no such doubt.")
    return rows
