"""A long list that one service hands to another by reference: JSON with an item a line, so that nobody holds it whole."""

import json
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from libs.common.files.objects import PART_BYTES, opened_object, write_object

_BEGINS, _ENDS = b"[", b"]"


def write_listed(key: str, items: Iterable[object]) -> None:
    """Store a list under ``key``, all of it or nothing; an item at a time is in memory."""
    with SpooledTemporaryFile(PART_BYTES) as file:
        file.write(_BEGINS)
        separator = b"\n"
        for item in items:
            file.write(separator + json.dumps(item).encode())
            separator = b",\n"
        file.write(b"\n" + _ENDS)
        write_object(key, cast(BinaryIO, file))


def read_listed(key: str) -> Iterator[Any]:
    """The items of a list, one by one; one that was written in a single line is taken too."""
    with opened_object(key) as file:
        first = file.readline()
        if first.strip() != _BEGINS:
            yield from json.loads(first + file.read())
            return
        for line in file:
            item = line.strip()
            if item != _ENDS:
                yield json.loads(item.removesuffix(b","))
