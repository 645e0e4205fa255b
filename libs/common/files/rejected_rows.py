"""The rejected rows of a file as CSV, to correct and send again (RULES 2, 4), and how they are read back.

Cells come back exactly as they were sent. One that a spreadsheet would run as a formula is defused with an apostrophe
in front (RULES 15), in the file's own columns too: it may be opened by another than who wrote it. A spreadsheet shows
the apostrophe and saves it back, so reading takes it off again, but only in a file that has this download's Reasons
column. A cell that already had apostrophes before the sign gets one more, so that taking one off is exact.
Whoever deletes the Reasons column before sending must take the apostrophes off too; they can be seen.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, Protocol, cast

from libs.common.files.csv_files import RawFile, RawRow
from libs.common.files.objects import PART_BYTES, write_object
from libs.common.files.spooled import changed_rows

REASONS = "Reasons"
"""The column that a download of rejected rows has besides the file's own."""

_RUNS = re.compile(r"'*[=+\-@\t\r\n]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r\n]")


class Why(Protocol):
    """A reason for which a row is rejected."""

    @property
    def row(self) -> int: ...

    @property
    def message(self) -> str: ...


NO_MORE: Final[tuple[int | None, Iterable[Why]]] = (None, ())


class RejectedRows:
    """The rows that are rejected, with the headings and Reasons, written portion by portion with \\r\\n line ends."""

    def __init__(self, headings: Sequence[str]) -> None:
        self._width = len(headings)
        self.file = SpooledTemporaryFile(PART_BYTES)  # noqa: SIM115 (whoever made this closes it)
        self._text = io.TextIOWrapper(self.file, "utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        self._writer.writerow((*headings, REASONS))

    def __del__(self) -> None:
        self._text.close()

    def add(self, raw_rows: Iterable[RawRow], whys: Iterable[Why]) -> None:
        """Those of these rows against which there is a reason. The reasons are in the order of their rows.

        The surplus cell of a shifted row is left out: its column is Reasons here, and the reason names its text.
        """
        by_row = groupby(whys, key=lambda why: why.row)
        rejected, reasons = next(by_row, NO_MORE)
        for row, values in raw_rows:
            while rejected is not None and rejected < row:  # of a row that is in none of our columns
                rejected, reasons = next(by_row, NO_MORE)
            if rejected == row:
                said = " ".join(why.message for why in reasons)
                self._writer.writerow(map(defused, (*values[: self._width], said)))

    def content(self) -> BinaryIO:
        """What was written, from its beginning."""
        self.file.seek(0)
        return cast(BinaryIO, self.file)


def write_rejected(
    key: str, headings: Sequence[str], raw_rows: Iterable[RawRow], whys: Iterable[Why]
) -> None:
    """Store the rows that are rejected under ``key``. Raises ServiceUnavailable (``full``)."""
    rejected = RejectedRows(headings)
    with rejected.file:
        rejected.add(raw_rows, whys)
        write_object(key, rejected.content())


def defused(cell: str) -> str:
    """RULES 15: text that no spreadsheet runs; `undefuse` undoes it."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def undefuse(raw: RawFile, *, is_ours: bool = False) -> None:
    """Have the cells of such a download, or of a file that we gave in any case, as they were."""
    if is_ours or REASONS in raw.header:
        raw.rows = changed_rows(raw.rows, lambda row: (row[0], tuple(map(undefused, row[1]))))


def undefused(cell: str) -> str:
    """A cell of such a download as it was."""
    return cell[1:] if _DEFUSED.match(cell) else cell
