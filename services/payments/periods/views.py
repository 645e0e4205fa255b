"""What payments tells the faces about periods (RULES 8)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.weeks import financial_year_of, period_end_of
from libs.common.rpc import Caller
from libs.common.seams.payments.periods import (
    Period,
    PeriodContracts,
    PeriodState,
    PeriodSums,
)
from services.payments.callers import resolve_contract, resolve_organisation
from services.payments.packages import store as packages_store
from services.payments.periods import store as periods_store
from services.payments.periods import store_views
from services.payments.periods.rules import Periods, contracts_by_state, refuse_off_grid, state_of


def list_periods(
    session: Session, contract: str | None = None, organisation_id: str | None = None
) -> list[Period]:
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
            **to_contracts_document(periods, start, contracts),
            **totals.get(start, periods_store.EMPTY_TOTALS),
        }
        for start in starts
    ]


def list_periods_of_caller(session: Session, caller: Caller, *, contract: str | None = None) -> list[Period]:
    """Every period that holds something of the caller's (of a contract, or of all), oldest first.

    Charges are between the client and the council: a provider is not shown them.
    Raises Refused ``unknown_contract``.
    """
    found = list_periods(session, resolve_contract(session, contract), caller["organisation"])
    if caller["organisation"] is None:
        return found
    held = [
        period
        for period in found
        if period["items"] or {period["payable"], period["non_payable"], period["deductions"]} != {"0.00"}
    ]
    for period in held:
        del period["charges"]
    return held


def resolve_whose_period(
    session: Session, caller: Caller, start: dt.date, organisation: str | None, contract: str | None
) -> tuple[str | None, str | None]:
    """The organisation's id and the contract that a question about a period is limited to."""
    refuse_off_grid(start)
    return resolve_organisation(session, caller, organisation), resolve_contract(session, contract)


def describe_period(
    session: Session, caller: Caller, *, start: dt.date, organisation: str | None, contract: str | None
) -> PeriodState:
    """A period's state, its costs and income, what both come to (payable), what is not payable, its contracts.

    Pounds as text. Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``.
    """
    _, known = whose = resolve_whose_period(session, caller, start, organisation, contract)
    totals = store_views.period_totals(session, start, *whose)
    contracts = packages_store.list_contracts(session)
    periods, asked = periods_store.read_periods(session), [known] if known else contracts
    return {
        "state": state_of(periods, start, asked),
        "contracts": contracts,
        **to_contracts_document(periods, start, asked),
        **to_sums_document(totals),
    }


def to_contracts_document(periods: Periods, start: dt.date, contracts: Iterable[str]) -> PeriodContracts:
    """Which of these contracts a period is finalised for."""
    finalised, still_open = contracts_by_state(periods, start, contracts)
    return {"finalised_contracts": finalised, "open_contracts": still_open}


def to_sums_document(totals: Mapping[str, Any]) -> PeriodSums:
    """Pounds as text."""
    return {
        "cost": pounds_text(totals["cost"]),
        "income": pounds_text(totals["income"]),
        "total": pounds_text(totals["total"]),
        "non_payable": pounds_text(totals["non_payable"]),
    }
