"""Queries of disputes on provider-led reviews."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

_CPLI_IDS = 4_120_003
"""The advisory lock of the CpliIds that reviews were approved under."""


def lock_cpli_ids(session: Session) -> None:
    """Until the transaction ends nobody else gives a review a CpliId."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CPLI_IDS})


def is_taken(session: Session, cpli_id: int) -> bool:
    """Whether a review was approved under this CpliId. The ids are locked."""
    found = session.execute(
        text(
            "SELECT 1 FROM cases WHERE kind = 'review' AND state = 'Approved'"
            " AND facts ->> 'approved_cpli_id' = :cpli_id LIMIT 1"
        ),
        {"cpli_id": str(cpli_id)},
    )
    return found.first() is not None


def save_facts(session: Session, case_id: uuid.UUID, facts: Mapping[str, Any]) -> None:
    """What a review knows besides. The case is locked."""
    session.execute(
        text("UPDATE cases SET facts = CAST(:facts AS jsonb) WHERE case_id = :case_id"),
        {"case_id": case_id, "facts": json.dumps(facts)},
    )
