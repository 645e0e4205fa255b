"""From the bytes of a file to its text, or a refusal that says what the file is instead (RULES 3)."""

import codecs

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
_SAVE_AS = "open it in your spreadsheet program, save it as 'CSV UTF-8 (comma delimited)' and send that"


class FileRefused(Exception):
    """A whole file that can't be read. `message` is one plain sentence that says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def decode(content: bytes, max_bytes: int) -> tuple[str, str]:
    """The text of a file and the name of its encoding: `utf-8`, `utf-8-sig` (with a BOM), `cp1252` or MIXED."""
    if len(content) > max_bytes:
        raise FileRefused(
            "too_large",
            f"The file is {len(content) / 1e6:,.1f} MB and the most that is read at once is"
            f" {max_bytes / 1e6:,.1f} MB: split it into smaller files and send them one by one.",
        )
    body = _without_boms(content)
    if not body.strip():
        raise FileRefused(
            "empty_file", "The file is empty: send a CSV file with a header row and the rows below it."
        )
    _refuse_other_kinds(content)
    _refuse_wide_text(content)
    return _decoded(body, has_bom=len(body) < len(content))


def _without_boms(content: bytes) -> bytes:
    """A file may have the mark twice, where a program put its own before one that was there."""
    while content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
    return content


def _refuse_other_kinds(content: bytes) -> None:
    kind = next((name for start, name in _KINDS if content.startswith(start)), "")
    if content.startswith(_ZIPS):
        # A workbook is a zip of XML files; their folder's name tells it from other zip files.
        kind = "an Excel workbook (.xlsx)" if b"xl/" in content else "a zip file"
    if kind:
        raise FileRefused("not_csv", f"The file looks like {kind}, not a CSV file: {_advice(kind)}.")


def _advice(kind: str) -> str:
    return (
        _SAVE_AS
        if "Excel" in kind
        else "send the rows themselves, saved as CSV by your spreadsheet or rostering program"
    )


def _refuse_wide_text(content: bytes) -> None:
    if content.startswith(_UTF16_BOMS) or _is_every_other_byte_nul(content):
        raise FileRefused(
            "encoding", f"The file is in UTF-16 ('Unicode text'), which is not read: {_SAVE_AS}."
        )
    at = content.find(0)
    if at >= 0:
        line = content.count(b"\n", 0, at) + 1
        raise FileRefused(
            "not_csv",
            f"The file holds NUL bytes (the first on line {line:,}), so it is damaged or not a CSV file:"
            " export it again and send the new file.",
        )


def _is_every_other_byte_nul(content: bytes) -> bool:
    """UTF-16 without a BOM: of its first characters, which are headings, one byte of two is NUL."""
    start = content[:200]
    pairs = len(start) // 2
    return pairs > 1 and max(start[::2].count(0), start[1::2].count(0)) >= pairs * 0.9


def _decoded(body: bytes, *, has_bom: bool) -> tuple[str, str]:
    # With this mark it claims to be UTF-8: reading a damaged one as Windows-1252 would garble its names.
    try:
        return body.decode("utf-8"), "utf-8-sig" if has_bom else "utf-8"
    except UnicodeDecodeError as error:
        at = error.start
    if (mixed := _line_by_line(body)) is not None:
        return mixed, MIXED
    if has_bom:
        raise FileRefused(
            "encoding",
            f"The file is marked as UTF-8, but {_at_line(body, at)}, which is none: {_SAVE_AS}.",
        )
    try:
        return body.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as error:
        at = error.start
    raise FileRefused(
        "encoding", f"The text is in neither UTF-8 nor Windows-1252 ({_at_line(body, at)}): {_SAVE_AS}."
    )


def _line_by_line(body: bytes) -> str | None:
    """The text of a file that was joined from both encodings, each line in its own; None when it was not.

    Windows-1252 text that happens to be UTF-8 is no text that people write, so a line of each kind is a sure sign.
    """
    lines = []
    has_utf_8 = False
    for line in body.splitlines(keepends=True):
        try:
            lines.append(line.decode("utf-8"))
            has_utf_8 = has_utf_8 or not line.isascii()
        except UnicodeDecodeError:
            try:
                lines.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                return None
    return "".join(lines) if has_utf_8 else None


def _at_line(body: bytes, at: int) -> str:
    line = body.count(b"\n", 0, at) + 1
    return f"line {line:,} holds the byte {body[at]:02X}"
