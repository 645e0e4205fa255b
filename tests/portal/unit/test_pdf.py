"""The one way of making PDF text: letters, breaking cells, numbered pages (RULES 15)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.portal.web.pdf.layout import ACROSS, make_pdf
from services.portal.web.pdf.tables import cell_of, table
from services.portal.web.pdf.texts import BODY, CELL_HEADING, paragraph, printable
from tests.support.portal.pdf_text import pages_of, pdf_text

NAMES = (
    "Zażółć gęślą jaźń",
    "O’Brien & Söhne <b>",
    "Nguyễn Thị Hồng",
    "Ἀλέξανδρος Παπαδόπουλος",
    "Ольга Щербаківна",
    "Şükrü Çağlayan Ğ",
    "Þórður Æsir Ő Ű",
    "Հայկ გიორგი",
)


def a_document(*names: str) -> bytes:
    return make_pdf([paragraph(name, BODY) for name in names], title=f"Names: {names[0]}")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_keeps_its_letters(name: str) -> None:
    assert pdf_text(a_document(name)).replace("\n", "").startswith(name)


def test_a_letter_and_its_mark_written_apart_are_one_letter() -> None:
    assert printable("Lo\u0301pez z\u0307") == "López ż"


def test_what_the_font_lacks_is_its_plain_letter_or_a_question_mark() -> None:
    assert printable("王 ﷺ 😀 𝐀") == "? ص ? A"


def test_the_same_contents_are_the_same_bytes() -> None:
    assert a_document(*NAMES) == a_document(*NAMES)


def test_documents_made_at_once_have_letters_of_their_own() -> None:
    """A font is one object for the whole process."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(a_document, NAMES * 4))
    assert made == [a_document(name) for name in NAMES * 4]


def test_pages_are_numbered_and_later_ones_begin_with_the_head() -> None:
    def row(text: str) -> list[list[Any]]:
        return [[paragraph(text, CELL_HEADING), "7.00"]]

    head = table(row("Client"), [200, 60], [1])
    lines = [table(row(f"Client {n}"), [200, 60], [1]) for n in range(150)]
    pages = pages_of(make_pdf([head, *lines], title="Clients", page=ACROSS, head=head))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert page.splitlines().count("Client") == 1
        assert f"Page {number} of {len(pages)}" in page


def test_a_long_cell_breaks_where_it_must_and_a_number_never_does() -> None:
    long = "Client contribution collected by the provider for the weeks of October"
    rows = [[cell_of(long), cell_of("−£1,234,567,890.00", is_number=True)]]
    (page,) = pages_of(make_pdf([table(rows, [80, 60], [1])], title="A row"))
    assert long not in page.splitlines()
    assert long in " ".join(page.splitlines())
    assert "−£1,234,567,890.00" in page.splitlines()
