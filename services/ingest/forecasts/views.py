"""How a visits file will match, row by row, as the faces show it (RULES 4)."""

import uuid

from sqlalchemy.orm import Session

from libs.common.seams.ingest.forecasts import DuplicateRow, UnmatchedRow
from services.ingest.files.views import require_file
from services.ingest.forecasts import store


def list_unmatched(
    session: Session, *, file_id: uuid.UUID, reason: str | None, after: int, limit: int
) -> list[UnmatchedRow]:
    """A page of the rows that will have no match, in row order; as the newest check found it.

    They are known for as long as the staged rows are kept (docs/retention.md). Raises Refused ``not_found``.
    """
    file = require_file(session, file_id)
    return store.list_unmatched(session, file.file_id, reason=reason, after=after, limit=limit)


def list_duplicates(session: Session, *, file_id: uuid.UUID, after: int, limit: int) -> list[DuplicateRow]:
    """A page of the rows that may be duplicates, likewise. Raises Refused ``not_found``."""
    file = require_file(session, file_id)
    return store.list_duplicates(session, file.file_id, after=after, limit=limit)
