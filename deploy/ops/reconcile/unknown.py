"""What ``reconcile`` can't work out or read: a line each, and all else is compared."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from libs.common.operations.apart import result_or_reason

Lines = list[dict[str, Any]]
T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


def attempt(session: Session, what: str, work: Callable[[Session], T], unknown: Lines) -> T | None:
    """What a piece of work gives; where the tables hold what it can't read, a line that says so, and None."""
    found, reason = result_or_reason(lambda: run_in_savepoint(session, work))
    if reason is not None:
        unknown.append(not_worked_out(what, "all", reason))
    return found


def run_in_savepoint(session: Session, work: Callable[[Session], T]) -> T:
    """A query that fails ends its savepoint, and not the whole comparison."""
    with session.begin_nested():
        return work(session)


def attempt_by_halves(
    session: Session,
    what: str,
    ids: Collection[Any],
    read: Callable[[Session, list[Any]], dict[K, V]],
    unknown: Lines,
) -> dict[K, V]:
    """What is read of these ids, without those that can't be read, which are a line each."""
    listed = list(ids)
    found, reason = result_or_reason(lambda: run_in_savepoint(session, lambda s: read(s, listed)))
    if found is not None:
        return found
    if len(listed) == 1:
        unknown.append(not_worked_out(what, str(listed[0]), str(reason)))
        return {}
    half = len(listed) // 2
    first = attempt_by_halves(session, what, listed[:half], read, unknown)
    return first | attempt_by_halves(session, what, listed[half:], read, unknown)


def not_worked_out(what: str, which: str, reason: str, held: str = "unknown") -> dict[str, Any]:
    """One line for what can't be worked out at all."""
    return {"what": what, "which": which, "expected": f"can't be worked out: {reason}", "held": held}
