"""What payments tells the faces about what visits pay, and why (RULES 6)."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.bank_holidays import bank_holidays
from libs.common.care.money import NOTHING, pounds_text
from libs.common.care.terms import FROM_START, Term
from libs.common.errors import Refused
from libs.common.files.values import parse_time
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage, VisitType
from services.payments.pay_rules import store
from services.payments.pay_rules import store as pay_rules_store
from services.payments.pay_rules.rules import DatedRules
from services.payments.pay_rules.steps import contract_named
from services.payments.pricing import rules as pricing_rules
from services.payments.pricing import store as pricing_store
from services.payments.pricing.rules import SECONDS_IN_A_DAY, PaidVisit, explain, explain_steps, price_week
from services.payments.pricing.store import paid_visit


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


MatchedRef = tuple[uuid.UUID, str, int, dt.date]
RULE = "RULES 6: seconds x unit cost / 3600; the week's parts are summed, then rounded once"


def visit_payments(session: Session, refs: Sequence[MatchedRef]) -> list[list[Any]]:
    """[organisation id, VisitRef, payment] of each visit whose week is priced: what it pays and why."""
    weeks = pricing_store.weeks_with_visits(session, [(cpli_id, monday) for *_, cpli_id, monday in refs])
    packages = packages_store.packages(session, {cpli_id for cpli_id, _ in weeks})
    types = packages_store.visit_types(session)
    pay_rules = pay_rules_store.rules_by_contract(session)
    found: list[list[Any]] = []
    for organisation_id, ref, cpli_id, monday in refs:
        week, package = weeks.get((cpli_id, monday)), packages.get(cpli_id)
        if week is None or package is None or week["organisation_id"] != str(organisation_id):
            continue
        visit = next((paid_visit(row) for row in week["visits"] if row[0] == ref), None)
        if visit is not None:
            rules = pay_rules.get(package.contract, ())
            found.append([str(organisation_id), ref, payment(visit, package, types, rules, week)])
    return found


def payment(
    visit: PaidVisit,
    package: StoredPackage,
    types: Mapping[str, VisitType],
    pay_rules: Sequence[DatedRules],
    week: Mapping[str, Any],
) -> dict[str, Any]:
    """What one visit adds to its week, before the rounding that the week has once; pounds as text."""
    known = types.get(visit.visit_type)
    kind = known and known.on(visit.planned_on)
    price = price_week([visit], package.terms, types, pay_rules)
    parts = explain(price)
    is_paid = kind is not None and kind.paid
    return {
        "amount": pounds_text(price.payable),
        "paid": is_paid,
        "why": RULE if is_paid else f"RULES 6: a visit of type {visit.visit_type} is not paid",
        "parts": parts,
        **explain_steps(price),
        "week": {
            "monday": week["monday"],
            "cpli_id": week["cpli_id"],
            "actual": pounds_text(week["actual"]),
            "frustrated": pounds_text(week["frustrated"]),
            "payable": pounds_text(week["actual"] + week["frustrated"]),
        },
    }


def money_at_stake(
    session: Session, *, visits: Sequence[MatchedRef], weeks: Sequence[pricing_rules.CpliWeek]
) -> dict[str, str]:
    """What these visits, and all of these CPLIs' weeks, pay together: pounds as text by organisation id."""
    sums: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for organisation_id, _, payment in visit_payments(session, visits):
        sums[organisation_id] += Decimal(payment["amount"])
    for week in pricing_store.weeks_with_visits(session, weeks).values():
        sums[week["organisation_id"]] += week["actual"] + week["frustrated"]
    return {organisation_id: pounds_text(amount) for organisation_id, amount in sums.items()}
