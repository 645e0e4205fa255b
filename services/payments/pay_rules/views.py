"""What payments tells the faces about contracts and their pay rules, and what a visit would pay by them (RULES 6)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.bank_holidays import known_until
from libs.common.care.clock import london_day, now
from libs.common.seams.days import iso_or_none
from libs.common.seams.payments.pay_rules import ContractRules, ContractWithRules, RulesSet
from services.payments.packages import store as packages_store
from services.payments.pay_rules import store as pay_rules_store
from services.payments.pay_rules.steps import require_contract


def list_contracts_with_rules(session: Session) -> list[ContractWithRules]:
    """The contracts of care: since when each has the pay rules of today, and from when it will have others."""
    today = london_day(now())
    by_contract = pay_rules_store.rules_by_contract(session)
    found: list[ContractWithRules] = []
    for name in packages_store.list_contracts(session):
        dates = [dated.effective_from for dated in by_contract.get(name, ())]
        past = [day for day in dates if day <= today]
        found.append(
            {
                "contract": name,
                "since": iso_or_none(max(past, default=None)),
                "coming": iso_or_none(min((day for day in dates if day > today), default=None)),
            }
        )
    return found


def describe_contract_rules(session: Session, contract: str) -> ContractRules:
    """All that was ever set for a contract, the latest date first; each set current, coming, past or replaced.

    Raises Refused ``unknown_contract``.
    """
    name = require_contract(session, contract)
    rows = pay_rules_store.sets_of(session, name)
    today = london_day(now())
    current = max((one["effective_from"] for one in rows if one["effective_from"] <= today), default=None)
    seen: set[dt.date] = set()
    sets = []
    for row in rows:
        day = row["effective_from"]
        state = "coming" if day > today else "current" if day == current else "past"
        sets.append(_set_document(row, "replaced" if day in seen else state))
        seen.add(day)
    return {"contract": name, "sets": sets, "bank_holidays_until": known_until().isoformat()}


def _set_document(row: Mapping[str, Any], state: str) -> RulesSet:
    return {
        "set_id": row["set_id"],
        "effective_from": row["effective_from"].isoformat(),
        "rules": row["rules"],
        "set_by": row["set_by"],
        "set_at": row["set_at"].isoformat(),
        "state": state,
    }
