"""What ``visits_changed`` says: visits in columns, some to a message (docs/decisions/0005-message-sizes.md)."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any, Final, cast

from sqlalchemy.orm import Session

from libs.common.messaging.outbox import emit
from libs.common.seams.events import VisitColumns, VisitsChanged
from services.ingest.rows.facts import Visit
from services.ingest.visits.weeks import note_weeks_changed

VISITS_IN_A_MESSAGE = 2000
CLIENT_AND_DAY = ("ssref", "client_ref", "nhs_number", "planned_on")
SECONDS_IN_A_DAY = 86_400

SAID_COLUMNS: Final = {
    "visit_ref": "visit_ref",
    "version": "version",
    "deleted": "deleted",
    "ssref": "ssref",
    "client_ref": "client_ref",
    "nhs_number": "nhs_number",
    "service_level": "service_level",
    "service_ref": "service_ref",
    "service_name": "service_name",
    "visit_type": "visit_type",
    "planned_on": "planned_on::text",
    "planned_entry": "planned_entry",
    "planned_exit": "planned_exit",
    "delivered_seconds": f"(delivered_exit - delivered_entry + {SECONDS_IN_A_DAY}) % {SECONDS_IN_A_DAY}",
    "delivered_entry": f"delivered_entry + (delivered_on - planned_on) * {SECONDS_IN_A_DAY}",
    "entry_overridden": "coalesce(entry_overridden, false)",
    "exit_overridden": "coalesce(exit_overridden, false)",
    "carer_ref": "carer_ref",
}
"""The columns of VisitColumns, and how each is read from a table of visits."""
IN_ORDER: Final = ", ".join((*(f'{name} COLLATE "C"' for name in CLIENT_AND_DAY[:3]), CLIENT_AND_DAY[3]))
"""How a table of visits is read in the order of CLIENT_AND_DAY, letters by their code points."""
SAID: Final = ", ".join(how.replace(":", "\\:") for how in SAID_COLUMNS.values())


def days_of(planned_on: Iterable[str]) -> set[dt.date]:
    """The planned days that a column of ``visits_changed`` names."""
    return {dt.date.fromisoformat(text) for text in set(planned_on) if text}


def bodies_of(organisation_id: uuid.UUID, visits: Iterable[Any]) -> Iterator[VisitsChanged]:
    """The bodies of ``visits_changed`` for visits in its columns, cut so that a client's week mostly stays together."""
    names = list(SAID_COLUMNS)
    yield from bodies_in_order(
        organisation_id, sorted(visits, key=itemgetter(*map(names.index, CLIENT_AND_DAY)))
    )


def bodies_in_order(organisation_id: uuid.UUID, visits: Iterable[Any]) -> Iterator[VisitsChanged]:
    """The same for visits that come in the order of IN_ORDER, of which no more than a message's are kept."""
    names, left = list(SAID_COLUMNS), iter(visits)
    while some := list(islice(left, VISITS_IN_A_MESSAGE)):
        columns = zip(*some, strict=True)
        yield {
            "organisation_id": str(organisation_id),
            "columns": cast(VisitColumns, dict(zip(names, map(list, columns), strict=True))),
        }


def emit_visit_changed(
    session: Session,
    organisation_id: uuid.UUID,
    visit: Visit,
    version: int,
    *,
    deleted: bool = False,
    cause_id: str | None = None,
) -> None:
    """``visits_changed`` for this one visit; it overtakes what files changed. cause_id: a new one when None.

    Its week is noted as changed.
    """
    note_weeks_changed(session, organisation_id, [visit.planned_on])
    body: VisitsChanged = {
        "organisation_id": str(organisation_id),
        "columns": {
            "visit_ref": [visit.visit_ref],
            "version": [version],
            "deleted": [deleted],
            "ssref": [visit.ssref],
            "client_ref": [visit.client_ref],
            "nhs_number": [visit.nhs_number],
            "service_level": [visit.service_level],
            "service_ref": [visit.service_ref],
            "service_name": [visit.service_name],
            "visit_type": [visit.visit_type],
            "planned_on": [visit.planned_on.isoformat()],
            "planned_entry": [visit.planned_entry],
            "planned_exit": [visit.planned_exit],
            "delivered_seconds": [_delivered_seconds(visit)],
            "delivered_entry": [_delivered_entry(visit)],
            "entry_overridden": [bool(visit.entry_overridden)],
            "exit_overridden": [bool(visit.exit_overridden)],
            "carer_ref": [visit.carer_ref],
        },
    }
    emit(session, "visits_changed", body, cause_id=cause_id or str(uuid.uuid4()), lane="single")


def _delivered_seconds(visit: Visit) -> int | None:
    """How long it lasted; None where it was not delivered."""
    if visit.delivered_entry is None or visit.delivered_exit is None:
        return None
    return (visit.delivered_exit - visit.delivered_entry) % SECONDS_IN_A_DAY


def _delivered_entry(visit: Visit) -> int | None:
    """When it began, in seconds since the planned day's midnight; None where it was not delivered."""
    if visit.delivered_entry is None or visit.delivered_on is None:
        return None
    return visit.delivered_entry + (visit.delivered_on - visit.planned_on).days * SECONDS_IN_A_DAY
