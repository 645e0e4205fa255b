"""What payments tells the faces: what a visit pays and why, periods, items, remittance advice (RULES 6, 8)."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.rpc import Caller
from services.payments.callers import organisation_asked
from services.payments.holds import store as holds_store
from services.payments.items import store as items_store
from services.payments.items.words import shown_item_of_period
from services.payments.packages import store as packages_store
from services.payments.packages.store import StoredPackage
from services.payments.pay_rules import store as pay_rules_store
from services.payments.periods import steps, store_views
from services.payments.periods import store as periods_store
from services.payments.pricing import store as pricing_store
from services.payments.pricing.pay_rules import DatedRules
from services.payments.pricing.rules import PaidVisit, VisitType, explain, explain_steps, price_week
from services.payments.pricing.store import paid_visit

LONGEST_CPLI_ID = 18
"""digits that fit into a bigint"""

MatchedRef = tuple[uuid.UUID, str, int, dt.date]
RULE = "RULES 6: seconds x unit cost / 3600; the week's parts are summed, then rounded once"


def visit_payments(session: Session, refs: Sequence[MatchedRef]) -> list[list[Any]]:
    """[organisation id, VisitRef, payment] of each visit whose week is priced: what it pays and why."""
    weeks = store_views.weeks(session, [(cpli_id, monday) for *_, cpli_id, monday in refs])
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


def payment_periods(session: Session, caller: Caller, *, contract: str | None = None) -> list[dict[str, Any]]:
    """Every period that holds something of the caller's (of a contract, or of all), oldest first.

    Charges are between the client and the council: a provider is not shown them.
    Raises Refused ``unknown_contract``.
    """
    found = steps.list_periods(session, steps.known_contract(session, contract), caller["organisation"])
    if caller["organisation"] is None:
        return found
    return [
        {name: value for name, value in period.items() if name != "charges"}
        for period in found
        if period["items"] or {period["payable"], period["non_payable"], period["deductions"]} != {"0.00"}
    ]


def period_items(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str | None,
    contract: str | None,
    shown: str | None,
    after: uuid.UUID | None,
    limit: int,
) -> list[dict[str, Any]]:
    """A page of a period's items, each explaining itself and saying whether it is payable there.

    `shown`: ``payable``, ``non_payable`` or None for all. Raises Refused ``not_a_period``, ``not_found``,
    ``unknown_contract``.
    """
    whose = whose_period(session, caller, start, organisation, contract)
    rows = items_store.items(session, start, *whose, shown=shown, after=after, limit=limit)
    touched = [row["item_id"] for row in rows if set(row["portions"]) != {"payable"}]
    reasons = holds_store.reasons(session, start, touched) if touched else {}
    is_provider = caller["organisation"] is not None
    return [
        shown_item_of_period(row, is_provider=is_provider) | {"hold": shown_hold(reasons.get(row["item_id"]))}
        for row in rows
    ]


def shown_hold(move: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Why an item is not payable: what was done last, the reason and who is asked about it."""
    return None if move is None else {name: move[name] for name in ("name", "reason", "owner", "moved_at")}


def whose_period(
    session: Session, caller: Caller, start: dt.date, organisation: str | None, contract: str | None
) -> tuple[str | None, str | None]:
    """The organisation's id and the contract that a question about a period is limited to."""
    steps.refuse_off_grid(start)
    return organisation_asked(session, caller, organisation), steps.known_contract(session, contract)


def payment_period(
    session: Session, caller: Caller, *, start: dt.date, organisation: str | None, contract: str | None
) -> dict[str, Any]:
    """A period's state, its costs and income, what both come to (payable), what is not payable, its contracts.

    Pounds as text. Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``.
    """
    _, known = whose = whose_period(session, caller, start, organisation, contract)
    totals = store_views.period_totals(session, start, *whose)
    contracts = periods_store.contracts(session)
    state = steps.state_of(pricing_store.periods(session), start, [known] if known else contracts)
    return {
        "state": state,
        "contracts": contracts,
        **{name: pounds_text(amount) for name, amount in totals.items()},
    }


def remittance(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str | None,
    contract: str | None,
    summary: bool,
    after: int,
    limit: int,
) -> dict[str, Any]:
    """A page of a period's remittance advice, the totals of all of it, and what is not paid; pounds as text.

    Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``.
    """
    whose = whose_period(session, caller, start, organisation, contract)
    rows = store_views.remittance(session, start, *whose, is_summary=summary, after=after, limit=limit)
    totals = store_views.period_totals(session, start, *whose)
    not_paid = store_views.not_paid(session, start, *whose)
    return {
        "lines": [dict(row) | {"amount": pounds_text(row["amount"])} for row in rows],
        "totals": {name: pounds_text(amount) for name, amount in totals.items()},
        "not_paid": [dict(row) | {"amount": pounds_text(row["amount"])} for row in not_paid],
    }


def search_items(session: Session, *, written: str) -> list[dict[str, Any]]:
    """The newest payment items of the CPLI or the client that is written, pounds as text; a client's letters in any case."""
    is_id = written.isascii() and written.isdigit() and len(written) <= LONGEST_CPLI_ID
    return items_store.found(session, int(written) if is_id else None, sorted({written, written.upper()}))
