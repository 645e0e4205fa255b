"""Concerns are raised, moved and written about (RULES 16). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.casework.concerns import RECEIVED
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.disputes.concerns import MovedConcern, RaisedConcern
from services.disputes.cases.steps import Attachments
from services.disputes.concerns import rules, store, store_lists, store_notices
from services.disputes.concerns.callers import require_commissioning

Row = dict[str, Any]


def raise_concern(
    session: Session,
    caller: Caller,
    *,
    concern_id: uuid.UUID,
    organisation_id: uuid.UUID,
    kind: str,
    source: str,
    words: str,
    client_reference: str,
    cpli_id: int | None,
    visits: Sequence[str],
    about_kind: str,
    about_id: str,
    happened_on: dt.date | None,
    attachments: Attachments,
    now: dt.datetime,
) -> RaisedConcern:
    """Write a concern down, once for its id; whoever raises it is told its number, and sees it only if they may.

    Raises Refused ``not_allowed`` for whoever is not of the council, ``unknown_kind``.
    """
    if caller["role"] != "council":
        raise Refused("not_allowed", "Only the council’s people write concerns down.")
    found = store_lists.find_kind(session, kind)
    if found is None or found["retired_at"] is not None:
        raise Refused("unknown_kind", "Choose one of the kinds that are in use.", {"field": "kind"})
    row = {
        "concern_id": concern_id,
        "kind": found["name"],
        "organisation_id": organisation_id,
        "client_reference": client_reference,
        "cpli_id": cpli_id,
        "visits": list(dict.fromkeys(visits)),
        "source": source,
        "about_kind": about_kind,
        "about_id": about_id,
        "happened_on": happened_on,
        "received_on": london_day(now),
        "state": RECEIVED,
        "referred_to": "",
        "ended_in": "",
        "version": 1,
        "raised_by": caller["who"],
        "raised_at": now,
        "changed_at": now,
    }
    with store.as_system(session, caller):
        if store.insert_concern(session, row):
            # the id of the first step follows from the concern's: sending it twice is raising it once
            _add_step(session, caller, row, step_id=concern_id, move=rules.NOTE, words=words, now=now)
            add_evidence(session, caller, row, concern_id, attachments, now)
        kept = require_concern(session, concern_id)
    return {"concern_id": str(concern_id), "number": kept["number"]}


def move_concern(
    session: Session,
    caller: Caller,
    *,
    concern_id: uuid.UUID,
    step_id: uuid.UUID,
    move: str,
    words: str,
    version: int | None,
    referred_to: str,
    ended_in: str,
    to_provider: str,
    attachments: Attachments,
    now: dt.datetime,
) -> MovedConcern:
    """Make a move by words and evidence, or add these alone; once for a ``step_id``.

    version: of the concern that was seen; a move of one that has changed since is refused, a note is not.
    to_provider: what the provider is told of its breach notice, where the move ends one.
    Raises Refused ``not_found``, ``not_allowed``, ``invalid``, ``changed_since`` and ``wrong_state``.
    """
    require_commissioning(caller)
    found = require_concern(session, concern_id, is_locked=True)
    if store.has_step(session, concern_id, step_id):
        return standing_of(found)
    fault = rules.find_fault_of_move(move, words, referred_to=referred_to, ended_in=ended_in)
    if fault is not None:
        raise Refused("invalid", fault, {"field": "words" if not words.strip() else "move"})
    if move != rules.NOTE:
        refuse_unseen(found, version)
    notices = store_notices.list_of_concern(session, concern_id)
    newest = notices[0] if notices else None
    refuse_impossible(found, move, newest["state"] if newest else None)
    ended = _end_notice(session, newest, move, to_provider, now)
    make_step(session, caller, found, step_id=step_id, move=move, words=words, now=now, save={
        "referred_to": referred_to or found["referred_to"],
        "ended_in": ended_in,
    })  # fmt: skip
    add_evidence(session, caller, found, step_id, attachments, now)
    return standing_of(found, ended)


def require_concern(session: Session, concern_id: uuid.UUID, *, is_locked: bool = False) -> Row:
    """A concern. Raises Refused ``not_found``."""
    found = store.find_concern(session, concern_id, is_locked=is_locked)
    if found is None:
        raise Refused("not_found", "There is no such concern.")
    return found


def refuse_unseen(found: Row, version: int | None) -> None:
    """Raises Refused ``changed_since`` where the concern is another than was looked at."""
    if version != found["version"]:
        sentence = (
            "Somebody has gone on with this concern meanwhile: look at where it stands, then do it again."
        )
        raise Refused("changed_since", sentence, {"version": found["version"]})


def refuse_impossible(found: Row, move: str, notice_state: str | None = None) -> None:
    """Raises Refused ``wrong_state`` for a move that the concern can't make now."""
    if not rules.may(move, found["state"], notice_state=notice_state):
        raise Refused("wrong_state", f"This can’t be done while the concern is {found['state']}.")


