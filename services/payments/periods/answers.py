"""A provider confirms a period's scheduled payment, or rejects it with a reason: an enquiry (RULES 8). Never commits."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from libs.common.seams.payments.periods import PeriodAnswer
from services.payments.callers import resolve_organisation
from services.payments.periods import rules as periods_rules
from services.payments.periods import store_answers as periods_store_answers
from services.payments.periods import store_views

MOST_SHOWN = 500
"""One answer a provider: more providers than any council has."""


def answer_period(
    session: Session, caller: Caller, *, start: dt.date, answer: str, reason: str, payable: str
) -> None:
    """Keep a provider's answer about what is payable to it in a period; the newest counts.

    answer: ``confirmed`` or ``rejected`` (with a reason). payable: what it was shown, in pounds.
    Raises Refused: ``not_allowed``, ``not_a_period``, ``seen_another``, ``reason_wanted``.
    """
    if caller["organisation"] is None:
        raise Refused("not_allowed", "Only the provider that is paid can answer.")
    periods_rules.refuse_off_grid(start)
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


def list_period_answers(
    session: Session, caller: Caller, *, start: dt.date, organisation: str | None
) -> list[PeriodAnswer]:
    """The newest answer of each provider about a period, rejections first. Raises Refused ``not_a_period``, ``not_found``."""
    periods_rules.refuse_off_grid(start)
    organisation_id = resolve_organisation(session, caller, organisation)
    rows = periods_store_answers.newest_answers(session, start, organisation_id, MOST_SHOWN)
    payable_now = store_views.payable_to(session, start, [row["organisation_id"] for row in rows])
    return [
        {
            "organisation_id": row["organisation_id"],
            "organisation": row["organisation"],
            "answer_id": str(row["answer_id"]),
            "answer": row["answer"],
            "reason": row["reason"],
            "payable": pounds_text(row["payable"]),
            "payable_now": pounds_text(payable_now.get(row["organisation_id"], NOTHING)),
            "answered_by": row["answered_by"],
            "answered_at": row["answered_at"].isoformat(),
        }
        for row in rows
    ]
