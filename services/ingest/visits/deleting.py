"""Many visits deleted at once, each in the version that was seen (RULES 4, 20). Never commits."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.messaging.outbox import emit_many
from libs.common.rpc import Caller
from libs.common.seams.ingest.visits import DeletedVisits, VisitLeft
from services.ingest.visits import store
from services.ingest.visits.events import bodies_in_order
from services.ingest.visits.rules import why_left
from services.ingest.visits.weeks import note_weeks_changed

SeenVisit = tuple[uuid.UUID, str, int]
"""Organisation id, VisitRef, and the version that was seen."""
SINGLE_LANE_VISITS: Final = 20
"""So few overtake whole files, as a correction of a few visits does."""


def delete_visits(
    session: Session, caller: Caller, *, visits: Sequence[SeenVisit], reason: str | None
) -> DeletedVisits:
    """Delete these visits with one reason; what can't be deleted is left, each with why, and stops no other.

    Asked again it answers the same: what the same person has deleted meanwhile counts as deleted.
    """
    seen: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for organisation_id, visit_ref, version in visits:
        seen[organisation_id][visit_ref] = version
    left: list[VisitLeft] = []
    for organisation_id in sorted(seen):
        left += _delete_of(session, caller, organisation_id, seen[organisation_id], reason)
    return {"done": sum(map(len, seen.values())) - len(left), "left": left}


def _delete_of(
    session: Session,
    caller: Caller,
    organisation_id: uuid.UUID,
    seen: Mapping[str, int],
    reason: str | None,
) -> list[VisitLeft]:
    """The same for one organisation; those that are left."""
    store.lock_organisation(session, organisation_id)
    found = store.find_by_refs(session, [(organisation_id, ref) for ref in seen])
    rows: dict[str, Mapping[str, Any]] = {row["visit_ref"]: row for row in found}
    left: list[VisitLeft] = []
    wanted: list[str] = []
    for ref, version in seen.items():
        row = rows.get(ref)
        why = why_left(row, version, caller["who"])
        if why is not None:
            left.append({"organisation_id": str(organisation_id), "visit_ref": ref, "message": why})
        elif row is not None and not row["deleted"]:
            wanted.append(ref)
    if wanted:
        days: list[dt.date | None] = [rows[ref]["planned_on"] for ref in wanted]
        note_weeks_changed(session, organisation_id, days)
        said = store.delete_many(session, organisation_id, wanted, reason, caller["who"])
        lane = "single" if len(wanted) <= SINGLE_LANE_VISITS else "bulk"
        emit_many(
            session,
            "visits_changed",
            bodies_in_order(organisation_id, said),
            cause_id=str(uuid.uuid4()),
            lane=lane,
        )
    return left
