"""Is everything that was said also heard?

Each service counts, with the work itself, the messages it emitted and received for a cause. A cause
is settled when, for every event, each hearer received as many as all services together emitted. A
handler's own messages are emitted in the transaction that counts the one it handled, so there is no
moment at which work goes on and the counts are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from libs.common.messages import HEARERS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PerService = Mapping[str, Mapping[str, int]]


class Missing(NamedTuple):
    """A hearer that hasn't received all: ``missing`` messages are under way, waiting or dead.

    Below zero when the services were read at different moments; then too it is not settled.
    """

    event: str
    hearer: str
    missing: int


class Progress(NamedTuple):
    """One service's counts by event, for one cause or for all."""

    emitted: dict[str, int]
    received: dict[str, int]


def is_settled(emitted: PerService, received: PerService) -> list[Missing]:
    """What is still missing, given each service's counts by event; empty when all is settled.

    A service that isn't in the mappings counts nothing.
    """
    found = []
    for event, hearers in HEARERS.items():
        said = sum(by_event.get(event, 0) for by_event in emitted.values())
        for hearer in hearers:
            missing = said - received.get(hearer, {}).get(event, 0)
            if missing:
                found.append(Missing(event, hearer, missing))
    return found


def progress_of(session: Session, cause_id: str | None = None) -> Progress:
    """The counts of the session's service, by event: of one cause, or of all together."""
    import sqlalchemy as sa  # here: commands ask `is_settled` alone, and it takes them a quarter of a second

    from libs.common.counts import table

    where = "WHERE cause_id = cast(:cause_id AS uuid)" if cause_id else ""
    statement = sa.text(
        f"SELECT event, sum(emitted)::bigint, sum(received)::bigint FROM {table(session, 'progress')}"
        f" {where} GROUP BY event"
    )
    rows = session.execute(statement, {"cause_id": cause_id} if cause_id else {}).all()
    return Progress({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})
