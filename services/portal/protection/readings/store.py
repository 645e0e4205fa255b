"""Queries of the readings of a client; evidence is read here, and nothing else."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session as Transaction

from services.portal.evidence.telling import MOST_THINGS
from services.portal.evidence.words import EXPORTED, READ
from services.portal.schema.tables_evidence import Evidence

NAMED: Final = "named"
UNNAMED: Final = "unnamed"

Place = tuple[dt.datetime, uuid.UUID]
"""Where a reading stands in the order of its list: its moment and its id."""


@dataclass(frozen=True)
class Sought:
    """Which readings: those that showed somebody known by one of these names, or (``UNNAMED``) those of which evidence
    names nobody, or as many as a row holds. since and until: moments, until excluded. who: as evidence knows who asks."""

    names: Sequence[str]
    which: str = NAMED
    who: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def newest(transaction: Transaction, sought: Sought, *, before: Place | None, limit: int) -> list[Evidence]:
    """Readings, the newest first; `before`: the place of the last one of the page above."""
    query = _sought(sought).order_by(Evidence.at.desc(), Evidence.event_id.desc()).limit(limit)
    if before is not None:
        query = query.where(tuple_(Evidence.at, Evidence.event_id) < before)
    return [*transaction.scalars(query)]


def _sought(sought: Sought) -> Select[Evidence]:
    query = select(Evidence).where(Evidence.kind.in_((READ, EXPORTED)))
    if sought.which == UNNAMED:
        count = func.cardinality(Evidence.clients)
        query = query.where(or_(count == 0, count >= MOST_THINGS))
    else:
        query = query.where(Evidence.clients.overlap([*sought.names]))
    if sought.who is not None:
        query = query.where(
            or_(Evidence.who == sought.who, Evidence.who.startswith(f"{sought.who} (", autoescape=True))
        )
    if sought.since is not None:
        query = query.where(Evidence.at >= sought.since)
    if sought.until is not None:
        query = query.where(Evidence.at < sought.until)
    return query
