"""Visits that the council withdraws, because they were in dispute and nobody answered (RULES 9)."""

import uuid

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from services.ingest.visits import store
from services.ingest.visits.steps import remove_visit


def withdraw_visits(session: Session, message: Message) -> None:
    """``withdrawal_wanted``: delete these visits with the reason. What is deleted already, or unknown, is left."""
    body = message.body
    organisation_id = uuid.UUID(body["organisation_id"])
    store.lock_organisation(session, organisation_id)
    for row in store.find_by_refs(session, [(organisation_id, ref) for ref in body["visit_refs"]]):
        if not row["deleted"]:
            remove_visit(
                session, organisation_id, row, body["reason"], body["who"], cause_id=message.cause_id
            )
