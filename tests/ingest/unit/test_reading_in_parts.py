"""A file that is read part by part gives what it gives as a whole, refusals too (decision 41)."""

from __future__ import annotations

import codecs
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.files import csv_text, decoding
from services.ingest.rows.reading import FileRefused, read_visits_csv
from tests.support.builders.visit_files import a_file, a_row

ROWS = a_file(a_row(Comments="Zoë – “£5”, O’Brien 🙂"), a_row(VisitRef="V2", Comments="ZoÃ«\r\nsaid"))
PLAIN = a_file(a_row(), a_row(VisitRef="V2"))
WELSH = a_file(a_row(Comments="Zoë £5"))
CONTENTS = {
    "utf-8": ROWS.encode(),
    "marked": codecs.BOM_UTF8 + ROWS.encode(),
    "marked twice": codecs.BOM_UTF8 * 2 + ROWS.encode(),
    "cp1252": WELSH.encode("cp1252"),
    "both": (WELSH + WELSH.partition("\n")[2].replace("V1", "V2")).encode()
    + a_file(a_row(Comments="Zoë")).partition("\n")[2].encode("cp1252"),
    "old Macs": ROWS.replace("\r\n", "\r").encode(),
    "separator": ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
    "spaces at quotes": PLAIN.replace(",", ' , "a ""b"" , c" ,', 3).encode(),
    "neither": b"VisitRef\r\n\xc3\x28\r\n\x81",
    "marked and damaged": codecs.BOM_UTF8 + ROWS.encode()[:-3] + b"\xff\xff",
    "cut inside a letter": PLAIN.encode() + "é".encode()[:1],
    "zero bytes": PLAIN.encode() + b"\n\0",
    "utf-16": PLAIN.encode("utf-16"),
    "utf-16 without a mark": PLAIN.encode("utf-16-le"),
    "a workbook": b"PK\x03\x04" + b" " * 30 + b"xl/sheet",
    "another zip file": b"PK\x03\x04" + b" " * 30,
    "blank": b" \r\n" * 20,
    "marks alone": codecs.BOM_UTF8 * 3,
    "nothing": b"",
    "an open quote": PLAIN.encode() + b'"V3',
    "a stray quote": PLAIN.encode() + b'"V3"4,',
}


def read(content: bytes) -> Any:
    """What reading gives, or why it gives nothing."""
    try:
        raw = read_visits_csv(io.BytesIO(content))
    except FileRefused as refused:
        return refused.code, refused.message
    return list(raw.rows), raw.header, raw.warnings, raw.encoding, raw.headings_again


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("size", [1, 2, 7])
def test_parts_of_any_size_give_what_the_whole_gives(
    name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read(CONTENTS[name])
    monkeypatch.setattr(decoding, "PART_BYTES", size)
    assert read(CONTENTS[name]) == whole


def test_text_of_every_encoding_is_read() -> None:
    encodings = {
        name: read(CONTENTS[name])[3] for name in ("utf-8", "marked", "marked twice", "cp1252", "both")
    }
    assert list(encodings.values()) == ["utf-8", "utf-8-sig", "utf-8-sig", "cp1252", decoding.MIXED]


CELLS = st.one_of(
    st.text("ab “", max_size=6),
    st.builds(
        '{}"{}"{}'.format,
        st.sampled_from(["", " ", "\t "]),
        st.text('ab, \n"', max_size=6).map(lambda text: text.replace('"', '""')),
        st.sampled_from(["", " ", "\u00a0"]),
    ),
)
TEXTS = st.lists(st.tuples(CELLS, st.sampled_from([",", ",", "\n", "\r\n"])).map("".join), max_size=40).map(
    "".join
)


@given(TEXTS, st.integers(1, 40))
def test_spaces_at_quotes_go_in_parts_as_in_the_whole(text: str, size: int) -> None:
    whole = "".join(csv_text._without_spaces_at_quotes(iter((text,)), ","))
    parts = (text[at : at + size] for at in range(0, len(text), size))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_text, "LONGEST_RECORD", 40)
        assert "".join(csv_text._without_spaces_at_quotes(parts, ",")) == whole


@given(st.text("ab,\r\n", max_size=60), st.integers(1, 20))
def test_lines_are_cut_in_parts_as_in_the_whole(text: str, size: int) -> None:
    parts = (text[at : at + size] for at in range(0, len(text), size))
    assert list(csv_text._Lines(parts, ",")) == list(io.StringIO(text, newline=""))


@pytest.mark.parametrize("filling", ["x", ","])
def test_a_line_without_an_end_is_refused_before_all_of_it_is_read(filling: str) -> None:
    taken = 0

    def parts() -> Any:
        nonlocal taken
        yield PLAIN
        for _ in range(100):
            taken += 1
            yield filling * 1_000_000

    records, _ = csv_text.records_of(parts(), ("VisitRef",))
    with pytest.raises(FileRefused):
        list(records)
    assert taken < 20
