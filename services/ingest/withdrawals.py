"""Visits that the council withdraws, because they were in dispute and nobody answered (RULES 9)."""

import uuid

from sqlalchemy.orm import Session

from libs.common.messages import Message
from services.ingest import store, store_visits
from services.ingest.visits import remove


def withdraw_visits(session: Session, message: Message) -> None:
    """``withdrawal_wanted``: delete these visits with the reason. What is deleted already, or unknown, is left."""
    body = message.body
    organisation_id = uuid.UUID(body["organisation_id"])
    store.lock_organisation(session, organisation_id)
    for row in store_visits.by_refs(session, [(body["organisation_id"], ref) for ref in body["visit_refs"]]):
        if not row["deleted"]:
            remove(session, organisation_id, row, body["reason"], body["who"], cause_id=message.cause_id)
