"""What payments tells the faces about holds of CPLI-weeks: for the council alone (RULES 8)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.days import iso_or_none
from libs.common.seams.payments.holds import HoldInForce, UnpaidPortion, WeekDecision, WeekHold
from libs.common.seams.payments.items import ItemInFull, MoveDocument, PortionOfItem
from services.payments.callers import resolve_organisation
from services.payments.holds import week_store
from services.payments.holds.steps import is_of_week, is_open, moves_of, require_item
from services.payments.holds.week_rules import Unpaid
from services.payments.holds.week_steps import (
    hold_in_force,
    refuse_other_days,
    require_package,
    unpaid_money,
    waiting_of,
)
from services.payments.items import store_moves
from services.payments.items.rules import portions_of
from services.payments.items.views import item_document
from services.payments.packages import store as packages_store
from services.payments.periods import store as periods_store
from services.payments.pricing.rules import CpliWeek


def list_holds(
    session: Session, caller: Caller, *, organisation: str | None, after: CpliWeek | None, limit: int
) -> list[HoldInForce]:
    """A page of the weeks that are held, by Monday and CPLI; pounds as text. Council only.

    Raises Refused ``not_allowed``, ``not_found``.
    """
    require_council(caller)
    whose = resolve_organisation(session, caller, organisation)
    rows = week_store.holds_in_force(session, whose, after, limit)
    return [_in_force_document(row) for row in rows]


def describe_week(session: Session, caller: Caller, *, cpli_id: int, monday: dt.date) -> WeekHold:
    """A CPLI's week: what is decided about it and was before, and its money that is not paid yet, item by item.

    ``held`` is what waits by the hold, ``unpaid`` all of today's holder's that a hold would take; pounds as text.
    Council only.
    Raises Refused ``not_allowed``, ``not_a_monday``, ``not_found``.
    """
    require_council(caller)
    refuse_other_days(monday)
    package = require_package(session, cpli_id)
    periods = periods_store.read_periods(session)
    rows = week_store.history(session, (cpli_id, monday))
    in_force = hold_in_force(rows, periods.for_week(monday, package.contract))
    holder = (package.organisation_id, package.client_id)
    unpaid = unpaid_money(session, (cpli_id, monday), holder, periods)[0]
    of_hold = unpaid
    if in_force and in_force.holder != holder:  # the CPLI has moved since
        of_hold = unpaid_money(session, (cpli_id, monday), in_force.holder, periods)[0]
    waiting = waiting_of(of_hold, in_force)
    return {
        "cpli_id": cpli_id,
        "week": monday.isoformat(),
        "organisation": dict(packages_store.list_organisations(session)).get(package.organisation_id),
        "client": package.client_reference,
        "contract": package.contract,
        "is_held": in_force is not None,
        "may_be_released": in_force is not None or bool(waiting),
        "held": pounds_text(sum((one.portion.amount for one in waiting), NOTHING)),
        "unpaid": pounds_text(sum((one.portion.amount for one in unpaid), NOTHING)),
        "items": [_portion_document(one) for one in unpaid],
        "decisions": [_decision_document(row) for row in rows],
    }


def _in_force_document(row: Mapping[str, Any]) -> HoldInForce:
    return {
        "cpli_id": row["cpli_id"],
        "week": row["week"].isoformat(),
        **_decision_document(row),
        "organisation": row["organisation"],
        "client": row["client"],
        "held": pounds_text(row["held"]),
    }


def _portion_document(one: Unpaid) -> UnpaidPortion:
    return {
        "item_id": one.item_id,
        "series": one.series,
        "period_start": one.portion.period_start.isoformat(),
        "status": one.portion.status,
        "amount": pounds_text(one.portion.amount),
    }


def _decision_document(row: Mapping[str, Any]) -> WeekDecision:
    return {
        "kind": row["kind"],
        "charge": row["charge"],
        "pays_from": iso_or_none(row["pays_from"]),
        "reason": row["reason"],
        "owner": row["owner"],
        "placed_by": row["placed_by"],
        "placed_at": row["placed_at"].isoformat(),
    }


def describe_item(session: Session, caller: Caller, *, item_id: uuid.UUID) -> ItemInFull:
    """An item with its portions, what may be done with each, and what was done. Raises Refused ``not_found``."""
    found = require_item(session, str(item_id))
    periods = periods_store.read_periods(session)
    done = store_moves.moves(session, str(item_id))
    is_provider = caller["organisation"] is not None
    portions: list[PortionOfItem] = [
        {
            "period_start": portion.period_start.isoformat(),
            "status": portion.status,
            "amount": pounds_text(portion.amount),
            "moves": []
            if is_provider
            else moves_of(found, portion, is_open=is_open(periods, portion, found["contract"])),
        }
        for portion in portions_of(store_moves.lines(session, str(item_id)))
    ]
    return {
        **item_document(found, is_provider=is_provider),
        "period_start": found["period_start"].isoformat(),
        "is_of_week": is_of_week(found),
        "portions": portions,
        "moves": [_move_document(row) for row in done],
    }


def _move_document(row: Mapping[str, Any]) -> MoveDocument:
    return {
        "name": row["name"],
        "period_start": row["period_start"].isoformat(),
        "status": row["status"],
        "instalments": row["instalments"],
        "reason": row["reason"],
        "owner": row["owner"],
        "moved_by": row["moved_by"],
        "moved_at": row["moved_at"].isoformat(),
    }
