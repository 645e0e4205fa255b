"""From the bytes of a file to its text, or a refusal that says what the file is instead (RULES 3)."""

import codecs
import io
import os
from collections.abc import Iterator
from typing import BinaryIO

from libs.common.files.objects import PART_BYTES

_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook (.xls)"),
    (b"{\\rtf", "a text document (.rtf)"),
    (b"\x1f\x8b", "a compressed file"),
)
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_UTF16_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MIXED = "utf-8 and cp1252"
_START = 200
_SAVE_AS = "open it in your spreadsheet program, save it as 'CSV UTF-8 (comma delimited)' and send that"


class FileRefused(Exception):
    """A whole file that can't be read. `message` is one plain sentence that says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Text:
    """The text of a file, to be gone through from its beginning as often as is wanted; a part is in memory."""

    def __init__(self, file: BinaryIO, begins: int, encoding: str) -> None:
        self._file, self._begins, self.encoding = file, begins, encoding
        """`utf-8`, `utf-8-sig` (with a BOM), `cp1252` or MIXED"""

    def parts(self) -> Iterator[str]:
        """The text part by part."""
        if self.encoding == MIXED:
            yield from (_of_lines(lines)[0] or "" for lines in _whole_lines(self._file, self._begins))
            return
        decoder = codecs.getincrementaldecoder("cp1252" if self.encoding == "cp1252" else "utf-8")()
        yield from map(decoder.decode, _parts(self._file, self._begins))


def decode(content: bytes, max_bytes: int) -> tuple[str, str]:
    """The text of a small file and the name of its encoding. Raises FileRefused."""
    text = text_of(io.BytesIO(content), max_bytes)
    return "".join(text.parts()), text.encoding


def text_of(file: BinaryIO, max_bytes: int) -> Text:
    """The text of a file that can be read from any place. Raises FileRefused.

    The file is gone through several times and never in memory as a whole.
    """
    size = file.seek(0, os.SEEK_END)
    if size > max_bytes:
        raise FileRefused(
            "too_large",
            f"The file is {size / 1e6:,.1f} MB and the most that is read at once is"
            f" {max_bytes / 1e6:,.1f} MB: split it into smaller files and send them one by one.",
        )
    begins = _end_of_boms(file)
    if not any(part.strip() for part in _parts(file, begins)):
        raise FileRefused(
            "empty_file", "The file is empty: send a CSV file with a header row and the rows below it."
        )
    file.seek(0)
    start = file.read(_START)
    _refuse_other_kinds(file, start)
    _refuse_wide_text(file, start)
    return Text(file, begins, _encoding_of(file, begins))


def _parts(file: BinaryIO, begins: int) -> Iterator[bytes]:
    file.seek(begins)
    while part := file.read(PART_BYTES):
        yield part


def _end_of_boms(file: BinaryIO) -> int:
    """Where the text begins. A file may have the mark twice, where a program put its own before one that was there."""
    begins = 0
    file.seek(0)
    while file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
        begins += len(codecs.BOM_UTF8)
    return begins


def _refuse_other_kinds(file: BinaryIO, start: bytes) -> None:
    kind = next((name for begins, name in _KINDS if start.startswith(begins)), "")
    if start.startswith(_ZIPS):
        # A workbook is a zip of XML files; their folder's name tells it from other zip files.
        kind = "an Excel workbook (.xlsx)" if _holds(file, b"xl/") else "a zip file"
    if kind:
        raise FileRefused("not_csv", f"The file looks like {kind}, not a CSV file: {_advice(kind)}.")


def _holds(file: BinaryIO, word: bytes) -> bool:
    before = b""
    for part in _parts(file, 0):
        seen = before + part
        if word in seen:
            return True
        before = seen[1 - len(word) :]
    return False


def _advice(kind: str) -> str:
    return (
        _SAVE_AS
        if "Excel" in kind
        else "send the rows themselves, saved as CSV by your spreadsheet or rostering program"
    )


def _refuse_wide_text(file: BinaryIO, start: bytes) -> None:
    if start.startswith(_UTF16_BOMS) or _is_every_other_byte_nul(start):
        raise FileRefused(
            "encoding", f"The file is in UTF-16 ('Unicode text'), which is not read: {_SAVE_AS}."
        )
    line = 1
    for part in _parts(file, 0):
        at = part.find(0)
        if at >= 0:
            line += part.count(b"\n", 0, at)
            raise FileRefused(
                "not_csv",
                f"The file holds NUL bytes (the first on line {line:,}), so it is damaged or not a CSV file:"
                " export it again and send the new file.",
            )
        line += part.count(b"\n")


def _is_every_other_byte_nul(start: bytes) -> bool:
    """UTF-16 without a BOM: of its first characters, which are headings, one byte of two is NUL."""
    pairs = len(start) // 2
    return pairs > 1 and max(start[::2].count(0), start[1::2].count(0)) >= pairs * 0.9


def _encoding_of(file: BinaryIO, begins: int) -> str:
    # With this mark it claims to be UTF-8: reading a damaged one as Windows-1252 would garble its names.
    not_utf_8 = _not_in("utf-8", file, begins)
    if not_utf_8 is None:
        return "utf-8-sig" if begins else "utf-8"
    if _is_mixed(file, begins):
        return MIXED
    if begins:
        raise FileRefused(
            "encoding",
            f"The file is marked as UTF-8, but {not_utf_8}, which is none: {_SAVE_AS}.",
        )
    not_cp1252 = _not_in("cp1252", file, begins)
    if not_cp1252 is None:
        return "cp1252"
    raise FileRefused(
        "encoding", f"The text is in neither UTF-8 nor Windows-1252 ({not_cp1252}): {_SAVE_AS}."
    )


def _not_in(encoding: str, file: BinaryIO, begins: int) -> str | None:
    """Which line holds the first byte that is not of this encoding; None when all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    try:
        for part in _parts(file, begins):
            decoder.decode(part)
            line += part.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # What was left of the part before, and comes again here, holds no end of a line.
        line += error.object.count(b"\n", 0, error.start)
        return f"line {line:,} holds the byte {error.object[error.start]:02X}"
    return None


def _is_mixed(file: BinaryIO, begins: int) -> bool:
    """Whether a file was joined from both encodings, each line in its own.

    Windows-1252 text that happens to be UTF-8 is no text that people write, so a line of each kind is a sure sign.
    """
    has_utf_8 = False
    for lines in _whole_lines(file, begins):
        text, is_utf_8 = _of_lines(lines)
        if text is None:
            return False
        has_utf_8 = has_utf_8 or is_utf_8
    return has_utf_8


def _whole_lines(file: BinaryIO, begins: int) -> Iterator[bytes]:
    """The bytes of a file, cut at ends of lines."""
    left: list[bytes] = []
    for part in _parts(file, begins):
        end = max(part.rfind(b"\n"), part.rfind(b"\r")) + 1
        if end:
            yield b"".join((*left, part[:end]))
            left = []
        left.append(part[end:])
    yield b"".join(left)


def _of_lines(lines: bytes) -> tuple[str | None, bool]:
    """The text of lines, each in its own encoding, and whether one is UTF-8 beyond ASCII; None when one is neither."""
    read = []
    has_utf_8 = False
    for line in lines.splitlines(keepends=True):
        try:
            read.append(line.decode("utf-8"))
            has_utf_8 = has_utf_8 or not line.isascii()
        except UnicodeDecodeError:
            try:
                read.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                return None, has_utf_8
    return "".join(read), has_utf_8
