"""What payments tells the faces about payment runs: for the council alone (RULES 8)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.weeks import period_end_of
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.days import iso_or_none
from libs.common.seams.payments.runs import Run, RunInFull, RunLimits
from services.payments.runs import facts
from services.payments.runs import store as runs_store
from services.payments.runs.rules import PREPARED
from services.payments.runs.steps import is_finalised, is_still_payable, require_run, state_of

LIMITS_SHOWN = 20


def list_run_limits(session: Session, caller: Caller) -> list[RunLimits]:
    """From when on a change is large: the limits that were set, the newest first. Raises Refused ``not_allowed``."""
    require_council(caller)
    rows = runs_store.limits_set(session, LIMITS_SHOWN)
    return [
        {
            "percent": str(row["percent"]),
            "pounds": str(row["pounds"]),
            "adjustments": str(row["adjustments"]),
            "set_by": row["set_by"],
            "set_at": row["set_at"].isoformat(),
        }
        for row in rows
    ]


def list_runs(
    session: Session, caller: Caller, *, start: dt.date | None, after: uuid.UUID | None, limit: int
) -> list[Run]:
    """A page of runs, newest first. Council only."""
    require_council(caller)
    found = runs_store.runs(session, start, None if after is None else str(after), limit)
    return [_run_document(run) for run in found]


def describe_run(session: Session, caller: Caller, *, run_id: uuid.UUID) -> RunInFull:
    """A run as its approver must see it: each organisation against last period, and what stands out (RULES 8).

    Council only. Raises Refused: ``not_allowed``, ``not_found``.
    """
    require_council(caller)
    run = require_run(session, run_id)
    totals = runs_store.totals_of(session, run["run_id"])
    in_all, organisations = facts.seen_by_approver(
        session, run, totals, is_approved=state_of(run) == "approved"
    )
    return {
        **_run_document(run),
        "percent": str(run["percent"]),
        "pounds": pounds_text(run["pounds"]),
        "is_finalised": is_finalised(session, run),
        "is_still_payable": state_of(run) != PREPARED or is_still_payable(session, run, totals),
        "in_all": in_all,
        "organisations": organisations,
    }


def _run_document(run: Mapping[str, Any]) -> Run:
    """A run as lists show it; pounds as text."""
    return {
        "run_id": run["run_id"],
        "period_start": run["period_start"].isoformat(),
        "prepared_by": run["prepared_by"],
        "prepared_at": run["prepared_at"].isoformat(),
        "reason": run["reason"],
        "decided_by": run["decided_by"],
        "decided_at": iso_or_none(run["decided_at"]),
        "period_end": period_end_of(run["period_start"]).isoformat(),
        "contract": run["contract"] or None,
        "state": state_of(run),
        "payable": pounds_text(run["payable"]),
        "last_payable": pounds_text(run["last_payable"]),
    }
