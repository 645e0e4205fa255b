"""Rejected rows as they were sent, and the file of those that were corrected. Its rules are those of any file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from libs.common.errors import Refused
from libs.common.files.objects import opened_object
from libs.common.files.rejected_rows import undefused
from libs.common.files.visit_headings import HEADINGS
from libs.common.seams.ingest.files import RowToCorrect, RowWhy, VisitsFile
from services.portal.clients.ingest import IngestClient
from services.portal.web.downloads.csv_out import MARK

LONGEST_CELL = 2_000_000


@dataclass(frozen=True)
class RejectedRow:
    """A rejected row: its number, its cells by heading as they were sent, and why it is rejected."""

    row: int
    cells: Mapping[str, str]
    whys: Sequence[RowWhy]

    @property
    def ref(self) -> str:
        return self.cells["VisitRef"].strip()


@dataclass(frozen=True)
class RejectedPage:
    """Some rejected rows, and the row after which the next begin; None at the end."""

    rows: list[RejectedRow]
    after: int | None


def list_rejected(ingest: IngestClient, file: VisitsFile, *, after: int, limit: int) -> RejectedPage:
    """A page of a file's rejected rows. Raises Refused ``not_found`` where they are not kept any more."""
    key = file["rejected_key"]
    found = ingest.rows_to_correct(file_id=file["id"], after=after, limit=limit + 1) if key else []
    if key is None or not found:
        return RejectedPage([], None)
    shown = found[:limit]
    rows = _with_cells(key, shown)
    return RejectedPage(rows, shown[-1]["row"] if len(found) > limit else None)


def _with_cells(key: str, rows: Sequence[RowToCorrect]) -> list[RejectedRow]:
    """These rows, which stand beside each other in the file of rejected rows, with their cells."""
    try:
        with opened_object(key) as content:
            lines = io.TextIOWrapper(content, "utf-8", newline="")
            cells = list(islice(_cells_of(lines), rows[0]["place"], rows[-1]["place"] + 1))
    except FileNotFoundError:
        raise Refused("not_found", "The rejected rows of this file are not kept any more.") from None
    return [RejectedRow(row["row"], one, row["whys"]) for row, one in zip(rows, cells, strict=True)]


def _cells_of(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """The cells by heading of each row of a file of rejected rows."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    rows = csv.reader(lines)
    next(rows)
    for cells in rows:
        yield dict(zip(HEADINGS, map(undefused, cells), strict=False))


def corrected_file(rows: Iterable[Mapping[str, str]]) -> bytes:
    """A visits file of these rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([row[heading] for heading in HEADINGS] for row in rows)
    return (MARK + text.getvalue()).encode()
