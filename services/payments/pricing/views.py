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
from libs.common.seams.days import iso_or_none
from libs.common.seams.events import VisitOfWeek, read_visits
from libs.common.seams.payments.prices import Payment, TriedPrice, VisitPayment
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage, VisitType
from services.payments.pay_rules import store as pay_rules_store
from services.payments.pay_rules.rules import DatedRules
from services.payments.pay_rules.steps import require_contract
from services.payments.pricing import rules as pricing_rules
from services.payments.pricing import store as pricing_store
from services.payments.pricing.rules import (
    SECONDS_IN_A_DAY,
    explain,
    explain_steps,
    planned_day_of,
    planned_seconds_of,
    price_week,
)


def try_pay_rules(
    session: Session,
    *,
    contract: str,
    planned_on: dt.date,
    visit_type: str,
    unit_cost: str,
    planned_entry: str,
    planned_exit: str,
    delivered_entry: str | None,
    delivered_exit: str | None,
) -> TriedPrice:
    """What one visit pays under a contract's rules, and each step that makes it. Nothing is stored.

    Entries and exits are ``HH:MM``. Raises Refused ``unknown_contract``,
    ``unknown_visit_type`` and ``not_delivered``.
    """
    name = require_contract(session, contract)
    types = packages_store.visit_types(session)
    if visit_type not in types:
        raise Refused("unknown_visit_type", f"There is no visit type “{visit_type}”.")
    kind = types[visit_type].on(planned_on)
    delivered = _delivered_seconds(delivered_entry, delivered_exit) if kind.basis == "delivered" else None
    visit = VisitOfWeek(
        "",
        visit_type,
        planned_on.isoformat(),
        parse_time(planned_entry) or 0,
        parse_time(planned_exit) or 0,
        delivered,
    )
    terms = (Term(FROM_START, Decimal(0), Decimal(unit_cost), None, "Council"),)
    dated = pay_rules_store.rules_by_contract(session).get(name, ())
    price = price_week([visit], terms, types, dated)
    in_force = [one.effective_from for one in dated if one.effective_from <= planned_on]
    return {
        "payable": pounds_text(price.payable),
        "charged": pounds_text(price.charged),
        "basis": kind.basis,
        "seconds": planned_seconds_of(visit) if delivered is None else delivered,
        "parts": explain(price),
        **explain_steps(price),
        "rules_from": iso_or_none(max(in_force, default=None)),
        "bank_holiday": bank_holidays().get(planned_on),
    }


def _delivered_seconds(entry: str | None, exit_: str | None) -> int:
    """How long a visit lasted. Raises Refused ``not_delivered``."""
    began, ended = parse_time(entry or ""), parse_time(exit_ or "")
    if began is None or ended is None:
        raise Refused("not_delivered", "Enter when the visit was delivered: this type is paid by it.")
    return (ended - began) % SECONDS_IN_A_DAY


MatchedRef = tuple[uuid.UUID, str, int, dt.date]
RULE = "Seconds x unit cost / 3600; the week's parts are summed, then rounded once"


def list_visit_payments(session: Session, *, visits: Sequence[MatchedRef]) -> list[VisitPayment]:
    """What each of these visits pays and why, where its week is priced."""
    weeks = pricing_store.weeks_with_visits(session, [(cpli_id, monday) for *_, cpli_id, monday in visits])
    packages = packages_store.packages(session, {cpli_id for cpli_id, _ in weeks})
    types = packages_store.visit_types(session)
    pay_rules = pay_rules_store.rules_by_contract(session)
    found = []
    for organisation_id, ref, cpli_id, monday in visits:
        week, package = weeks.get((cpli_id, monday)), packages.get(cpli_id)
        if week is None or package is None or week["organisation_id"] != str(organisation_id):
            continue
        visit = next((one for one in read_visits(week["visits"]) if one.visit_ref == ref), None)
        if visit is not None:
            rules = pay_rules.get(package.contract, ())
            payment = _payment_document(visit, package, types, rules, week)
            found.append(VisitPayment(str(organisation_id), ref, payment))
    return found


def _payment_document(
    visit: VisitOfWeek,
    package: StoredPackage,
    types: Mapping[str, VisitType],
    pay_rules: Sequence[DatedRules],
    week: Mapping[str, Any],
) -> Payment:
    """What one visit adds to its week, before the rounding that the week has once; pounds as text."""
    known = types.get(visit.visit_type)
    kind = known and known.on(planned_day_of(visit))
    price = price_week([visit], package.terms, types, pay_rules)
    parts = explain(price)
    is_paid = kind is not None and kind.paid
    return {
        "amount": pounds_text(price.payable),
        "paid": is_paid,
        "why": RULE if is_paid else f"A visit of type {visit.visit_type} is not paid",
        "parts": parts,
        **explain_steps(price),
        "week": {
            "monday": week["monday"].isoformat(),
            "cpli_id": week["cpli_id"],
            "actual": pounds_text(week["actual"]),
            "frustrated": pounds_text(week["frustrated"]),
            "payable": pounds_text(week["actual"] + week["frustrated"]),
        },
    }


def sum_money_at_stake(
    session: Session, *, visits: Sequence[MatchedRef], weeks: Sequence[pricing_rules.CpliWeek]
) -> dict[str, str]:
    """What these visits, and all of these CPLIs' weeks, pay together: pounds as text by organisation id."""
    sums: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for organisation_id, _, payment in list_visit_payments(session, visits=visits):
        sums[organisation_id] += Decimal(payment["amount"])
    for week in pricing_store.weeks_with_visits(session, weeks).values():
        sums[week["organisation_id"]] += week["actual"] + week["frustrated"]
    return {organisation_id: pounds_text(amount) for organisation_id, amount in sums.items()}
