"""Actions and payment enquiries begin here (RULES 8, 12); how they go on is the same as for every case. Never commits."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.weeks import monday_of, period_end_of, sunday_of
from libs.common.errors import Refused
from libs.common.messaging.messages import Message
from libs.common.rpc import Caller
from services.disputes.cases import steps

Row = dict[str, Any]
Days = tuple[dt.date | None, dt.date | None]


def open_action(session: Session, caller: Caller, **begun: Any) -> Row:
    """Begin an action. Answers {"case_id", "is_new"}; raises Refused ``not_allowed`` and ``organisation_wanted``."""
    return begin(session, caller, kind="action", **begun)


def open_enquiry(
    session: Session,
    caller: Caller,
    *,
    about: str,
    item_id: uuid.UUID | None,
    period_start: dt.date | None,
    week: dt.date | None,
    amount: Decimal | None,
    **begun: Any,
) -> Row:
    """Question a payment. Answers {"case_id", "is_new"}; raises Refused ``not_allowed``: the council answers only."""
    first_on, last_on = _days_of(period_start, week)
    facts = {
        "about": about,
        "item_id": str(item_id) if item_id else None,
        "period_start": period_start.isoformat() if period_start else None,
        "amount": None if amount is None else pounds_text(amount),
    }
    days: Row = {"first_on": first_on, "last_on": last_on}
    return begin(session, caller, kind="enquiry", facts=facts, **days, **begun)


def take_rejection(session: Session, message: Message) -> None:
    """``payment_rejected``: open the enquiry of a rejection, once; it has the id of the provider's answer."""
    body = message.body
    caller: Caller = {"who": body["who"], "role": "provider", "organisation": body["organisation_id"]}
    open_enquiry(
        session,
        caller,
        organisation_id=None,
        about="period",
        item_id=None,
        period_start=dt.date.fromisoformat(body["period_start"]),
        week=None,
        amount=Decimal(body["payable"]),
        now=dt.datetime.fromisoformat(body["rejected_at"]),
        case_id=uuid.UUID(body["answer_id"]),
        subject="Scheduled payment rejected",
        words=body["reason"],
    )


def begin(
    session: Session,
    caller: Caller,
    *,
    case_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    **begun: Any,
) -> Row:
    """Begin a case with a provider: its own, or the one that the council names.

    Answers {"case_id", "is_new"}; raises Refused ``not_allowed`` and ``organisation_wanted``.
    """
    if caller["organisation"] is not None:
        organisation_id = uuid.UUID(caller["organisation"])
    if organisation_id is None:
        raise Refused("organisation_wanted", "Choose a provider", {"field": "organisation"})
    is_new = steps.open_case(session, caller, case_id=case_id, organisation_id=organisation_id, **begun)
    return {"case_id": case_id, "is_new": is_new}


def _days_of(period_start: dt.date | None, week: dt.date | None) -> Days:
    if week is not None:
        return monday_of(week), sunday_of(monday_of(week))
    return (period_start, period_end_of(period_start)) if period_start else (None, None)
