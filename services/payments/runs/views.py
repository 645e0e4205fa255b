"""What payments tells the faces about payment runs: for the council alone (RULES 8)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.weeks import period_end_of
from libs.common.rpc import Caller
from services.payments.callers import refuse_providers
from services.payments.runs import facts
from services.payments.runs import store as runs_store
from services.payments.runs.rules import PREPARED
from services.payments.runs.steps import is_finalised, is_still_payable, known_run, state_of

LIMITS_SHOWN = 20


def run_limits(session: Session, caller: Caller) -> list[dict[str, Any]]:
    """From when on a change is large: the limits that were set, the newest first. Raises Refused ``not_allowed``."""
    refuse_providers(caller)
    rows = runs_store.limits_set(session, LIMITS_SHOWN)
    return [row | {name: str(row[name]) for name in ("percent", "pounds", "adjustments")} for row in rows]


def runs(
    session: Session, caller: Caller, *, start: dt.date | None, after: uuid.UUID | None, limit: int
) -> list[dict[str, Any]]:
    """A page of runs, newest first. Council only."""
    refuse_providers(caller)
    found = runs_store.runs(session, start, None if after is None else str(after), limit)
    return [shown_run(run) for run in found]


def payment_run(session: Session, caller: Caller, *, run_id: uuid.UUID) -> dict[str, Any]:
    """A run as its approver must see it: each organisation against last period, and what stands out (RULES 8).

    Council only. Raises Refused: ``not_allowed``, ``not_found``.
    """
    refuse_providers(caller)
    run = known_run(session, run_id)
    totals = runs_store.totals_of(session, run["run_id"])
    return {
        **shown_run(run),
        "percent": str(run["percent"]),
        "pounds": pounds_text(run["pounds"]),
        "is_finalised": is_finalised(session, run),
        "is_still_payable": state_of(run) != PREPARED or is_still_payable(session, run, totals),
        **facts.seen_by_approver(session, run, totals, is_approved=state_of(run) == "approved"),
    }


def shown_run(run: Mapping[str, Any]) -> dict[str, Any]:
    """A run as lists show it; pounds as text."""
    names = ("run_id", "period_start", "prepared_by", "prepared_at", "reason", "decided_by", "decided_at")
    return {
        **{name: run[name] for name in names},
        "period_end": period_end_of(run["period_start"]),
        "contract": run["contract"] or None,
        "state": state_of(run),
        "payable": pounds_text(run["payable"]),
        "last_payable": pounds_text(run["last_payable"]),
    }
