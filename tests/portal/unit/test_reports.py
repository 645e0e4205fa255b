"""One mechanism for all reports: what is read from an address, grouped, summed, and made CSV and PDF (RULES 15)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest

from libs.common.errors import Refused
from libs.common.seams.payments.reports import HoursOfWeek
from services.portal.reports.declared import Asking, Column, Filter, Lines, Place, Report, Values
from services.portal.reports.rendering.as_csv import csv_of
from services.portal.reports.rendering.as_pdf import pdf_of
from services.portal.reports.rendering.chart import weekly_hours
from services.portal.reports.rendering.filters import read
from services.portal.reports.rendering.lines import (
    bands,
    grouped,
    lines_for_pdf,
    part_of,
    parts_of,
    summed,
)
from tests.support.portal.pdf_text import pages_of

PROVIDER: Any = Asking(None, {"who": "w", "role": "provider", "organisation": "x"}, dt.date(2022, 10, 3))  # type: ignore[arg-type]
COUNCIL: Any = Asking(None, {"who": "w", "role": "council", "organisation": None}, dt.date(2022, 10, 3))  # type: ignore[arg-type]
ROWS = [
    {"town": "Bampton", "client": "A1", "day": "2022-10-03", "hours": "3.05", "amount": "70.84"},
    {"town": "Bampton", "client": "A2", "day": "2022-10-03", "hours": "-0.95", "amount": "-22.06"},
    {"town": "Witney", "client": "=1+1", "day": "2022-10-04", "hours": "1.00", "amount": "23.23"},
]


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """ROWS two by two."""
    at = place[0] if place else 0
    return Lines(ROWS[at : at + 2], [at + 2] if at + 2 < len(ROWS) else None)


REPORT = Report(
    slug="towns",
    title="Towns & villages",
    words="What is where.",
    filters=(
        Filter("day", "Day", "day"),
        Filter("town", "Town", "choice", "All", lambda asking, values: [("w", "Witney")]),
        Filter("organisation", "Provider", "line", is_for_council=True),
        Filter("summary", "Summary", "tick"),
    ),
    columns=(
        Column("town", "Town", is_group=True),
        Column("client", "Client"),
        Column("day", "Day", "day"),
        Column("hours", "Comm.", "hours", "Quantity"),
        Column("amount", "Value", "money", "Cost", nothing="none"),
    ),
    summed_by=("town",),
    summary=(Column("town", "Town"), Column("lines", "Lines", "count"), Column("amount", "Value", "money")),
    lines=lines,
    place=(int,),
    headings=(lambda row: row["town"],),
    notes=("A note.",),
)


def test_a_spreadsheet_runs_no_cell_of_a_report_and_numbers_stay_numbers() -> None:
    content = "".join(csv_of(REPORT, {}, parts_of(REPORT, PROVIDER, {})))
    headings, *rows = list(csv.reader(io.StringIO(content, newline="")))
    assert headings == ["Town", "Client", "Day", "Quantity Comm.", "Cost Value"]
    assert rows[1:] == [
        ["Bampton", "A2", "2022-10-03", "-0.95", "-22.06"],
        ["Witney", "'=1+1", "2022-10-04", "1.00", "23.23"],
    ]


def test_a_pdf_says_what_limits_it_and_has_groups_notes_and_sums() -> None:
    asked = read(REPORT, {"day": "3/10/2022", "town": "w"}, PROVIDER)
    (page,) = pages_of(pdf_of(REPORT, asked.values, ROWS, limits=asked.in_words, sums=[("In all", "72.01")]))
    for words in (
        "Towns & villages",
        "Day: 3 Oct 2022; Town: Witney",
        "Bampton",
        "=1+1",
        "−£22.06",
        "−0.95",
        "A note.",
    ):
        assert words in page
    assert "In all: £72.01" in page
    assert "Page 1 of 1" in page
    assert page.index("Quantity") < page.index("Comm.") < page.index("Bampton") < page.rindex("Witney")


def test_a_long_pdf_has_its_headings_on_every_page_and_numbers_them() -> None:
    rows = [ROWS[0] | {"client": f"A{number}"} for number in range(900)]
    pages = pages_of(pdf_of(REPORT, {}, rows))
    assert len(pages) > 10
    for number, page in enumerate(pages, 1):
        assert "Comm." in page, number
        assert f"Page {number} of {len(pages)}" in page
    assert "A0" in pages[0].split("\n")
    assert "A899" in pages[-1].split("\n")


def test_names_keep_their_letters() -> None:
    rows = [ROWS[0] | {"client": "Łukasz Nguyễn-Müller"}]
    (page,) = pages_of(pdf_of(REPORT, {}, rows))
    assert "Łukasz Nguyễn-Müller" in page.replace("\n", " ")


def test_an_empty_report_is_a_pdf_that_says_so() -> None:
    (page,) = pages_of(pdf_of(REPORT, {}, []))
    assert "There is nothing to show." in page


def test_a_heading_is_said_when_it_or_a_wider_one_changes() -> None:
    rows = [{"a": a, "b": b} for a, b in ("xy", "xy", "xz", "wz")]
    found = grouped(rows, (lambda row: row["a"], lambda row: row["b"]))
    assert [(group.headings, len(group.rows)) for group in found] == [
        ([(0, "x"), (1, "y")], 2),
        ([(1, "z")], 1),
        ([(0, "w"), (1, "z")], 1),
    ]
    assert [len(group.rows) for group in grouped(rows, ())] == [4]


def test_a_summary_is_one_part_of_exact_sums() -> None:
    rows, place = part_of(REPORT, PROVIDER, {"summary": True}, None, 1)
    assert place is None
    assert rows == [
        {"town": "Bampton", "lines": 2, "amount": "48.78"},
        {"town": "Witney", "lines": 1, "amount": "23.23"},
    ]
    assert summed([], ("town",)) == []


def test_bands_stand_above_their_columns() -> None:
    assert bands(REPORT.shown_columns({})) == [("", 2), ("Quantity", 1), ("Cost", 1)]
    assert bands(REPORT.summary) == []


def test_what_is_too_long_for_a_pdf_is_refused_before_it_is_made() -> None:
    def endless(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
        return Lines([ROWS[0]] * limit, [0])

    with pytest.raises(Refused, match="too long for a PDF"):
        lines_for_pdf(Report(**(REPORT.__dict__ | {"lines": endless})), PROVIDER, {})
    assert REPORT.most_in_a_pdf == 3000


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"day": "31/02/2022"}, "day", "Day must be a date from 2000 to 2099, such as 2022-10-03"),
        ({"day": "1/1/0001"}, "day", "Day must be a date from 2000 to 2099, such as 2022-10-03"),
        ({"town": "x"}, "town", "Town: choose one of the list"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    given: dict[str, str], field: str, sentence: str
) -> None:
    asked = read(REPORT, given, PROVIDER)
    assert asked.problems == {field: sentence}
    assert asked.query == given


def test_a_provider_is_not_offered_the_councils_filters() -> None:
    assert "organisation" not in {one.name for one in read(REPORT, {}, PROVIDER).filters}
    council = read(REPORT, {"organisation": "Diamond", "summary": "y"}, COUNCIL)
    assert council.in_words == [("Provider", "Diamond"), ("Summary", "Yes")]


def test_hours_of_weeks_are_a_picture_with_their_sums_in_words_and_a_table() -> None:
    def week(monday: str, planned: str, delivered: str) -> HoursOfWeek:
        return {"monday": monday, "commissioned": planned, "delivered": delivered, "frustrated": "1"}

    found = weekly_hours([week("2022-10-03", "100", "50"), week("2022-10-10", "80", "80")])
    assert found is not None
    assert [group.label for group in found.picture.groups] == ["3 Oct", "10 Oct"]
    assert [bar.height for bar in found.picture.groups[0].bars] == [200, 100]
    assert (
        found.picture.in_words
        == "In 2 weeks, 180.00 hours were planned and 130.00 delivered. The table has each week’s hours."
    )
    assert [one.difference for one in found.weeks] == [-49, 1]
    assert weekly_hours([]) is None
