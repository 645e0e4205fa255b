"""Actions and payment enquiries begin here (RULES 8, 12); how they go on is the same as for every case. Never commits."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy.orm import Session

from libs.common.care.clock import iso_text
from libs.common.care.money import pounds_text
from libs.common.care.weeks import monday_of, period_end_of, sunday_of
from libs.common.casework.cases import ACTION, ENQUIRY
from libs.common.messaging.messages import Message
from libs.common.rpc import Caller
from libs.common.seams.disputes.cases import BegunCase
from services.disputes.cases.steps import Attachments, begin_case

Days = tuple[dt.date | None, dt.date | None]


def open_action(
    session: Session,
    caller: Caller,
    *,
    case_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    subject: str,
    words: str,
    client_reference: str,
    cpli_id: int | None,
    attachments: Attachments,
    now: dt.datetime,
) -> BegunCase:
    """Begin an action. Raises Refused ``not_allowed`` and ``organisation_wanted``."""
    return begin_case(
        session,
        caller,
        kind=ACTION,
        case_id=case_id,
        organisation_id=organisation_id,
        subject=subject,
        words=words,
        client_reference=client_reference,
        cpli_id=cpli_id,
        attachments=attachments,
        now=now,
    )


def open_enquiry(
    session: Session,
    caller: Caller,
    *,
    case_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    subject: str,
    words: str,
    about: str,
    item_id: uuid.UUID | None,
    period_start: dt.date | None,
    week: dt.date | None,
    amount: Decimal | None,
    now: dt.datetime,
    client_reference: str = "",
    cpli_id: int | None = None,
    attachments: Attachments = (),
) -> BegunCase:
    """Question a payment, or a missing one. Raises Refused ``not_allowed``: the council answers only."""
    first_on, last_on = _days_of(period_start, week)
    facts = {
        "about": about,
        "item_id": str(item_id) if item_id else None,
        "period_start": iso_text(period_start),
        "amount": None if amount is None else pounds_text(amount),
    }
    return begin_case(
        session,
        caller,
        kind=ENQUIRY,
        case_id=case_id,
        organisation_id=organisation_id,
        subject=subject,
        words=words,
        client_reference=client_reference,
        cpli_id=cpli_id,
        first_on=first_on,
        last_on=last_on,
        facts=facts,
        attachments=attachments,
        now=now,
    )


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


def _days_of(period_start: dt.date | None, week: dt.date | None) -> Days:
    if week is not None:
        return monday_of(week), sunday_of(monday_of(week))
    return (period_start, period_end_of(period_start)) if period_start else (None, None)
