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
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from libs.common.files.csv_files import RawFile, RawRow

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


def rejected_csv(headings: Sequence[str], raw_rows: Iterable[RawRow], whys: Iterable[Why]) -> str:
    """The rows that are rejected, with the headings and Reasons, as CSV text with \\r\\n line ends.

    The surplus cell of a shifted row is left out: its column is Reasons here, and the reason names its text.
    """
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    for why in whys:
        reasons[why.row].append(why.message)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((*headings, REASONS))
    for row, values in raw_rows:
        if row in reasons:
            writer.writerow(map(defused, (*values[: len(headings)], " ".join(reasons[row]))))
    return text.getvalue()


def defused(cell: str) -> str:
    """RULES 15: text that no spreadsheet runs; `undefuse` undoes it."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def undefuse(raw: RawFile, *, is_ours: bool = False) -> None:
    """Have the cells of such a download, or of a file that we gave in any case, as they were."""
    if is_ours or REASONS in raw.header:
        raw.rows = [(number, tuple(map(_undefused, values))) for number, values in raw.rows]


def _undefused(cell: str) -> str:
    return cell[1:] if _DEFUSED.match(cell) else cell
