"""Concerns and breach notices as those who may see them do (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.casework.concerns import OPEN
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.disputes.concerns import (
    AnsweredNotice,
    BreachNotice,
    Concern,
    ConcernWithSteps,
    StoredConcernFile,
)
from services.disputes.concerns import rules, store, store_notices
from services.disputes.concerns.callers import require_commissioning
from services.disputes.concerns.choosing import choose
from services.disputes.concerns.documents import (
    answer_document,
    concern_document,
    file_document,
    notice_document,
    step_document,
)

Row = dict[str, Any]


def list_concerns(
    session: Session,
    caller: Caller,
    *,
    kind: str | None,
    organisation_id: uuid.UUID | None,
    group_id: uuid.UUID | None,
    states: Sequence[str],
    first: dt.date | None,
    last: dt.date | None,
    clients: Sequence[str] | None,
    after: store.Place | None,
    limit: int,
) -> list[Concern]:
    """A page of concerns, the newest first; without states those that are open. Raises Refused ``not_allowed``."""
    require_commissioning(caller)
    chosen = choose(
        session, kind=kind, organisation_id=organisation_id, group_id=group_id, first=first, last=last
    )
    found = store.list_concerns(
        session, chosen, states=states or OPEN, clients=clients, after=after, limit=limit
    )
    return [concern_document(row) for row in found]


def find_concern(
    session: Session, caller: Caller, *, concern_id: uuid.UUID, now: dt.datetime
) -> ConcernWithSteps:
    """A concern with its history. Raises Refused ``not_found`` and ``not_allowed``."""
    require_commissioning(caller)
    row = store.find_concern(session, concern_id)
    if row is None:
        raise Refused("not_found", "There is no such concern.")
    notices = store_notices.list_of_concern(session, concern_id)
    notice_state = notices[0]["state"] if notices else None
    return {
        **concern_document(row),
        "steps": [step_document(one) for one in store.list_steps(session, concern_id)],
        "files": [file_document(one) for one in store.list_files(session, concern_id)],
        "notices": _with_answers(session, caller, notices, now),
        "allowed": rules.allowed_moves(row["state"], notice_state=notice_state),
    }


def find_file(session: Session, caller: Caller, *, concern_file_id: uuid.UUID) -> StoredConcernFile:
    """Where a file lies, for whoever may see it. Raises Refused ``not_found``."""
    row = store.find_file(session, concern_file_id)
    if row is None:
        raise Refused("not_found", "There is no such file.")
    return {
        "name": row["name"],
        "content_type": row["content_type"],
        "size_bytes": row["size_bytes"],
        "sha256": row["sha256"],
        "object_key": row["object_key"],
    }


def list_notices(
    session: Session,
    caller: Caller,
    *,
    organisation_id: uuid.UUID | None,
    state: str | None,
    first: dt.date | None,
    last: dt.date | None,
    after: store_notices.Place | None,
    limit: int,
    now: dt.datetime,
) -> list[BreachNotice]:
    """A page of breach notices that were sent on these days, the newest first.

    To a provider its own, to commissioning staff all. Raises Refused ``not_allowed``.
    """
    if caller["organisation"] is None:
        require_commissioning(caller)
    chosen = {"organisation_id": organisation_id, "first": first, "last": last}
    found = store_notices.list_notices(session, chosen, state=state, after=after, limit=limit)
    return [notice_document(row, caller, now) for row in found]


def find_notice(
    session: Session, caller: Caller, *, notice_id: uuid.UUID, now: dt.datetime
) -> AnsweredNotice:
    """A breach notice with its answers. Raises Refused ``not_found`` where there is none for whoever asks."""
    row = store_notices.find_notice(session, notice_id)
    if row is None:
        raise Refused("not_found", "There is no such breach notice.")
    return _with_answers(session, caller, [row], now)[0]


def _with_answers(
    session: Session, caller: Caller, notices: Sequence[Row], now: dt.datetime
) -> list[AnsweredNotice]:
    ids = [row["notice_id"] for row in notices]
    answers = store_notices.list_answers(session, ids)
    files = store_notices.list_files(session, ids)
    return [
        {
            **notice_document(row, caller, now),
            "answers": [answer_document(one) for one in answers if one["notice_id"] == row["notice_id"]],
            "files": [file_document(one) for one in files if one["notice_id"] == row["notice_id"]],
        }
        for row in notices
    ]
