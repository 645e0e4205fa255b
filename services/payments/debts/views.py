"""What payments tells the faces about debts (RULES 8)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.rpc import Caller
from libs.common.seams.payments.debts import Debt, DebtDue, DebtSums
from services.payments.callers import resolve_organisation
from services.payments.debts import store as debts_store
from services.payments.debts.rules import (
    is_for_an_invoice,
    periods_without,
)
from services.payments.periods import store as periods_store
from services.payments.periods.rules import Periods, is_finalised

DEBTS_SHOWN = 500


def list_debts(session: Session, caller: Caller, *, organisation: str | None) -> list[Debt]:
    """The newest debts, each with what came off and what is still owed; pounds as text. Raises Refused ``not_found``."""
    organisation_id = resolve_organisation(session, caller, organisation)
    periods = periods_store.read_periods(session)
    return [_debt_document(row, periods) for row in debts_store.debts(session, organisation_id, DEBTS_SHOWN)]


def sum_debts(session: Session, caller: Caller, *, organisation: str | None) -> DebtSums:
    """How many debts there are, and what is still owed of all of them. Raises Refused ``not_found``."""
    organisation_id = resolve_organisation(session, caller, organisation)
    number = debts_store.count_debts(session, organisation_id)
    return {"number": number, "owed": pounds_text(owed_in_all(session, organisation_id))}


def owed_in_all(session: Session, organisation_id: str | None) -> Decimal:
    """What still comes off payments in open periods, of an organisation or of all, in pounds."""
    periods = periods_store.read_periods(session)
    rows = debts_store.standing_by_place(session, organisation_id)
    is_due = (row for row in rows if not is_finalised(periods, row["period_start"], row["contract"]))
    return sum((row["amount"] for row in is_due), NOTHING)


def _debt_document(row: Mapping[str, Any], periods: Periods) -> Debt:
    """A debt with its balance, and whether it is to be invoiced."""
    came_off, owed, last = NOTHING, NOTHING, row["arose_in"]
    due: list[DebtDue] = []
    for contract, start_text, amount_text in row["standing"]:
        start, amount = dt.date.fromisoformat(start_text), -Decimal(amount_text)
        if periods.for_week(start, contract) == start:
            owed += amount
            due.append({"contract": contract, "period_start": start_text, "amount": pounds_text(amount)})
        elif amount > 0:
            came_off += amount
            last = max(last, start)
    through = periods.through(row["contract"])
    return {
        "debt_id": row["debt_id"],
        "organisation_id": row["organisation_id"],
        "organisation": row["organisation"],
        "contract": row["contract"],
        "arose_in": row["arose_in"].isoformat(),
        "item_id": row["item_id"],
        "amount": pounds_text(row["amount"]),
        "came_off": pounds_text(came_off),
        "written_off": pounds_text(row["written_off"]),
        "owed": pounds_text(owed),
        "due": due,
        "periods_without": periods_without(last, through) if owed else 0,
        "is_for_an_invoice": bool(owed) and is_for_an_invoice(last, through),
    }
