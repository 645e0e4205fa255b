"""Cases as the two sides see them: listed, looked at, counted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.clock import iso_text
from libs.common.casework.cases import ACTION, CLAIM, DISPUTE, ENQUIRY, OPEN, OVER, REVIEW, STATES
from libs.common.rpc import Caller
from libs.common.seams.disputes.cases import (
    Case,
    CaseAttachment,
    CaseCount,
    CaseMessage,
    CaseWithMessages,
    ListedCase,
    StoredAttachment,
)
from services.disputes.cases import rules, store
from services.disputes.cases.sides import require_seen, side_looking, side_of, states_seen

COUNTED_TO: Final = 1_000
AWAITING: Final = {
    DISPUTE: "disputes_awaiting",
    ENQUIRY: "enquiries_awaiting",
    ACTION: "actions_awaiting",
    REVIEW: "reviews_awaiting",
    CLAIM: "claims_awaiting",
}

Row = dict[str, Any]


def list_cases(
    session: Session,
    caller: Caller,
    *,
    kind: str,
    organisation_id: uuid.UUID | None,
    states: Sequence[str],
    turn: str | None,
    client: str | None,
    cpli_id: int | None,
    first_on: dt.date | None,
    last_on: dt.date | None,
    order: str,
    after: store.Place | None,
    limit: int,
    now: dt.datetime,
    clients: Sequence[str] | None = None,
    is_over: bool = False,
    is_overdue: bool = False,
    case_ids: Sequence[uuid.UUID] | None = None,
) -> list[ListedCase]:
    """A page of cases, newest or oldest first, or of these alone; without ``states``, those that are open, or those that are over."""
    wanted = states or (OVER if is_over else OPEN)[kind]
    rows = store.list_cases(
        session,
        kind,
        organisation_id=organisation_id,
        states=states_seen(caller, kind, wanted),
        turn=turn,
        client=client,
        clients=clients,
        cpli_id=cpli_id,
        first_on=first_on,
        last_on=last_on,
        order=order,
        after=after,
        limit=limit,
        overdue_at=now if is_overdue else None,
        case_ids=case_ids,
    )
    return [
        {
            **case_document(row, caller, now),
            "council_words": row["council_words"],
            "provider_words": row["provider_words"],
        }
        for row in rows
    ]


def find_case(
    session: Session, caller: Caller, *, kind: str, case_id: uuid.UUID, now: dt.datetime
) -> CaseWithMessages:
    """A case with its conversation, its attachments and what the caller may do. Raises Refused ``not_found``."""
    row = require_seen(caller, store.find_case(session, case_id, kind), kind)
    return {
        **case_document(row, caller, now),
        "messages": [_message_document(one) for one in store.list_messages(session, case_id)],
        "attachments": [_attachment_document(one) for one in store.list_attachments(session, case_id)],
    }


def find_known_cases(
    session: Session, caller: Caller, *, kind: str, case_ids: Sequence[uuid.UUID]
) -> list[str]:
    """Which of these are cases of a kind that the caller may see."""
    known = store.find_known(session, kind, case_ids, states_seen(caller, kind, STATES[kind]))
    return [str(case_id) for case_id in known]


def find_attachment(session: Session, caller: Caller, *, attachment_id: uuid.UUID) -> StoredAttachment:
    """Where an attachment lies, for one of the two sides. Raises Refused ``not_found``."""
    row = require_seen(caller, store.find_attachment(session, attachment_id), "attachment")
    return {
        "attachment_id": str(row["attachment_id"]),
        "case_id": str(row["case_id"]),
        "name": row["name"],
        "content_type": row["content_type"],
        "size_bytes": row["size_bytes"],
        "sha256": row["sha256"],
        "object_key": row["object_key"],
    }


def count_cases(session: Session, caller: Caller) -> dict[str, CaseCount]:
    """By kind how many cases are open, and how many await the caller's side. Counted to COUNTED_TO."""
    states = {kind: states_seen(caller, kind, states) for kind, states in OPEN.items()}
    found = store.count_cases(session, side_of(caller), states, COUNTED_TO)
    return {kind: {"open": row["open"], "awaiting": row["awaiting"]} for kind, row in found.items()}


def count_waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits for the caller on the first page."""
    return {AWAITING[kind]: row["awaiting"] for kind, row in count_cases(session, caller).items()}


def case_document(row: Row, caller: Caller, now: dt.datetime) -> Case:
    """A case as this caller sees it at this moment."""
    is_late = rules.is_overdue(row["due_at"], now)
    side, facts = side_looking(caller), row["facts"]
    return {
        "case_id": str(row["case_id"]),
        "number": row["number"],
        "kind": row["kind"],
        "organisation_id": str(row["organisation_id"]),
        "state": row["state"],
        "turn": row["turn"],
        "due_at": iso_text(row["due_at"]),
        "subject": row["subject"],
        "client_reference": row["client_reference"],
        "cpli_id": row["cpli_id"],
        "first_on": iso_text(row["first_on"]),
        "last_on": iso_text(row["last_on"]),
        "facts": facts,
        "opened_by": row["opened_by"],
        "opened_at": row["opened_at"].isoformat(),
        "changed_at": row["changed_at"].isoformat(),
        "is_open": rules.is_open(row["kind"], row["state"]),
        "is_overdue": is_late,
        "allowed": rules.allowed_moves(row["kind"], side, row["state"], is_late=is_late, facts=facts),
    }


def _message_document(row: Row) -> CaseMessage:
    return {
        "message_id": str(row["message_id"]),
        "side": row["side"],
        "said_by": row["said_by"],
        "said_at": row["said_at"].isoformat(),
        "move": row["move"],
        "state": row["state"],
        "words": row["words"],
    }


def _attachment_document(row: Row) -> CaseAttachment:
    return {
        "attachment_id": str(row["attachment_id"]),
        "message_id": str(row["message_id"]),
        "name": row["name"],
        "content_type": row["content_type"],
        "size_bytes": row["size_bytes"],
        "side": row["side"],
        "added_by": row["added_by"],
        "added_at": row["added_at"].isoformat(),
    }
