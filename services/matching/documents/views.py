"""Contract documents as the faces list and show them, by the clock (RULES 11). Days are London's."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import begin_of_day, london_day
from libs.common.care.names import fold
from libs.common.errors import Refused
from libs.common.rpc import SYSTEM, Caller
from libs.common.seams.matching.documents import ContractDocument, ContractDocumentDetails, DocumentNote
from services.matching.book.words import name_of
from services.matching.documents import store
from services.matching.documents.rules import AUTOMATICALLY, MOVERS, REJECTED, amounts, status_after
from services.matching.organisations.views import limit_to_organisation

COUNTED_TO = 1_000

Row = dict[str, Any]


def list_documents(
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
    document_ids: Sequence[uuid.UUID] | None = None,
) -> list[ContractDocument]:
    """A page of documents, the newest first; of these alone, where any are named. Raises Refused ``not_found`` for another's or no organisation."""
    organisation_id = limit_to_organisation(session, caller, organisation)
    rows = store.list_documents(
        session,
        organisation_id,
        today=london_day(now),
        service=service_name and fold(service_name),
        client=client,
        status=status,
        since=begin_of_day(updated_since) if updated_since else None,
        after=after,
        limit=limit,
        document_ids=document_ids,
    )
    notes = store.notes(session, [row["document_id"] for row in rows])
    return [document_of(row, notes[row["document_id"]]) for row in rows]


def show_document(
    session: Session, caller: Caller, *, document_id: uuid.UUID, now: dt.datetime
) -> ContractDocumentDetails:
    """A document, with what may be done with it. Raises Refused ``not_found``."""
    found = require_document(session, document_id, now)
    side = "provider" if caller["organisation"] is not None else "council"
    moves = [move for move, mover in MOVERS.items() if mover == side and status_after(found["status"], move)]
    notes = store.notes(session, [found["document_id"]])[found["document_id"]]
    return {
        **document_of(found, notes),
        "moves": moves,
        "may_be_published_again": side == "council" and found["is_newest"] and found["status"] == REJECTED,
    }


def document_of(row: Row, notes: list[DocumentNote]) -> ContractDocument:
    """A document as the faces show it; who agreed what was overdue stands in its notes at once."""
    says, updated_at = row["says"], row["updated_at"].isoformat()
    if row["is_overdue"] and notes[-1]["move"] != AUTOMATICALLY:  # it may be written since the row was read
        notes = [*notes, {"move": AUTOMATICALLY, "who": SYSTEM["who"], "at": updated_at, "reason": ""}]
    return {
        "document_id": row["document_id"],
        "number": row["number"],
        "cpli_id": row["cpli_id"],
        "client_id": row["client_id"],
        "kind": row["kind"],
        "status": row["status"],
        "published_at": row["published_at"].isoformat(),
        "due_on": row["due_on"].isoformat(),
        "updated_at": updated_at,
        "organisation": says["organisation"],
        "address": says["address"],
        "service": says["service"],
        "service_level": says["service_level"],
        "start_on": says["start_on"],
        "end_on": says["end_on"],
        "unit": says["unit"],
        "frequency": says["frequency"],
        "client": {
            "ssref": says["ssref"],
            "client_ref": says["client_ref"],
            "nhs_number": says["nhs_number"],
        },
        "client_name": name_of(says),
        "listed_name": ", ".join(filter(None, (says["surname"], says["forename"]))),
        "date_of_birth": says["date_of_birth"],
        "amounts": amounts(says),
        "notes": notes,
    }


def count_waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits for the caller: documents to answer, or for the council those that stand rejected."""
    own = caller["organisation"]
    if own is None:
        return {"documents_rejected": store.count_rejected(session, COUNTED_TO)}
    today = london_day(store.now(session))
    return {"documents_to_answer": store.count_open(session, own, today, COUNTED_TO)}


def require_document(
    session: Session, document_id: uuid.UUID, now: dt.datetime, *, lock: bool = False
) -> Row:
    """The document as it stands by the clock, if the caller may see it. Raises Refused ``not_found``."""
    found = store.find_document(session, document_id, today=london_day(now), lock=lock)
    if found is None:
        raise Refused("not_found", "There is no contract document with this id.")
    return found
