"""A provider sees its own place in frozen rankings, and may appeal; the council answers (RULES 16). Never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.matching.monitoring.ranking import Appeal, OwnPlace, OwnPlaceExplained
from services.matching.ranking import store_frozen
from services.matching.ranking.documents import appeal_document, place_document

COUNTED_TO: Final = 1_000


def list_own_places(session: Session, caller: Caller) -> list[OwnPlace]:
    """A provider's places, the newest quarter first. Raises Refused ``not_allowed`` for the council."""
    return [place_document(row) for row in store_frozen.list_places(session, _own(caller))]


def find_own_place(session: Session, caller: Caller, *, ranking_id: uuid.UUID) -> OwnPlaceExplained:
    """A provider's place with what led to it, and its appeals. Raises Refused ``not_allowed``, ``not_found``."""
    own = _own(caller)
    found = store_frozen.find_place(session, ranking_id, own)
    if found is None:
        raise Refused("not_found", "There is no such ranking.")
    explained = found["explained"]
    appeals = store_frozen.list_appeals(session, ranking_id=ranking_id, organisation_id=own)
    return {
        **place_document(found),
        "measured_from": explained["measured_from"],
        "measured_to": explained["measured_to"],
        "terms": explained["terms"],
        "explained": explained["organisation"],
        "appeals": [appeal_document(row) for row in appeals],
    }


def appeal(
    session: Session,
    caller: Caller,
    *,
    appeal_id: uuid.UUID,
    ranking_id: uuid.UUID,
    note: str,
    now: dt.datetime,
) -> Appeal:
    """A provider appeals against its place in the newest ranking of a quarter, with a note.

    Made twice under one id it is made once. Raises Refused ``not_allowed``, ``not_found``, ``wrong_state``.
    """
    own = _own(caller)
    store_frozen.lock_appeals(session, ranking_id, own)
    known = store_frozen.find_appeal(session, appeal_id)
    if known is not None:
        return appeal_document(known)
    place = find_own_place(session, caller, ranking_id=ranking_id)
    if not place["is_newest"]:
        raise Refused("wrong_state", "A newer ranking of this quarter is frozen: appeal against that one.")
    if any(one["state"] == "waiting" for one in place["appeals"]):
        raise Refused("wrong_state", "Your appeal waits for the council’s answer already.")
    row = {"appeal_id": appeal_id, "ranking_id": ranking_id, "organisation_id": own, "note": note}
    store_frozen.insert_appeal(session, row | {"who": caller["who"], "now": now})
    return require_appeal(session, appeal_id)


def answer_appeal(
    session: Session,
    caller: Caller,
    *,
    appeal_id: uuid.UUID,
    is_upheld: bool,
    reason: str,
    now: dt.datetime,
) -> Appeal:
    """The council upholds an appeal or dismisses it, with a reason; the same answer twice is one.

    An upheld one is put right by setting what was wrong and freezing the ranking anew, by two people.
    Raises Refused ``not_allowed``, ``not_found``, ``wrong_state``.
    """
    require_council(caller)
    found = require_appeal(session, appeal_id)
    row = {"appeal_id": appeal_id, "organisation_id": found["organisation_id"], "is_upheld": is_upheld}
    store_frozen.answer_appeal(session, row | {"reason": reason, "who": caller["who"], "now": now})
    answered = require_appeal(session, appeal_id)
    if (answered["state"] == "upheld") != is_upheld:
        raise Refused("wrong_state", f"The appeal is {answered['state']} already.")
    return answered


def list_appeals(session: Session, caller: Caller) -> list[Appeal]:
    """All appeals, those that wait first. Raises Refused ``not_allowed`` for a provider."""
    require_council(caller)
    return [appeal_document(row) for row in store_frozen.list_appeals(session)]


def require_appeal(session: Session, appeal_id: uuid.UUID) -> Appeal:
    """An appeal that the caller may see. Raises Refused ``not_found``."""
    found = store_frozen.find_appeal(session, appeal_id)
    if found is None:
        raise Refused("not_found", "There is no such appeal.")
    return appeal_document(found)


def count_waiting(session: Session, caller: Caller) -> dict[str, int]:
    """Appeals that wait for the council."""
    if caller["organisation"] is not None:
        return {}
    return {"ranking_appeals": store_frozen.count_appeals(session, COUNTED_TO)}


def _own(caller: Caller) -> str:
    if caller["organisation"] is None:
        raise Refused("not_allowed", "Only a provider has a place of its own.")
    return caller["organisation"]
