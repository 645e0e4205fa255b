"""Breach notices are sent to a provider and answered by it (RULES 16). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.casework.concerns import ANSWERED, SENT
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.disputes.concerns import MovedConcern, NoticeStanding
from services.disputes.cases.steps import Attachments
from services.disputes.concerns import rules, store, store_notices
from services.disputes.concerns.callers import require_commissioning
from services.disputes.concerns.steps import (
    file_rows,
    make_step,
    refuse_impossible,
    refuse_unseen,
    require_concern,
    standing_of,
)

Row = dict[str, Any]

PROVIDER_ANSWERED: Final = "provider_answered"
"""In a concern's history: no move of the council, and the state stays."""


def send_notice(
    session: Session,
    caller: Caller,
    *,
    concern_id: uuid.UUID,
    notice_id: uuid.UUID,
    version: int | None,
    words: str,
    due_on: dt.date,
    visits: Sequence[Mapping[str, Any]],
    now: dt.datetime,
) -> MovedConcern:
    """Send a breach notice to the provider of a concern, once for a ``notice_id``.

    Raises Refused ``not_found``, ``not_allowed``, ``invalid``, ``changed_since`` and ``wrong_state``.
    """
    require_commissioning(caller)
    found = require_concern(session, concern_id, is_locked=True)
    if store.has_step(session, concern_id, notice_id):
        return standing_of(found, str(notice_id))
    fault = rules.find_fault_of_deadline(due_on, london_day(now))
    if fault is not None:
        raise Refused("invalid", fault, {"field": "due_on"})
    refuse_unseen(found, version)
    refuse_impossible(found, rules.SEND_NOTICE)
    store_notices.insert_notice(
        session,
        {
            "notice_id": notice_id,
            "concern_id": concern_id,
            "organisation_id": found["organisation_id"],
            "kind": found["kind"],
            "client_reference": found["client_reference"],
            "words": words,
            "visits": [dict(visit) for visit in visits],
            "due_on": due_on,
            "state": SENT,
            "council_words": "",
            "sent_by": caller["who"],
            "sent_on": london_day(now),
            "sent_at": now,
            "changed_at": now,
        },
    )
    make_step(session, caller, found, step_id=notice_id, move=rules.SEND_NOTICE, words=words, now=now)
    return standing_of(found, str(notice_id))


def answer_notice(
    session: Session,
    caller: Caller,
    *,
    notice_id: uuid.UUID,
    answer_id: uuid.UUID,
    words: str,
    attachments: Attachments,
    now: dt.datetime,
) -> NoticeStanding:
    """The provider answers its breach notice, before the deadline or after; once for an ``answer_id``.

    Raises Refused ``not_found``, ``not_allowed`` for the council, ``wrong_state`` for one that is over.
    """
    seen = _require_own(session, caller, notice_id)
    is_late = rules.is_past(seen["due_on"], now)
    with store.as_system(session, caller):
        concern = require_concern(session, seen["concern_id"], is_locked=True)
        found = store_notices.find_notice(session, notice_id, is_locked=True) or seen
        answer = {
            "answer_id": answer_id,
            "notice_id": notice_id,
            "organisation_id": found["organisation_id"],
            "words": words,
            "is_late": is_late,
            "said_by": caller["who"],
            "said_at": now,
        }
        if store.has_step(session, concern["concern_id"], answer_id):
            return _standing_of(found, found["state"], is_late=is_late)
        if not rules.may_answer(found["state"]):
            raise Refused(
                "wrong_state", "The council has settled this breach notice: it can’t be answered any more."
            )
        store_notices.insert_answer(session, answer)
        rows = file_rows(caller, answer_id, attachments, now)
        of_notice = {"notice_id": notice_id, "organisation_id": found["organisation_id"]}
        store_notices.insert_files(session, [{**row, **of_notice} for row in rows])
        store_notices.save_state(session, notice_id, state=ANSWERED, now=now)
        make_step(session, caller, concern, step_id=answer_id, move=PROVIDER_ANSWERED, words=words, now=now)
    return _standing_of(found, ANSWERED, is_late=is_late)


def _require_own(session: Session, caller: Caller, notice_id: uuid.UUID) -> Row:
    found = store_notices.find_notice(session, notice_id)
    if found is None:
        raise Refused("not_found", "There is no such breach notice.")
    if caller["organisation"] is None:
        raise Refused("not_allowed", "A breach notice is answered by its provider.")
    return found


def _standing_of(found: Row, state: str, *, is_late: bool) -> NoticeStanding:
    return {
        "notice_id": str(found["notice_id"]),
        "number": found["number"],
        "state": state,
        "is_late": is_late,
    }
