"""Rejected rows of a span of days that were not sent again (RULES 8): what a period lacks before it is finalised."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.files.values import parse_date
from libs.common.seams.ingest.files import RejectedOfFile, RejectedRows, RowToCorrect, RowWhy
from services.ingest.files import store_rejected
from services.ingest.files.views import require_file

MOST_ROWS = 20_000


def list_rejected_rows(session: Session, *, first: dt.date, last: dt.date) -> RejectedRows:
    """By file, of how many visits that are planned between two days a row was rejected, and none stored since.

    A row whose planned date can't be read counts too. One without VisitRef does not: nobody could tell when it was sent
    again. A visit that several files rejected is the newest one's. A provider sees its own.
    """
    rows = store_rejected.rejected_since(session, first, MOST_ROWS + 1)
    files: dict[str, Mapping[str, Any]] = {}
    numbers: Counter[str] = Counter()
    for row in rows[:MOST_ROWS]:
        planned_on = parse_date(row["planned_date"])
        if planned_on is None or first <= planned_on <= last:
            files[row["file_id"]] = row
            numbers[row["file_id"]] += 1
    return {
        "files": [_document(files[file_id], number) for file_id, number in numbers.most_common()],
        "is_complete": len(rows) <= MOST_ROWS,
    }


def list_to_correct(session: Session, *, file_id: uuid.UUID, after: int, limit: int) -> list[RowToCorrect]:
    """A page of a file's rejected rows, each with why and with its place in the file of rejected rows, where its cells
    stand. Raises Refused ``not_found``.
    """
    file = require_file(session, file_id)
    places = store_rejected.places_of_rejected(session, file.file_id, after=after, limit=limit)
    whys: dict[int, list[RowWhy]] = {row: [] for row, _ in places}
    for why in store_rejected.whys_of_rows(session, file.file_id, list(whys)):
        whys[why.row].append(why)
    return [{"row": row, "place": place, "whys": whys[row]} for row, place in places]


def _document(row: Mapping[str, Any], number: int) -> RejectedOfFile:
    return {
        "organisation_id": row["organisation_id"],
        "organisation": row["organisation"],
        "file_id": row["file_id"],
        "file_name": row["file_name"],
        "uploaded_at": row["uploaded_at"].isoformat(),
        "number": number,
    }
