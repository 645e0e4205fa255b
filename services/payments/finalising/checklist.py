"""What there is to look at before a period is finalised, as far as payments knows it (RULES 8)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.care.weeks import DAYS_IN_A_PERIOD, period_end_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.payments.finalising import (
    BelowNothing,
    FinalisingChecklist,
    HeldOfOrganisation,
    LargeChange,
)
from services.payments.callers import resolve_contract
from services.payments.debts.views import owed_in_all
from services.payments.finalising import store_checklist
from services.payments.finalising.steps import refuse_wrong_period
from services.payments.packages import store as packages_store
from services.payments.periods import store as periods_store
from services.payments.periods.rules import Periods, contracts_by_state, refuse_off_grid, state_of
from services.payments.runs import store as runs_store
from services.payments.runs.rules import Limits, is_large


def describe_checklist(
    session: Session, caller: Caller, *, start: dt.date, contract: str | None
) -> FinalisingChecklist:
    """The checklist of a period, for one contract or for all that are open; pounds as text. Council only.

    Raises Refused ``not_allowed``, ``not_a_period``, ``unknown_contract``.
    """
    require_council(caller)
    refuse_off_grid(start)
    contract = resolve_contract(session, contract)
    periods = periods_store.read_periods(session)
    contracts = [contract] if contract else packages_store.list_contracts(session)
    finalised, freezes = contracts_by_state(periods, start, contracts)
    names = dict(packages_store.list_organisations(session))
    last = start - dt.timedelta(days=DAYS_IN_A_PERIOD)
    totals = store_checklist.totals(session, start, last, freezes)
    held = store_checklist.held(session, start, freezes)
    return {
        "start": start.isoformat(),
        "end": period_end_of(start).isoformat(),
        "contract": contract,
        "state": state_of(periods, start, contracts),
        "freezes": freezes,
        "finalised_contracts": finalised,
        "refusal": _refusal_of(session, periods, start, contract),
        "payable": pounds_text(sum((row["payable"] for row in totals), NOTHING)),
        "last_payable": pounds_text(sum((row["last_payable"] for row in totals), NOTHING)),
        "changes": _large_changes(totals, names, runs_store.limits(session)),
        "holds": [_held_document(row, names) for row in held],
        "below_nothing": [_below_document(row, names) for row in totals if row["payable"] < 0],
        "owed": pounds_text(owed_in_all(session, None)),
    }


def _refusal_of(session: Session, periods: Periods, start: dt.date, contract: str | None) -> str | None:
    """Why the period can't be finalised now."""
    try:
        refuse_wrong_period(session, periods, start, contract)
    except Refused as refused:
        return refused.message
    return None


def _large_changes(
    totals: Sequence[Mapping[str, Any]], names: Mapping[str, str], limits: Limits
) -> list[LargeChange]:
    """The organisations whose sum over the contracts changes by a limit at least, the furthest first."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for row in totals:
        payable, last_payable = sums.get(row["organisation_id"], (NOTHING, NOTHING))
        sums[row["organisation_id"]] = (payable + row["payable"], last_payable + row["last_payable"])
    large = [(one, now, before) for one, (now, before) in sums.items() if is_large(now, before, limits)]
    large.sort(key=lambda one: (-abs(one[1] - one[2]), names.get(one[0], one[0])))
    return [
        {
            "organisation_id": organisation_id,
            "organisation": names.get(organisation_id, organisation_id),
            "payable": pounds_text(now),
            "last_payable": pounds_text(before),
        }
        for organisation_id, now, before in large
    ]


def _held_document(row: Mapping[str, Any], names: Mapping[str, str]) -> HeldOfOrganisation:
    organisation_id = row["organisation_id"]
    return {
        "organisation_id": organisation_id,
        "organisation": names.get(organisation_id, organisation_id),
        "number": row["number"],
        "amount": pounds_text(row["amount"]),
    }


def _below_document(row: Mapping[str, Any], names: Mapping[str, str]) -> BelowNothing:
    organisation_id = row["organisation_id"]
    return {
        "organisation_id": organisation_id,
        "organisation": names.get(organisation_id, organisation_id),
        "contract": row["contract"],
        "amount": pounds_text(row["payable"]),
    }
