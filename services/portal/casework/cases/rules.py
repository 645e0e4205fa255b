"""Which files may be attached: judged by their content, whatever they are called. Pure."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from libs.common.files.decoding import FileRefused, decode

MOST_BYTES: Final = 10_000_000
LONGEST_NAME: Final = 120
ACCEPTED: Final = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.csv,.txt"
HINT: Final = "PDF, PNG, JPEG, Word (.docx), Excel (.xlsx), CSV or text; at most 10 MB each, and five files."

_MAGIC: Final = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
)
_OFFICE: Final = (
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
)
_TEXTS: Final = {".csv": "text/csv", ".txt": "text/plain"}
_UNWANTED: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


def fault_of(name: str, content: bytes) -> str | None:
    """Why a file can't be attached: a sentence for whoever sends it; None when it can."""
    if not content:
        return f"“{name}” is empty: choose another file"
    if len(content) > MOST_BYTES:
        return f"“{name}” is larger than {MOST_BYTES // 1_000_000} MB: send a smaller file"
    if type_of(name, content) is None:
        return f"“{name}” is not a PDF, PNG, JPEG, Word, Excel, CSV or text file: save it as one of these"
    return None


def type_of(name: str, content: bytes) -> str | None:
    """The media type that the content shows; None when it is none of those accepted, or another than its name says."""
    ending = PurePosixPath(name.lower()).suffix
    for magic, media_type, endings in _MAGIC:
        if content.startswith(magic):
            return media_type if ending in endings else None
    if content.startswith(b"PK\x03\x04"):
        return _office_type(ending, content)
    return _TEXTS[ending] if ending in _TEXTS and _is_text(content) else None


def require_type(name: str, content: bytes) -> str:
    """The media type of a file without a fault."""
    found = type_of(name, content)
    if found is None:
        raise ValueError(f"{name} is of no accepted type")
    return found


def _office_type(ending: str, content: bytes) -> str | None:
    """A Word or Excel file without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((found for part, found, its in _OFFICE if part in names and its == ending), None)


def _is_text(content: bytes) -> bool:
    try:
        found, _ = decode(content, MOST_BYTES)
    except FileRefused:
        return False
    return "\0" not in found


def plain_name(name: str) -> str:
    """A file's own name, without folders and without what a file system or a header would stumble over."""
    own = PureWindowsPath(PurePosixPath(name).name).name
    plain = _UNWANTED.sub(" ", own).strip(" .")
    ending = PurePosixPath(plain).suffix[:10]
    return (plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - len(ending)] + ending) or "file"
