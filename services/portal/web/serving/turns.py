"""Whose request is next: clients take turns, so that one with many requests waits for itself alone."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """A queue with a line for each client. The first of each line is taken, line after line; a line keeps its order."""

    def __init__(self, client_of: Callable[[T], str]) -> None:
        self._client_of = client_of
        self._lines: OrderedDict[str, deque[T]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, one: T) -> None:
        self._lines.setdefault(self._client_of(one), deque()).append(one)
        self._length += 1

    def popleft(self) -> T:
        """IndexError when it is empty."""
        if not self._lines:
            raise IndexError("nobody waits")
        client, line = self._lines.popitem(last=False)
        found = line.popleft()
        self._length -= 1
        if line:
            self._lines[client] = line  # behind all others
        return found

    def firsts(self) -> list[T]:
        """Those who have waited longest of each line."""
        return [line[0] for line in self._lines.values()]
