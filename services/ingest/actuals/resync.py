"""All that providers sent or entered is said again. Takes a session, never commits."""

import uuid

from sqlalchemy.orm import Session

from services.ingest.actuals import store
from services.ingest.actuals.events import say_actuals
from services.ingest.visits.steps import resync_visits


def resync_entered(session: Session, *, cause_id: uuid.UUID) -> int:
    """Say the current state of all visits and all saved actuals again; how many messages that is."""
    said = resync_visits(session, cause_id=cause_id)
    return said + say_actuals(session, store.stream_submitted(session), str(cause_id), lane="bulk")
