"""What spreadsheets and joins do to a file is read where it is sure, and named where it is not (RULES 19)."""

import pytest

from services.ingest.carers.steps import check_carers
from services.ingest.rows.headings import COMMENTS, HEADINGS, VISIT_REF
from services.ingest.rows.reading import (
    FileRefused,
    RawFile,
    headings_again,
    read_carers_csv,
    read_visits_csv,
)
from services.portal.visits.client_lists.views import identifiers_in_file
from tests.support.builders.visit_files import a_file, a_row

GOOD = a_file(a_row())
HEADER, ROW = GOOD.split("\r\n")[:2]
BOM = "\ufeff"


def read(content: str | bytes) -> RawFile:
    return read_visits_csv(content.encode() if isinstance(content, str) else content)


def refusal(content: str | bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(content)
    return refused.value


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BOM * 2 + GOOD, id="two marks"),
        pytest.param(BOM * 3 + GOOD, id="three marks"),
        pytest.param("ï»¿" + GOOD, id="a garbled mark"),
        pytest.param(BOM + "\u200b" + GOOD, id="another invisible mark"),
        pytest.param("sep=,\r\n" + GOOD, id="a line for spreadsheets"),
        pytest.param(BOM + '"sep=,"\r\n' + GOOD, id="that line with marks"),
        pytest.param("SEP=,,,,\r\n" + GOOD, id="that line saved by a spreadsheet"),
        pytest.param("sep=;\r\n" + GOOD.replace(",", ";"), id="semicolons below it"),
        pytest.param("sep=;\r\n" + GOOD, id="commas below one that says semicolons"),
        pytest.param(GOOD.replace(",", ";"), id="semicolons"),
        pytest.param(GOOD.replace(",", "\t"), id="tabs"),
        pytest.param(GOOD.replace(",", "|"), id="vertical bars"),
        pytest.param("sep=\t\n" + GOOD.replace(",", "\t"), id="tabs below a line for spreadsheets"),
        pytest.param(GOOD.replace("\r\n", ",,,\r\n"), id="empty columns at the end"),
        pytest.param(GOOD + "\r\n,,,\r\n \r\n" + "," * 30 + "\r\n", id="empty lines at the end"),
        pytest.param(HEADER.lower() + "\r\n" + ROW, id="headings in lower case"),
        pytest.param(HEADER.upper().replace(",", " , ") + "\r\n" + ROW, id="in upper case with spaces"),
        pytest.param(HEADER.replace("VisitRef", "Visit\u00a0ref") + "\r\n" + ROW, id="a wide space inside"),
        pytest.param(
            ",".join(f"“{cell}”" for cell in HEADINGS)
            + "\r\n"
            + ",".join(f"“{cell}”" for cell in ROW.split(",")),
            id="curly quotation marks around every cell",
        ),
        pytest.param(
            ", ".join(f'"{cell}" ' for cell in HEADINGS) + "\r\n" + ROW, id="spaces at quotation marks"
        ),
    ],
)
def test_a_file_that_is_sure_is_read_as_if_it_were_plain(content: str) -> None:
    raw = read(content)
    assert raw.rows == [(raw.rows[0][0], a_row())]
    assert raw.warnings == []


def test_a_line_for_spreadsheets_is_not_counted_as_they_do_not_show_it() -> None:
    assert [number for number, _ in read("sep=,\r\n" + GOOD).rows] == [2]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (', "no answer, rang twice",', "no answer, rang twice"),
        (',\t"no answer, rang twice",', "no answer, rang twice"),
        (',\u00a0"no answer, rang twice",', "no answer, rang twice"),
        (',"no answer, rang twice" ,', "no answer, rang twice"),
        (', "she said ""no"", twice" ,', 'she said "no", twice'),
        (',"a, ""b"", c",', 'a, "b", c'),
        (', "Mum" was in,', ' "Mum" was in'),
        (",“no answer, rang twice”,", "no answer, rang twice"),
        (", “one, two, three” ,", "one, two, three"),
        (",she said “no” twice,", "she said “no” twice"),
        (",“no”,", "“no”"),
    ],
)
def test_a_comment_with_marks_around_it_is_read(written: str, read_as: str) -> None:
    cells = ROW.split(",")
    before = ",".join(cells[:COMMENTS])
    after = ",".join(cells[COMMENTS + 1 :])
    ((_, values),) = read(f"{HEADER}\r\n{before}{written}{after}\r\n").rows
    assert values[COMMENTS] == read_as
    assert len(values) == len(HEADINGS)


