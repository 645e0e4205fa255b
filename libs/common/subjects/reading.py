"""Reading a part page by page: each value as text that people read."""

from __future__ import annotations

import datetime as dt
import functools
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.clock import LONDON
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.subjects import Cell, HeldPart, HeldRows
from libs.common.sql.columns import array_text
from libs.common.subjects.parts import Part
from libs.common.subjects.schemas import MOST_ROWS

_PAGE: Final = """
SELECT held.* FROM ({query}) AS held WHERE CAST(:after AS text) IS NULL OR held.place COLLATE "C" > :after
ORDER BY held.place COLLATE "C" LIMIT :limit
"""
HIDDEN: Final = "There is no such part."


def teller_of(parts: Sequence[Part]) -> tuple[Callable[..., list[HeldPart]], Callable[..., HeldRows]]:
    """The steps by which a service says which parts it has, and reads one of them."""
    named = {part.name: part for part in parts}

    def held_parts(session: Session, caller: Caller) -> list[HeldPart]:
        """The parts of what this service holds about a person. Council only."""
        require_council(caller, HIDDEN)
        return [document_of(part) for part in named.values()]

    return held_parts, functools.partial(held_rows, parts=named)


def document_of(part: Part) -> HeldPart:
    """A part without its query."""
    return {
        "name": part.name,
        "title": part.title,
        "words": part.words,
        "headings": [*part.headings],
        "is_prose": part.is_prose,
        "by_visits": part.by_visits,
    }


def held_rows(
    session: Session,
    caller: Caller,
    *,
    part: str,
    client_ids: Sequence[uuid.UUID],
    meant: Sequence[tuple[str, dt.date, dt.date]],
    cpli_ids: Sequence[int],
    visits: Sequence[tuple[uuid.UUID, str]],
    after: str | None,
    parts: Mapping[str, Part],
) -> HeldRows:
    """A page of a part. Council only. Raises Refused ``not_found`` for a part that there is not."""
    require_council(caller, HIDDEN)
    if part not in parts:
        raise Refused("not_found", HIDDEN)
    values = {
        "client_ids": array_text(client_ids),
        "names": array_text(name for name, _, _ in meant),
        "firsts": array_text(first.isoformat() for _, first, _ in meant),
        "lasts": array_text(last.isoformat() for _, _, last in meant),
        "cpli_ids": array_text(cpli_ids),
        "organisations": array_text(str(one) for one, _ in visits),
        "refs": array_text(ref for _, ref in visits),
        "after": after,
        "limit": MOST_ROWS,
    }
    found = session.execute(text(_PAGE.format(query=parts[part].query)), values)
    if len(found.keys()) != 1 + len(parts[part].headings):
        raise RuntimeError(f"the part {part} has other columns than headings")
    rows = found.all()
    return {
        "rows": [[written(value) for value in row[1:]] for row in rows],
        "after": rows[-1][0] if len(rows) == MOST_ROWS else None,
    }


def written(value: Any) -> Cell:
    """A value as people read it: days as 2022-10-03, moments on London's clocks, yes and no, JSON as it is."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(LONDON):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
