"""What ``visits_changed`` says: visits in columns, some to a message (docs/decisions/0005-message-sizes.md)."""

import uuid
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from services.ingest.files.store import SAID_COLUMNS

VISITS_IN_A_MESSAGE = 2000
CLIENT_AND_DAY = ("ssref", "client_ref", "nhs_number", "planned_on")


def bodies_of(organisation_id: uuid.UUID, visits: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The bodies of ``visits_changed`` for visits in its columns, cut so that a client's week mostly stays together."""
    names = list(SAID_COLUMNS)
    in_order = sorted(visits, key=itemgetter(*map(names.index, CLIENT_AND_DAY)))
    for start in range(0, len(in_order), VISITS_IN_A_MESSAGE):
        columns = zip(*in_order[start : start + VISITS_IN_A_MESSAGE], strict=True)
        yield {
            "organisation_id": str(organisation_id),
            "columns": dict(zip(names, map(list, columns), strict=True)),
        }
