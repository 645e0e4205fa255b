"""What the page of KPIs shows of disputes, and its spans (RULES 16)."""

import datetime as dt
import uuid
from typing import Final

from sqlalchemy.orm import Session

from libs.common.care.cases import ACTION, DISPUTE, ENQUIRY
from libs.common.care.clock import iso_text, moments_of_days
from libs.common.rpc import Caller
from libs.common.seams.disputes.kpis import AnsweredCases, DisputeFigures, KpiSpans, RaisedCase
from services.disputes.cases import rules as cases_rules
from services.disputes.cases.sides import whose
from services.disputes.kpis import rules, store

MOST_CASES: Final = 5_000
"""Of a kind, provider and span; no provider has had a tenth of it."""


def count_answered(
    session: Session, caller: Caller, *, organisation_id: uuid.UUID | None, first: dt.date, last: dt.date
) -> DisputeFigures:
    """The figures of a provider's disputes, actions and enquiries that were raised on these days.

    Raises Refused ``organisation_wanted``, and ``not_found`` for a provider that is not the caller's own.
    """
    about = whose(caller, organisation_id)
    return {
        "dispute": _figures(_list_raised(session, about, DISPUTE, first, last)),
        "action": _figures(_list_raised(session, about, ACTION, first, last)),
        "enquiry": _figures(_list_raised(session, about, ENQUIRY, first, last)),
    }


def list_raised_cases(
    session: Session,
    caller: Caller,
    *,
    organisation_id: uuid.UUID | None,
    kind: str,
    first: dt.date,
    last: dt.date,
) -> list[RaisedCase]:
    """The cases that `count_answered` counts of a kind, the first raised first. Raises Refused as that does."""
    return _list_raised(session, whose(caller, organisation_id), kind, first, last)


def find_spans(session: Session) -> KpiSpans:
    """How long spans are, and all that was ever set."""
    rows = store.list_spans(session)
    holds = rules.DEFAULT_SPAN
    if rows:
        holds = {"months": rows[0]["months"], "first_month": rows[0]["first_month"]}
    return {
        "holds": holds,
        "history": [
            {
                "months": row["months"],
                "first_month": row["first_month"],
                "set_by": row["set_by"],
                "set_at": row["set_at"].isoformat(),
            }
            for row in rows
        ],
    }


def _list_raised(
    session: Session, organisation_id: uuid.UUID, kind: str, first: dt.date, last: dt.date
) -> list[RaisedCase]:
    begin, end = moments_of_days(first, last)
    rows = store.list_raised(
        session,
        organisation_id,
        kind,
        side=rules.RAISED_BY[kind],
        begin=begin,
        end=end,
        most=MOST_CASES,
    )
    return [
        {
            "case_id": str(row["case_id"]),
            "number": row["number"],
            "subject": row["subject"],
            "state": row["state"],
            "is_open": cases_rules.is_open(kind, row["state"]),
            "raised_at": row["opened_at"].isoformat(),
            "answered_at": iso_text(row["answered_at"]),
            "days": rules.days_to_answer(row["opened_at"], row["answered_at"]),
        }
        for row in rows
    ]


def _figures(cases: list[RaisedCase]) -> AnsweredCases:
    days = [one["days"] for one in cases if one["days"] is not None]
    return {
        "raised": len(cases),
        "answered": len(days),
        "median_days": rules.median_days(days),
        "open": sum(one["is_open"] for one in cases),
    }
