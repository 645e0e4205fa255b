"""The rejected rows of a file as CSV, to correct and send again (RULES 4).

Cells come back exactly as they were sent. One that a spreadsheet would run as a formula is defused with an apostrophe
in front (RULES 15), in the 25 columns too: the file may be opened by another than who wrote it. A spreadsheet shows
the apostrophe and saves it back, so reading takes it off again, but only in a file that has this download's Reasons
column. A cell that already had apostrophes before the sign gets one more, so that taking one off is exact.
Whoever deletes the Reasons column before sending must take the apostrophes off too; they can be seen.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from services.ingest.headings import HEADINGS, REASONS
from services.ingest.rules_facts import RowError

_RUNS = re.compile(r"'*[=+\-@\t\r\n]")


def rejected_csv(raw_rows: Iterable[tuple[int, Sequence[str]]], errors: Iterable[RowError]) -> str:
    """The rows that have an error, with the 25 headings and Reasons, as CSV text with \\r\\n line ends.

    The surplus cell of a shifted row is left out: its column is Reasons here, and the reason names its text.
    """
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    for error in errors:
        reasons[error.row].append(error.message)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((*HEADINGS, REASONS))
    for row, values in raw_rows:
        if row in reasons:
            writer.writerow(map(defused, (*values[: len(HEADINGS)], " ".join(reasons[row]))))
    return text.getvalue()


def defused(cell: str) -> str:
    """RULES 15: text that no spreadsheet runs; reading.py undoes it."""
    return f"'{cell}" if _RUNS.match(cell) else cell
