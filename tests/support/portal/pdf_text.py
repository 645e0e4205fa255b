"""The text of a PDF that reportlab made: its pages are compressed, and set in parts of fonts with numbers of their own."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator, Mapping

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_NAME = re.compile(rb"/Name /(\S+)")
_LETTERS = re.compile(rb"/ToUnicode (\d+) 0 R")
_LETTER = re.compile(rb"^<(\w{2})> <(\w{4})>$", re.MULTILINE)
_SET = re.compile(rb"/(\S+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\)\s*Tj", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

Letters = Mapping[int, str]
"""What the numbers of a part of a font stand for."""


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, a line for each piece that was set."""
    assert pdf.startswith(b"%PDF-")
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {
        name[1]: _letters(_content(objects[int(letters[1])]) or b"")
        for body in objects.values()
        if (name := _NAME.search(body)) and (letters := _LETTERS.search(body))
    }
    contents = (_content(body) for body in objects.values())
    return ["\n".join(_pieces(content, fonts)) for content in contents if content and b" Tj" in content]


def pdf_text(pdf: bytes) -> str:
    """The text of all pages."""
    return "\n".join(pages_of(pdf))


def _content(body: bytes) -> bytes | None:
    """What a stream holds; None where there is none that can be read."""
    found = _STREAM.search(body)
    if found is None or b"/FlateDecode" not in body:
        return None
    packed = found[1].strip()
    if b"/ASCII85Decode" in body:
        packed = base64.a85decode(packed.removesuffix(b"~>"), adobe=False)
    return zlib.decompress(packed)


def _letters(table: bytes) -> Letters:
    """The table that a part of a font has for whoever copies text."""
    return {int(code, 16): chr(int(letter, 16)) for code, letter in _LETTER.findall(table)}


def _pieces(content: bytes, fonts: Mapping[bytes, Letters]) -> Iterator[str]:
    """Pieces in the order in which they are set; a font without a table is one of the standard ones."""
    font: Letters | None = None
    for name, shown in _SET.findall(content):
        if name:
            font = fonts.get(name)
        else:
            codes = _ESCAPED.sub(_unescaped, shown)
            yield codes.decode("cp1252") if font is None else "".join(map(font.__getitem__, codes))


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1].isdigit():
        return bytes([int(found[1], 8)])
    return _CONTROL.get(found[1], found[1])
