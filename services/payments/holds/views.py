"""What payments tells the faces about holds of CPLI-weeks: for the council alone (RULES 8)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.rpc import Caller
from services.payments.callers import organisation_asked, refuse_providers
from services.payments.holds import week_store
from services.payments.holds.week_rules import Unpaid
from services.payments.holds.week_steps import (
    hold_in_force,
    refuse_other_days,
    require_package,
    unpaid_money,
    waiting_of,
)
from services.payments.periods import store as periods_store
from services.payments.pricing import store as pricing_store
from services.payments.pricing.store import CpliWeek

Row = dict[str, Any]


def holds(
    session: Session, caller: Caller, *, organisation: str | None, after: CpliWeek | None, limit: int
) -> list[Row]:
    """A page of the weeks that are held, by Monday and CPLI; pounds as text. Council only.

    Raises Refused ``not_allowed``, ``not_found``.
    """
    refuse_providers(caller)
    whose = organisation_asked(session, caller, organisation)
    rows = week_store.holds_in_force(session, whose, after, limit)
    return [row | {"held": pounds_text(row["held"])} for row in rows]


def week(session: Session, caller: Caller, *, cpli_id: int, monday: dt.date) -> Row:
    """A CPLI's week: what is decided about it and was before, and its money that is not paid yet, item by item.

    ``held`` is what waits by the hold, ``unpaid`` all of today's holder's that a hold would take; pounds as text.
    Council only.
    Raises Refused ``not_allowed``, ``not_a_monday``, ``not_found``.
    """
    refuse_providers(caller)
    refuse_other_days(monday)
    package = require_package(session, cpli_id)
    periods = pricing_store.periods(session)
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
        "week": monday,
        "organisation": dict(periods_store.organisations(session)).get(package.organisation_id),
        "client": package.client_reference,
        "contract": package.contract,
        "is_held": in_force is not None,
        "may_be_released": in_force is not None or bool(waiting),
        "held": pounds_text(sum((one.portion.amount for one in waiting), NOTHING)),
        "unpaid": pounds_text(sum((one.portion.amount for one in unpaid), NOTHING)),
        "items": [shown_portion(one) for one in unpaid],
        "decisions": [shown_decision(row) for row in rows],
    }


def shown_portion(one: Unpaid) -> Row:
    """What of an item is not paid yet, as the faces show it."""
    return {
        "item_id": one.item_id,
        "series": one.series,
        "period_start": one.portion.period_start,
        "status": one.portion.status,
        "amount": pounds_text(one.portion.amount),
    }


def shown_decision(row: Mapping[str, Any]) -> Row:
    """A decision as the faces show it."""
    return {
        name: row[name]
        for name in ("kind", "charge", "pays_from", "reason", "owner", "placed_by", "placed_at")
    }
