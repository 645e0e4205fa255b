"""Disputes are raised, singly or many at once, and closed (RULES 9). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.casework.cases import COUNCIL, DISPUTE, OPEN
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from libs.common.seams.disputes.cases import SaidInCase
from libs.common.seams.disputes.disputes import ResolvedDisputes
from services.disputes.cases import rules as cases_rules
from services.disputes.cases import store as cases_store
from services.disputes.cases.sides import side_of
from services.disputes.cases.steps import Attachments, lock_case, open_case, say
from services.disputes.disputes import rules, store


def raise_disputes(
    session: Session, caller: Caller, *, disputes: Sequence[Mapping[str, Any]], now: dt.datetime
) -> list[str]:
    """Raise all of these, or none; the ids of those that began now. One that was raised before is left as it is.

    Each is {"case_id", "organisation_id", "reason", "words", "client_reference", "cpli_id"?, "first_on"?, "last_on"?,
    "facts"?}, with "visits": [{"visit_ref", and what it says: "version", "deleted", "values"}], or with "monday": the
    week of the CPLI whose actual is in dispute, and in "facts" its figures ("actual").

    Raises Refused ``invalid`` for one that is about nothing, ``not_allowed`` for whoever is not the council,
    ``already_disputed`` when a visit or a week has an open dispute of the same reason.
    """
    for one in disputes:
        fault = rules.find_fault(one)
        if fault is not None:
            raise Refused("invalid", fault)
    store.lock_organisations(session, (one["organisation_id"] for one in disputes))
    _refuse_what_is_disputed(session, disputes)
    return [str(one["case_id"]) for one in disputes if _raise(session, caller, one, now)]


def _raise(session: Session, caller: Caller, one: Mapping[str, Any], now: dt.datetime) -> bool:
    first_on, last_on = rules.days_of(one)
    monday = one.get("monday")
    is_begun = open_case(
        session,
        caller,
        kind=DISPUTE,
        case_id=one["case_id"],
        organisation_id=one["organisation_id"],
        subject=one["reason"],
        words=one["words"],
        now=now,
        client_reference=one.get("client_reference") or "",
        cpli_id=one.get("cpli_id"),
        first_on=first_on,
        last_on=last_on,
        facts={**(one.get("facts") or {}), **({"monday": monday.isoformat()} if monday else {})},
    )
    if is_begun:
        store.insert_visits(
            session,
            [
                {
                    "case_id": one["case_id"],
                    "organisation_id": one["organisation_id"],
                    "visit_ref": visit["visit_ref"],
                    "snapshot": {name: fact for name, fact in visit.items() if name != "visit_ref"},
                }
                for visit in one.get("visits") or ()
            ],
        )
    return is_begun


def _refuse_what_is_disputed(session: Session, disputes: Sequence[Mapping[str, Any]]) -> None:
    twice = rules.list_doubly_named(disputes)
    if twice:
        raise Refused(
            "already_disputed",
            f"Visit {twice[0]} is named twice for one reason: name it once.",
            {"refs": twice},
        )
    asked: dict[str, Any] = {"states": OPEN[DISPUTE], "but": [one["case_id"] for one in disputes]}
    visits = [
        (one["organisation_id"], visit["visit_ref"], one["reason"])
        for one in disputes
        for visit in one.get("visits") or ()
    ]
    weeks = [
        (one["cpli_id"], one["monday"], one["reason"]) for one in disputes if one.get("monday") is not None
    ]
    found = store.list_disputed_visits(session, visits, **asked) if visits else []
    found += store.list_disputed_weeks(session, weeks, **asked) if weeks else []
    if found:
        refs = [row["visit_ref"] for row in found if "visit_ref" in row]
        raise Refused("already_disputed", rules.sentence_of_disputed(found), {"refs": refs})


def withdraw(
    session: Session,
    caller: Caller,
    *,
    case_id: uuid.UUID,
    message_id: uuid.UUID,
    words: str,
    now: dt.datetime,
    attachments: Attachments = (),
) -> SaidInCase:
    """Resolve an overdue dispute that nobody answered, and have its visits or its actual deleted: ``withdrawal_wanted``.

    Whoever asks knows that its week, if it is about one, has a submitted actual: without one nothing is deleted.
    Raises Refused ``not_found`` and ``not_allowed``.
    """
    found = lock_case(session, caller, DISPUTE, case_id)
    visits = store.list_visits(session, case_id)
    monday = found["facts"].get("monday")
    is_repeated = cases_store.has_message(session, message_id)
    said = say(
        session,
        caller,
        kind=DISPUTE,
        case_id=case_id,
        message_id=message_id,
        move="withdraw",
        words=words,
        attachments=attachments,
        now=now,
    )
    if said["is_moved"] and not is_repeated:
        body = {
            "organisation_id": str(found["organisation_id"]),
            "visit_refs": [visit["visit_ref"] for visit in visits],
            "weeks": [[found["cpli_id"], monday]] if monday else [],
            "reason": rules.WITHDRAWN if visits else rules.ACTUAL_WITHDRAWN,
            "case_id": str(case_id),
            "who": caller["who"],
        }
        emit(session, "withdrawal_wanted", body, cause_id=str(message_id), lane="single")
    return said


def resolve_disputes(
    session: Session,
    caller: Caller,
    *,
    case_ids: Sequence[uuid.UUID],
    message_id: uuid.UUID,
    words: str,
    now: dt.datetime,
) -> ResolvedDisputes:
    """Resolve these disputes with the same words.

    Left as they are: those that are neither answered nor overdue, and those that are over. Asked again with the same
    message, it answers the same.
    Raises Refused ``not_found`` and ``not_allowed``.
    """
    side = side_of(caller)
    if side != COUNCIL:
        raise Refused("not_allowed", "You can’t do this.")
    resolved: list[str] = []
    left: list[str] = []
    for case_id in sorted(set(case_ids)):
        found = lock_case(session, caller, DISPUTE, case_id)
        own_message = uuid.uuid5(message_id, str(case_id))
        if cases_store.has_message(session, own_message):
            resolved.append(str(found["organisation_id"]))
            continue
        is_late = cases_rules.is_overdue(found["due_at"], now)
        if not cases_rules.may(DISPUTE, "resolve", side, found["state"], is_late=is_late):
            left.append(str(case_id))
            continue
        say(
            session,
            caller,
            kind=DISPUTE,
            case_id=case_id,
            message_id=own_message,
            move="resolve",
            words=words,
            now=now,
        )
        resolved.append(str(found["organisation_id"]))
    return {"resolved": resolved, "left": left}
