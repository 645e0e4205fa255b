"""What payments tells the faces about contracts and their pay rules, and what a visit would pay by them (RULES 6)."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.bank_holidays import known_until
from libs.common.care.clock import london_day, now
from services.payments.packages import store as packages_store
from services.payments.pay_rules import store
from services.payments.pay_rules.steps import contract_named


def contracts(session: Session) -> list[dict[str, Any]]:
    """The contracts of care: since when each has the pay rules of today, and from when it will have others."""
    today = london_day(now())
    by_contract = store.rules_by_contract(session)
    found = []
    for name in packages_store.list_contracts(session):
        dates = [dated.effective_from for dated in by_contract.get(name, ())]
        past = [day for day in dates if day <= today]
        found.append(
            {
                "contract": name,
                "since": max(past, default=None),
                "coming": min((day for day in dates if day > today), default=None),
            }
        )
    return found


def contract_rules(session: Session, contract: str) -> dict[str, Any]:
    """All that was ever set for a contract, the latest date first; each set current, coming, past or replaced.

    Raises Refused ``unknown_contract``.
    """
    name = contract_named(session, contract)
    sets = store.sets_of(session, name)
    today = london_day(now())
    current = max((one["effective_from"] for one in sets if one["effective_from"] <= today), default=None)
    seen: set[dt.date] = set()
    for one in sets:
        day = one["effective_from"]
        if day in seen:
            one["state"] = "replaced"
        else:
            one["state"] = "coming" if day > today else "current" if day == current else "past"
        seen.add(day)
    return {"contract": name, "sets": sets, "bank_holidays_until": known_until()}
