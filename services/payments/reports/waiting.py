"""What waits for somebody in payments, in numbers, for the first page."""

from sqlalchemy.orm import Session

from libs.common.operations.apart import count_apart
from libs.common.proposals import steps as proposals_steps
from libs.common.rpc import Caller
from services.payments.charges import store as charges_store
from services.payments.invoices import store as invoices_store
from services.payments.periods import store_answers as periods_store_answers
from services.payments.runs import store as runs_store

NEWEST_PERIODS = 2
"""Older payments that nobody answered wait no more."""
COUNTED_TO = 1_000


def count_waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits on the first page: payments to confirm; for the council runs to approve, invoices and queries of charges."""
    if caller["organisation"] is not None:
        waits = periods_store_answers.count_to_confirm(session, caller["organisation"], NEWEST_PERIODS)
        return {"payments_to_confirm": waits}
    return {
        "runs_to_approve": runs_store.count_to_approve(session, COUNTED_TO),
        "invoices_pending": invoices_store.count_pending(session, COUNTED_TO),
        "charge_queries": charges_store.count_unanswered(session, COUNTED_TO),
        "weeks_apart": count_apart(session),
        "proposals_of_payments": proposals_steps.count_waiting(session, caller),
    }
