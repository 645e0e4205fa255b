"""The action by which a line item of consistent under-delivery is reviewed (RULES 16): opened once, and what came of it.

Never commits.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.cases import ACTION, CLOSED, COUNCIL
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.disputes.cases import DeliveryAction, DeliveryActionOpened
from services.disputes.cases.sides import side_of
from services.disputes.cases.steps import Attachments, begin_case

ABOUT: Final = "under_delivery"
"""In the facts of such an action."""
_LOCK_CLASS: Final = 5


def open_delivery_action(
    session: Session,
    caller: Caller,
    *,
    case_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    cpli_id: int,
    client_reference: str,
    subject: str,
    words: str,
    attachments: Attachments = (),
    now: dt.datetime,
) -> DeliveryActionOpened:
    """Begin the action, or find the one that is open: pressing twice is pressing once.

    Raises Refused ``not_allowed`` for a provider, and ``organisation_wanted``.
    """
    if side_of(caller) != COUNCIL:
        raise Refused("not_allowed", "Only the council reviews what is delivered.")
    session.execute(
        text("SELECT pg_advisory_xact_lock(:class, hashtext(:about))"),
        {"class": _LOCK_CLASS, "about": f"{ABOUT} {cpli_id}"},
    )
    known = _find_open(session, cpli_id)
    if known is not None:
        return {"case_id": str(known[0]), "number": known[1], "is_new": False}
    begun = begin_case(
        session,
        caller,
        kind=ACTION,
        case_id=case_id,
        organisation_id=organisation_id,
        subject=subject,
        words=words,
        client_reference=client_reference,
        cpli_id=cpli_id,
        facts={"about": ABOUT},
        attachments=attachments,
        now=now,
    )
    number = session.scalar(text("SELECT number FROM cases WHERE case_id = :id"), {"id": case_id})
    return {"case_id": str(case_id), "number": int(number or 0), "is_new": begun["is_new"]}


def list_delivery_actions(
    session: Session, caller: Caller, *, cpli_ids: Sequence[int]
) -> list[DeliveryAction]:
    """The newest action of each of these line items, with what was said last; row-level security limits it."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (c.cpli_id) c.case_id, c.number, c.cpli_id, c.state, c.opened_at, c.changed_at,"
            " coalesce((SELECT m.words FROM messages m WHERE m.case_id = c.case_id AND m.words <> ''"
            " ORDER BY m.ordinal DESC LIMIT 1), '') AS last_words FROM cases c WHERE c.kind = :kind"
            " AND c.facts ->> 'about' = :about AND c.cpli_id = ANY(CAST(:ids AS bigint[]))"
            " ORDER BY c.cpli_id, c.opened_at DESC, c.case_id"
        ),
        {"kind": ACTION, "about": ABOUT, "ids": list(cpli_ids)},
    )
    return [
        {
            "case_id": str(row.case_id),
            "number": row.number,
            "cpli_id": row.cpli_id,
            "state": row.state,
            "opened_at": row.opened_at.isoformat(),
            "changed_at": row.changed_at.isoformat(),
            "last_words": row.last_words,
        }
        for row in rows
    ]


def _find_open(session: Session, cpli_id: int) -> tuple[uuid.UUID, int] | None:
    row = session.execute(
        text(
            "SELECT case_id, number FROM cases WHERE kind = :kind AND state <> :closed AND cpli_id = :cpli"
            " AND facts ->> 'about' = :about ORDER BY opened_at DESC LIMIT 1"
        ),
        {"kind": ACTION, "closed": CLOSED, "cpli": cpli_id, "about": ABOUT},
    ).first()
    return None if row is None else (row.case_id, row.number)
