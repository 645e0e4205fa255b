"""Bulk actions: which rows are done at once, who may press, what cells are given (RULES 4, 20)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.files.csv_files import read_rows
from libs.common.files.visit_headings import HEADINGS
from services.portal.bulk.rules import DOING, DONE, LEASE, MOST_ROWS, SHOWN, STOPPED, cut, is_free
from services.portal.visits.bulk.rules import mended
from services.portal.visits.mending.rewriting import rewritten

NOW = dt.datetime(2022, 10, 3, 12, tzinfo=dt.UTC)
CELLS = {
    "SSRef": "A1",
    "ClientRef": "G",
    "NHSNumber": "N",
    "ServiceName": "Old",
    "ServiceRef": "S",
    "ServiceLevel": "L",
    "ServiceLevelRef": "LR",
    "VisitType": "DHS",
    "CarerRef": "C1",
}


@pytest.mark.parametrize(
    ("keys", "number", "is_cut"),
    [
        ([], 0, False),
        (["a", "b", "a"], 2, False),
        ([str(n) for n in range(MOST_ROWS)], MOST_ROWS, False),
        ([str(n) for n in range(MOST_ROWS + 1)], MOST_ROWS, True),
        (["a"] * (MOST_ROWS + 1), 1, False),
    ],
)
def test_so_many_rows_are_done_at_once_and_each_once(keys: list[str], number: int, is_cut: bool) -> None:
    kept, more = cut(keys)
    assert (len(kept), more) == (number, is_cut)
    assert kept == list(dict.fromkeys(keys))[:MOST_ROWS]


@pytest.mark.parametrize(
    ("state", "ago", "free"),
    [
        (SHOWN, None, True),
        (STOPPED, dt.timedelta(0), True),
        (DOING, LEASE, False),
        (DOING, LEASE + dt.timedelta(seconds=1), True),
        (DONE, dt.timedelta(days=1), False),
    ],
)
def test_a_second_press_does_nothing_unless_the_first_is_gone(
    state: str, ago: dt.timedelta | None, free: bool
) -> None:
    assert is_free(state, None if ago is None else NOW - ago, NOW) is free


@pytest.mark.parametrize(
    ("chosen", "changed"),
    [
        ({}, {}),
        ({"client": "", "service": ""}, {}),
        ({"client": "B2"}, {"SSRef": "B2", "ClientRef": "", "NHSNumber": ""}),
        ({"service": "New"}, {"ServiceName": "New", "ServiceRef": ""}),
        ({"service_level": "M"}, {"ServiceLevel": "M", "ServiceLevelRef": ""}),
        ({"visit_type": "E", "carer": "C2"}, {"VisitType": "E", "CarerRef": "C2"}),
        ({"reason": "not a cell"}, {}),
    ],
)
def test_what_is_chosen_takes_the_place_of_all_that_says_the_same(
    chosen: Mapping[str, str], changed: Mapping[str, str]
) -> None:
    assert mended(CELLS, chosen) == CELLS | changed


def a_written(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def rows_in(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return list(read_rows(content, HEADINGS).rows)


LINE = ",".join(HEADINGS)


@pytest.mark.parametrize(
    "lines",
    [
        (LINE, "V1", "V2"),
        ("", "", LINE, "V1", "", "V2", ",,,", "V3"),
        (LINE, "V1", LINE, "V2"),
        ("sep=,", LINE, "V1"),
        (LINE, '"V1","","a\nb"', "", "V2"),
        (LINE.replace(",", ";"), "V1;;3"),
        (LINE, "V1" + "," * 25 + "beyond"),
        (f"Mine,{LINE}", "x,V1", "y,V2"),
    ],
)
def test_a_file_written_anew_has_the_same_rows_under_the_same_numbers(lines: tuple[str, ...]) -> None:
    before = rows_in(a_written(*lines))
    with rewritten(a_written(*lines), frozenset(), {"carer": "C9"}) as same:
        assert rows_in(same.read()) == before
    last = before[-1][0]
    with rewritten(a_written(*lines), {last}, {"carer": "C9"}) as changed:
        after = rows_in(changed.read())
    place = HEADINGS.index("CarerRef")
    assert [number for number, _ in after] == [number for number, _ in before]
    assert [cells[place] for number, cells in after if number != last] == [""] * (len(before) - 1)
    assert after[-1][1][place] == "C9"


@given(
    st.lists(st.lists(st.sampled_from(["", "V1", "=1", "a,b", 'q"', "é", "x\ny"]), min_size=25, max_size=25))
)
def test_no_cell_is_changed_by_writing_a_file_anew(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADINGS, *rows])
    content = text.getvalue().encode()
    with rewritten(content, frozenset(), {}) as same:
        assert rows_in(same.read()) == rows_in(content)
