"""Is everything that was said also heard?

Each service counts, with the work itself, the messages it emitted and received for a cause. A cause
is settled when, for every event, each hearer received as many as all services together emitted; what
lies in the dead letters counts as over (`buried.py`): nobody works on it. A handler's own messages are emitted in the transaction that counts the one it handled, so there is no
moment at which work goes on and the counts are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from libs.common.messaging.messages import HEARERS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PerService = Mapping[str, Mapping[str, int]]


class Missing(NamedTuple):
    """A hearer that hasn't received all: ``missing`` messages are under way or waiting.

    Below zero it received more than was said: the services were read at different moments, or somebody sent a
    message by hand. Then too it is not settled, unless the hearers are asked cause by cause (`missing_by_cause`).
    """

    event: str
    hearer: str
    missing: int


class Progress(NamedTuple):
    """One service's counts by event, for one cause or for all.

    ``buried`` are messages it should have heard and that died; ``dead`` those of them that lie in the dead letters.
    """

    emitted: dict[str, int]
    received: dict[str, int]
    buried: dict[str, int]
    dead: dict[str, int]


def is_settled(emitted: PerService, received: PerService, buried: PerService | None = None) -> list[Missing]:
    """What is still missing, given each service's counts by event; empty when all is settled.

    A service that isn't in the mappings counts nothing.
    """
    over = buried or {}
    found = []
    for event, hearers in HEARERS.items():
        said = sum(by_event.get(event, 0) for by_event in emitted.values())
        for hearer in hearers:
            heard = received.get(hearer, {}).get(event, 0) + over.get(hearer, {}).get(event, 0)
            if said != heard:
                found.append(Missing(event, hearer, said - heard))
    return found


def missing_of(counts: Mapping[str, Mapping[str, Mapping[str, int]]]) -> list[Missing]:
    """The same from each service's answer to ``progress``, by its name."""
    emitted, received, buried = (
        {service: count.get(name, {}) for service, count in counts.items()}
        for name in ("emitted", "received", "buried")
    )
    return is_settled(emitted, received, buried)


ByCause = Mapping[str, Mapping[str, list[int]]]
"""Each service's answer to ``progress_by_cause``: [emitted, received, buried] of an event by cause."""
_NOTHING = [0, 0, 0]


def missing_by_cause(event: str, hearer: str, said: ByCause, heard: ByCause) -> Missing:
    """How much of an event a hearer lacks, cause by cause: what it has too much of one hides no lack of another.

    ``heard`` was asked before ``said``.
    """
    lacking = 0
    for cause in {cause for by_cause in said.values() for cause in by_cause}:
        emitted = sum(by_cause.get(cause, _NOTHING)[0] for by_cause in said.values())
        _, received, buried = heard.get(hearer, {}).get(cause, _NOTHING)
        lacking += max(0, emitted - received - buried)
    return Missing(event, hearer, lacking)


def progress_of(session: Session, cause_id: str | None = None) -> Progress:
    """The counts of the session's service, by event: of one cause, or of all together."""
    import sqlalchemy as sa  # here: commands ask `is_settled` alone, and it takes them a quarter of a second

    from libs.common.messaging.counts import table
    from libs.common.operations.buried import count_buried

    where = "WHERE cause_id = cast(:cause_id AS uuid)" if cause_id else ""
    statement = sa.text(
        f"SELECT event, sum(emitted)::bigint, sum(received)::bigint FROM {table(session, 'progress')}"
        f" {where} GROUP BY event"
    )
    rows = session.execute(statement, {"cause_id": cause_id} if cause_id else {}).all()
    buried = count_buried(session, cause_id)
    return Progress(
        {row[0]: row[1] for row in rows},
        {row[0]: row[2] for row in rows},
        {event: count for event, (count, _) in buried.items()},
        {event: lying for event, (_, lying) in buried.items() if lying},
    )


def progress_by_cause(session: Session, event: str) -> dict[str, list[int]]:
    """[emitted, received, buried] of an event by cause, as far as the session's service counted any."""
    import sqlalchemy as sa

    from libs.common.messaging.counts import table
    from libs.common.operations.buried import causes_of_buried

    statement = sa.text(
        f"SELECT cause_id::text, emitted, received FROM {table(session, 'progress')} WHERE event = :event"
    )
    found = {
        cause: [emitted, received, 0]
        for cause, emitted, received in session.execute(statement, {"event": event})
    }
    for cause, count in causes_of_buried(session, event).items():
        found.setdefault(cause, [0, 0, 0])[2] = count
    return found
