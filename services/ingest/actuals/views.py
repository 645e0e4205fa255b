"""Weeks of actuals as the faces show them (RULES 13)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from libs.common.care.actuals import ActualLine, PlannedLine, cost_of, paid_times, planned_in_week
from libs.common.care.money import NOTHING, pounds_text
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.ingest.actuals import (
    ActualDocument,
    ActualLineDocument,
    ActualsWeek,
    ActualVersionDocument,
    ActualWithVersions,
    SuspendedClient,
)
from services.ingest.actuals import packages, store
from services.ingest.actuals.packages import ActualPackage
from services.ingest.actuals.rules import as_planned, comes_to_an_end_on, is_more_than_planned
from services.ingest.actuals.store import StoredActual
from services.ingest.callers import organisation_asked

NO_CARE = "There is no care package line item with this number that is paid by actuals."


def find_week(session: Session, caller: Caller, *, monday: dt.date, organisation: str | None) -> ActualsWeek:
    """A week of all CPLIs that are paid by actuals, of one organisation or of all. Raises Refused ``not_found``."""
    return week_document(session, organisation_asked(session, caller, organisation), monday)


def list_cplis(session: Session, caller: Caller, *, monday: dt.date, organisation: str | None) -> list[int]:
    """The CPLIs whose week ``find_actuals`` may have something of. Raises Refused ``not_found``."""
    organisation_id = organisation_asked(session, caller, organisation)
    running = packages.ids_in_week(session, organisation_id, monday)
    return list(dict.fromkeys((*running, *store.cplis_in_week(session, organisation_id, monday))))


def find_actuals(session: Session, *, monday: dt.date, cpli_ids: Sequence[int]) -> list[ActualDocument]:
    """A week of these CPLIs, in their order: those that plan something in it, or have something saved."""
    found = packages.find_packages(session, cpli_ids)
    stored = store.find_actuals(session, [(cpli_id, monday) for cpli_id in cpli_ids])
    return _documents(
        [found[one] for one in cpli_ids if one in found],
        monday,
        {cpli_id: actual for (cpli_id, _), actual in stored.items()},
    )


def find_actual(session: Session, *, cpli_id: int, monday: dt.date) -> ActualWithVersions:
    """A CPLI's week with what it was before. Raises Refused ``not_found``."""
    package = require_package(session, cpli_id)
    stored = store.find_actuals(session, [(cpli_id, monday)]).get((cpli_id, monday))
    versions = store.find_versions(session, (cpli_id, monday))
    return {
        **actual_document(package, monday, package.planned_lines(monday), stored),
        "versions": [_version_document(version) for version in versions],
    }


def require_package(session: Session, cpli_id: int) -> ActualPackage:
    """A CPLI that is or was paid by actuals. Raises Refused ``not_found``."""
    package = packages.find_package(session, cpli_id)
    if package is None:
        raise Refused("not_found", NO_CARE)
    return package


def week_document(session: Session, organisation_id: uuid.UUID | None, monday: dt.date) -> ActualsWeek:
    """What is planned, and what stands, for each CPLI that runs in a week or has something saved in it."""
    found = {one.cpli_id: one for one in packages.packages_in_week(session, organisation_id, monday)}
    stored = store.actuals_in_week(session, organisation_id, monday)
    found |= packages.find_packages(session, {cpli_id for cpli_id in stored if cpli_id not in found})
    documents = _documents(found.values(), monday, stored)
    total = sum((Decimal(document["cost"]) for document in documents), NOTHING)
    return {
        "week": monday.isoformat(),
        "total_cost": pounds_text(total),
        "actuals": documents,
        "suspended": [
            _suspended_document(one, monday) for one in found.values() if one.suspended_days(monday)
        ],
    }


