"""What payments tells the faces about debts (RULES 8)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.rpc import Caller
from libs.common.seams.payments.debts import Debt, DebtDue
from services.payments.callers import resolve_organisation
from services.payments.debts import store as debts_store
from services.payments.debts.rules import (
    is_for_an_invoice,
    periods_without,
)
from services.payments.periods import store as periods_store
from services.payments.periods.rules import Periods

DEBTS_SHOWN = 500


def list_debts(session: Session, caller: Caller, *, organisation: str | None) -> list[Debt]:
    """The newest debts, each with what came off and what is still owed; pounds as text. Raises Refused ``not_found``."""
    organisation_id = resolve_organisation(session, caller, organisation)
    periods = periods_store.read_periods(session)
    return [_debt_document(row, periods) for row in debts_store.debts(session, organisation_id, DEBTS_SHOWN)]


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
