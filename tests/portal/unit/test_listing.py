"""What stands above a list, and in the columns of its file."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from libs.common.seams.lists import COUNTED_TO
from services.portal.web.listing import lists
from services.portal.web.listing.columns import Cell, cell_of, in_a_file, key, name_from
from services.portal.web.listing.lists import ENDS_HERE, Head, Listing
from services.portal.web.listing.taking import PART, Taking, rows_wanted, taking_now

DISPUTES = Listing("dispute", "disputes", {"Number": "number", "Client": "client.ssref"})
ROW = {"number": 7, "client": {"ssref": "", "client_ref": "B2"}, "by": "x", "counts": None}
PAGE = {"people": {"x": "Ann"}}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1 dispute"),
        (2, "2 disputes"),
        (COUNTED_TO, "1,000 disputes"),
        (COUNTED_TO + 1, "1,000 or more disputes"),
        (None, "How many there are in all is not known."),
    ],
)
def test_a_list_says_how_many_there_are(number: int | None, words: str) -> None:
    assert Head(number, DISPUTES, "/disputes/list.csv").words == words


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("number", 7),
        ("client.client_ref", "B2"),
        ("counts.read", None),
        (key("client.ssref", "client.client_ref"), "B2"),
        (key("client.ssref"), ""),
        (name_from("people", "by"), "Ann"),
        (name_from("people", "number"), ""),
        (lambda row, page: row["number"] + 1, 8),
    ],
)
def test_a_column_says_where_its_text_comes_from(cell: Cell, text: object) -> None:
    assert cell_of(cell, ROW, PAGE) == text


def test_a_column_reads_objects_as_it_reads_documents() -> None:
    assert cell_of("account.name", SimpleNamespace(account=SimpleNamespace(name="Ann")), {}) == "Ann"


def test_what_is_not_there_is_an_empty_cell() -> None:
    assert Listing("file", "files", {"Read": "counts.read"}).cells(ROW, {}) == [""]


@pytest.mark.parametrize(
    ("more", "cursor"),
    [(None, None), ("/disputes?back=a&cursor=b%3D#items", "b="), ("/disputes?back=a", None)],
)
def test_a_file_goes_on_where_its_page_would(more: str | None, cursor: str | None) -> None:
    taking = Taking("before")
    taking.go_on(more)
    assert taking.cursor == cursor


def test_a_view_is_asked_for_more_rows_for_a_file_than_for_a_page() -> None:
    with Flask(__name__).test_request_context():
        from flask import g

        assert (rows_wanted(20), taking_now()) == (20, None)
        g.taking = Taking()
        assert rows_wanted(20) == PART


def test_a_file_is_bounded_and_says_so(monkeypatch: Any) -> None:
    monkeypatch.setattr(lists, "MOST_ROWS", 3)
    taking = Taking("c", ["Number"], [[1], [2]], "disputes.csv")
    parts = list(lists._parts(taking, lambda: None))
    assert parts == [
        "Number\r\n",
        "1\r\n2\r\n",
        "1\r\n2\r\n",
        f'"{ENDS_HERE}"\r\n' if "," in ENDS_HERE else ENDS_HERE,
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        ("2022-10-03", "2022-10-03"),
        ("2022-10-03T13:05:00.146245+00:00", "2022-10-03 14:05:00"),
        (dt.datetime(2022, 12, 3, 13, 5, tzinfo=dt.UTC), "2022-12-03 13:05:00"),
        (7, 7),
    ],
)
def test_a_file_has_moments_on_londons_clocks(value: object, written: object) -> None:
    assert in_a_file(value) == written
