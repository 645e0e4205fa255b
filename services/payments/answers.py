"""What payments tells the faces: what a visit pays and why, periods, items, remittance advice (RULES 6, 8)."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.money import pounds_text
from libs.common.names import fold
from libs.common.rpc import Caller
from libs.common.terms import terms_from_json
from services.payments import periods, store, store_answers, store_packages, store_pay_rules, store_periods
from services.payments.rules import PaidVisit, VisitType, explain, explain_steps, price_week
from services.payments.rules_pay import DatedRules
from services.payments.store import paid_visit
from services.payments.store_packages import StoredPackage

MatchedRef = tuple[uuid.UUID, str, int, dt.date]
RULE = "RULES 6: seconds x unit cost / 3600; the week's parts are summed, then rounded once"


def organisation_asked(session: Session, caller: Caller, name: str | None) -> str | None:
    """The id of the organisation that a question is limited to; None is all, for the council alone.

    Raises Refused ``not_found`` for a name that is no organisation, or for a provider that is not its own.
    """
    own = caller["organisation"]
    if name is None:
        return own
    known = {fold(known_name): one for one, known_name in store_periods.organisations(session)}
    found = known.get(fold(name))
    if found is None or own not in (None, found):
        raise Refused("not_found", f"No organisation is called “{name}”: write the name as care has it.")
    return found


def visit_payments(session: Session, refs: Sequence[MatchedRef]) -> list[list[Any]]:
    """[organisation id, VisitRef, payment] of each visit whose week is priced: what it pays and why."""
    weeks = store_answers.weeks(session, [(cpli_id, monday) for *_, cpli_id, monday in refs])
    packages = store_packages.packages(session, {cpli_id for cpli_id, _ in weeks})
    types = store_packages.visit_types(session)
    pay_rules = store_pay_rules.rules_by_contract(session)
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
    kind = types.get(visit.visit_type)
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


def payment_periods(session: Session, caller: Caller) -> list[dict[str, Any]]:
    """Every period that holds something of the caller's, oldest first.

    Charges are between the client and the council: a provider is not shown them.
    """
    found = periods.list_periods(session)
    if caller["organisation"] is None:
        return found
    return [
        {name: value for name, value in period.items() if name != "charges"}
        for period in found
        if period["items"]
    ]


def period_items(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str | None,
    after: uuid.UUID | None,
    limit: int,
) -> list[dict[str, Any]]:
    """A page of a period's items, each explaining itself. Raises Refused ``not_a_period``, ``not_found``."""
    periods.refuse_off_grid(start)
    organisation_id = organisation_asked(session, caller, organisation)
    rows = store_answers.items(session, start, organisation_id, after=after, limit=limit)
    return [shown_item(row, is_provider=caller["organisation"] is not None) for row in rows]


def payment_period(
    session: Session, caller: Caller, *, start: dt.date, organisation: str | None
) -> dict[str, str]:
    """A period's state, its costs, its income and what both come to, in pounds.

    Raises Refused ``not_a_period``, ``not_found``.
    """
    periods.refuse_off_grid(start)
    organisation_id = organisation_asked(session, caller, organisation)
    totals = store_answers.remittance_totals(session, start, organisation_id)
    state = periods.state_of(store.periods(session), start, store_periods.contracts(session))
    return {"state": state, **{name: pounds_text(amount) for name, amount in totals.items()}}


def shown_item(row: Mapping[str, Any], *, is_provider: bool) -> dict[str, Any]:
    """An item with all that explains it: the week's seconds and costs, and the dated terms."""
    names = (
        "item_id",
        "organisation",
        "client",
        "cpli_id",
        "week",
        "kind",
        "reason",
        "contract",
        "posted_at",
    )
    terms = [shown_term(term, is_provider=is_provider) for term in row["terms"] or ()]
    return {
        **{name: row[name] for name in names},
        "amount": pounds_text(row["amount"]),
        "explanation": {**row["explanation"], "terms": terms},
    }


def shown_term(term: Mapping[str, Any], *, is_provider: bool) -> dict[str, Any]:
    """What a client is assessed for is a provider's business only where the provider collects it."""
    (known,) = terms_from_json([term])
    hidden = is_provider and known.collected_by != "Provider"
    return dict(term) | ({"assessed_contribution": None} if hidden else {})


def remittance(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str | None,
    after: int,
    limit: int,
) -> dict[str, Any]:
    """A page of a period's remittance advice, and the totals of all of it; pounds as text.

    Raises Refused ``not_a_period``, ``not_found``.
    """
    periods.refuse_off_grid(start)
    organisation_id = organisation_asked(session, caller, organisation)
    rows = store_answers.remittance(session, start, organisation_id, after=after, limit=limit)
    totals = store_answers.remittance_totals(session, start, organisation_id)
    return {
        "lines": [dict(row) | {"amount": pounds_text(row["amount"])} for row in rows],
        "totals": {name: pounds_text(amount) for name, amount in totals.items()},
    }
