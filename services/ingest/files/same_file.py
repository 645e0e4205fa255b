"""A visits file that is sent again, byte for byte (RULES 3): only what was rejected or deleted since may change."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from libs.common.care.clock import LONDON
from libs.common.files.warnings import FileWarning
from services.ingest.files import store_views
from services.ingest.schema.tables import VisitsFile


@dataclass(frozen=True, slots=True)
class ImportedBefore:
    """When and by whom a file of the same bytes was first confirmed, and the rows that every such file rejected."""

    confirmed_at: dt.datetime | None
    confirmed_by: str | None
    rejected: frozenset[int]

    @property
    def sentence(self) -> str:
        """When and by whom."""
        when = f"{self.confirmed_at.astimezone(LONDON):%d/%m/%Y at %H:%M}" if self.confirmed_at else "before"
        return f"This very file was already imported {when} by {self.confirmed_by}"


def find_imported_before(session: Session, file: VisitsFile) -> ImportedBefore | None:
    """What is known of files of the same bytes that this organisation confirmed; None when there is none.

    While a file is applied, those that wait to be applied after it are none.
    """
    states = ("applied",) if file.state == "applying" else ("applying", "applied")
    found = store_views.find_confirmed_with_content(session, file, states)
    if not found:
        return None
    rejected = store_views.find_rejected_in_all(session, [one.file_id for one in found])
    return ImportedBefore(found[0].confirmed_at, found[0].confirmed_by, rejected)


def refusal_of(before: ImportedBefore, rejected: int) -> str:
    """Why a file is refused that would change nothing now."""
    if not rejected:
        return (
            f"{before.sentence}, and nothing in it would change now: send only rows that are new or changed."
        )
    rows = "One row is" if rejected == 1 else f"{rejected:,} rows are"
    return (
        f"{before.sentence}, and nothing in it would change now. {rows} still rejected: download them from that import,"
        " correct them and send them alone."
    )


def warnings_of(before: ImportedBefore, rows: int, first: int) -> list[FileWarning]:
    """Which rows change after all: those that were rejected then and are not now, and those whose visit is deleted.

    ``rows``: how many, of which ``first`` is the first; a file without any is refused.
    """
    if not rows:
        return []
    count = "One row changes" if rows == 1 else f"{rows:,} rows change"
    sentence = (
        f"{before.sentence}. Only rows that were rejected then, or whose visit is deleted, can change now. {count},"
        f" from row {first} on; the others stay as they are and count as unchanged."
    )
    return [FileWarning("imported_before", rows, first, sentence)]
