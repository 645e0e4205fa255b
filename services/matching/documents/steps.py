"""Contract documents: published as care is imported, looked at, agreed or rejected (RULES 11). Takes a session, never commits.

What a document says is kept as it was; the portal draws the PDF from it each time. Days are London's.
"""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import LONDON, london_day
from libs.common.care.names import fold
from libs.common.errors import Refused
from libs.common.process.housekeeping import AT_ONCE
from libs.common.rpc import SYSTEM, Caller
from services.matching.book.book import CareBook
from services.matching.book.words import name_of
from services.matching.documents import store
from services.matching.documents.rules import (
    AGAIN,
    AUTOMATICALLY,
    CORRECTED,
    MOVERS,
    REJECTED,
    amounts,
    due_on,
    reason_to_publish,
    status_after,
)
from services.matching.line_items.views import organisation_asked

COUNTED_TO = 1_000
SHOWN = (
    "document_id",
    "number",
    "cpli_id",
    "client_id",
    "kind",
    "status",
    "published_at",
    "due_on",
    "updated_at",
)
SAID = ("organisation", "address", "service", "service_level", "start_on", "end_on", "unit", "frequency")
PERSON = ("ssref", "client_ref", "nhs_number")

Document = dict[str, Any]


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


def page(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    service_name: str | None,
    client: str | None,
    status: str | None,
    updated_since: dt.date | None,
    after: int | None,
    limit: int,
    now: dt.datetime,
) -> list[Document]:
    """A page of documents, the newest first. Raises Refused ``not_found`` for another's or no organisation."""
    organisation_id = organisation_asked(session, caller, organisation)
    rows = store.page(
        session,
        organisation_id,
        today=london_day(now),
        service=service_name and fold(service_name),
        client=client,
        status=status,
        since=dt.datetime.combine(updated_since, dt.time(), LONDON) if updated_since else None,
        after=after,
        limit=limit,
    )
    notes = store.notes(session, [row["document_id"] for row in rows])
    return [shown(row, notes[row["document_id"]]) for row in rows]


def one(session: Session, caller: Caller, *, document_id: uuid.UUID, now: dt.datetime) -> Document:
    """A document, with what may be done with it. Raises Refused ``not_found``."""
    found = known(session, document_id, now)
    side = "provider" if caller["organisation"] is not None else "council"
    moves = [move for move, mover in MOVERS.items() if mover == side and status_after(found["status"], move)]
    may_publish = side == "council" and found["is_newest"] and found["status"] == REJECTED
    notes = store.notes(session, [found["document_id"]])[found["document_id"]]
    return shown(found, notes) | {"moves": moves, "may_be_published_again": may_publish}


def shown(row: Document, notes: list[Document]) -> Document:
    """A document as the faces show it; who agreed what was overdue stands in its notes at once."""
    says = row["says"]
    if row["is_overdue"] and notes[-1]["move"] != AUTOMATICALLY:  # it may be written since the row was read
        by_itself = {"move": AUTOMATICALLY, "who": SYSTEM["who"], "at": row["updated_at"], "reason": ""}
        notes = [*notes, by_itself]
    return {
        **{name: row[name] for name in SHOWN},
        **{name: says[name] for name in SAID},
        "client": {name: says[name] for name in PERSON},
        "client_name": name_of(says),
        "listed_name": ", ".join(filter(None, (says["surname"], says["forename"]))),
        "date_of_birth": says["date_of_birth"],
        "amounts": amounts(says),
        "notes": notes,
    }


def answer(
    session: Session, caller: Caller, *, document_id: uuid.UUID, move: str, reason: str, now: dt.datetime
) -> None:
    """Agree to a document or reject it, or agree to it for the council (`move`); whoever is second is refused.

    Raises Refused ``not_found``, ``not_allowed``, ``wrong_state`` and, with its field, ``reason_wanted``.
    """
    found = known(session, document_id, now, lock=True)
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


def publish_again(session: Session, caller: Caller, *, document_id: uuid.UUID, now: dt.datetime) -> None:
    """Publish anew, as care stands, what was rejected without a need to correct it. Council only.

    Raises Refused ``not_found``, ``not_allowed`` and ``wrong_state``.
    """
    found = known(session, document_id, now, lock=True)
    if caller["organisation"] is not None:
        raise Refused("not_allowed", "Only the council publishes contract documents.")
    # asked anew: whoever held the lock may have published the next one
    found = known(session, document_id, now)
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


def waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits for the caller: documents to answer, or for the council those that stand rejected."""
    own = caller["organisation"]
    if own is None:
        return {"documents_rejected": store.count_rejected(session, COUNTED_TO)}
    today = london_day(store.now(session))
    return {"documents_to_answer": store.count_open(session, own, today, COUNTED_TO)}


def known(session: Session, document_id: uuid.UUID, now: dt.datetime, *, lock: bool = False) -> Document:
    """The document as it stands by the clock, if the caller may see it. Raises Refused ``not_found``."""
    found = store.one(session, document_id, today=london_day(now), lock=lock)
    if found is None:
        raise Refused("not_found", "There is no contract document with this id.")
    return found
