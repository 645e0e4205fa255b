"""The object store: uploaded files and what services hand to each other by reference. A folder by default."""

import hashlib
import os
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Literal

Lane = Literal["single", "bulk"]

OBJECTS_VARIABLE = "CARETALLY_OBJECTS"


KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")
"""Folders and a name, of plain characters; none begins with a dot."""
LONGEST_KEY = 300


class NoKey(ValueError):
    """What should name a file of the object store leads out of it, or can name none."""


def _place(key: str) -> str:
    """Where the file is: inside the store, whatever the key says. NoKey for one that leads elsewhere."""
    root = os.environ.get(OBJECTS_VARIABLE, "").rstrip("/")
    if not root:
        raise RuntimeError(
            f"{OBJECTS_VARIABLE} is not set: it says where uploaded files are kept, e.g. file:///srv/objects"
        )
    if len(key) > LONGEST_KEY or not KEY.fullmatch(key):
        raise NoKey("The key of a stored file holds plain letters, digits and slashes.")
    _refuse_a_way_out(root, key)
    return f"{root}/{key}"


def _refuse_a_way_out(root: str, key: str) -> None:
    """In a folder of the machine a link could lead out of it; other stores have no links."""
    scheme, separator, folder = root.partition("://")
    if separator and scheme not in ("file", "local"):
        return
    inside = os.path.realpath(folder if separator else root)
    if os.path.commonpath([inside, os.path.realpath(f"{inside}/{key}")]) != inside:
        raise NoKey("The key of a stored file leads out of the object store.")


Content = bytes | BinaryIO
"""What a file holds: all of it at once, or to be read from its beginning, part by part."""

PART_BYTES = 1 << 18
LARGE_BYTES = 2_000_000
"""A file that is larger waits for others that are: those of a usual size need not wait for it."""


def write_object(key: str, content: Content) -> None:
    """Store ``content`` under ``key``; a key is written once."""
    with _opened(key, "wb", auto_mkdir=True) as file:
        for part in parts_of(content):
            file.write(part)


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
