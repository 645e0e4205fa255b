"""The text that a PDF of ours shows, line by line: its pages are deflated streams of plain strings."""

from __future__ import annotations

import base64
import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SHOWN = re.compile(rb"\(((?:\\.|[^\\()])*)\)\s*Tj")
_ESCAPED = re.compile(rb"\\(\d{3}|.)")


def pdf_text(content: bytes) -> str:
    """All strings that the pages show, one a line."""
    found = []
    for stream in _STREAM.findall(content):
        try:
            page = zlib.decompress(base64.a85decode(b"<~" + stream.strip(), adobe=True))
        except (ValueError, zlib.error):
            continue  # a font or a picture
        found += [_ESCAPED.sub(_plain, shown).decode("cp1252") for shown in _SHOWN.findall(page)]
    return "\n".join(found)


def _plain(escaped: re.Match[bytes]) -> bytes:
    code = escaped[1]
    return bytes([int(code, 8)]) if code.isdigit() else code
