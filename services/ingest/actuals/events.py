"""What ``actuals_changed`` says: saved weeks, an organisation's together."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Final

from sqlalchemy.orm import Session

from libs.common.messaging.outbox import emit_many
from libs.common.seams.events import ActualSaid, ActualsChanged, LineOfWeek
from services.ingest.actuals.store import StoredActual
from services.ingest.visits.weeks import note_weeks_changed

WEEKS_IN_A_MESSAGE: Final = 250


def say_changed(session: Session, saved: Sequence[StoredActual], cause_id: str, *, lane: str) -> None:
    """``actuals_changed`` for weeks that were saved just now; they are noted, to be looked through for doubts."""
    mondays: dict[uuid.UUID, set[dt.date]] = {}
    for actual in saved:
        mondays.setdefault(actual.organisation_id, set()).add(actual.monday)
    for organisation_id, of_it in sorted(mondays.items()):
        note_weeks_changed(session, organisation_id, of_it)
    together = sorted(saved, key=lambda actual: str(actual.organisation_id))
    say_actuals(session, together, cause_id, lane=lane)


def say_actuals(session: Session, saved: Iterable[StoredActual], cause_id: str, *, lane: str) -> int:
    """``actuals_changed``: the full state of each saved week; how many messages that is."""
    return emit_many(session, "actuals_changed", bodies_of(saved), cause_id=cause_id, lane=lane)


def bodies_of(saved: Iterable[StoredActual]) -> Iterator[ActualsChanged]:
    """The bodies of ``actuals_changed`` for saved weeks, of which an organisation's come together; no more than a
    message's are kept."""
    for organisation_id, weeks in groupby(saved, attrgetter("organisation_id")):
        while part := list(islice(weeks, WEEKS_IN_A_MESSAGE)):
            yield {"organisation_id": str(organisation_id), "weeks": _weeks_said(part)}


def _weeks_said(weeks: Sequence[StoredActual]) -> list[ActualSaid]:
    return [
        ActualSaid(
            actual.cpli_id,
            actual.monday.isoformat(),
            actual.version,
            [
                LineOfWeek(
                    line.first_on.isoformat(),
                    line.last_on.isoformat(),
                    line.delivered_seconds,
                    line.frustrated_seconds,
                    line.visits,
                )
                for line in actual.lines
            ],
        )
        for actual in weeks
    ]
