"""What ``reconcile`` says of something that is not as it should be."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.matching.matches.rules import Match


def look_into(session: Session, schema: str) -> None:
    """Read with the queries of one service."""
    session.execute(text(f"SET LOCAL search_path TO {schema}"))


def difference(what: str, which: str, expected: Any, held: Any) -> Iterator[dict[str, Any]]:
    """One line for what is not as it should be."""
    if expected != held:
        yield {"what": what, "which": which, "expected": show(expected), "held": show(held)}


def show(value: Any) -> Any:
    """A value as a line can show it."""
    if value is None:
        return "nothing"
    if isinstance(value, Match):
        return value.reason or value.cpli_id
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)
