"""What matching tells reports: commissioned care by client, visits without a match (RULES 5, 15)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.names import fold
from libs.common.rpc import Caller
from libs.common.seams.days import iso_or_none
from libs.common.seams.matching.reports import (
    PackageOfClient,
    ReportChoices,
    UnmatchedDays,
    UnmatchedVisit,
    UnmatchedVisitPlace,
)
from services.matching.book.words import clock
from services.matching.identifiers import store as identifiers_store
from services.matching.organisations.views import limit_to_organisation
from services.matching.reports import store


def packages_by_client(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    client: str | None,
    group_class: str | None,
    payment_method: str | None = None,
    first: dt.date,
    last: dt.date,
    after: int,
    limit: int,
) -> list[PackageOfClient]:
    """A page of the CPLIs that Commissioned v Actuals compares. Raises Refused ``not_found``."""
    facts = {
        "organisation": limit_to_organisation(session, caller, organisation),
        "client": client,
        "group_class": group_class,
        "payment_method": payment_method,
        "first": first,
        "last": last,
    }
    rows = store.packages_by_client(session, facts, after=after, limit=limit)
    return [_package_document(row) for row in rows]


def report_choices(session: Session, caller: Caller, *, organisation: str | None) -> ReportChoices:
    """What reports may be limited to: service group classes, names of services, contracts."""
    services = store.services_of(session, limit_to_organisation(session, caller, organisation))
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
    after: UnmatchedVisitPlace | None,
    limit: int,
) -> list[UnmatchedVisit]:
    """A page of visits without a match, with why; each has the ``place`` after which the next page begins."""
    facts = _facts_of_unmatched(session, caller, organisation, reason, client, service_name)
    rows = store.unmatched(session, {**facts, "first": first, "last": last}, after=after, limit=limit)
    return [_unmatched_document(row) for row in rows]


def unmatched_days(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    reason: str | None,
    client: str | None,
    service_name: str | None,
    first: dt.date | None,
    last: dt.date | None,
) -> UnmatchedDays:
    """When the visits are planned that `unmatched_for_report` lists, and how many of them lie outside of its days."""
    facts = _facts_of_unmatched(session, caller, organisation, reason, client, service_name)
    found = store.unmatched_days(session, {**facts, "first": first, "last": last})
    return {
        "newest": iso_or_none(found["newest"]),
        "outside": found["outside"],
        "newest_outside": iso_or_none(found["newest_outside"]),
    }


def _facts_of_unmatched(
    session: Session,
    caller: Caller,
    organisation: str | None,
    reason: str | None,
    client: str | None,
    service_name: str | None,
) -> dict[str, Any]:
    """What visits without a match are limited to, as queries take it. Raises Refused ``not_found``."""
    known = [] if client is None else identifiers_store.identifiers_of_client(session, client)
    return {
        "organisation": limit_to_organisation(session, caller, organisation),
        "reason": reason,
        "service": None if service_name is None else fold(service_name),
        "clients": None if client is None else [client, *known],
    }


def _package_document(row: Mapping[str, Any]) -> PackageOfClient:
    return {
        "cpli_id": row["cpli_id"],
        "organisation": row["organisation"],
        "service_level": row["service_level"],
        "service": row["service"],
        "client": row["client"],
        "forename": row["forename"],
        "surname": row["surname"],
        "start_on": row["start_on"].isoformat(),
        "end_on": iso_or_none(row["end_on"]),
        "cost_centre": row["cost_centre"],
        "subjective": row["subjective"],
        "service_group_class": row["service_group_class"],
    }


def _unmatched_document(row: Mapping[str, Any]) -> UnmatchedVisit:
    planned_on = row["planned_on"].isoformat()
    return {
        "organisation_id": row["organisation_id"],
        "organisation": row["organisation"],
        "visit_ref": row["visit_ref"],
        "client": row["client"],
        "forename": row["forename"],
        "surname": row["surname"],
        "planned_on": planned_on,
        "planned_entry": clock(row["planned_entry"]),
        "planned_exit": clock(row["planned_exit"]),
        "visit_type": row["visit_type"],
        "service": row["service"],
        "service_level": row["service_level"],
        "delivered_seconds": row["delivered_seconds"],
        "reason": row["reason"],
        "place": (row["folded_name"], row["reason"], planned_on, row["planned_entry"], row["visit_ref"]),
    }
