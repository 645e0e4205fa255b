"""What matching tells reports: commissioned care by client, visits without a match (RULES 5, 15)."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.names import fold
from libs.common.rpc import Caller
from services.matching.book.words import clock
from services.matching.line_items import store as line_items_store
from services.matching.line_items.views import organisation_asked
from services.matching.reports import store

PLACE = ("folded_name", "reason", "planned_on", "planned_entry", "visit_ref")


def packages_by_client(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    client: str | None,
    group_class: str | None,
    first: dt.date,
    last: dt.date,
    after: int,
    limit: int,
) -> list[dict[str, Any]]:
    """A page of the CPLIs that Commissioned v Actuals compares. Raises Refused ``not_found``."""
    facts = {
        "organisation": organisation_asked(session, caller, organisation),
        "client": client,
        "group_class": group_class,
        "first": first,
        "last": last,
    }
    return store.packages_by_client(session, facts, after=after, limit=limit)


def report_choices(session: Session, caller: Caller, *, organisation: str | None) -> dict[str, list[str]]:
    """What reports may be limited to: service group classes, names of services, contracts."""
    services = store.services_of(session, organisation_asked(session, caller, organisation))
    return {
        "group_classes": store.group_classes(session),
        "services": list(dict.fromkeys(name for name, _ in services)),
        "contracts": sorted({contract for _, contract in services}),
    }


def unmatched_for_report(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    reason: str | None,
    client: str | None,
    service_name: str | None,
    first: dt.date,
    last: dt.date,
    after: list[Any] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """A page of visits without a match, with why; each has the ``place`` after which the next page begins."""
    facts = {
        "organisation": organisation_asked(session, caller, organisation),
        "reason": reason,
        "service": None if service_name is None else fold(service_name),
        "clients": None
        if client is None
        else [client, *line_items_store.identifiers_of_client(session, client)],
        "first": first,
        "last": last,
    }
    rows = store.unmatched(session, facts, after=after, limit=limit)
    return [
        {name: value for name, value in row.items() if name != "folded_name"}
        | {
            "planned_entry": clock(row["planned_entry"]),
            "planned_exit": clock(row["planned_exit"]),
            "place": [row[name] for name in PLACE],
        }
        for row in rows
    ]
