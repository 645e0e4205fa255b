"""A client's dated circumstances: entered, ended, withdrawn; care that suspends itself is matched again (RULES 1, 2)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from services.matching.book import messages as care_messages
from services.matching.book import store as book_store
from services.matching.book import store_messages
from services.matching.care.rules import SUSPENDING_KINDS, Circumstance, suspends_itself
from services.matching.circumstances import store
from services.matching.circumstances.rules import overlaps
from services.matching.stale_weeks import store as stale_weeks

NOT_FOUND = "There is no such circumstance of a client."


def enter(
    session: Session,
    caller: Caller,
    *,
    client_id: uuid.UUID,
    kind: str,
    from_on: dt.date,
    to_on: dt.date | None,
    note: str,
) -> str:
    """Note a circumstance; its id. Raises Refused ``not_found``, ``end_before_start`` and ``overlaps``."""
    require_council(caller, NOT_FOUND)
    if not store.is_client(session, client_id):
        raise Refused("not_found", "There is no client with this id.")
    facts = {"circumstance_id": uuid.uuid4(), "client_id": client_id, "kind": kind, "from_on": from_on}
    change(session, caller, facts | {"to_on": to_on, "note": note, "withdrawn": False})
    return str(facts["circumstance_id"])


def end(session: Session, caller: Caller, *, circumstance_id: uuid.UUID, to_on: dt.date) -> str:
    """Say, or correct, until when a circumstance holds; whose it is.

    Raises Refused ``not_found``, ``wrong_state``, ``end_before_start`` and ``overlaps``.
    """
    found = require_standing(session, caller, circumstance_id)
    change(session, caller, found | {"to_on": to_on})
    return str(found["client_id"])


def withdraw(session: Session, caller: Caller, *, circumstance_id: uuid.UUID, note: str) -> str:
    """Take back a circumstance that never held; whose it was. What it said is kept.

    Raises Refused ``not_found`` and ``wrong_state``.
    """
    found = require_standing(session, caller, circumstance_id)
    change(session, caller, found | {"withdrawn": True, "note": note})
    return str(found["client_id"])


def require_standing(session: Session, caller: Caller, circumstance_id: uuid.UUID) -> dict[str, Any]:
    """A circumstance that was not withdrawn. Raises Refused ``not_found`` and ``wrong_state``."""
    require_council(caller, NOT_FOUND)
    found = store.find_circumstance(session, circumstance_id)
    if found is None:
        raise Refused("not_found", NOT_FOUND)
    if found["withdrawn"]:
        raise Refused("wrong_state", "This circumstance was withdrawn: enter it again if it holds after all.")
    return found


def change(session: Session, caller: Caller, facts: Mapping[str, Any]) -> None:
    """Store what a circumstance says now, and have matched again what it suspends or suspended."""
    client_id = uuid.UUID(str(facts["client_id"]))
    store.lock_client(session, client_id)
    if not facts["withdrawn"]:
        refuse_contradictions(session, facts)
    before = store.find_circumstance(session, facts["circumstance_id"]) or facts
    store.save(session, {**facts, "changed_by": caller["who"]})
    if facts["kind"] in SUSPENDING_KINDS:
        cpli_ids = suspend_care(session, client_id)
        last = max(one["to_on"] or dt.date.max for one in (before, facts))
        stale_weeks.mark_cplis(session, cpli_ids, min(before["from_on"], facts["from_on"]), last)


def refuse_contradictions(session: Session, facts: Mapping[str, Any]) -> None:
    """Raises Refused with the field that it is about."""
    wanted = Circumstance(facts["kind"], facts["from_on"], facts["to_on"])
    if wanted.last_on < wanted.from_on:
        raise Refused("end_before_start", "The last day must not be before the first day", {"field": "to_on"})
    rows = store.standing_of_client(session, facts["client_id"])
    others = [row for row in rows if row["circumstance_id"] != str(facts["circumstance_id"])]
    if any(overlaps(wanted, Circumstance(row["kind"], row["from_on"], row["to_on"])) for row in others):
        sentence = "These days overlap with another entry of the same kind: end or withdraw that one first"
        raise Refused("overlaps", sentence, {"field": "from_on"})


def suspend_care(session: Session, client_id: uuid.UUID) -> set[int]:
    """Say the client's care that suspends itself again, with its days of suspension, and have its visits matched again.

    Answers which CPLIs these are.
    """
    care = [
        (cpli_id, organisation_id)
        for cpli_id, organisation_id, contract in store.care_of_client(session, client_id)
        if suspends_itself(contract)
    ]
    cause_id = str(uuid.uuid4())
    cpli_ids = {cpli_id for cpli_id, _ in care}
    book_store.renew_versions(session, cpli_ids)
    care_messages.say_packages(
        session, cpli_ids, store_messages.reference_version(session), cause_id=cause_id, lane="single"
    )
    for organisation_id in sorted({organisation_id for _, organisation_id in care}):
        body = care_messages.rematch_body((organisation_id,), {str(client_id)}, set())
        emit(session, "rematch_wanted", body, cause_id=cause_id, lane="single")
    return cpli_ids
