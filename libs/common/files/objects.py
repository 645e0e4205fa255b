"""The object store: uploaded files and what services hand to each other by reference. A folder by default."""

import datetime as dt
import errno
import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

from libs.common.errors import ServiceUnavailable

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


PARTS_FOLDER = "parts"
"""Where a file lies while it is written: what a broken upload leaves is never taken for a whole file."""


class ObjectFound(NamedTuple):
    """An object of the store: its key, how many bytes it holds, and since when it is there."""

    key: str
    size: int
    stored_at: dt.datetime


NO_ROOM = "There is no room left where files are kept."


def write_object(key: str, content: Content) -> None:
    """Store ``content`` under ``key``, all of it or nothing; a key is written once.

    Raises ServiceUnavailable (``full``) where there is no room.
    """
    try:
        _write(key, content)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ServiceUnavailable(NO_ROOM, "full") from error


def _write(key: str, content: Content) -> None:
    folder = _folder_of_machine(key)
    if folder is None:  # another system shows an object only when it is whole
        with _opened(key, "wb") as file:
            _write_into(file, content)
        return
    part = Path(_folder_of_machine(f"{PARTS_FOLDER}/{uuid.uuid4()}") or "")
    try:
        for place in (part, Path(folder)):
            place.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            _write_into(file, content)
        part.replace(folder)
    finally:
        part.unlink(missing_ok=True)


def _write_into(file: Any, content: Content) -> None:
    for part in parts_of(content):
        file.write(part)


def remove_object(key: str) -> None:
    """Take an object away, if it is there."""
    import fsspec

    system, path = fsspec.core.url_to_fs(_place(key))
    try:
        system.rm_file(path)
    except FileNotFoundError:
        return


def size_of_object(key: str) -> int | None:
    """How many bytes it holds; None when it is not there."""
    import fsspec

    system, path = fsspec.core.url_to_fs(_place(key))
    try:
        size: int | None = system.size(path)
    except FileNotFoundError:
        return None
    return size


def list_objects(folder: str) -> Iterator[ObjectFound]:
    """The objects of a folder, one by one: there may be very many."""
    place = _folder_of_machine(folder)
    if place is not None:
        yield from _listed_here(folder, place)
        return
    import fsspec

    system, path = fsspec.core.url_to_fs(_place(folder))
    for name, facts in system.find(path, detail=True).items():
        since = facts.get("LastModified") or facts.get("mtime") or facts.get("created")
        if isinstance(since, dt.datetime):
            yield ObjectFound(f"{folder}/{name.rpartition('/')[2]}", int(facts["size"] or 0), since)


def _listed_here(folder: str, place: str) -> Iterator[ObjectFound]:
    try:
        entries = os.scandir(place)
    except FileNotFoundError:
        return
    with entries:
        for entry in entries:
            try:
                facts = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # taken away just now
                continue
            if entry.is_file(follow_symlinks=False):
                since = dt.datetime.fromtimestamp(facts.st_mtime, dt.UTC)
                yield ObjectFound(f"{folder}/{entry.name}", facts.st_size, since)


def _folder_of_machine(key: str) -> str | None:
    """Where it lies on this machine; None when the store is elsewhere."""
    place = _place(key)
    if place.startswith("file://"):
        return place.removeprefix("file://")
    return None if "://" in place else place


def size_of(content: Content) -> int:
    """How many bytes the content holds."""
    return len(content) if isinstance(content, bytes) else content.seek(0, os.SEEK_END)


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


def digest_of_object(key: str) -> str:
    """SHA-256 of what is stored there, in hexadecimal digits."""
    with _opened(key, "rb") as file:
        return digest_of(file)


def lane_of_object(key: str) -> Lane:
    """In which lane a file is checked: large ones by themselves, so that small ones pass them."""
    size = size_of_object(key)  # where there is none, whoever reads it says so
    return "bulk" if size is not None and size > LARGE_BYTES else "single"


def read_object(key: str) -> bytes:
    """The content stored under ``key``; FileNotFoundError when there is none."""
    with _opened(key, "rb") as file:
        content: bytes = file.read()
    return content


def opened_object(key: str) -> AbstractContextManager[BinaryIO]:
    """The same, to be read part by part or line by line."""
    opened: AbstractContextManager[BinaryIO] = _opened(key, "rb")
    return opened


def _opened(key: str, mode: str, **options: Any) -> Any:
    import fsspec  # here: most commands open nothing, and start the sooner

    return fsspec.open(_place(key), mode, **options)
