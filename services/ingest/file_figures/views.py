"""A provider's visits files in figures (RULES 15, 16)."""

import datetime as dt
import uuid
from typing import Final

from sqlalchemy.orm import Session

from libs.common.care.clock import moments_of_days
from libs.common.care.weeks import sunday_of, visits_due_on
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.ingest.figures import FileFigures, LateWeek, SentFile
from services.ingest.callers import organisation_asked
from services.ingest.file_figures import store
from services.ingest.file_figures.rules import is_late, weeks_of

MOST_FILES: Final = 1_000


def count_files(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    first: dt.date,
    last: dt.date,
    submission_days: int,
) -> FileFigures:
    """Files that updated the system on these days, their rows, those rejected; the weeks of the span that came late.

    Raises Refused ``not_found``, and ``organisation_wanted`` where the council names none.
    """
    about = _require_organisation(session, caller, organisation)
    files, rows, rejected = store.count_files(session, about, *moments_of_days(first, last))
    return {
        "files": files,
        "rows": rows,
        "rejected": rejected,
        "late": _list_late(session, about, first, last, submission_days),
    }


def list_files(
    session: Session, caller: Caller, *, organisation: str | None, first: dt.date, last: dt.date
) -> list[SentFile]:
    """The files that `count_files` counts, the newest first, at most MOST_FILES. Raises Refused as that does."""
    about = _require_organisation(session, caller, organisation)
    return [
        {
            "file_id": str(row["file_id"]),
            "file_name": row["file_name"],
            "confirmed_at": row["confirmed_at"].isoformat(),
            "rows": row["rows"],
            "rejected": row["rejected"],
        }
        for row in store.list_files(session, about, *moments_of_days(first, last), MOST_FILES)
    ]


def _list_late(
    session: Session, about: uuid.UUID, first: dt.date, last: dt.date, submission_days: int
) -> list[LateWeek]:
    mondays = weeks_of(first, last)
    if not mondays:
        return []
    came = store.list_first_of_weeks(session, about, mondays[0], sunday_of(mondays[-1]))
    return [
        {
            "monday": one.monday.isoformat(),
            "due_on": visits_due_on(one.monday, submission_days).isoformat(),
            "came_at": one.came_at.isoformat(),
            "file_id": None if one.file_id is None else str(one.file_id),
            "file_name": one.file_name,
        }
        for one in came
        if is_late(one.monday, one.came_at, submission_days)
    ]


def _require_organisation(session: Session, caller: Caller, name: str | None) -> uuid.UUID:
    found = organisation_asked(session, caller, name)
    if found is None:
        raise Refused("organisation_wanted", "Choose a provider", {"field": "organisation"})
    return found
