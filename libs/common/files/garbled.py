"""Text that another program read in the wrong encoding (RULES 3): ``ZoÃ«``, or ``Zo`` and a black diamond. Pure."""

import re
from collections.abc import Iterable, Sequence

from libs.common.files.warnings import FileWarning

_NOT_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
_FIRST_BYTES = frozenset((0xC2, 0xC3, 0xC4, 0xC5, 0xE1, 0xE2, 0xF0))
"""Of the letters of English and Welsh, of punctuation and emoji; others, as É», are text that people write."""
_LOST = "\ufffd"
"""What stands for bytes of Windows-1252 that were read as UTF-8."""


def warnings_of(rows: Iterable[tuple[int, Sequence[str]]]) -> list[FileWarning]:
    """The warning ``garbled``, if any row (number, cells) has such text."""
    number, first = 0, (0, "")
    for row, values in rows:
        text = "\n".join(values)
        if not text.isascii() and (word := garbled_word(text)):
            first = first if number else (row, word)
            number += 1
    if not number:
        return []
    row, word = first
    count = "One row has" if number == 1 else f"{number:,} rows have"
    sentence = (
        f"{count} text whose accents were garbled by another program, such as “{word}” in row {row}: export the file"
        " again as CSV UTF-8."
    )
    return [FileWarning("garbled", number, row, sentence)]


def garbled_word(text: str) -> str:
    """The first word of a text that another program garbled, '' when there is none."""
    place = text.find(_LOST)
    if place < 0:
        runs = _NOT_ASCII.finditer(text)
        place = next((run.start() for run in runs if _is_utf_8_read_wrongly(run[0])), -1)
    if place < 0:
        return ""
    start = place
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    return text[start:].split(maxsplit=1)[0][:40]


def _is_utf_8_read_wrongly(run: str) -> bool:
    """Whether these characters, as the bytes of Windows-1252, hold a character of UTF-8."""
    content = b"".join(map(_byte_of, run))
    return any(byte in _FIRST_BYTES and _begins_character(content[at:]) for at, byte in enumerate(content))


def _byte_of(character: str) -> bytes:
    """The byte that Windows-1252 reads as this character; a plain 'x' for one that it has not."""
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1") if ord(character) < 0xA0 else b"x"


def _begins_character(content: bytes) -> bool:
    length = 2 if content[0] < 0xE0 else 3 if content[0] < 0xF0 else 4
    try:
        content[:length].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
