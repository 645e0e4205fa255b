"""The rows of a visits file, a carers file or a file of actuals (RULES 3, 13). Cells are not judged here."""

from libs.common.files import actual_files
from libs.common.files.csv_files import (
    HEADINGS_AGAIN,
    MAX_ACTUALS_BYTES,
    MAX_ACTUALS_ROWS,
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
    "read_actuals_csv",
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


def read_actuals_csv(content: Content) -> RawFile:
    """The lines of a file of actuals, cells in the order of its headings; raises FileRefused (RULES 13)."""
    raw = read_rows(
        content,
        actual_files.HEADINGS,
        expected=(REASONS,),
        max_bytes=MAX_ACTUALS_BYTES,
        max_rows=MAX_ACTUALS_ROWS,
    )
    if not raw.rows:
        raise FileRefused("no_rows", "The file has headings but no rows below them: add a row for each line.")
    undefuse(raw, is_ours=True)  # a file to fill in is what we exported
    return raw


def headings_again(raw: RawFile) -> list[RowError]:
    """The one reason against each row that holds the headings once more."""
    return [RowError(row, "", "", "headings_again", HEADINGS_AGAIN, "") for row in raw.headings_again]
