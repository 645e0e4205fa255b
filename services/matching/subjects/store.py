"""Which visits are a person's: by these ingest is asked, which knows visits by organisation and VisitRef."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.subjects import VisitsOfSubject
from libs.common.sql.columns import array_text
from libs.common.subjects.parts import OF_CLIENT
from libs.common.subjects.reading import HIDDEN
from libs.common.subjects.schemas import MOST_ROWS

_PAGE = f"""
SELECT planned_on || ' ' || organisation_id || ' ' || visit_ref AS place, organisation_id::text, visit_ref FROM visits
WHERE client_id {OF_CLIENT} AND (CAST(:after AS text) IS NULL
    OR (planned_on || ' ' || organisation_id || ' ' || visit_ref) COLLATE "C" > :after)
ORDER BY (planned_on || ' ' || organisation_id || ' ' || visit_ref) COLLATE "C" LIMIT :limit
"""


def visits_of_subject(
    session: Session, caller: Caller, *, client_ids: Sequence[uuid.UUID], after: str | None
) -> VisitsOfSubject:
    """A page of a person's visits, deleted ones too, by their planned days. Council only."""
    require_council(caller, HIDDEN)
    values = {"client_ids": array_text(client_ids), "after": after, "limit": MOST_ROWS}
    rows = session.execute(text(_PAGE), values).all()
    return {
        "visits": [(organisation_id, visit_ref) for _, organisation_id, visit_ref in rows],
        "after": rows[-1][0] if len(rows) == MOST_ROWS else None,
    }
