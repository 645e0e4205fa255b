"""Weeks of actuals are generated, saved and deleted (RULES 13). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy.orm import Session

from libs.common.care.actuals import ActualLine
from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit_many
from libs.common.rpc import Caller
from libs.common.seams.ingest.actuals import ActualWithVersions, GeneratedWeek
from services.ingest.actuals import packages, rules_store, store
from services.ingest.actuals.packages import ActualPackage
from services.ingest.actuals.rules import Fault, comes_to_an_end_on, faults_of_week
from services.ingest.actuals.store import Entry, StoredActual
from services.ingest.actuals.views import find_actual, require_package, week_document
from services.ingest.callers import organisation_asked
from services.ingest.files.store import lock_organisation

WEEKS_IN_A_MESSAGE: Final = 250


def generate_week(
    session: Session, caller: Caller, *, monday: dt.date, organisation: str | None
) -> GeneratedWeek:
    """Make a week's actuals as planned, and keep those that are there. Raises Refused ``not_found``."""
    organisation_id = organisation_asked(session, caller, organisation)
    planned = {
        (package.cpli_id, monday): package.organisation_id
        for package in packages.packages_in_week(session, organisation_id, monday)
        if package.planned_lines(monday)
    }
    for one in sorted(set(planned.values())):
        lock_organisation(session, one)
    generated = store.insert_generated(session, planned, caller["who"])
    document = week_document(session, organisation_id, monday)
    return {**document, "generated": generated, "kept": len(document["actuals"]) - generated}


def save_week(
    session: Session,
    caller: Caller,
    now: dt.datetime,
    *,
    cpli_id: int,
    monday: dt.date,
    lines: Sequence[ActualLine],
    version: int,
) -> ActualWithVersions:
    """Submit what was delivered in a CPLI's week. version: the one that was seen, 0 for none.

    Raises Refused ``not_found``, ``not_by_actuals``, ``no_hours``, ``too_early``, ``version_differs``, ``rejected``.
    """
    package = lock_week(session, cpli_id, monday, version)
    refuse_what_cannot_be_saved(package, monday, london_day(now))
    rules = rules_store.rules_of_contract(session, package.contract)
    refuse_faults(faults_of_week(lines, package.planned_lines(monday), rules))
    entry = Entry(cpli_id, monday, package.organisation_id, tuple(lines))
    say_actuals(
        session, store.save_submitted(session, [entry], caller["who"]), str(uuid.uuid4()), lane="single"
    )
    return find_actual(session, cpli_id=cpli_id, monday=monday)


def delete_week(
    session: Session,
    caller: Caller,
    now: dt.datetime,
    *,
    cpli_id: int,
    monday: dt.date,
    reason: str,
    version: int,
) -> ActualWithVersions:
    """Submit that nothing was delivered in a CPLI's week, with the reason. Raises Refused as `save_week` does."""
    package = lock_week(session, cpli_id, monday, version)
    refuse_what_cannot_be_saved(package, monday, london_day(now))
    lines = tuple(ActualLine(line.first_on, line.last_on, 0) for line in package.planned_lines(monday))
    entry = Entry(cpli_id, monday, package.organisation_id, lines, reason)
    say_actuals(
        session, store.save_submitted(session, [entry], caller["who"]), str(uuid.uuid4()), lane="single"
    )
    return find_actual(session, cpli_id=cpli_id, monday=monday)


def lock_week(session: Session, cpli_id: int, monday: dt.date, version: int) -> ActualPackage:
    """Lock a CPLI's organisation. Raises Refused ``not_found``, and ``version_differs`` when another save came first."""
    package = require_package(session, cpli_id)
    lock_organisation(session, package.organisation_id)
    stored = store.find_actuals(session, [(cpli_id, monday)]).get((cpli_id, monday))
    if version != (stored.version if stored else 0):
        raise Refused(
            "version_differs", "The week was changed since: look at it again, then enter your change."
        )
    return package


def refuse_what_cannot_be_saved(package: ActualPackage, monday: dt.date, today: dt.date) -> None:
    """Raises Refused ``not_by_actuals``, ``no_hours`` and ``too_early``."""
    if not package.is_paid_by_actuals:
        raise Refused("not_by_actuals", "This care is not paid by actuals.")
    ends_on = comes_to_an_end_on(package.planned_lines(monday))
    if ends_on is None:
        raise Refused("no_hours", _why_no_hours(package, monday))
    if today < ends_on:
        day = f"{ends_on.day} {ends_on:%B %Y}"
        raise Refused("too_early", f"The week can be saved once its last planned day has come, {day}.")


def _why_no_hours(package: ActualPackage, monday: dt.date) -> str:
    if package.suspended_days(monday):
        return "The client is suspended in this week: ask by an action if care was delivered."
    if not package.is_authorised:
        return "This care is not authorised yet."
    return "No hours are planned in this week."


def refuse_faults(faults: Sequence[Fault]) -> None:
    """Raises Refused ``rejected`` with every fault."""
    if faults:
        errors = [
            {
                "line": None if fault.line is None else fault.line[0].isoformat(),
                "column": fault.column,
                "code": fault.code,
                "message": fault.message,
            }
            for fault in faults
        ]
        raise Refused(
            "rejected", "The week can't be saved as it is: correct what is named.", {"errors": errors}
        )


def say_actuals(session: Session, saved: Iterable[StoredActual], cause_id: str, *, lane: str) -> None:
    """``actuals_changed``: the full state of each saved week, an organisation's together."""
    by_organisation: dict[uuid.UUID, list[StoredActual]] = {}
    for actual in saved:
        by_organisation.setdefault(actual.organisation_id, []).append(actual)
    bodies = (body for one, weeks in by_organisation.items() for body in _bodies(one, weeks))
    emit_many(session, "actuals_changed", bodies, cause_id=cause_id, lane=lane)


def _bodies(organisation_id: uuid.UUID, weeks: Sequence[StoredActual]) -> Iterator[dict[str, object]]:
    for i in range(0, len(weeks), WEEKS_IN_A_MESSAGE):
        said = [_as_said(actual) for actual in weeks[i : i + WEEKS_IN_A_MESSAGE]]
        yield {"organisation_id": str(organisation_id), "weeks": said}


def _as_said(actual: StoredActual) -> list[object]:
    """CpliId, Monday, version, and the lines: first day, last day, delivered and frustrated seconds."""
    lines = [
        [line.first_on.isoformat(), line.last_on.isoformat(), line.delivered_seconds, line.frustrated_seconds]
        for line in actual.lines
    ]
    return [actual.cpli_id, actual.monday.isoformat(), actual.version, lines]
