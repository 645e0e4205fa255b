"""Finding visits by how their VisitRefs begin."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.seams.ingest.visits import FoundVisit
from libs.common.sql.prefixes import prefix_range

MOST_FOUND = 20

# Organisation by organisation, as the key of the visits is ordered.
_VISITS = text("""
SELECT v.visit_ref AS ref, o.name AS organisation, v.planned_on, v.deleted FROM organisations o CROSS JOIN LATERAL (
    SELECT visit_ref, planned_on, deleted FROM visits
    WHERE organisation_id = o.organisation_id AND visit_ref >= :first AND visit_ref < :last
    ORDER BY visit_ref LIMIT :limit) v
WHERE CAST(:organisation AS uuid) IS NULL OR o.organisation_id = CAST(:organisation AS uuid)
ORDER BY v.visit_ref, o.name LIMIT :limit
""")


def search_visits(session: Session, caller: Caller, *, written: str) -> list[FoundVisit]:
    """The first visits whose VisitRef begins so, of the caller's organisation or of all."""
    first, end = prefix_range(written)
    values = {"organisation": caller["organisation"], "first": first, "last": end, "limit": MOST_FOUND}
    return [
        {"ref": ref, "organisation": organisation, "planned_on": day.isoformat(), "deleted": deleted}
        for ref, organisation, day, deleted in session.execute(_VISITS, values)
    ]
