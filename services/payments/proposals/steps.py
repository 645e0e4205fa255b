"""What needs two people in payments (RULES 8): adjustments over the limit, pay rules, writing off a debt. Never commits."""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.messaging.outbox import emit
from libs.common.proposals import steps as proposals_steps
from libs.common.proposals.steps import Proposal
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.proposals import Proposed
from services.payments import locks
from services.payments.adjustments import steps as adjustments_steps
from services.payments.adjustments import store as adjustments_store
from services.payments.adjustments.schemas import PostAdjustment
from services.payments.adjustments.steps import AdjustmentAbout
from services.payments.callers import resolve_organisation
from services.payments.debts import steps as debts_steps
from services.payments.pay_rules import steps as pay_rules_steps
from services.payments.pay_rules.schemas import SetPayRules
from services.payments.runs import store as runs_store
from services.payments.runs.rules import needs_two

ADJUSTMENT, PAY_RULES, WRITE_OFF = "adjustment", "pay_rules", "debt_write_off"
"""The kinds of proposals."""


def adjust(
    session: Session,
    caller: Caller,
    *,
    adjustment_id: uuid.UUID,
    start: dt.date,
    organisation: str,
    contract: str,
    client: str | None,
    cpli_id: int | None,
    amount: Decimal,
    reason: str,
) -> Proposed:
    """Post an adjustment, or have a second person decide where the provider's period comes over the limit.

    The answer's ``state`` is ``posted`` or ``proposed``. Raises Refused as `adjustments_steps.post_adjustment` does.
    """
    require_council(caller)
    organisation_id = str(resolve_organisation(session, caller, organisation))
    # One at a time for a provider's period: two that are each below the limit may be over it together.
    locks.lock_periods(session, exclusive=False)
    locks.lock_item(session, f"adjustments of {organisation_id} in {start}")
    about: AdjustmentAbout = {
        "start": start,
        "organisation": organisation,
        "contract": contract,
        "client": client,
        "cpli_id": cpli_id,
    }
    size = adjustments_store.adjusted_size(session, organisation_id, start, but=str(adjustment_id))
    if not needs_two(amount, size, runs_store.limits(session)):
        adjustments_steps.post_adjustment(
            session, caller, adjustment_id=adjustment_id, amount=amount, reason=reason, **about
        )
        return {"state": "posted", "proposal_id": None}
    adjustments_steps.refuse_wrong(session, caller, **about)
    wanted = {**about, "reason": reason, "adjustment_id": adjustment_id, "amount": amount}
    return _propose(session, caller, ADJUSTMENT, as_text(wanted), adjustment_id)


def propose_pay_rules(
    session: Session,
    caller: Caller,
    *,
    contract: str,
    effective_from: dt.date,
    rules: Mapping[str, Any],
) -> Proposed:
    """Ask a second person to have a contract paid by these rules from a date on.

    Raises Refused as `pay_rules.set_pay_rules` does; the same rules once more for the same date change nothing.
    """
    require_council(caller)
    name = pay_rules_steps.refuse_wrong(session, contract, rules)
    if pay_rules_steps.are_set(session, name, effective_from, rules):
        return {"state": "unchanged", "proposal_id": None}
    wanted = {"contract": name, "effective_from": effective_from.isoformat(), "rules": dict(rules)}
    return _propose(session, caller, PAY_RULES, wanted)


def propose_write_off(session: Session, caller: Caller, *, debt_id: uuid.UUID, reason: str) -> Proposed:
    """Ask a second person to let go of what is owed of a debt. Raises Refused ``not_found``, ``nothing_owed``."""
    require_council(caller)
    owed = debts_steps.require_owed(session, str(debt_id))
    debt = debts_steps.require_debt(session, str(debt_id))
    facts = {name: str(debt[name]) for name in ("organisation_id", "contract", "arose_in")}
    wanted = {
        "debt_id": str(debt_id),
        "reason": reason,
        "amount": str(sum(due.amount for due in owed)),
        **facts,
    }
    return _propose(session, caller, WRITE_OFF, wanted)


def _propose(
    session: Session, caller: Caller, kind: str, wanted: Mapping[str, Any], known_id: uuid.UUID | None = None
) -> Proposed:
    """Keep a proposal, and have worked out what it would change in money."""
    proposal_id, is_new = proposals_steps.propose(session, kind, wanted, caller["who"], known_id)
    if is_new:
        body = {"proposal_id": str(proposal_id), "kind": kind, "wanted": dict(wanted)}
        emit(session, "effect_wanted", body, cause_id=str(proposal_id), lane="single")
    return {"state": "proposed", "proposal_id": str(proposal_id)}


def as_text(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, as JSON can say it and its schema reads it again."""
    return {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in wanted.items()
    }


def carry_out_adjustment(session: Session, proposal: Proposal) -> None:
    """Post the adjustment in the name of who proposed it."""
    caller: Caller = {"who": proposal.proposed_by, "role": "council", "organisation": None}
    adjustments_steps.post_adjustment(session, caller, **PostAdjustment().load(proposal.wanted))


def carry_out_pay_rules(session: Session, proposal: Proposal) -> None:
    """Set the rules in the name of who proposed them."""
    pay_rules_steps.set_pay_rules(session, who=proposal.proposed_by, **SetPayRules().load(proposal.wanted))


def carry_out_write_off(session: Session, proposal: Proposal) -> None:
    """Let go of what is owed by now."""
    debts_steps.write_off(session, proposal.wanted["debt_id"], cause_id=proposal.proposal_id)


STEPS: Mapping[str, proposals_steps.CarryOut] = {
    ADJUSTMENT: carry_out_adjustment,
    PAY_RULES: carry_out_pay_rules,
    WRITE_OFF: carry_out_write_off,
}
"""What is done with an approval."""
