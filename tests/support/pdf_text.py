"""The text of a PDF that reportlab made: its pages are compressed, and set in the standard fonts."""

from __future__ import annotations

import base64
import re
import zlib

_STREAM = re.compile(rb"/ASCII85Decode /FlateDecode.*?stream\r?\n(.*?)endstream", re.DOTALL)
_SHOWN = re.compile(rb"\(((?:\\.|[^\\()])*)\)\s*Tj")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, a line for each piece that was set."""
    assert pdf.startswith(b"%PDF-")
    streams = (zlib.decompress(base64.a85decode(found.strip(), adobe=False)) for found in _streams(pdf))
    return ["\n".join(map(_text, _SHOWN.findall(stream))) for stream in streams if b" Tj" in stream]


def pdf_text(pdf: bytes) -> str:
    """The text of all pages."""
    return "\n".join(pages_of(pdf))


def _streams(pdf: bytes) -> list[bytes]:
    return [found.strip().removesuffix(b"~>") for found in _STREAM.findall(pdf)]


def _text(shown: bytes) -> str:
    return _ESCAPED.sub(_unescaped, shown).decode("cp1252")


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)]) if found[1].isdigit() else found[1]
