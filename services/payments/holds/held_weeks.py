"""What posting knows of holds: what is posted for a held week stands as the hold says, from the start (RULES 8)."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from services.payments.events.public import MOVED_IDS
from services.payments.holds import week_store
from services.payments.holds.rules import turned
from services.payments.holds.week_rules import HoldOfCharge, Part, WeekHold, left_out_of_charge, parts_of
from services.payments.items import store_moves
from services.payments.items.rules import PAYABLE, Holder, Portion
from services.payments.packages.rules import StoredPackage
from services.payments.periods.rules import Periods
from services.payments.pricing.rules import CpliWeek


class HeldWeeks:
    """The holds of some weeks, and what waits by each while more is posted."""

    def __init__(
        self, holds: Mapping[CpliWeek, WeekHold], held: dict[tuple[str, int, dt.date], Decimal]
    ) -> None:
        self._holds = holds
        self._held = held

    @classmethod
    def of(cls, session: Session, weeks: Collection[CpliWeek]) -> "HeldWeeks":
        """As the tables have them."""
        holds = week_store.newest_holds(session, weeks)
        return cls(holds, week_store.held_amounts(session, holds) if holds else {})

    def hold_on(self, week: CpliWeek, holder: Holder, period: dt.date) -> WeekHold | None:
        """The hold of what is posted for a holder's week into a period; None where it is payable."""
        hold = self._holds.get(week)
        return hold if hold and hold.holder == holder and hold.holds_in(period) else None

    def take(
        self, series: str, week: CpliWeek, holder: Holder, period: dt.date, amount: Decimal
    ) -> list[Part]:
        """The parts in which an amount is posted, payable or held; what is held counts from now on."""
        hold = self.hold_on(week, holder, period)
        if hold is None:
            return [Part(amount)]
        held = self._held.get((series, *week), NOTHING)
        parts = parts_of(series, amount, held, hold)
        self._held[series, *week] = held + sum(
            (part.amount for part in parts if part.status != PAYABLE), NOTHING
        )
        return parts

    def of_charges(
        self, packages: Mapping[int, StoredPackage], periods: Periods
    ) -> dict[CpliWeek, HoldOfCharge]:
        """What charges and deductions must know of the weeks that are their holder's still."""
        known = {}
        for (cpli_id, monday), hold in self._holds.items():
            package = packages.get(cpli_id)
            if package is None or hold.holder != (package.organisation_id, package.client_id):
                continue
            is_held = hold.holds_in(periods.for_week(monday, package.contract))
            held = self._held.get(("cost", cpli_id, monday), NOTHING) if is_held else NOTHING
            known[cpli_id, monday] = HoldOfCharge(is_held, left_out_of_charge(hold, held))
        return known

    def note_moves(self, session: Session, items: Collection[Mapping[str, Any]]) -> None:
        """Keep how each new item that is held came to stand so: a move of its own, in the hold's name."""
        for item in items:
            if item["status"] != PAYABLE:
                hold = self._holds[item["cpli_id"], item["monday"]]
                store_moves.insert_move(session, move_of(item, hold), lines_of(item))


def move_of(item: Mapping[str, Any], hold: WeekHold) -> dict[str, Any]:
    """The move of a new item of a held week: its first."""
    return {
        "move_id": str(uuid.uuid5(MOVED_IDS, str(item["item_id"]))),
        "item_id": str(item["item_id"]),
        "ordinal": 0,
        "organisation_id": str(item["organisation_id"]),
        "name": move_name_of(hold.kind),
        "period_start": item["period_start"],
        "status": PAYABLE,
        "instalments": None,
        "reason": hold.reason,
        "owner": hold.owner,
        "moved_by": hold.placed_by,
    }


def move_name_of(kind: str) -> str:
    """What a hold does, as the moves of items call it."""
    return kind.replace("-", "_")


def lines_of(item: Mapping[str, Any]) -> list[Portion]:
    """The lines by which a new item leaves *payable* for what the hold says."""
    posted = Portion(item["period_start"], PAYABLE, item["amount"])
    lines = turned(posted, item["status"])
    return [*lines, Portion(item["pays_in"], PAYABLE, item["amount"])] if item["pays_in"] else lines
