"""Pay rules of contracts: set from a date, and the weeks that are priced again by them (RULES 6, 8). Never commits."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from services.payments import locks
from services.payments.callers import resolve_contract
from services.payments.pay_rules import store as pay_rules_store
from services.payments.pay_rules.data import rules_from_data
from services.payments.pay_rules.faults import faults_of


def set_pay_rules(
    session: Session, *, contract: str, effective_from: dt.date, rules: Mapping[str, Any], who: str
) -> dict[str, Any]:
    """Have a contract paid by these rules from a date on; the worker prices again what that touches.

    The same rules once more for the same date change nothing. Raises Refused ``unknown_contract`` and
    ``pay_rules_wrong``, whose details name each part and row that is wrong.
    """
    name = refuse_wrong(session, contract, rules)
    is_new = note(session, contract=name, effective_from=effective_from, rules=rules, who=who)
    return {"contract": name, "is_new": is_new}


def refuse_wrong(session: Session, contract: str, rules: Mapping[str, Any]) -> str:
    """The contract as it is written in care. Raises Refused as `set_pay_rules` does."""
    name = require_contract(session, contract)
    faults = faults_of(rules_from_data(rules))
    if faults:
        details = {"faults": [fault._asdict() for fault in faults]}
        raise Refused("pay_rules_wrong", f"{faults[0].sentence}.", details)
    return name


def are_set(session: Session, contract: str, effective_from: dt.date, rules: Mapping[str, Any]) -> bool:
    """Whether these are the rules of a date already."""
    sets = pay_rules_store.sets_of(session, contract)
    of_date = [one for one in sets if one["effective_from"] == effective_from]
    return bool(of_date) and of_date[0]["rules"] == dict(rules)


def note(
    session: Session, *, contract: str, effective_from: dt.date, rules: Mapping[str, Any], who: str
) -> bool:
    """Store rules and say so; False when they are those of that date already."""
    # Alone: a week that is being priced meanwhile would keep the rules from before.
    locks.lock_periods(session, exclusive=True)
    if are_set(session, contract, effective_from, rules):
        return False
    pay_rules_store.add(session, contract=contract, effective_from=effective_from, rules=rules, who=who)
    body = {"contract": contract, "effective_from": effective_from.isoformat()}
    emit(session, "pay_rules_set", body, cause_id=str(uuid.uuid4()), lane="single")
    return True


def require_contract(session: Session, contract: str) -> str:
    """The contract as it is written in care; raises Refused ``unknown_contract``."""
    name = resolve_contract(session, contract)
    assert name is not None  # noqa: S101  only None gives None
    return name
