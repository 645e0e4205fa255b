"""What right a command needs: who is at the machine's command line is its operator (RULES 14, the one table)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from deploy.cli.output import fail
from libs.common.rights import table

Answered = TypeVar("Answered")


def needs(*needed: str) -> Callable[[Callable[..., Answered]], Callable[..., Answered]]:
    """A command that the operator may do, by one of these rights. ValueError for one that names no right.

    The command has `needs`, for whoever looks at all of them.
    """
    if not needed or not table.TABLE.keys() >= set(needed):
        raise ValueError(f"a command must name rights of the table, not {needed}")

    def wrapped(command: Callable[..., Answered]) -> Callable[..., Answered]:
        @functools.wraps(command)
        def checked(*args: Any, **kwargs: Any) -> Answered:
            if not table.may(table.OPERATOR, *needed):
                fail("A person must do this, who is signed in: no command line.")
            return command(*args, **kwargs)

        checked.needs = needed  # type: ignore[attr-defined]
        return checked

    return wrapped
