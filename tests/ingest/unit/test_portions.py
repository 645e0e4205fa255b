"""A file that is judged in portions gives what it gives as a whole (decision 41)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.files.spooled import RawRow, RowsTaken, portions_of
from services.ingest.rows import names
from services.ingest.rows.facts import Checked
from services.ingest.rows.rules import FileCheck, check_rows
from tests.support.builders.visit_files import a_reference, a_row, an_undelivered_row

TODAY = dt.date(2022, 8, 15)
CELLS = {
    "VisitRef": ["V1", "V2", "V3", "", "NULL", "1.2E+09", "V0", "W1", "W2", "W3", "W4", "W5", "W6", "W7"],
    "Deleted": ["", "", "", "1", "odd"],
    "PlannedVisitDate": ["01/08/2022", "08/13/2022", "13/08/2022", "01/01/2020", "01/09/2022", "no day"],
    "DeliveredVisitDate": ["01/08/2022", "08/13/2022", "13/08/2022", ""],
    "DeliveredEntryTime": ["08:00", "09:00", "10:00", "soon"],
    "CarerRef": ["C1", "", "n/a", "nobody"],
    "SSRef": ["A123456", "NULL", ""],
    "ServiceLevel": ["Personal Care", "unknown"],
}


@st.composite
def rows(draw: st.DrawFn) -> list[RawRow]:
    """Rows with every kind of mistake, some of them with text beyond the last heading."""
    found = []
    for number in range(draw(st.integers(0, 40))):
        changes = {name: draw(st.sampled_from(cells)) for name, cells in CELLS.items() if draw(st.booleans())}
        changes.setdefault("VisitRef", f"V{number + 10}")
        make = an_undelivered_row if draw(st.integers(0, 9)) == 0 else a_row
        surplus = ("beyond",) if draw(st.integers(0, 19)) == 0 else ()
        found.append((number + 2, (*make(**changes), *surplus)))
    return found


def in_portions(given_rows: list[RawRow], size: int) -> Checked:
    taken = RowsTaken(size)
    for row in given_rows:
        taken.append(row)
    spooled = taken.rows()
    assert list(spooled) == given_rows
    check = FileCheck(lambda: spooled, a_reference(), TODAY)
    joined = Checked()
    for portion in portions_of(spooled):
        assert len(portion) <= size
        checked = check.run(portion)
        joined.accepted += checked.accepted
        joined.deletions += checked.deletions
        joined.errors += checked.errors
        joined.warnings += checked.warnings
    joined.file_warnings = check.file_warnings()
    return joined


@given(rows())
def test_portions_of_any_size_give_what_the_whole_gives(given_rows: list[RawRow]) -> None:
    whole = check_rows(given_rows, a_reference(), TODAY)
    for size in (1, 7, 1_000):
        assert in_portions(given_rows, size) == whole


@given(rows())
def test_a_file_of_too_many_different_things_is_judged_as_any(given_rows: list[RawRow]) -> None:
    whole = check_rows(given_rows, a_reference(), TODAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "MOST_REMEMBERED", 3)
        for size in (1, 7, 1_000):
            assert in_portions(given_rows, size) == whole


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_spooled_rows_are_those_that_were_taken(size: int) -> None:
    wanted: list[RawRow] = [(number, (f"é{number}", "")) for number in range(7)]
    taken = RowsTaken(size)
    for row in wanted:
        taken.append(row)
    found = taken.rows()
    assert len(found) == len(taken) == 7
    assert [found[place] for place in range(7)] == wanted
    assert found[-1] == wanted[-1]
    assert list(found[2:5]) == wanted[2:5]
    with pytest.raises(IndexError):
        found[7]
