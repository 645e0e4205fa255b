"""The rows of a file in portions: a large file's lie in a temporary file, and one portion at a time in memory."""

import marshal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

RawRow = tuple[int, tuple[str, ...]]
"""(row number as a spreadsheet shows it, cells)."""

PORTION = 10_000
"""Rows that are in memory at once."""


class SpooledRows(Sequence[RawRow]):
    """The rows of a large file, to be gone through from the beginning as often as is wanted."""

    def __init__(self, size: int) -> None:
        self._size, self._count = size, 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the rows)
        self._places: list[int] = []

    def __del__(self) -> None:
        self._file.close()

    def put(self, portion: list[RawRow]) -> None:
        """Add a portion; each but the last has the size of all."""
        self._places.append(self._file.seek(0, 2))
        self._file.write(marshal.dumps(portion))
        self._count += len(portion)

    def portions(self) -> Iterator[list[RawRow]]:
        """Portion by portion, in the order of the file."""
        for number in range(len(self._places)):
            yield self._portion(number)

    def _portion(self, number: int) -> list[RawRow]:
        self._file.seek(self._places[number])
        found: list[RawRow] = marshal.load(self._file)  # noqa: S302 (this process wrote it)
        return found

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[RawRow]:
        for portion in self.portions():
            yield from portion

    @overload
    def __getitem__(self, place: int) -> RawRow: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[RawRow]: ...
    def __getitem__(self, place: int | slice) -> RawRow | Sequence[RawRow]:
        if isinstance(place, slice):
            return list(self)[place]
        if not -self._count <= place < self._count:
            raise IndexError(place)
        number, at = divmod(place % self._count, self._size)
        return self._portion(number)[at]


class RowsTaken:
    """Takes rows one by one, and gives them as a list, or spooled when there are more than a portion."""

    def __init__(self, size: int | None = None) -> None:
        self._size = size or PORTION
        self._last: list[RawRow] = []
        self._spooled: SpooledRows | None = None
        self._before = 0

    def __len__(self) -> int:
        return self._before + len(self._last)

    def append(self, row: RawRow) -> None:
        if len(self._last) == self._size:
            self._spool()
        self._last.append(row)

    def rows(self) -> Sequence[RawRow]:
        """All of them."""
        if self._spooled is None:
            return self._last
        if self._last:
            self._spool()
        return self._spooled

    def _spool(self) -> None:
        self._spooled = self._spooled or SpooledRows(self._size)
        self._spooled.put(self._last)
        self._before += len(self._last)
        self._last = []


def portions_of(rows: Sequence[RawRow]) -> Iterator[Sequence[RawRow]]:
    """The rows of a file portion by portion; a small file is one."""
    if isinstance(rows, SpooledRows):
        yield from rows.portions()
    elif rows:
        yield rows


def changed_rows(rows: Iterable[RawRow], change: Callable[[RawRow], RawRow]) -> Sequence[RawRow]:
    """The rows, each changed."""
    taken = RowsTaken()
    for row in rows:
        taken.append(change(row))
    return taken.rows()
