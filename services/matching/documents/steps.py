"""Contract documents: published as care is imported, looked at, agreed or rejected (RULES 11). Takes a session, never commits.

What a document says is kept as it was; the portal draws the PDF from it each time. Days are London's.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.process.housekeeping import AT_ONCE
from libs.common.rpc import SYSTEM, Caller
from libs.common.seams.matching.documents import AgreedDocuments, DocumentLeft
from services.matching.book.book import CareBook
from services.matching.documents import store
from services.matching.documents.rules import (
    AGAIN,
    AUTOMATICALLY,
    CORRECTED,
    MOVERS,
    REJECTED,
    due_on,
    reason_to_publish,
    status_after,
)
from services.matching.documents.views import require_document


def publish(session: Session, book: CareBook, *, imported_by: str) -> None:
    """A document for each CPLI that the book's rows set up, ended or re-opened, and for each rejected one corrected.

    The book is written. One statement for all of them, in the transaction of the care itself.
    """
    kinds = dict.fromkeys(store.rejected_and_changed(session), CORRECTED)
    for cpli_id in book.changed_cplis:
        kind = reason_to_publish(book.cplis_before.get(cpli_id), book.cplis[cpli_id])
        if kind is not None:
            kinds[cpli_id] = kind
    if kinds:
        now = store.now(session)
        store.publish(session, kinds, who=imported_by, now=now, due_on=due_on(now))


def answer(
    session: Session, caller: Caller, *, document_id: uuid.UUID, move: str, reason: str, now: dt.datetime
) -> None:
    """Agree to a document or reject it, or agree to it for the council (`move`); whoever is second is refused.

    Raises Refused ``not_found``, ``not_allowed``, ``wrong_state`` and, with its field, ``reason_wanted``.
    """
    found = require_document(session, document_id, now, lock=True)
    side = "provider" if caller["organisation"] is not None else "council"
    if MOVERS[move] != side:
        raise Refused("not_allowed", f"Only the {MOVERS[move]} can do that.")
    status = status_after(found["status"], move)
    if status is None:
        raise Refused(
            "wrong_state", f"The document is {found['status']} already: look at its notes in the list."
        )
    if status == REJECTED and not reason:
        raise Refused("reason_wanted", "Enter why you reject it", {"field": "reason"})
    note = {"move": move, "who": caller["who"], "now": now, "reason": reason if status == REJECTED else ""}
    store.answer(session, found["document_id"], status=status, note=note)


def agree_to_many(
    session: Session, caller: Caller, *, document_ids: Sequence[uuid.UUID], move: str, now: dt.datetime
) -> AgreedDocuments:
    """Agree to each of these as `answer` does, as far as that can be done; what is left stops no other.

    Asked again it answers the same: what the same person has agreed to counts as agreed.
    """
    left: list[DocumentLeft] = []
    wanted = sorted(set(document_ids))
    for document_id in wanted:
        try:
            answer(session, caller, document_id=document_id, move=move, reason="", now=now)
        except Refused as refused:
            notes = store.notes(session, [str(document_id)])[str(document_id)]
            if not notes or (notes[-1]["move"], notes[-1]["who"]) != (move, caller["who"]):
                left.append({"document_id": str(document_id), "message": refused.message})
    return {"done": len(wanted) - len(left), "left": left}


def publish_again(session: Session, caller: Caller, *, document_id: uuid.UUID, now: dt.datetime) -> None:
    """Publish anew, as care stands, what was rejected without a need to correct it. Council only.

    Raises Refused ``not_found``, ``not_allowed`` and ``wrong_state``.
    """
    found = require_document(session, document_id, now, lock=True)
    if caller["organisation"] is not None:
        raise Refused("not_allowed", "Only the council publishes contract documents.")
    # asked anew: whoever held the lock may have published the next one
    found = require_document(session, document_id, now)
    if found["status"] != REJECTED or not found["is_newest"]:
        raise Refused(
            "wrong_state", "Only the newest document of a care package can be published again, once rejected."
        )
    kinds = {found["cpli_id"]: AGAIN}
    store.publish(session, kinds, who=caller["who"], now=now, due_on=due_on(now))


def agree_overdue(session: Session, now: dt.datetime) -> int:
    """Agree what was not answered by the end of its last day (RULES 11), at most AT_ONCE; how many.

    A step of housekeeping, which changes nothing that anybody sees: every look goes by the clock.
    """
    return store.agree_overdue(
        session, today=london_day(now), move=AUTOMATICALLY, who=SYSTEM["who"], limit=AT_ONCE
    )