def make_step(
    session: Session,
    caller: Caller,
    found: Row,
    *,
    step_id: uuid.UUID,
    move: str,
    words: str,
    now: dt.datetime,
    save: Mapping[str, str] | None = None,
) -> None:
    """Bring a locked concern into the state after a move, and add it to its history. save: what else it changes."""
    after = rules.MOVES[move].after if move in rules.MOVES else found["state"]
    found |= {**(save or {}), "state": after, "version": found["version"] + 1, "changed_at": now}
    store.save_concern(
        session,
        {
            name: found[name]
            for name in ("concern_id", "state", "referred_to", "ended_in", "version", "changed_at")
        },
    )
    _add_step(session, caller, found, step_id=step_id, move=move, words=words, now=now)


def add_evidence(
    session: Session,
    caller: Caller,
    found: Row,
    step_id: uuid.UUID,
    attachments: Attachments,
    now: dt.datetime,
) -> None:
    """Keep the files of a step."""
    rows = file_rows(caller, step_id, attachments, now)
    store.insert_files(session, [{**row, "concern_id": found["concern_id"]} for row in rows])


def file_rows(caller: Caller, of_id: uuid.UUID, attachments: Attachments, now: dt.datetime) -> list[Row]:
    """Stored files as rows of the step or the answer that they came with."""
    kept = ("name", "content_type", "size_bytes", "sha256", "object_key")
    return [
        {
            **{name: one[name] for name in kept},
            "concern_file_id": one["attachment_id"],
            "of_id": of_id,
            "added_by": caller["who"],
            "added_at": now,
        }
        for one in attachments
    ]


def standing_of(found: Row, notice_id: str | None = None) -> MovedConcern:
    """How a concern stands; notice_id: of the breach notice that the step sent or ended."""
    return {
        "concern_id": str(found["concern_id"]),
        "number": found["number"],
        "state": found["state"],
        "version": found["version"],
        "notice_id": notice_id,
    }


def _end_notice(
    session: Session, newest: Row | None, move: str, to_provider: str, now: dt.datetime
) -> str | None:
    """End the breach notice that waits or is answered, where the move does; its id, if it did."""
    state = rules.notice_state_after(move)
    if newest is None or state is None or not rules.may_answer(newest["state"]):
        return None
    store_notices.save_state(session, newest["notice_id"], state=state, now=now, council_words=to_provider)
    return str(newest["notice_id"])


def _add_step(
    session: Session,
    caller: Caller,
    found: Row,
    *,
    step_id: uuid.UUID,
    move: str,
    words: str,
    now: dt.datetime,
) -> None:
    store.insert_step(
        session,
        {
            "step_id": step_id,
            "concern_id": found["concern_id"],
            "ordinal": found["version"],
            "move": move,
            "state": found["state"],
            "words": words,
            "done_by": caller["who"],
            "done_at": now,
        },
    )
