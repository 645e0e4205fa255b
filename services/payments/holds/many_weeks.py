"""Many CPLI-weeks looked at, held or released at once (RULES 8, 20). Never commits.

A week that can't be done is left, with why, and stops no other: a decision refuses before it writes anything.
"""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.payments.holds import DecidedWeeks, WeekHold, WeekLeft
from services.payments import locks
from services.payments.holds import week_steps, week_store
from services.payments.holds.views import describe_week
from services.payments.holds.week_rules import RELEASE, is_decided_by
from services.payments.packages import store as packages_store

SeenWeek = tuple[int, dt.date, int]
"""CPLI, Monday, and how many decisions about the week were seen."""


def describe_weeks(
    session: Session, caller: Caller, *, weeks: Sequence[tuple[int, dt.date]]
) -> list[WeekHold]:
    """These weeks as `describe_week` has each, in order; what is no week of a CPLI is left out. Council only."""
    require_council(caller)
    found = []
    for cpli_id, monday in weeks:
        try:
            found.append(describe_week(session, caller, cpli_id=cpli_id, monday=monday))
        except Refused:
            continue
    return found


def place_many(
    session: Session,
    caller: Caller,
    *,
    weeks: Sequence[SeenWeek],
    kind: str,
    charge: str | None,
    reason: str,
    owner: str,
) -> DecidedWeeks:
    """Hold each of these weeks as `week_steps.place` does, as far as that can be done.

    Asked again it answers the same. Council only.
    """

    def decide(week: SeenWeek) -> None:
        facts = {"kind": kind, "charge": charge, "reason": reason, "owner": owner}
        week_steps.place(session, caller, cpli_id=week[0], monday=week[1], seen=week[2], **facts)  # type: ignore[arg-type]

    return _decide_each(session, caller, weeks, decide, kind=kind, reason=reason)


def release_many(
    session: Session, caller: Caller, *, weeks: Sequence[SeenWeek], charge: str | None, reason: str
) -> DecidedWeeks:
    """Release each of these weeks as `week_steps.release` does, as far as that can be done.

    Asked again it answers the same. Council only.
    """

    def decide(week: SeenWeek) -> None:
        about = {"cpli_id": week[0], "monday": week[1], "seen": week[2]}
        week_steps.release(session, caller, **about, charge=charge, reason=reason, owner=None)  # type: ignore[arg-type]

    return _decide_each(session, caller, weeks, decide, kind=RELEASE, reason=reason)


def _decide_each(
    session: Session,
    caller: Caller,
    weeks: Sequence[SeenWeek],
    decide: Callable[[SeenWeek], None],
    *,
    kind: str,
    reason: str,
) -> DecidedWeeks:
    require_council(caller)
    _lock_all(session, weeks)
    left: list[WeekLeft] = []
    for week in sorted(set(weeks)):
        try:
            decide(week)
        except Refused as refused:
            history = week_store.history(session, week[:2])
            if not is_decided_by(caller["who"], history, week[2], kind=kind, reason=reason):
                monday = week[1].isoformat()
                left.append({"cpli_id": week[0], "week": monday, "message": refused.message})
    return {"done": len(set(weeks)) - len(left), "left": left}


def _lock_all(session: Session, weeks: Sequence[SeenWeek]) -> None:
    """The locks of all of these weeks at once, in the order of `locks`: one by one two officers would wait for ever."""
    locks.lock_periods(session, exclusive=False)
    cplis = {cpli_id for cpli_id, _, _ in weeks}
    locks.lock_cplis(session, cplis, exclusive=True)
    clients = {package.client_id for package in packages_store.packages(session, sorted(cplis)).values()}
    holds = week_store.newest_holds(session, [week[:2] for week in weeks])
    locks.lock_clients(session, clients | {hold.holder[1] for hold in holds.values()})
