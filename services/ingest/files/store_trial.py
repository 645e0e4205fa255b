"""Trying whether visits can be stored, and storing none of them."""

import uuid
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.copying import copy_rows
from services.ingest.files.store import VALUE_COLUMNS
from services.ingest.rows.facts import Visit

Row = tuple[int, Visit]
"""A row's number and the visit that it says."""


def make_trial(session: Session) -> None:
    """A table that takes what ``visits`` takes, for as long as the transaction."""
    session.execute(
        text(
            "CREATE TEMPORARY TABLE tried_visits (LIKE visits INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
            " INCLUDING INDEXES) ON COMMIT DROP"
        )
    )


def empty_trial(session: Session) -> None:
    """Take out what was tried."""
    session.execute(text("TRUNCATE tried_visits"))


def try_visits(session: Session, organisation_id: uuid.UUID, rows: Sequence[Row]) -> None:
    """Put these visits into it; raises what storing them would raise."""
    columns = ("organisation_id", "version", "changed_by", *VALUE_COLUMNS)
    values = ((organisation_id, 0, "", *visit[:-1], list(visit.issues), visit.digest()) for _, visit in rows)
    copy_rows(session, "tried_visits", columns, values)
