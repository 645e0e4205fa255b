"""What a visits file's bytes may be, which are refused, and how rows are numbered (RULES 3)."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.rows.headings import COMMENTS, HEADINGS, SSREF, VISIT_REF
from services.ingest.rows.reading import FileRefused, read_carers_csv, read_visits_csv
from tests.support.builders.visit_files import a_file, a_row

GOOD = a_file(a_row())


def refusal(content: bytes | str, **limits: int) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read_visits_csv(content.encode() if isinstance(content, str) else content, **limits)
    assert refused.value.message.endswith(".")
    assert "\n" not in refused.value.message
    return refused.value


def headings_but(**renamed: str) -> list[str]:
    return [renamed.get(heading, heading) for heading in HEADINGS]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        pytest.param(b"", "empty_file", "empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf\r\n \r\n", "empty_file", "empty", id="a BOM and blank lines"),
        pytest.param("\u00a0\n", "empty_file", "no text", id="spaces of another kind"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "not_csv", "a PNG image", id="PNG"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", "not_csv", "a JPEG image", id="JPEG"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "not_csv", "a PDF document", id="PDF"),
        pytest.param(
            b"PK\x03\x04\x14\x00..xl/workbook.xml", "not_csv", "an Excel workbook (.xlsx)", id="xlsx"
        ),
        pytest.param(b"PK\x03\x04\x14\x00..word/document.xml", "not_csv", "a zip file", id="zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_csv", "an Excel workbook (.xls)", id="xls"),
        pytest.param(
            GOOD.replace("A123456", "A12\x00456"), "not_csv", "NUL bytes (the first on line 2)", id="NUL"
        ),
        pytest.param(GOOD.encode("utf-16"), "encoding", "CSV UTF-8", id="UTF-16 with BOM"),
        pytest.param(GOOD.encode("utf-16-le"), "encoding", "UTF-16", id="UTF-16 LE without BOM"),
        pytest.param(GOOD.encode("utf-16-be"), "encoding", "UTF-16", id="UTF-16 BE without BOM"),
        pytest.param(GOOD.encode("utf-32"), "encoding", "UTF-16", id="UTF-32"),
        pytest.param(GOOD.encode() + b"\x81", "encoding", "line 3 holds the byte 81", id="neither encoding"),
        pytest.param(
            b"\xef\xbb\xbf" + GOOD.encode() + b"\xe9", "encoding", "byte E9", id="BOM but not UTF-8"
        ),
        pytest.param(a_file(), "no_rows", "no visits below", id="header alone"),
        pytest.param(
            a_file() + "\r\n,,,\r\n  \r\n", "no_rows", "no visits below", id="header and blank lines"
        ),
        pytest.param(GOOD.partition("\r\n")[2], "no_header", "V1, , 01/08/2022", id="no header row"),
        pytest.param("hello\nworld\n", "no_header", "'hello'", id="a text file"),
        pytest.param(GOOD + 'V2,"0', "cut_quote", "starts in row 3", id="cut in a quoted field"),
        pytest.param(a_file(a_row(Comments="a\r\nb")) + '\r\n"V2', "cut_quote", "row 4", id="cut later"),
        pytest.param('"VisitRef,Deleted\r\nV1,0', "cut_quote", "row 1", id="cut in the header"),
        pytest.param(GOOD + 'V2,"he said "no" to me",', "stray_quote", "Row 3", id="a stray quotation mark"),
    ],
)
def test_a_file_is_refused_with_a_sentence_that_says_what_it_is(
    content: bytes | str, code: str, said: str
) -> None:
    refused = refusal(content)
    assert (refused.code, said in refused.message) == (code, True), refused.message


def test_every_missing_heading_is_named() -> None:
    for heading in HEADINGS:
        refused = refusal(a_file(a_row(), headings=headings_but(**{heading: "Other"})))
        assert refused.code == "missing_heading"
        assert f"The heading {heading} is missing:" in refused.message
    both = refusal(a_file(a_row(), headings=headings_but(SSRef="a", Comments="b")))
    assert "The headings Comments and SSRef are missing" in both.message


@pytest.mark.parametrize("there", ["VISIT_REF", "Visit-Ref"])
def test_a_heading_with_another_sign_is_refused_with_a_hint(there: str) -> None:
    refused = refusal(a_file(a_row(), headings=headings_but(VisitRef=there)))
    assert refused.code == "missing_heading"
    assert "must be written VisitRef)" in refused.message


def test_a_heading_twice_is_refused() -> None:
    refused = refusal(a_file((*a_row(), "x"), headings=(*HEADINGS, "Comments")))
    assert (refused.code, "Comments is there more than once" in refused.message) == (
        "duplicate_heading",
        True,
    )


def test_a_file_over_a_limit_is_refused() -> None:
    refused = refusal(GOOD, max_bytes=100)
    assert (refused.code, "MB" in refused.message) == ("too_large", True)
    many = a_file(*[a_row(VisitRef=f"V{number}") for number in range(4)])
    refused = refusal(many, max_rows=3)
    assert (refused.code, "more than 3 rows" in refused.message) == ("too_many_rows", True)
    assert len(read_visits_csv(many.encode(), max_rows=4).rows) == 4


def test_six_hundred_thousand_rows_are_refused() -> None:
    content = (a_file() + "V,,,,,,,,,,,,,,,,,,,,,,,,\r\n" * 600_000).encode()
    assert refusal(content).code == "too_many_rows"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_of_unix_windows_and_old_macs_are_read(line_end: str) -> None:
    comment = "one\rtwo\nthree\r\nfour"
    content = a_file(a_row(VisitRef="V1", Comments=comment), a_row(VisitRef="V2"), line_end=line_end)
    rows = read_visits_csv(content.encode()).rows
    assert [(number, values[VISIT_REF]) for number, values in rows] == [(2, "V1"), (3, "V2")]
    assert rows[0][1][COMMENTS] == comment


@pytest.mark.parametrize("name", ["Siân Tŷ Ŵyn", "Zoë 👩🏽‍⚕️", "O’Brien"])
def test_names_in_welsh_and_emoji_are_read_from_utf_8(name: str) -> None:
    content = a_file(a_row(Comments=name))
    for encoding, read_as in (("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig")):
        raw = read_visits_csv(content.encode(encoding))
        assert (raw.encoding, raw.rows[0][1][COMMENTS]) == (read_as, name)


def test_windows_1252_is_read() -> None:
    raw = read_visits_csv(a_file(a_row(Comments="Zoë – £5, O’Brien")).encode("cp1252"))
    assert (raw.encoding, raw.rows[0][1][COMMENTS]) == ("cp1252", "Zoë – £5, O’Brien")


def test_columns_may_stand_in_any_order() -> None:
    content = a_file(a_row()[::-1], headings=HEADINGS[::-1])
    assert read_visits_csv(content.encode()).rows == [(2, a_row())]


def test_headings_may_have_spaces_around_them_and_quotation_marks() -> None:
    content = a_file(a_row(), headings=[f" {heading} " for heading in HEADINGS]).replace(
        " VisitRef ", '"VisitRef"'
    )
    assert read_visits_csv(content.encode()).rows == [(2, a_row())]


def test_extra_columns_are_ignored_with_a_warning_that_names_them() -> None:
    raw = read_visits_csv(
        a_file((*a_row(), "x", "", "y"), headings=(*HEADINGS, "Notes", "", "Team")).encode()
    )
    assert raw.rows == [(2, a_row())]
    assert [(warning.code, warning.message) for warning in raw.warnings] == [
        ("extra_columns", "The extra columns 'Notes' and 'Team' are ignored."),
        ("unnamed_columns", "Column 27 is ignored, having no heading."),
    ]
    assert read_visits_csv(GOOD.encode()).warnings == []


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    first = a_file(a_row(VisitRef="V1", Comments="two\nlines"))
    later = a_file(a_row(VisitRef="V2"), headings=["" for _ in HEADINGS])
    raw = read_visits_csv(
        (first + "\r\n" + later + "   \r\n" + a_file(headings=a_row(VisitRef="V3"))).encode()
    )
    # Row 3 is blank, row 4 is commas alone, row 6 is spaces.
    assert [(number, values[VISIT_REF]) for number, values in raw.rows] == [(2, "V1"), (5, "V2"), (7, "V3")]


def test_blank_lines_above_the_header_are_counted() -> None:
    assert read_visits_csv(("\r\n\r\n" + GOOD).encode()).rows == [(4, a_row())]


def test_a_row_with_too_few_cells_has_empty_ones_at_its_end() -> None:
    assert read_visits_csv((a_file() + "V1,0").encode()).rows == [(2, ("V1", "0", *[""] * 23))]


def test_cells_beyond_the_last_heading_are_carried_only_when_they_hold_text() -> None:
    assert read_visits_csv(a_file((*a_row(), "", " ")).encode()).rows == [(2, a_row())]
    assert read_visits_csv(a_file((*a_row(), "", "x", "y")).encode()).rows == [(2, (*a_row(), "x"))]


def test_a_cell_longer_than_the_csv_modules_own_limit_is_read() -> None:
    comment = "x" * 200_000
    assert read_visits_csv(a_file(a_row(Comments=comment)).encode()).rows[0][1][COMMENTS] == comment


def test_a_formula_in_a_comment_is_text() -> None:
    comment = '=HYPERLINK("http://example.org","x")'
    assert read_visits_csv(a_file(a_row(Comments=comment)).encode()).rows[0][1][COMMENTS] == comment


def test_an_apostrophe_before_a_sign_is_kept_in_a_file_that_is_no_download_of_rejected_rows() -> None:
    assert read_visits_csv(a_file(a_row(Comments="'=1")).encode()).rows[0][1][COMMENTS] == "'=1"


any_text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@given(any_text, any_text, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_any_text_survives_being_written_and_read(
    comment: str, ssref: str, line_end: str, encoding: str
) -> None:
    content = io.StringIO(newline="")
    writer = csv.writer(content, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADINGS, a_row(Comments=comment, SSRef=ssref)])
    ((number, values),) = read_visits_csv(content.getvalue().encode(encoding)).rows
    assert (number, values[COMMENTS], values[SSREF]) == (2, comment, ssref)


@given(st.binary(max_size=300) | any_text.map(lambda text: (GOOD + text).encode()))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read_visits_csv(content)
    except FileRefused as refused:
        said = (refused.code, refused.message)
    else:
        return
    assert all(said)


def test_a_carers_file_is_read_and_may_be_empty_below_its_headings() -> None:
    assert read_carers_csv(b"CarerRef,Forename,Surname\r\n").rows == []
    assert read_carers_csv("Surname,CarerRef,Forename\nTŷ,C1,Siân\n".encode()).rows == [
        (2, ("C1", "Siân", "Tŷ"))
    ]
    with pytest.raises(FileRefused, match="The heading CarerRef is missing"):
        read_carers_csv(b"Forename,Surname\r\n")
