"""Rejected rows come back as CSV, to correct and send again (RULES 4)."""

import csv
import datetime as dt
import io

from hypothesis import given
from hypothesis import strategies as st

from libs.common.files.csv_files import RawRow
from libs.common.files.rejected_rows import RejectedRows, defused
from services.ingest.rows.facts import RowError
from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.reading import read_visits_csv
from services.ingest.rows.rules import check_rows
from tests.support.builders.visit_files import a_reference, a_row

TODAY = dt.date(2022, 8, 15)


def download(*rows: tuple[str, ...]) -> str:
    numbered = list(enumerate(rows, 2))
    return rejected(numbered, check_rows(numbered, a_reference(), TODAY).errors)


def rejected(rows: list[RawRow], whys: list[RowError]) -> str:
    found = RejectedRows(HEADINGS)
    with found.file:
        found.add(rows, whys)
        return found.content().read().decode()


def test_the_download_has_the_rejected_rows_with_the_25_columns_and_the_reasons() -> None:
    bad = a_row(VisitRef="V2", SSRef="", PlannedVisitDate="soon")
    header, *rows = csv.reader(io.StringIO(download(a_row(), bad), newline=""))
    assert header == [*HEADINGS, "Reasons"]
    assert [tuple(row[:25]) for row in rows] == [bad]
    assert rows[0][25].startswith("PlannedVisitDate 'soon' is not a date: ")
    assert "SSRef" in rows[0][25]


def test_reasons_of_other_rows_are_passed_over() -> None:
    """Headings once more are no row of the file, and a portion knows the reasons of the whole of it."""
    rows = [(number, a_row(VisitRef=f"V{number}")) for number in (3, 5, 6)]
    whys = [
        RowError(number, "", "", "", said, "")
        for number, said in [(2, "a"), (3, "b"), (3, "c"), (4, "d"), (6, "e")]
    ]
    _, *found = csv.reader(io.StringIO(rejected(rows, whys), newline=""))
    assert [(row[0], row[-1]) for row in found] == [("V3", "b c"), ("V6", "e")]


def test_a_cell_that_a_spreadsheet_would_run_is_defused_and_reads_back_as_it_was() -> None:
    texts = {
        "VisitRef": "-1",
        "Comments": "=1+1",
        "VarianceReason": "'=1",
        "ServiceName": "@x",
        "SSRef": "'kept",
    }
    row = a_row(**texts, PlannedVisitDate="soon")
    content = download(row)
    cells = next(csv.DictReader(io.StringIO(content, newline="")))
    assert {name: cells[name] for name in ("VisitRef", "Comments", "VarianceReason", "SSRef")} == {
        "VisitRef": "'-1",
        "Comments": "'=1+1",
        "VarianceReason": "''=1",
        "SSRef": "'kept",
    }
    raw = read_visits_csv(content.encode())
    assert raw.rows == [(2, row)]
    assert raw.warnings == []


def test_every_start_of_a_formula_is_defused() -> None:
    for sign in "=+-@\t\r\n":
        assert defused(f"{sign}x") == f"'{sign}x"
    assert defused("a=1") == "a=1"


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
        min_size=24,
        max_size=24,
    )
)
def test_any_rejected_row_reads_back_exactly(cells: list[str]) -> None:
    row = ("V" * 51, *cells)
    assert read_visits_csv(download(row).encode()).rows == [(2, row)]


def test_a_shifted_row_keeps_its_25_cells_and_the_reason_names_the_rest() -> None:
    content = download((*a_row(), "stray"))
    ((_, values),) = read_visits_csv(content.encode()).rows
    assert values == a_row()
    assert "'stray'" in content
