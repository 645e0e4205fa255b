"""A provider confirms a period's scheduled payment, or rejects it with a reason: an enquiry (RULES 8). Never commits."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.money import pounds_text
from libs.common.rpc import Caller
from services.payments import periods, store_answers
from services.payments.asking import organisation_asked

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
    periods.refuse_off_grid(start)
    if answer == "rejected" and not reason:
        raise Refused("reason_wanted", "Say why you reject the payment.", {"field": "reason"})
    totals = store_answers.period_totals(session, start, caller["organisation"], None)
    if pounds_text(totals["total"]) != payable:
        raise Refused("seen_another", "What is payable has changed since you looked at it: look at it again.")
    session.execute(
        text(
            "INSERT INTO period_answers (answer_id, organisation_id, period_start, answer, reason, payable, answered_by)"
            " VALUES (:id, :organisation, :start, :answer, :reason, :payable, :who)"
        ),
        {
            "id": uuid.uuid4(),
            "organisation": caller["organisation"],
            "start": start,
            "answer": answer,
            "reason": reason,
            "payable": totals["total"],
            "who": caller["who"],
        },
    )


def period_answers(
    session: Session, caller: Caller, *, start: dt.date, organisation: str | None
) -> list[dict[str, Any]]:
    """The newest answer of each provider about a period, rejections first. Raises Refused ``not_a_period``, ``not_found``."""
    periods.refuse_off_grid(start)
    rows = session.execute(
        text(
            "SELECT coalesce(o.name, a.organisation_id::text) AS organisation, a.answer, a.reason, a.payable,"
            " a.answered_by, a.answered_at FROM ("
            " SELECT DISTINCT ON (organisation_id) * FROM period_answers WHERE period_start = :start"
            " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
            " ORDER BY organisation_id, answered_at DESC, answer_id) a"
            " LEFT JOIN organisations o USING (organisation_id)"
            " ORDER BY a.answer DESC, organisation LIMIT :limit"
        ),
        {
            "start": start,
            "organisation": organisation_asked(session, caller, organisation),
            "limit": MOST_SHOWN,
        },
    )
    return [dict(row) | {"payable": pounds_text(row["payable"])} for row in rows.mappings()]
