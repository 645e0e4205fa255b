"""The object store: uploaded files and what services hand to each other by reference. A folder by default."""

import os
from typing import Any

OBJECTS_VARIABLE = "CARETALLY_OBJECTS"


def _place(key: str) -> str:
    root = os.environ.get(OBJECTS_VARIABLE, "").rstrip("/")
    if not root:
        raise RuntimeError(
            f"{OBJECTS_VARIABLE} is not set: it says where uploaded files are kept, e.g. file:///srv/objects"
        )
    return f"{root}/{key}"


def write_object(key: str, content: bytes) -> None:
    """Store ``content`` under ``key``; a key is written once."""
    with _opened(key, "wb", auto_mkdir=True) as file:
        file.write(content)


def read_object(key: str) -> bytes:
    """The content stored under ``key``; FileNotFoundError when there is none."""
    with _opened(key, "rb") as file:
        content: bytes = file.read()
    return content


def _opened(key: str, mode: str, **options: Any) -> Any:
    import fsspec  # here: most commands open nothing, and start the sooner

    return fsspec.open(_place(key), mode, **options)
