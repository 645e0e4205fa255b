"""The rows of a care file, read and taken; and which of them can't be stored, where no rule refuses them.

Those are only looked for when a check or an import failed: each is rejected, and the others are taken.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.files.care_headings import HEADINGS
from libs.common.files.csv_files import RawRow
from libs.common.files.spooled import rows_between
from libs.common.files.values import cleaned
from libs.common.operations.apart import storable, take_by_halves
from services.matching.book import store as book_store
from services.matching.book.book import CareBook, CareFile
from services.matching.book.rules import CareError, CareRow, parse_care_row
from services.matching.book.texts import cleaned_cells

Judged = CareRow | list[CareError]
Read = Callable[[Session, Sequence[RawRow]], Iterable[Judged]]

CODE = "cannot_be_stored"
NOBODY = "00000000-0000-0000-0000-000000000000"
CANNOT_BE_STORED = "The row can't be stored as it is: type its texts again, shorter and in plain letters."


def read_plainly(session: Session, rows: Sequence[RawRow]) -> Iterable[Judged]:
    """As a file is taken at first: every row that is readable can be stored."""
    return map(parse, rows)


def read_by_trial(session: Session, rows: Sequence[RawRow]) -> Iterable[Judged]:
    """The same rows, each tried, by halves: those that fail alone are errors. Nothing is stored by it."""

    def try_to_store(places: Sequence[int]) -> None:
        trial = session.begin_nested()
        try:
            book = take_rows(session, map(parse, rows_between(rows, places[0], places[-1] + 1)))
            book_store.save_book(session, book, imported_by="", cause_id=NOBODY)
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # they are else judged at the commit
        finally:
            trial.rollback()

    failed = {place for place, _ in take_by_halves(session, range(len(rows)), try_to_store)}
    return (reject_unstorable(row) if place in failed else parse(row) for place, row in enumerate(rows))


def was_tried(errors: Sequence[Mapping[str, Any]] | None) -> bool:
    """Whether the errors that were shown of a file name rows that can't be stored."""
    return any(error["code"] == CODE for error in errors or ())


def reject_unstorable(raw_row: RawRow) -> list[CareError]:
    """Why such a row is rejected."""
    row, values = raw_row
    return [CareError(row, storable(cleaned(values[0]))[:60], HEADINGS[0], CODE, CANNOT_BE_STORED)]


def parse(raw_row: RawRow) -> Judged:
    """A row of a care file, or its errors."""
    row, values = raw_row
    return parse_care_row(row, cleaned_cells(HEADINGS, values))


def take_rows(session: Session, read: Iterable[Judged]) -> CareBook:
    """The book of all that these rows touch, with the rows taken; of a large file few of them are in memory.

    A renaming holds for the whole file; where all rows that say it are rejected, the others are taken without it.
    """
    file = CareFile(read)
    while True:
        book = book_store.book_of(session, file.cpli_ids(), file.identifiers())
        book.take_file(file)
        if not book.names.is_unsaid():
            return book
        rejected: dict[int, list[CareError]] = defaultdict(list)
        for error in book.errors:
            rejected[error.row].append(error)
        file = CareFile(rejected.get(row.row, row) if isinstance(row, CareRow) else row for row in file.rows)
