"""How psycopg waits for PostgreSQL in a nameko process: on eventlet's hub itself.

psycopg's `wait_selector` works there through the patched `selectors`, but makes a selector for each statement and asks
it ten times a second: a third of the processor time of a short transaction.
"""

from __future__ import annotations

from typing import Any

import psycopg.waiting
from eventlet.hubs import trampoline
from psycopg.waiting import Ready, Wait, wait_selector


def install() -> None:
    """Have every connection of this process wait so. eventlet has patched the standard library."""
    psycopg.waiting.wait = wait_on_hub


def wait_on_hub(gen: Any, fileno: int, interval: float = 0.1, timeout: float | None = None) -> Any:
    """What the generator returns. Reading is waited for on the hub; whatever is rarer, in psycopg's own way."""
    if timeout is not None:
        return wait_selector(gen, fileno, interval, timeout)
    try:
        wanted = next(gen)
        while wanted == Wait.R:
            trampoline(fileno, read=True)
            wanted = gen.send(Ready.R)
    except StopIteration as end:
        return end.value
    return wait_selector(_begun(gen, wanted), fileno, interval)


def _begun(gen: Any, wanted: Any) -> Any:
    """The same generator, which has said already what it waits for first."""
    while True:
        try:
            wanted = gen.send((yield wanted))
        except StopIteration as end:
            return end.value