def _documents(
    found: Iterable[ActualPackage], monday: dt.date, stored: Mapping[int, StoredActual]
) -> list[ActualDocument]:
    return [
        actual_document(package, monday, planned, stored.get(package.cpli_id))
        for package in found
        if (planned := package.planned_lines(monday)) or _is_saved(stored.get(package.cpli_id))
    ]


def actual_document(
    package: ActualPackage, monday: dt.date, planned: Sequence[PlannedLine], stored: StoredActual | None
) -> ActualDocument:
    """A CPLI's week: as it was saved, else as planned."""
    lines = stored.lines if stored and stored.is_submitted else as_planned(planned)
    ends_on = comes_to_an_end_on(planned)
    return {
        "cpli_id": package.cpli_id,
        "week": monday.isoformat(),
        "state": stored.state if stored else "none",
        "version": stored.version if stored else 0,
        "organisation_id": str(package.organisation_id),
        "client_reference": package.client_reference,
        "ssref": package.ssref,
        "service": package.service,
        "service_level": package.service_level,
        "contract": package.contract,
        "planned_seconds": planned_in_week(planned),
        "delivered_seconds": sum(line.delivered_seconds for line in lines),
        "frustrated_seconds": sum(line.frustrated_seconds for line in lines),
        "cost": pounds_text(cost_of_lines(package, lines)),
        "is_more_than_planned": is_more_than_planned(lines, planned),
        "may_be_saved_from": ends_on.isoformat() if ends_on else None,
        "reason": stored.reason if stored else "",
        "changed_by": stored.changed_by if stored else "",
        "changed_at": stored.changed_at.isoformat() if stored else None,
        "lines": line_documents(lines, planned),
    }


def cost_of_lines(package: ActualPackage, lines: Sequence[ActualLine]) -> Decimal:
    """Pounds: delivered and frustrated time, each rounded once."""
    of_parts = (
        [(line, line.delivered_seconds) for line in lines],
        [(line, line.frustrated_seconds) for line in lines],
    )
    is_paid = package.is_authorised and package.is_paid_by_actuals
    costs = (cost_of(paid_times(part, package.plan, is_authorised=is_paid)) for part in of_parts)
    return sum(costs, NOTHING)


def line_documents(lines: Sequence[ActualLine], planned: Sequence[PlannedLine]) -> list[ActualLineDocument]:
    """Lines of the plan and lines that were saved, in the order of their days."""
    of_plan = {(line.first_on, line.last_on): line.planned_seconds for line in planned}
    entered = {(line.first_on, line.last_on): line for line in lines}
    return [
        _line_document(entered.get(days, ActualLine(*days, 0)), of_plan.get(days, 0))
        for days in sorted(of_plan.keys() | entered.keys())
    ]


def _line_document(line: ActualLine, planned_seconds: int) -> ActualLineDocument:
    return {
        "first_on": line.first_on.isoformat(),
        "last_on": line.last_on.isoformat(),
        "planned_seconds": planned_seconds,
        "delivered_seconds": line.delivered_seconds,
        "frustrated_seconds": line.frustrated_seconds,
        "visits": line.visits,
        "comment": line.comment,
    }


def _version_document(version: StoredActual) -> ActualVersionDocument:
    return {
        "version": version.version,
        "state": version.state,
        "reason": version.reason,
        "changed_by": version.changed_by,
        "changed_at": version.changed_at.isoformat(),
        "delivered_seconds": sum(line.delivered_seconds for line in version.lines),
        "frustrated_seconds": sum(line.frustrated_seconds for line in version.lines),
        "lines": [_line_document(line, 0) for line in version.lines],
    }


def _suspended_document(package: ActualPackage, monday: dt.date) -> SuspendedClient:
    return {
        "cpli_id": package.cpli_id,
        "client_reference": package.client_reference,
        "service": package.service,
        "days": [(first.isoformat(), last.isoformat()) for first, last in package.suspended_days(monday)],
    }


def _is_saved(stored: StoredActual | None) -> bool:
    return stored is not None and stored.is_submitted
