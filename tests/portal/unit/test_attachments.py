"""Which files may be attached: judged by their content."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.casework.cases.rules import LONGEST_NAME, MOST_BYTES, fault_of, plain_name, type_of

PDF = b"%PDF-1.7\n..."
PNG = b"\x89PNG\r\n\x1a\n..."


def an_archive(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(
                zipfile.ZipInfo(name), "x"
            )  # else it holds the time, and each worker has other tests
    return kept.getvalue()


WORD = an_archive("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("letter.pdf", PDF, "application/pdf"),
        ("LETTER.PDF", PDF, "application/pdf"),
        ("photo.png", PNG, "image/png"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0...", "image/jpeg"),
        ("note.txt", "Eifion Siân".encode(), "text/plain"),
        ("note.csv", "café".encode("cp1252"), "text/csv"),
        (
            "letter.docx",
            WORD,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "sums.xlsx",
            an_archive("xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_these_are_attached(name: str, content: bytes, media_type: str) -> None:
    assert type_of(name, content) == media_type
    assert fault_of(name, content) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.png", PDF),
        ("letter.pdf", PNG),
        ("letter.pdf", b"MZ\x90\x00 a program"),
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg onload='alert(1)'/>"),
        ("letter.docm", an_archive("word/document.xml", "word/vbaProject.bin")),
        ("letter.docx", an_archive("word/document.xml", "word/vbaProject.bin")),
        ("letter.docx", an_archive("anything.txt")),
        ("letter.docx", b"PK\x03\x04 cut off"),
        ("sums.xlsx", WORD),
        ("note.txt", b"zeroes \0\0\0 within"),
        ("note.txt", PNG),
        ("note", b"no ending"),
        ("empty.txt", b""),
    ],
)
def test_these_are_refused_with_a_sentence_that_names_the_file(name: str, content: bytes) -> None:
    fault = fault_of(name, content)
    assert fault is not None
    assert name in fault


def test_what_is_too_large_is_refused() -> None:
    assert "larger than 10 MB" in str(fault_of("letter.pdf", PDF + bytes(MOST_BYTES)))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\jo\\letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ('a"b<c>.txt', "a b c .txt"),
        ("two\r\nlines.txt", "two lines.txt"),
        ("", "file"),
        ("..", "file"),
    ],
)
def test_a_name_is_kept_without_what_would_do_harm(sent: str, kept: str) -> None:
    assert plain_name(sent) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_a_short_plain_one(sent: str) -> None:
    kept = plain_name(sent)
    assert 0 < len(kept) <= LONGEST_NAME
    assert not set(kept) & set('/\\"<>|\r\n\0')
