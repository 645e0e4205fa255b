"""A visits file written anew with other values in some of its rows: every row keeps its number."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import merge
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from libs.common.files.csv_files import RawFile, read_rows
from libs.common.files.objects import PART_BYTES, Content
from libs.common.files.rejected_rows import REASONS, undefuse
from libs.common.files.visit_headings import HEADINGS
from services.portal.visits.bulk.rules import mended
from services.portal.web.downloads.csv_out import MARK


def rewritten(content: Content, rows: Collection[int], chosen: Mapping[str, str]) -> BinaryIO:
    """The same file in UTF-8 with the 25 columns, in which these rows have what was chosen; whoever asks closes it.

    Raises FileRefused for what is no visits file.
    """
    raw = read_rows(content, HEADINGS, expected=(REASONS,))
    undefuse(raw)
    file = SpooledTemporaryFile(PART_BYTES)  # noqa: SIM115 (it is given out)
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    text.write(MARK)
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    at = 1
    for number, cells in _numbered(raw):
        for _ in range(at + 1, number):
            writer.writerow(())  # a blank line was there
        writer.writerow(_with(cells, chosen) if number in rows else cells)
        at = number
    text.detach()
    file.seek(0)
    return cast(BinaryIO, file)


def _numbered(raw: RawFile) -> Iterator[tuple[int, Sequence[str]]]:
    """All rows by their numbers, those that hold the headings once more among them."""
    return merge(raw.rows, ((number, HEADINGS) for number in raw.headings_again), key=lambda row: row[0])


def _with(cells: Sequence[str], chosen: Mapping[str, str]) -> list[str]:
    found = mended(dict(zip(HEADINGS, cells, strict=False)), chosen)
    return [*(found[heading] for heading in HEADINGS), *cells[len(HEADINGS) :]]
