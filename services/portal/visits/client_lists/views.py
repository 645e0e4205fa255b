"""A provider's list of clients against the care package line items: read, judged, written. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from libs.common.care.names import fold
from libs.common.files.csv_headings import key_of
from libs.common.files.csv_text import records_of
from libs.common.files.decoding import decode
from libs.common.files.values import cleaned
from libs.common.seams.matching.clients import ListedLineItem

MOST_LINES: Final = 5_000
MOST_BYTES: Final = 5_000_000
LONGEST_IDENTIFIER: Final = 50
HEADING: Final = "SSRef"
STATES: Final = {
    "none": "No line item",
    "ended": "Ended",
    "not_yet": "Not started yet",
    "in_force": "In force",
}
"""What may be said of a client; what needs a look comes first."""


@dataclass(frozen=True)
class Line:
    """A client of the list: the state, and the line items that it comes from."""

    identifier: str
    state: str
    items: Sequence[ListedLineItem]


def identifiers_in_file(content: bytes) -> list[str]:
    """The column SSRef of a CSV file, or the first column where no heading says so; each once. Raises FileRefused."""
    text, _ = decode(content, MOST_BYTES)
    records, _ = records_of((text,), (HEADING,))
    rows = [row for _, row in records if row]
    headings = [key_of(cell) for cell in rows[0]] if rows else []
    column = headings.index(key_of(HEADING)) if key_of(HEADING) in headings else 0
    return identifiers(row[column] for row in rows if len(row) > column)


def identifiers_in_text(text: str) -> list[str]:
    """One on each line, each once; what stands after a comma, semicolon or tab is left out."""
    return identifiers(text.replace(";", ",").replace("\t", ",").split(",")[0] for text in text.splitlines())


def identifiers(cells: Iterable[str]) -> list[str]:
    """What the cells hold, trimmed, each once; a heading and empty cells are none."""
    plain = ("".join(filter(str.isprintable, cleaned(cell)))[:LONGEST_IDENTIFIER] for cell in cells)
    return list(dict.fromkeys(cell for cell in plain if cell and fold(cell) != fold(HEADING)))


def line_of(identifier: str, items: Sequence[ListedLineItem], today: dt.date) -> Line:
    """A client is in force while any line item is; else one that is to come counts before one that has ended."""
    day = today.isoformat()
    begun = [item for item in items if item["start_on"] <= day]
    running = [item for item in begun if item["end_on"] is None or item["end_on"] >= day]
    to_come = [item for item in items if item["start_on"] > day]
    for state, those in (("in_force", running), ("not_yet", to_come), ("ended", begun)):
        if those:
            return Line(identifier, state, those)
    return Line(identifier, "none", ())


def cells_of(line: Line) -> list[list[str]]:
    """The rows of a CSV file that say this line: one for each line item, one where there is none."""
    start = [line.identifier, STATES[line.state]]
    return [
        [
            *start,
            item["service"],
            item["service_level"],
            item["quantity"],
            item["unit"],
            item["start_on"],
            item["end_on"] or "",
        ]
        for item in line.items
    ] or [[*start, "", "", "", "", "", ""]]


CSV_HEADINGS: Final = (
    HEADING,
    "State",
    "Service",
    "ServiceLevel",
    "Quantity",
    "Unit",
    "StartDate",
    "EndDate",
)
