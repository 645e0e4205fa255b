"""What a file may hold is bounded while it is read: blank lines, commas and open quotes cost no more than rows do."""

from __future__ import annotations

import csv
import io
import time
import tracemalloc

import pytest

from libs.common.files import csv_text
from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.reading import FileRefused, read_carers_csv, read_visits_csv
from tests.support.builders.visit_files import a_file, a_row

HEADER = ",".join(HEADINGS).encode()
GOOD = a_file(a_row()).encode()
SIZE = 30_000_000
MOST_SECONDS = 30.0
"""Far more than any of these takes: the machine of a test has other work."""
MOST_BYTES = 6 * SIZE
"""With the file itself and its text."""

HEAVY = {
    "blank lines": (HEADER + b"\n" * SIZE, "too_many_cells"),
    "nothing but blank lines": (b"\n" * SIZE, "empty_file"),
    "rows of commas": (HEADER + b"\n" + (b"," * 24 + b"\n") * (SIZE // 25), "too_many_cells"),
    "one row of commas": (HEADER + b"\n" + b"," * SIZE, "too_many_columns"),
    "a header of commas": (HEADER + b"," * SIZE, "too_many_columns"),
    "commas before any heading": (b"," * SIZE + b"\n" + HEADER, None),
    "wide rows": (HEADER + b"\n" + (b"a" + b"," * 19_000 + b"\n") * (SIZE // 19_002), "too_many_cells"),
    "a row of spaces": (HEADER + b"\n" + b" " * SIZE, "too_long"),
    "a quote that is never closed": (HEADER + b'\n"' + b"\n" * SIZE, "too_long"),
    "a long cell": (HEADER + b'\n"' + b"a" * SIZE + b'"', "too_long"),
}


@pytest.mark.parametrize(("content", "code"), HEAVY.values(), ids=HEAVY)
def test_a_heavy_file_is_refused_soon_and_with_little_memory(content: bytes, code: str | None) -> None:
    began = time.monotonic()
    with pytest.raises(FileRefused) as refused:
        read_visits_csv(content)
    assert time.monotonic() - began < MOST_SECONDS
    assert code in (None, refused.value.code)
    assert refused.value.message.endswith(".")
    assert len(refused.value.message) < 1000


@pytest.mark.parametrize("name", ["one row of commas", "a header of commas", "a quote that is never closed"])
def test_what_a_heavy_file_takes_is_bounded_by_its_size(name: str) -> None:
    content, _ = HEAVY[name]
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused):
            read_visits_csv(content)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


def test_blank_rows_of_a_spreadsheet_are_still_skipped() -> None:
    blank = b"\n" * 5_000 + (b"," * 24 + b"\r\n") * 5_000
    raw = read_visits_csv(GOOD + blank + GOOD.partition(b"\n")[2])
    assert [number for number, _ in raw.rows] == [2, 10_003]


def test_a_comment_of_the_longest_with_commas_and_lines_is_read() -> None:
    comment = ",\n" * 4_000
    (row,) = read_visits_csv(a_file(a_row(Comments=comment)).encode()).rows
    assert comment in row[1]


def test_cells_that_come_again_are_kept_once() -> None:
    rows = read_visits_csv(a_file(*(a_row(VisitRef=f"V{number}") for number in range(3))).encode()).rows
    column = HEADINGS.index("PlannedVisitDate")
    assert rows[0][1][column] is rows[2][1][column]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
def test_every_line_end_is_read(end: str, last: str) -> None:
    content = a_file(a_row(), a_row(VisitRef="V2")).replace("\r\n", "\n").rstrip("\n").replace("\n", end)
    raw = read_visits_csv((content + (end if last else "")).encode())
    assert [number for number, _ in raw.rows] == [2, 3]


def test_lines_are_what_the_library_takes_for_lines() -> None:
    text = 'a,b\r\n"c\rd","e\n\nf"\r\rg,h\n\ni'
    records, _ = csv_text.records_of((text,), ("a", "b"))
    assert [record for _, record in records] == list(csv.reader(io.StringIO(text, newline="")))


def test_a_file_of_carers_is_small_since_somebody_waits_for_it() -> None:
    with pytest.raises(FileRefused) as refused:
        read_carers_csv(b"CarerRef,Forename,Surname\n" + b"C,A,B\n" * 400_000)
    assert refused.value.code == "too_large"
