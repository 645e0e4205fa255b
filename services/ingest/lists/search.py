"""Finding visits by how their VisitRefs begin."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

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


def visits(session: Session, organisation_id: str | None, written: str) -> list[dict[str, Any]]:
    """The first visits whose VisitRef begins so, of an organisation or of all."""
    first, end = prefix_range(written)
    values = {"organisation": organisation_id, "first": first, "last": end, "limit": MOST_FOUND}
    return [dict(row) for row in session.execute(_VISITS, values).mappings()]
