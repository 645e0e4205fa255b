"""The rows of a visits file or a carers file (RULES 3). Cells are not judged here."""

from libs.common.files.csv_files import (
    HEADINGS_AGAIN,
    MAX_BYTES,
    MAX_CARERS_BYTES,
    MAX_ROWS,
    FileRefused,
    RawFile,
    RawRow,
    read_rows,
)
from libs.common.files.objects import Content
from libs.common.files.rejected_rows import REASONS, undefuse
from services.ingest.rows.facts import RowError
from services.ingest.rows.headings import CARER_HEADINGS, HEADINGS

__all__ = [
    "HEADINGS",
    "FileRefused",
    "RawFile",
    "RawRow",
    "headings_again",
    "read_carers_csv",
    "read_visits_csv",
]


def read_visits_csv(content: Content, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS) -> RawFile:
    """The rows of a visits file, cells in the order of HEADINGS; raises FileRefused (RULES 3)."""
    raw = read_rows(content, HEADINGS, expected=(REASONS,), max_bytes=max_bytes, max_rows=max_rows)
    if not raw.rows:
        raise FileRefused(
            "no_rows", "The file has headings but no visits below them: add a row for each visit."
        )
    undefuse(raw)
    return raw


def read_carers_csv(
    content: bytes, *, max_bytes: int = MAX_CARERS_BYTES, max_rows: int = MAX_ROWS
) -> RawFile:
    """The rows of a carers file, cells in the order of CARER_HEADINGS. No carers at all is a possible list."""
    return read_rows(content, CARER_HEADINGS, max_bytes=max_bytes, max_rows=max_rows)


def headings_again(raw: RawFile) -> list[RowError]:
    """The one reason against each row that holds the headings once more."""
    return [RowError(row, "", "", "headings_again", HEADINGS_AGAIN, "") for row in raw.headings_again]
