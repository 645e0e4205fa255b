"""The object store: uploaded files and what services hand to each other by reference. A folder by default."""

import os

import fsspec

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
    with fsspec.open(_place(key), "wb", auto_mkdir=True) as file:
        file.write(content)


def read_object(key: str) -> bytes:
    """The content stored under ``key``; FileNotFoundError when there is none."""
    with fsspec.open(_place(key), "rb") as file:
        content: bytes = file.read()
    return content
