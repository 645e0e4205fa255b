"""The rows of a file in portions: a large file's lie in a temporary file, and one portion at a time in memory.

What is made of them lies so too, in order (`Spool`) or by key (`Aside`).
"""

import errno
import marshal
import os
import pickle
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping, Sequence
from typing import Any, TypeVar, overload

Item = TypeVar("Item")
Key = TypeVar("Key")
Value = TypeVar("Value")

RawRow = tuple[int, tuple[str, ...]]
"""(row number as a spreadsheet shows it, cells)."""

PORTION = 10_000
"""Rows that are in memory at once."""
SPOOLED_AT_ONCE = 1_000
"""Of what is made of rows."""


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

    def between(self, first: int, stop: int) -> Iterator[RawRow]:
        """The rows from one place to before another; only their portions are read."""
        for number in range(first // self._size, -(-stop // self._size)):
            begins = number * self._size
            yield from self._portion(number)[max(first - begins, 0) : stop - begins]

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
            first, stop, step = place.indices(self._count)
            return list(self.between(first, stop))[::step] if step > 0 else list(self)[place]
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


def rows_between(rows: Sequence[RawRow], first: int, stop: int) -> Iterable[RawRow]:
    """The rows from one place to before another."""
    return rows.between(first, stop) if isinstance(rows, SpooledRows) else rows[first:stop]


class _Pages:
    """A temporary file to which values are added, each found again by its place."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (it lives as long as this)
        self._end = 0

    def __del__(self) -> None:
        self._file.close()

    def put(self, value: object) -> int:
        """Add a value; its place."""
        content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        place = self._end << _BITS_OF_LENGTH | len(content)
        if os.pwrite(self._file.fileno(), content, self._end) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._end += len(content)
        return place

    def get(self, place: int) -> Any:
        """A value by its place."""
        length = place & ((1 << _BITS_OF_LENGTH) - 1)
        content = os.pread(self._file.fileno(), length, place >> _BITS_OF_LENGTH)
        return pickle.loads(content)  # noqa: S301 (this process wrote it)


_BITS_OF_LENGTH = 31


class Spool(Collection[Item]):
    """Items in their order, to be gone through as often as is wanted: a portion of them is in memory."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._size, self._before = SPOOLED_AT_ONCE, 0
        self._last: list[Item] = []
        self._places: list[int] = []
        self._pages: _Pages | None = None
        for item in items:
            self.append(item)

    def append(self, item: Item) -> None:
        """Add an item."""
        if len(self._last) >= self._size:
            self._pages = self._pages or _Pages()
            self._places.append(self._pages.put(self._last))
            self._before += len(self._last)
            self._last = []
        self._last.append(item)

    def __len__(self) -> int:
        return self._before + len(self._last)

    def __contains__(self, item: object) -> bool:
        return any(one == item for one in self)

    def __iter__(self) -> Iterator[Item]:
        if self._pages is not None:
            for place in self._places:
                yield from self._pages.get(place)
        yield from self._last


class Aside(MutableMapping[Key, Value]):
    """Values by key in a temporary file, so that their keys alone are in memory.

    What is read is never changed in its place, but put anew. A copy keeps what was there, in the same file.
    """

    def __init__(self) -> None:
        self._pages = _Pages()
        self._places: dict[Key, int] = {}
        self._newest: tuple[Key, Value] | None = None

    def __copy__(self) -> "Aside[Key, Value]":
        other: Aside[Key, Value] = Aside.__new__(Aside)
        other._pages, other._places, other._newest = self._pages, dict(self._places), self._newest
        return other

    def __setitem__(self, key: Key, value: Value) -> None:
        self._places[key] = self._pages.put(value)
        self._newest = key, value

    def __getitem__(self, key: Key) -> Value:
        if self._newest is not None and self._newest[0] == key:
            return self._newest[1]
        self._newest = key, self._pages.get(self._places[key])
        return self._newest[1]

    def __delitem__(self, key: Key) -> None:
        del self._places[key]
        self._newest = None

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[Key]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def kept_by_key(count: int) -> "MutableMapping[Any, Any]":
    """Where so many values are kept by key: few of them in memory."""
    return {} if count <= SPOOLED_AT_ONCE else Aside()
