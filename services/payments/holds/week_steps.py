"""Holding and releasing CPLI-weeks, and what their clients are charged meanwhile (RULES 8). Never commits.

The money moves at once, under the locks that posting takes; the charge and the deductions follow in the worker, which
posts what the clients' weeks owe from then on (``settle_wanted``).
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from libs.common.care.weeks import monday_of, next_period
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from services.payments import locks
from services.payments.events.public import say_moved
from services.payments.holds import week_store
from services.payments.holds.held_weeks import move_name_of
from services.payments.holds.settling import want_settled
from services.payments.holds.week_rules import (
    CARRY_FORWARD,
    CHARGE_BY_DEFAULT,
    HELD,
    RELEASE,
    Unpaid,
    WeekHold,
    moves_of,
    unpaid_of,
)
from services.payments.items import store_moves
from services.payments.items.rules import Holder, Portion, portions_of
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage
from services.payments.periods import store as periods_store
from services.payments.periods.rules import Periods
from services.payments.pricing.rules import CpliWeek

Row = dict[str, Any]


def place(
    session: Session,
    caller: Caller,
    *,
    cpli_id: int,
    monday: dt.date,
    kind: str,
    charge: str | None,
    reason: str,
    owner: str,
    seen: int | None,
) -> None:
    """Hold a CPLI's week: cancel, suspend or carry forward all of it that is not paid. Replaces an older hold.

    charge: ``keep`` or ``nothing``; None for what RULES 8 has by default. seen: how many decisions about the week
    the asker has seen, so that what was sent twice is done once. Council only.
    Raises Refused ``not_allowed``, ``not_a_monday``, ``not_found``, ``seen_another``.
    """
    package, before, periods = lock_week(session, caller, cpli_id, monday, seen)
    opens = periods.for_week(monday, package.contract)
    hold = WeekHold(
        kind,
        charge or CHARGE_BY_DEFAULT[kind],
        (package.organisation_id, package.client_id),
        pays_from=next_period(opens) if kind == CARRY_FORWARD else None,
        reason=reason,
        owner=owner,
        placed_by=caller["who"],
    )
    in_force = hold_in_force(before, opens)
    decide(session, (cpli_id, monday), hold, package.client_reference, before, in_force)


def release(
    session: Session,
    caller: Caller,
    *,
    cpli_id: int,
    monday: dt.date,
    charge: str | None,
    reason: str,
    owner: str | None,
    seen: int | None,
) -> None:
    """Pay what of a CPLI's week is held, all at once in the earliest open period; in finalised periods too.

    Council only. Raises Refused ``not_allowed``, ``not_a_monday``, ``not_found``, ``seen_another``, ``not_held``.
    """
    package, before, periods = lock_week(session, caller, cpli_id, monday, seen)
    in_force = hold_in_force(before, periods.for_week(monday, package.contract))
    holder = in_force.holder if in_force else (package.organisation_id, package.client_id)
    unpaid = unpaid_money(session, (cpli_id, monday), holder, periods)[0]
    waiting = waiting_of(unpaid, in_force)
    if in_force is None and not waiting:
        raise Refused("not_held", "Nothing of this week is held.")
    hold = WeekHold(
        RELEASE,
        charge or CHARGE_BY_DEFAULT[RELEASE],
        holder,
        released=max(sum((u.portion.amount for u in waiting if u.series == "cost"), NOTHING), NOTHING),
        reason=reason,
        owner=owner or (in_force.owner if in_force else caller["who"]),
        placed_by=caller["who"],
    )
    reference = before[-1]["client_reference"] if in_force else package.client_reference
    decide(session, (cpli_id, monday), hold, reference, before, in_force)


def decide_charge(
    session: Session,
    caller: Caller,
    *,
    cpli_id: int,
    monday: dt.date,
    charge: str,
    reason: str,
    seen: int | None,
) -> None:
    """Decide anew whether the client is charged for what of a week is held, or was; the money stays where it is.

    Council only. Raises Refused ``not_allowed``, ``not_a_monday``, ``not_found``, ``seen_another``, ``not_held``.
    """
    _, before, _ = lock_week(session, caller, cpli_id, monday, seen)
    if not before:
        raise Refused("not_held", "Nothing of this week is held.")
    newest = before[-1]
    row = newest | {"charge": charge, "reason": reason, "placed_by": caller["who"]}
    keep(session, (cpli_id, monday), row, len(before))
    want_settled(session, [(newest["client_id"], monday)], cause_id=str(uuid.uuid4()))


def lock_week(
    session: Session, caller: Caller, cpli_id: int, monday: dt.date, seen: int | None
) -> tuple[StoredPackage, list[Row], Periods]:
    """Take the locks of posting, the CPLI's alone; answers the package, the decisions so far, and the periods."""
    require_council(caller)
    refuse_other_days(monday)
    locks.lock_periods(session, exclusive=False)
    locks.lock_cplis(session, {cpli_id}, exclusive=True)
    package = require_package(session, cpli_id)
    before = week_store.history(session, (cpli_id, monday))
    locks.lock_clients(session, {package.client_id, *(row["client_id"] for row in before[-1:])})
    if seen is not None and seen != len(before):
        raise Refused("seen_another", "The week has changed since you looked at it: look at it again.")
    return package, before, periods_store.read_periods(session)


