"""The object store: uploaded files and what services hand to each other by reference. A folder by default."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Literal

from libs.common.errors import ServiceUnavailable

Lane = Literal["single", "bulk"]

OBJECTS_VARIABLE = "CARETALLY_OBJECTS"


def _place(key: str) -> str:
    root = os.environ.get(OBJECTS_VARIABLE, "").rstrip("/")
    if not root:
        raise RuntimeError(
            f"{OBJECTS_VARIABLE} is not set: it says where uploaded files are kept, e.g. file:///srv/objects"
        )
    return f"{root}/{key}"


Content = bytes | BinaryIO
"""What a file holds: all of it at once, or to be read from its beginning, part by part."""

PART_BYTES = 1 << 18
LARGE_BYTES = 2_000_000
"""A file that is larger waits for others that are: those of a usual size need not wait for it."""


NO_ROOM = "There is no room left where files are kept."


def write_object(key: str, content: Content) -> None:
    """Store ``content`` under ``key``; a key is written once.

    Raises ServiceUnavailable (``full``) where there is no room, and leaves nothing of it.
    """
    try:
        with _opened(key, "wb", auto_mkdir=True) as file:
            for part in parts_of(content):
                file.write(part)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        with suppress(OSError):
            remove_object(key)  # half of a file would take what little room there is
        raise ServiceUnavailable(NO_ROOM, "full") from error


def remove_object(key: str) -> None:
    """Take away what is stored under ``key``; FileNotFoundError when there is none."""
    import fsspec

    system, path = fsspec.core.url_to_fs(_place(key))
    system.rm_file(path)


def parts_of(content: Content) -> Iterator[bytes]:
    """The content part by part, from its beginning."""
    if isinstance(content, bytes):
        yield content
        return
    content.seek(0)
    while part := content.read(PART_BYTES):
        yield part


def digest_of(content: Content) -> str:
    """SHA-256 in hexadecimal digits."""
    hashed = hashlib.sha256()
    for part in parts_of(content):
        hashed.update(part)
    return hashed.hexdigest()


def lane_of_object(key: str) -> Lane:
    """In which lane a file is checked: large ones by themselves, so that small ones pass them."""
    import fsspec

    system, path = fsspec.core.url_to_fs(_place(key))
    try:
        size = system.size(path)
    except FileNotFoundError:  # whoever reads it says so
        return "single"
    return "bulk" if size is not None and size > LARGE_BYTES else "single"


def read_object(key: str) -> bytes:
    """The content stored under ``key``; FileNotFoundError when there is none."""
    with _opened(key, "rb") as file:
        content: bytes = file.read()
    return content


def _opened(key: str, mode: str, **options: Any) -> Any:
    import fsspec  # here: most commands open nothing, and start the sooner

    return fsspec.open(_place(key), mode, **options)
