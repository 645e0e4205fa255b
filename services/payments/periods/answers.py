"""A provider confirms a period's scheduled payment, or rejects it with a reason: an enquiry (RULES 8). Never commits."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.operations.apart import count_apart
from libs.common.proposals import steps as proposals_steps
from libs.common.rpc import Caller
from services.payments.callers import organisation_asked
from services.payments.charges import store as charges_store
from services.payments.periods import steps, store_views
from services.payments.periods import store_answers as periods_store_answers

MOST_SHOWN = 500
"""One answer a provider: more providers than any council has."""
NEWEST_PERIODS = 2
"""Older payments that nobody answered wait no more."""
COUNTED_TO = 1_000


def answer_period(
    session: Session, caller: Caller, *, start: dt.date, answer: str, reason: str, payable: str
) -> None:
    """Keep a provider's answer about what is payable to it in a period; the newest counts.

    answer: ``confirmed`` or ``rejected`` (with a reason). payable: what it was shown, in pounds.
    Raises Refused: ``not_allowed``, ``not_a_period``, ``seen_another``, ``reason_wanted``.
    """
    if caller["organisation"] is None:
        raise Refused("not_allowed", "Only the provider that is paid can answer.")
    steps.refuse_off_grid(start)
    if answer == "rejected" and not reason:
        raise Refused("reason_wanted", "Say why you reject the payment.", {"field": "reason"})
    totals = store_views.period_totals(session, start, caller["organisation"], None)
    if pounds_text(totals["total"]) != payable:
        raise Refused("seen_another", "What is payable has changed since you looked at it: look at it again.")
    row = {
        "answer_id": uuid.uuid4(),
        "organisation_id": caller["organisation"],
        "period_start": start,
        "answer": answer,
        "reason": reason,
        "payable": totals["total"],
        "answered_by": caller["who"],
    }
    answered_at = periods_store_answers.insert_answer(session, row)
    if answer == "rejected":
        say_rejected(session, row, answered_at)


def say_rejected(session: Session, row: Mapping[str, Any], rejected_at: dt.datetime) -> None:
    """``payment_rejected``: an enquiry is to be opened about it (RULES 8)."""
    body = {
        "answer_id": str(row["answer_id"]),
        "organisation_id": str(row["organisation_id"]),
        "period_start": row["period_start"].isoformat(),
        "payable": pounds_text(row["payable"]),
        "reason": row["reason"],
        "who": row["answered_by"],
        "rejected_at": rejected_at.isoformat(),
    }
    emit(session, "payment_rejected", body, cause_id=body["answer_id"], lane="single")


def period_answers(
    session: Session, caller: Caller, *, start: dt.date, organisation: str | None
) -> list[dict[str, Any]]:
    """The newest answer of each provider about a period, rejections first. Raises Refused ``not_a_period``, ``not_found``."""
    steps.refuse_off_grid(start)
    organisation_id = organisation_asked(session, caller, organisation)
    rows = periods_store_answers.newest_answers(session, start, organisation_id, MOST_SHOWN)
    return [row | {"payable": pounds_text(row["payable"])} for row in rows]


def waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits on the first page: payments to confirm; for the council runs to approve and queries of charges."""
    if caller["organisation"] is not None:
        waits = periods_store_answers.count_to_confirm(session, caller["organisation"], NEWEST_PERIODS)
        return {"payments_to_confirm": waits}
    return {
        "runs_to_approve": periods_store_answers.count_to_approve(session, COUNTED_TO),
        "charge_queries": charges_store.count_unanswered(session, COUNTED_TO),
        "weeks_apart": count_apart(session),
        "proposals_of_payments": proposals_steps.count_waiting(session, caller),
    }
