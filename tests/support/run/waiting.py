"""Waiting in tests: for a condition and with a limit, never for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], seconds: float = 60) -> T:
    """What `condition` gives as soon as that is true; AssertionError when it isn't within so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {seconds:g} s, last seen: {found!r}")
        time.sleep(0.05)