def decide(
    session: Session,
    week: CpliWeek,
    hold: WeekHold,
    client_reference: str,
    before: Sequence[Row],
    in_force: WeekHold | None,
) -> None:
    """Keep a decision, have the unpaid money stand as it says, and tell other systems and the worker."""
    row = {
        "client_reference": client_reference,
        "organisation_id": hold.holder[0],
        "client_id": hold.holder[1],
        **{name: getattr(hold, name) for name in DECIDED},
    }
    keep(session, week, row, len(before))
    cause_id = str(uuid.uuid4())
    unpaid, items = unpaid_money(session, week, hold.holder, periods_store.read_periods(session))
    is_same = in_force is not None and in_force.holder == hold.holder
    moved = moves_of(hold, in_force if is_same else None, unpaid)
    move(session, hold, moved, items, cause_id)
    clients = {hold.holder[1], *(row["client_id"] for row in before[-1:])}
    want_settled(session, [(client_id, week[1]) for client_id in sorted(clients)], cause_id=cause_id)


DECIDED = ("kind", "charge", "pays_from", "released", "reason", "owner", "placed_by")


def keep(session: Session, week: CpliWeek, row: Mapping[str, Any], ordinal: int) -> None:
    """Keep a decision as the newest of its week."""
    known = {"hold_id": str(uuid.uuid4()), "cpli_id": week[0], "monday": week[1], "ordinal": ordinal}
    week_store.insert_hold(session, {**row, **known})


def move(
    session: Session,
    hold: WeekHold,
    moved: Iterable[tuple[Unpaid, list[Portion]]],
    items: Mapping[str, Row],
    cause_id: str,
) -> None:
    """Add the moves of the items of a week, and say each."""
    counts = week_store.count_moves(session, list(items))
    said: list[tuple[Row, str, str, list[Portion]]] = []
    for unpaid, lines in moved:
        row: Row = {
            "move_id": str(uuid.uuid4()),
            "item_id": unpaid.item_id,
            "ordinal": counts.get(unpaid.item_id, 0),
            "organisation_id": hold.holder[0],
            "name": move_name_of(hold.kind),
            "period_start": unpaid.portion.period_start,
            "status": unpaid.portion.status,
            "instalments": None,
            "reason": hold.reason,
            "owner": hold.owner,
            "moved_by": hold.placed_by,
        }
        counts[unpaid.item_id] = row["ordinal"] + 1
        store_moves.insert_move(session, row, lines)
        said.append((items[unpaid.item_id], row["move_id"], row["name"], lines))
    say_moved(session, said, cause_id=cause_id)


def unpaid_money(
    session: Session, week: CpliWeek, holder: Holder, periods: Periods
) -> tuple[list[Unpaid], dict[str, Row]]:
    """What of a holder's week is not paid yet, and the items that it is of."""
    items: dict[str, Row] = {}
    lines: dict[str, list[Portion]] = defaultdict(list)
    for row in week_store.lines_of_week(session, week, holder):
        items[row["item_id"]] = row | {"cpli_id": week[0], "monday": week[1]}
        lines[row["item_id"]].append(Portion(row["period_start"], row["status"], row["amount"]))
    unpaid = []
    for item_id, item in items.items():
        opens = periods.for_week(week[1], item["contract"])
        unpaid += unpaid_of(item_id, item["series"], portions_of(lines[item_id]), opens)
    return unpaid, items


def waiting_of(unpaid: Iterable[Unpaid], in_force: WeekHold | None) -> list[Unpaid]:
    """What of a week is held: by the hold in force, or item by item from before holds were of weeks."""
    return [
        one
        for one in unpaid
        if one.portion.status in HELD or (in_force is not None and in_force.is_holding(one.portion))
    ]


def hold_in_force(before: Sequence[Row], opens: dt.date) -> WeekHold | None:
    """The newest decision about a week, if it holds what is posted into the period that is open for it."""
    newest = hold_of(before[-1]) if before else None
    return newest if newest and newest.holds_in(opens) else None


def hold_of(row: Mapping[str, Any]) -> WeekHold:
    """A decision from its row."""
    return WeekHold(
        holder=(row["organisation_id"], row["client_id"]), **{name: row[name] for name in DECIDED}
    )


def require_package(session: Session, cpli_id: int) -> StoredPackage:
    """The CPLI; raises Refused ``not_found``."""
    found = packages_store.packages(session, [cpli_id]).get(cpli_id)
    if found is None:
        raise Refused("not_found", f"There is no care package line item {cpli_id}.")
    return found


def refuse_other_days(monday: dt.date) -> None:
    """A week is named by its Monday. Raises Refused ``not_a_monday``."""
    if monday != monday_of(monday):
        raise Refused(
            "not_a_monday", f"Name a week by its Monday: {monday} is in that of {monday_of(monday)}."
        )
