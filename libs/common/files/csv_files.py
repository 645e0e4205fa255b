"""From the bytes of a CSV file to rows of cells in the order of its headings (RULES 3). Cells are not judged here."""

import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from libs.common.files import garbled
from libs.common.files.csv_headings import Headings, key_of, named, refuse_bad_header, warnings_of
from libs.common.files.csv_text import Record, records_of, rejoined
from libs.common.files.decoding import MIXED, FileRefused, text_of
from libs.common.files.objects import Content
from libs.common.files.spooled import RawRow, RowsTaken
from libs.common.files.warnings import FileWarning

__all__ = ["MAX_BYTES", "MAX_ROWS", "FileRefused", "RawFile", "RawRow", "Values", "read_rows"]

MAX_BYTES = 50_000_000
MAX_ROWS = 500_000
MAX_CARERS_BYTES = 2_000_000
"""A file of carers is read while somebody waits, and passing behind them: tens of thousands of carers fit."""
MAX_ACTUALS_BYTES = 20_000_000
MAX_ACTUALS_ROWS = 50_000
"""The lines of a week are taken together wherever they stand, so a file of actuals is judged as one piece: seven lines
of 7,000 line items."""
MAX_COLUMNS = 500
_MOST_SHARED = 50_000

Values = tuple[str, ...]
HEADINGS_AGAIN = "These are the headings once more, as where files were joined: take the row out."
"""What is said of a row of ``RawFile.headings_again``, for which every file has the code ``headings_again``."""


@dataclass(slots=True)
class RawFile:
    """What a file holds, unjudged. ``headings_again`` are the numbers of rows that hold the headings once more.

    Cells are in the order of the headings. A row that has text beyond the last heading carries the first such cell as
    one more value: its columns have shifted, and the check rejects it.
    """

    rows: Sequence[RawRow]
    header: list[str] = field(default_factory=list)
    warnings: list[FileWarning] = field(default_factory=list)
    encoding: str = "utf-8"
    headings_again: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows were read, those that hold the headings once more among them."""
        return len(self.rows) + len(self.headings_again)


def read_rows(
    content: Content,
    headings: Sequence[str],
    *,
    optional: Collection[str] = (),
    expected: Collection[str] = (),
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> RawFile:
    """The rows of a CSV file, cells in the order of ``headings``; raises FileRefused.

    A large one is given as a file, and never in memory as a whole.

    A heading of ``optional`` may be absent, and its cells are then empty. A column of ``expected`` is left out
    without a warning.
    """
    text = text_of(io.BytesIO(content) if isinstance(content, bytes) else content, max_bytes)
    known = [*headings, *expected]
    passing = _Passing(text.parts())
    records, separator = records_of(passing, headings)
    header = named(_header(records), known)
    if len(header) > MAX_COLUMNS:
        raise FileRefused(
            "too_many_columns",
            f"The file has {len(header):,} columns and the most that is read is {MAX_COLUMNS}: send it with its own"
            " columns alone.",
        )
    refuse_bad_header(header, [heading for heading in headings if heading not in optional])
    raw = RawFile([], header, warnings_of(header, known), text.encoding)
    if text.encoding == MIXED:
        raw.warnings.append(_MIXED_ENCODINGS)
    _read_into(raw, records, separator, headings, max_rows)
    if not passing.are_ascii:
        raw.warnings += garbled.warnings_of(raw.rows)
    return raw


class _Passing:
    """Parts of a text as they pass, and whether all until now hold plain letters alone."""

    def __init__(self, parts: Iterator[str]) -> None:
        self._parts = parts
        self.are_ascii = True

    def __iter__(self) -> Iterator[str]:
        for part in self._parts:
            self.are_ascii = self.are_ascii and part.isascii()
            yield part


_MIXED_ENCODINGS = FileWarning(
    "mixed_encodings",
    None,
    None,
    "Some lines of the file are in UTF-8 and passing in Windows-1252, as where files were joined; each was read in its"
    " own: look at names and comments with accents.",
)


def _header(records: Iterator[Record]) -> list[str]:
    """The first row that is not blank."""
    header = next((record for _, record in records if not _is_blank(record)), None)
    if header is None:
        raise FileRefused(
            "empty_file", "The file holds no text: send a CSV file with a header row and the rows below it."
        )
    return header


def _is_blank(record: Sequence[str]) -> bool:
    """A blank line, or the row of commas alone that a spreadsheet writes for a cleared row."""
    return not "".join(record).strip()


def _read_into(
    raw: RawFile, records: Iterator[Record], separator: str, headings: Sequence[str], max_rows: int
) -> None:
    """Read all rows below the header."""
    width = len(raw.header)
    absent = [heading for heading in headings if heading not in raw.header]
    columns = [width if heading in absent else raw.header.index(heading) for heading in headings]
    in_order: Callable[[Any], Values] = itemgetter(*columns)
    known = Headings((*raw.header, *headings))
    rows = RowsTaken()
    shared = _Shared()
    for number, written in records:
        if not written or (not written[0].strip() and _is_blank(written)):
            continue
        record, surplus = (written, "") if len(written) == width else _fitted(written, width, separator)
        if known.are_in(record):
            _refuse_other_headings(number, record, raw.header)
            raw.headings_again.append(number)
            continue
        values = shared.of(in_order([*record[:width], ""] if absent else record))
        rows.append((number, (*values, surplus) if surplus else values))
        if len(rows) > max_rows:
            raise FileRefused(
                "too_many_rows",
                f"The file has more than {max_rows:,} rows, the most that is read at once: split it into smaller files"
                " and send them one by one.",
            )
    raw.rows = rows.rows()


class _Shared:
    """Cells that are written again and again, such as days, types and names, are kept once: a tenth of the memory."""

    def __init__(self) -> None:
        self._cells: dict[str, str] = {}

    def of(self, values: Values) -> Values:
        cells = self._cells
        if len(cells) < _MOST_SHARED:
            keep = cells.setdefault
            return (values[0], *[keep(cell, cell) for cell in values[1:]])
        find = cells.get
        return tuple([find(cell, cell) for cell in values])


def _fitted(record: list[str], width: int, separator: str) -> tuple[list[str], str]:
    """A record as wide as the header, and the first text that is beyond it."""
    if len(record) > width and "“" in separator.join(record):
        whole = rejoined(record, separator)
        if len(whole) < len(record) and not _surplus(whole, width):
            record = whole
    return record + [""] * (width - len(record)), _surplus(record, width)


def _surplus(record: Sequence[str], width: int) -> str:
    beyond = record[width:]
    return next(cell for cell in beyond if cell.strip()) if "".join(beyond).strip() else ""


def _refuse_other_headings(number: int, record: Sequence[str], header: Sequence[str]) -> None:
    """Where files of other columns were joined, what stands below would be read under the wrong headings."""
    if list(map(key_of, named(record, ()))) != list(map(key_of, header)):
        raise FileRefused(
            "other_headings",
            f"Row {number:,} holds headings again, and not in the order of the first row: send what stands below it as a"
            " file of its own.",
        )
