"""Payment runs (RULES 8): prepared by one person, approved by another. Takes a session, never commits.

Approving has the period lock alone, as finalising has: nothing is posted or held between the look at what is payable
and the decision.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.weeks import DAYS_IN_A_PERIOD
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from services.payments import callers, locks
from services.payments.events.public import say
from services.payments.invoices import steps as invoices_steps
from services.payments.packages import store as packages_store
from services.payments.periods import rules as periods_rules
from services.payments.periods import store as periods_store
from services.payments.runs import store as runs_store
from services.payments.runs.events import RUN_APPROVED, approved_data
from services.payments.runs.rules import DECISIONS, PREPARED, SUPERSEDED, Limits, Total, paid


def set_run_limits(
    session: Session, caller: Caller, *, percent: Decimal, pounds: Decimal, adjustments: Decimal
) -> None:
    """Have other limits hold for what is prepared and adjusted from now on. Raises Refused ``not_allowed``."""
    require_council(caller)
    runs_store.insert_limits(session, Limits(percent, pounds, adjustments), caller["who"])


def prepare_run(
    session: Session, caller: Caller, *, run_id: uuid.UUID, start: dt.date, contract: str | None
) -> None:
    """Keep what is payable in a period (of a contract, or of all that are not paid yet) as a run to be approved.

    Council only; once for a `run_id`. Raises Refused: ``not_allowed``, ``not_a_period``, ``unknown_contract``,
    ``already_approved``, ``nothing_to_pay``.
    """
    require_council(caller)
    periods_rules.refuse_off_grid(start)
    locks.lock_periods(session, exclusive=False)
    contract = callers.resolve_contract(session, contract)
    approved = runs_store.approved_contracts(session, start)
    if "" in approved or contract in approved:
        raise Refused("already_approved", "A payment run for this was approved already.")
    totals = payable_now(session, start, contract, approved)
    if not any(total.items for total in totals):
        raise Refused("nothing_to_pay", "Nothing is payable in this period.")
    limits = runs_store.limits(session)
    run = {
        "run_id": str(run_id),
        "period_start": start,
        "contract": contract or "",
        "prepared_by": caller["who"],
        "percent": limits.percent,
        "pounds": limits.pounds,
    }
    runs_store.insert_run(session, run, totals)


def approve_run(session: Session, caller: Caller, *, run_id: uuid.UUID) -> None:
    """Approve a run that is still what is payable, of a finalised period; each organisation's share is said.

    Council only. Raises Refused: ``not_allowed``, ``not_found``, ``wrong_state``, ``prepared_by_yourself``,
    ``not_finalised``, ``changed_since``.
    """
    require_council(caller)
    locks.lock_periods(session, exclusive=True)
    run = require_run(session, run_id)
    decision = decided(run, "approve")
    if run["prepared_by"] == caller["who"]:
        raise Refused("prepared_by_yourself", "Somebody else must approve what you have prepared.")
    if not is_finalised(session, run):
        raise Refused(
            "not_finalised", "Finalise the period first: until then what is payable can still change."
        )
    totals = runs_store.totals_of(session, run["run_id"])
    if not is_still_payable(session, run, totals):
        raise Refused(
            "changed_since", "What is payable has changed since the run was prepared: prepare it anew."
        )
    runs_store.insert_decision(session, run["run_id"], decision, "", caller["who"])
    invoices_steps.pay_run(session, caller, start=run["period_start"], contract=run["contract"] or None)
    say_approved(session, run, totals)


def reject_run(session: Session, caller: Caller, *, run_id: uuid.UUID, reason: str) -> None:
    """Reject a run, with the reason. Council only. Raises Refused: ``not_allowed``, ``not_found``, ``wrong_state``."""
    require_council(caller)
    locks.lock_periods(session, exclusive=True)
    run = require_run(session, run_id)
    runs_store.insert_decision(session, run["run_id"], decided(run, "reject"), reason, caller["who"])


def payable_now(
    session: Session, start: dt.date, contract: str | None, approved: Sequence[str]
) -> list[Total]:
    """What is payable in a period now, and was in the one before it."""
    last = start - dt.timedelta(days=DAYS_IN_A_PERIOD)
    return runs_store.payable_now(session, start, last, contract, approved)


def is_still_payable(session: Session, run: Mapping[str, Any], totals: Sequence[Total]) -> bool:
    """Whether the run's snapshot is what is payable now, item by item."""
    approved = runs_store.approved_contracts(session, run["period_start"])
    if "" in approved or run["contract"] in approved:
        return False
    return paid(payable_now(session, run["period_start"], run["contract"] or None, approved)) == paid(totals)


def is_finalised(session: Session, run: Mapping[str, Any]) -> bool:
    """Whether the run's period is finalised for its contract, or for all."""
    return periods_rules.is_finalised(
        periods_store.read_periods(session), run["period_start"], run["contract"] or None
    )


def require_run(session: Session, run_id: uuid.UUID) -> dict[str, Any]:
    """The run; raises Refused ``not_found``."""
    found = runs_store.run(session, str(run_id))
    if found is None:
        raise Refused("not_found", "There is no such payment run.")
    return found


def state_of(run: Mapping[str, Any]) -> str:
    """``prepared``, ``approved``, ``rejected``, or ``superseded`` by a newer run of the same."""
    return run["decision"] or (SUPERSEDED if run["has_newer"] else PREPARED)


def decided(run: Mapping[str, Any], move: str) -> str:
    """The state that a decision leads to; raises Refused ``wrong_state``."""
    state = state_of(run)
    if (state, move) not in DECISIONS:
        raise Refused("wrong_state", f"The run is {state}: it can’t be decided about any more.")
    return DECISIONS[state, move]


def say_approved(session: Session, run: Mapping[str, Any], totals: Sequence[Total]) -> None:
    """``payment.run.approved``, to each organisation that the run pays."""
    names = dict(packages_store.list_organisations(session))
    by_organisation: dict[str, list[Total]] = defaultdict(list)
    for total in totals:
        if total.items:
            by_organisation[total.organisation_id].append(total)
    events = []
    for organisation_id, of_one in sorted(by_organisation.items()):
        data = approved_data(run, organisation_id, names.get(organisation_id, ""), of_one)
        events.append((organisation_id, RUN_APPROVED, data["approval_id"], data))
    say(session, events, cause_id=run["run_id"])
