"""What payments tells the faces about contracts and their pay rules, and what a visit would pay by them (RULES 6)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.bank_holidays import bank_holidays, known_until
from libs.common.care.clock import london_day, now
from libs.common.care.money import pounds_text
from libs.common.care.terms import FROM_START, Term
from libs.common.errors import Refused
from libs.common.files.values import parse_time
from services.payments.packages import store as packages_store
from services.payments.pay_rules import store
from services.payments.pay_rules.steps import contract_named
from services.payments.periods import store as periods_store
from services.payments.pricing.rules import SECONDS_IN_A_DAY, PaidVisit, explain, explain_steps, price_week


def contracts(session: Session) -> list[dict[str, Any]]:
    """The contracts of care: since when each has the pay rules of today, and from when it will have others."""
    today = london_day(now())
    by_contract = store.rules_by_contract(session)
    found = []
    for name in periods_store.contracts(session):
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


def try_pay_rules(
    session: Session,
    *,
    contract: str,
    planned_on: dt.date,
    visit_type: str,
    unit_cost: str,
    **times: str | None,
) -> dict[str, Any]:
    """What one visit pays under a contract's rules, and each step that makes it. Nothing is stored.

    ``times`` are planned and delivered entry and exit, ``HH:MM``. Raises Refused ``unknown_contract``,
    ``unknown_visit_type`` and ``not_delivered``.
    """
    name = contract_named(session, contract)
    types = packages_store.visit_types(session)
    if visit_type not in types:
        raise Refused("unknown_visit_type", f"There is no visit type “{visit_type}”.")
    clock = {key: None if value is None else parse_time(value) for key, value in times.items()}
    delivered, kind = None, types[visit_type].on(planned_on)
    if kind.basis == "delivered":
        if clock["delivered_entry"] is None or clock["delivered_exit"] is None:
            raise Refused("not_delivered", "Enter when the visit was delivered: this type is paid by it.")
        delivered = (clock["delivered_exit"] - clock["delivered_entry"]) % SECONDS_IN_A_DAY
    visit = PaidVisit(
        "", visit_type, planned_on, clock["planned_entry"] or 0, clock["planned_exit"] or 0, delivered
    )
    terms = (Term(FROM_START, Decimal(0), Decimal(unit_cost), None, "Council"),)
    dated = store.rules_by_contract(session).get(name, ())
    price = price_week([visit], terms, types, dated)
    in_force = [one.effective_from for one in dated if one.effective_from <= planned_on]
    return {
        "payable": pounds_text(price.payable),
        "charged": pounds_text(price.charged),
        "basis": kind.basis,
        "seconds": visit.planned_seconds if delivered is None else delivered,
        "parts": explain(price),
        **explain_steps(price),
        "rules_from": max(in_force, default=None),
        "bank_holiday": bank_holidays().get(planned_on),
    }