def test_curly_marks_in_a_semicolon_file_keep_its_semicolons() -> None:
    cells = list(a_row(Comments="“one; two”"))
    content = HEADER.replace(",", ";") + "\r\n" + ";".join(cells)
    assert read(content).rows == [(2, a_row(Comments="one; two"))]


def test_curly_marks_that_end_nowhere_leave_the_row_shifted() -> None:
    cells = list(a_row(Comments="“one, two"))
    ((_, values),) = read(HEADER + "\r\n" + ",".join(cells) + "x").rows
    assert len(values) == len(HEADINGS) + 1


@pytest.mark.parametrize("again", [HEADER, BOM + HEADER, HEADER.lower(), " " + HEADER + ",,"])
def test_headings_once_more_are_no_row(again: str) -> None:
    raw = read(f"{GOOD}{again}\r\n{ROW}")
    assert [number for number, _ in raw.rows] == [2, 4]
    assert (raw.headings_again, raw.count) == ([3], 3)
    (error,) = headings_again(raw)
    assert (error.row, error.code) == (3, "headings_again")


def test_headings_in_another_order_further_down_refuse_the_file() -> None:
    other = ",".join(HEADINGS[::-1])
    refused = refusal(f"{GOOD}{other}\r\n")
    assert refused.code == "other_headings"
    assert refused.message.startswith("Row 3 holds headings again")


def test_a_row_with_one_cell_that_is_a_heading_is_a_row() -> None:
    raw = read(f"{HEADER}\r\nComments,,,,\r\n")
    assert (raw.rows[0][1][VISIT_REF], raw.headings_again) == ("Comments", [])


def test_lines_of_two_encodings_are_read_each_in_its_own_and_warned_of() -> None:
    first, second = a_row(VisitRef="V1", Comments="Zoë Ŵyn"), a_row(VisitRef="V2", Comments="Zoë – £5")
    content = a_file(first).encode() + a_file(headings=second).encode("cp1252")
    for marked in (content, b"\xef\xbb\xbf" + content):
        raw = read(marked)
        assert [values[COMMENTS] for _, values in raw.rows] == ["Zoë Ŵyn", "Zoë – £5"]
        assert [(one.code, one.rows, one.row) for one in raw.warnings] == [("mixed_encodings", None, None)]


def test_a_damaged_file_that_is_marked_as_utf_8_is_no_mixture() -> None:
    refused = refusal(BOM.encode() + GOOD.encode() + b"\xe9")
    assert "marked as UTF-8, but line 3 holds the byte E9" in refused.message


@pytest.mark.parametrize(
    ("comment", "word"),
    [
        ("with ZoÃ« today", "ZoÃ«"),
        ("itâ€™s fine", "itâ€™s"),
        ("Â£5", "Â£5"),
        ("CafÃ© closed", "CafÃ©"),
        ("Zo\ufffd", "Zo\ufffd"),
        ("ðŸ˜€", "ðŸ˜€"),
    ],
)
def test_garbled_text_is_warned_of_with_its_rows(comment: str, word: str) -> None:
    raw = read(a_file(a_row(), a_row(Comments=comment), a_row(Comments=comment)))
    (found,) = raw.warnings
    assert (found.code, found.rows, found.row) == ("garbled", 2, 3)
    assert f"“{word}” in row 3" in found.message


@pytest.mark.parametrize(
    "comment",
    [
        "Zoë Ŵyn",
        "£5 – O’Brien’s “ok”",
        "éé",
        "«É» naïve–“x”",
        "Siân Llŷr-Tŷ",
        "👩🏽‍⚕️ 😀",
        "São João",
        "§§ ©®",
        "…",
    ],
)
def test_text_that_people_write_is_not_garbled(comment: str) -> None:
    assert read(a_file(a_row(Comments=comment))).warnings == []


def test_a_carers_file_goes_the_same_way() -> None:
    raw = read_carers_csv(
        "sep=;\r\nSURNAME;carer ref;Forename\r\nTŷ;C1;Siân\r\nSurname;CarerRef;Forename\r\n".encode()
    )
    assert raw.rows == [(2, ("C1", "Siân", "Tŷ"))]
    assert [error.row for error in headings_again(raw)] == [3]
    assert list(check_carers(raw.rows).accepted) == ["C1"]


def test_a_client_list_goes_the_same_way() -> None:
    assert identifiers_in_file((BOM * 2 + "sep=;\r\nName;ssref\r\nAnn;C1\r\n").encode()) == ["C1"]
    assert identifiers_in_file(b"C1,Ann\nC2,Bo\n") == ["C1", "C2"]
