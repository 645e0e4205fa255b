"""A folder that is written file by file into one ZIP file, of which never more than a part is in memory."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from libs.common.care.clock import LONDON
from libs.common.files.objects import PART_BYTES, opened_object


class Folder:
    """Writes into ``sink``, one file after the other."""

    def __init__(self, sink: BinaryIO, name: str, now: dt.datetime) -> None:
        self._zip = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._name, self._at = name, now.astimezone(LONDON).timetuple()[:6]
        self.files = 0

    @contextmanager
    def opened(self, path: str) -> Iterator[BinaryIO]:
        """The file at this place, to be written until the block ends."""
        entry = zipfile.ZipInfo(f"{self._name}/{path}", self._at)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        with self._zip.open(entry, "w", force_zip64=True) as file:
            yield cast(BinaryIO, file)
        self.files += 1

    def write(self, path: str, parts: Iterable[bytes]) -> None:
        """A whole file, part by part."""
        with self.opened(path) as file:
            for part in parts:
                file.write(part)

    def copy_object(self, path: str, key: str) -> None:
        """A stored object. Raises FileNotFoundError for one that is not kept any more."""
        with opened_object(key) as content, self.opened(path) as file:
            while part := content.read(PART_BYTES):
                file.write(part)

    def close(self) -> None:
        """Write what the ZIP file ends with; before that it can't be read."""
        self._zip.close()
