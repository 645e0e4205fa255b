"""What payments tells the faces about periods, and their remittance advice (RULES 8)."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.weeks import (
    financial_year_of,
    period_end_of,
)
from libs.common.rpc import Caller
from services.payments import callers
from services.payments.callers import resolve_organisation
from services.payments.packages import store as packages_store
from services.payments.periods import rules as periods_rules
from services.payments.periods import store as periods_store
from services.payments.periods import store_views
from services.payments.periods.rules import state_of


def payment_periods(session: Session, caller: Caller, *, contract: str | None = None) -> list[dict[str, Any]]:
    """Every period that holds something of the caller's (of a contract, or of all), oldest first.

    Charges are between the client and the council: a provider is not shown them.
    Raises Refused ``unknown_contract``.
    """
    found = list_periods(session, callers.resolve_contract(session, contract), caller["organisation"])
    if caller["organisation"] is None:
        return found
    return [
        {name: value for name, value in period.items() if name != "charges"}
        for period in found
        if period["items"] or {period["payable"], period["non_payable"], period["deductions"]} != {"0.00"}
    ]


def whose_period(
    session: Session, caller: Caller, start: dt.date, organisation: str | None, contract: str | None
) -> tuple[str | None, str | None]:
    """The organisation's id and the contract that a question about a period is limited to."""
    periods_rules.refuse_off_grid(start)
    return resolve_organisation(session, caller, organisation), callers.resolve_contract(session, contract)


def payment_period(
    session: Session, caller: Caller, *, start: dt.date, organisation: str | None, contract: str | None
) -> dict[str, Any]:
    """A period's state, its costs and income, what both come to (payable), what is not payable, its contracts.

    Pounds as text. Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``.
    """
    _, known = whose = whose_period(session, caller, start, organisation, contract)
    totals = store_views.period_totals(session, start, *whose)
    contracts = packages_store.list_contracts(session)
    state = periods_rules.state_of(
        periods_store.read_periods(session), start, [known] if known else contracts
    )
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


def list_periods(
    session: Session, contract: str | None = None, organisation_id: str | None = None
) -> list[dict[str, Any]]:
    """Every period that holds something (of a contract, of an organisation, or of all) or is finalised, oldest first."""
    periods = periods_store.read_periods(session)
    totals = periods_store.totals_by_period(session, contract, organisation_id, periods.through(None))
    contracts = [contract] if contract else packages_store.list_contracts(session)
    starts = sorted({*totals, *periods.finalised_through.values()})
    return [
        {
            "start": start.isoformat(),
            "end": period_end_of(start).isoformat(),
            "financial_year": financial_year_of(start),
            "state": state_of(periods, start, contracts),
            **totals.get(start, periods_store.EMPTY_TOTALS),
        }
        for start in starts
    ]
