"""Holding and releasing items without a CPLI-week, and splitting any (RULES 8). Takes a session, never commits.

A week's cost and deductions are held together: see `week_steps`.

The period lock is shared, as when posting: finalising has it alone, so nothing moves in a period that is being frozen.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from services.payments import locks
from services.payments.debts import steps as debts_steps
from services.payments.debts.rules import MOVES_OF_DEBTS
from services.payments.debts.rules import SERIES as SERIES_OF_DEBTS
from services.payments.events.public import say_moved
from services.payments.holds.rules import (
    MOST_INSTALMENTS,
    OF_AN_ITEM_OF_A_WEEK,
    allowed_moves,
    lines_of_move,
    may_be_split,
)
from services.payments.holds.week_rules import WEEK_SERIES
from services.payments.items import store_moves
from services.payments.items.rules import Portion, portions_of
from services.payments.periods import store as periods_store
from services.payments.periods.rules import Periods


def move_item(
    session: Session,
    caller: Caller,
    *,
    item_id: uuid.UUID,
    name: str,
    period_start: dt.date,
    status: str,
    seen_moves: int,
    reason: str,
    owner: str,
    instalments: int,
) -> None:
    """Do something with what of an item stands in a period with a status. Council only.

    seen_moves: how many moves of the item the asker has seen: what was sent twice is done once.
    Raises Refused: ``not_allowed``, ``not_found``, ``seen_another``, ``held_by_week``, ``period_finalised``,
    ``move_not_allowed``, ``cannot_be_split``.
    """
    require_council(caller)
    locks.lock_periods(session, exclusive=False)
    found = require_item(session, str(item_id))
    if is_of_week(found):  # as a hold of its week has it: they wait for each other
        locks.lock_cplis(session, {found["cpli_id"]}, exclusive=True)
    locks.lock_item(session, str(item_id))
    if len(store_moves.moves(session, str(item_id))) != seen_moves:
        raise Refused("seen_another", "The item has changed since you looked at it: look at it again.")
    portion = require_portion(session, str(item_id), period_start, status)
    periods = periods_store.read_periods(session)
    refuse_move_of_debt(session, name, found, portion)
    refuse_move(name, found, portion, is_open=is_open(periods, portion, found["contract"]))
    if name == "split" and not may_be_split(portion.amount, instalments):
        raise Refused(
            "cannot_be_split",
            f"Split it into 2 to {MOST_INSTALMENTS} instalments of a penny or more each.",
            {"field": "instalments"},
        )
    earliest = earliest_open(periods, portion.period_start, found["contract"])
    made = lines_of_move(name, portion, earliest_open=earliest, instalments=instalments)
    move = {
        "move_id": str(uuid.uuid4()),
        "item_id": str(item_id),
        "ordinal": seen_moves,
        "organisation_id": found["organisation_id"],
        "name": name,
        "period_start": period_start,
        "status": status,
        "instalments": instalments if name == "split" else None,
        "reason": reason,
        "owner": owner,
        "moved_by": caller["who"],
    }
    store_moves.insert_move(session, move, made)
    item = found | {"monday": found["week"], "client_reference": found["client"]}
    say_moved(session, [(item, move["move_id"], name, made)], cause_id=move["move_id"])


def refuse_move_of_debt(session: Session, name: str, item: Mapping[str, Any], portion: Portion) -> None:
    """Raises Refused ``move_not_allowed`` for what can't be done with a debt."""
    if item["series"] != SERIES_OF_DEBTS:
        return
    if name not in MOVES_OF_DEBTS:
        raise Refused("move_not_allowed", "A debt can be split into instalments; two people write one off.")
    debts_steps.refuse_split(session, item["item_id"], portion.period_start, portion.amount)


def require_item(session: Session, item_id: str) -> dict[str, Any]:
    """The item; raises Refused ``not_found``."""
    found = store_moves.item(session, item_id)
    if found is None:
        raise Refused("not_found", "There is no such payment item.")
    return found


def require_portion(session: Session, item_id: str, period_start: dt.date, status: str) -> Portion:
    """What of the item stands there; raises Refused ``move_not_allowed`` when nothing does."""
    for portion in portions_of(store_moves.lines(session, item_id)):
        if (portion.period_start, portion.status) == (period_start, status):
            return portion
    raise Refused("move_not_allowed", "Nothing of the item stands in that period with that status.")


def refuse_move(name: str, item: dict[str, Any], portion: Portion, *, is_open: bool) -> None:
    """Raises Refused ``held_by_week``, ``period_finalised`` or ``move_not_allowed`` for what is not allowed."""
    if name in moves_of(item, portion, is_open=is_open):
        return
    if is_of_week(item) and name not in OF_AN_ITEM_OF_A_WEEK:
        raise Refused(
            "held_by_week",
            "A week’s cost and deductions are held and released together: hold or release the week.",
        )
    if name in allowed_moves(portion.status, is_open=True):
        raise Refused(
            "period_finalised", "The period is finalised for this contract: its items stay as they are."
        )
    raise Refused("move_not_allowed", "That can’t be done with an item that stands as this one does.")


def moves_of(item: dict[str, Any], portion: Portion, *, is_open: bool) -> list[str]:
    """What may be done with a portion of this item by itself; a debt comes off in instalments, and nothing else."""
    allowed = allowed_moves(portion.status, is_open=is_open, is_of_week=is_of_week(item))
    return allowed if item["series"] != SERIES_OF_DEBTS else [one for one in allowed if one in MOVES_OF_DEBTS]


def is_of_week(item: dict[str, Any]) -> bool:
    """Whether the item is of a CPLI-week, with which it is held."""
    return item["series"] in WEEK_SERIES


def is_open(periods: Periods, portion: Portion, contract: str) -> bool:
    """Whether the portion's period is open for its contract."""
    return earliest_open(periods, portion.period_start, contract) == portion.period_start


def earliest_open(periods: Periods, start: dt.date, contract: str) -> dt.date:
    """The earliest open period of a contract that is not before the one that starts then."""
    return periods.for_week(start, contract)
