"""Provider-led reviews: asked for, approved internally, approved and said, so that care follows (RULES 12). Never commits."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.casework.cases import COUNCIL, PROVIDER, REVIEW
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from libs.common.seams.disputes.cases import BegunCase, SaidInCase
from services.disputes.cases import rules as cases_rules
from services.disputes.cases import store as cases_store
from services.disputes.cases.sides import side_of
from services.disputes.cases.steps import Attachments, begin_case, lock_case, say
from services.disputes.reviews import rules, store
from services.disputes.reviews.rules import Extra

Row = dict[str, Any]


def open_review(
    session: Session,
    caller: Caller,
    *,
    case_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    subject: str,
    words: str,
    client_reference: str,
    cpli_id: int,
    first_on: dt.date,
    last_on: dt.date,
    visits: Sequence[Mapping[str, Any]],
    now: dt.datetime,
    attachments: Attachments = (),
) -> BegunCase:
    """Ask for planned extra care.

    Raises Refused ``not_allowed``, and the code of a fault with the field that it is about (`rules.py`).
    """
    if side_of(caller) != PROVIDER:
        raise Refused("not_allowed", "Only the provider can ask for a review.")
    extras = [Extra(**visit) for visit in visits]
    fault = rules.find_fault(first_on, last_on, extras, london_day(now))
    if fault is not None:
        raise Refused(fault.code, fault.sentence, {"field": fault.field})
    facts = {
        "visits": [extra._asdict() for extra in sorted(extras)],
        "hours": str(rules.hours_a_week(extras)),
        "needs_internal_approval": rules.needs_internal_approval(extras),
    }
    return begin_case(
        session,
        caller,
        kind=REVIEW,
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


def approve_internally(
    session: Session,
    caller: Caller,
    *,
    case_id: uuid.UUID,
    message_id: uuid.UUID,
    words: str,
    now: dt.datetime,
    attachments: Attachments = (),
) -> SaidInCase:
    """Approve internally that visits are longer by more than a quarter of an hour: the first of two approvals.

    Raises Refused ``not_found``, ``not_allowed``, ``not_needed``.
    """
    found = lock_case(session, caller, REVIEW, case_id)
    if not found["facts"]["needs_internal_approval"]:
        raise Refused("not_needed", "No visit is over 15 minutes: approve the review itself.")
    return say(
        session,
        caller,
        kind=REVIEW,
        case_id=case_id,
        message_id=message_id,
        move="approve_internally",
        words=words,
        attachments=attachments,
        now=now,
    )


def approve(
    session: Session,
    caller: Caller,
    *,
    case_id: uuid.UUID,
    message_id: uuid.UUID,
    cpli_id: int,
    words: str,
    now: dt.datetime,
    attachments: Attachments = (),
) -> SaidInCase:
    """Have the care added as a second CPLI, under the id that the council's own system gave it.

    Raises Refused ``not_found``, ``not_allowed``, ``approval_wanted``, ``same_person`` and ``cpli_taken``.
    """
    found = lock_case(session, caller, REVIEW, case_id)
    is_new = not cases_store.has_message(session, message_id)
    if is_new and cases_rules.may(REVIEW, "approve", COUNCIL, found["state"]):
        refuse_unapproved(session, caller, found)
        refuse_taken(session, cpli_id)
    answer = say(
        session,
        caller,
        kind=REVIEW,
        case_id=case_id,
        message_id=message_id,
        move="approve",
        words=words,
        attachments=attachments,
        now=now,
    )
    if is_new and answer["is_moved"]:
        store.save_facts(session, case_id, found["facts"] | {"approved_cpli_id": cpli_id})
        say_approved(session, found, cpli_id, caller["who"])
    return answer


def refuse_unapproved(session: Session, caller: Caller, found: Row) -> None:
    """Two people approve what needs an internal approval. Raises Refused ``approval_wanted`` and ``same_person``."""
    if cases_rules.waits_for_approval(found["state"], found["facts"]):
        raise Refused("approval_wanted", "A visit is over 15 minutes: it must be approved internally first.")
    said = cases_store.list_messages(session, found["case_id"])
    if any(one["move"] == "approve_internally" and one["said_by"] == caller["who"] for one in said):
        raise Refused("same_person", "You approved it internally: somebody else must approve the review.")


def refuse_taken(session: Session, cpli_id: int) -> None:
    """Each review becomes a CPLI of its own."""
    store.lock_cpli_ids(session)
    if store.is_taken(session, cpli_id):
        sentence = f"CpliId {cpli_id} stands for another review: enter the one that this care has"
        raise Refused("cpli_taken", sentence, {"field": "cpli_id"})


def say_approved(session: Session, found: Mapping[str, Any], cpli_id: int, who: str) -> None:
    """``review_approved``: the care, and the CPLI that it is added to."""
    body = {
        "review_id": str(found["case_id"]),
        "number": found["number"],
        "cpli_id": cpli_id,
        "extends_cpli_id": found["cpli_id"],
        "first_on": found["first_on"].isoformat(),
        "last_on": found["last_on"].isoformat(),
        "timetable": [[one["weekday"], one["entry"], one["exit"]] for one in found["facts"]["visits"]],
        "quantity": found["facts"]["hours"],
        "approved_by": who,
    }
    emit(session, "review_approved", body, cause_id=body["review_id"], lane="single")
