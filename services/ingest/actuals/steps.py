"""Weeks of actuals are generated, saved and deleted (RULES 13). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from libs.common.care.actuals import ActualLine
from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.ingest.actuals import ActualWithVersions, GeneratedWeek
from services.ingest.actuals import extra_rules_store, packages, store
from services.ingest.actuals.events import say_changed
from services.ingest.actuals.packages import ActualPackage
from services.ingest.actuals.rules import (
    Fault,
    WeekAsked,
    as_frustrated,
    comes_to_an_end_on,
    faults_of_week,
    without_hours,
)
from services.ingest.actuals.store import Entry, StoredActual
from services.ingest.actuals.views import find_actual, require_package, week_document
from services.ingest.callers import organisation_asked
from services.ingest.visits.store import lock_organisation

TOO_EARLY = "The week can be saved once its last planned day has come, {day}."
CHANGED_SINCE = "The week was changed since: look at it again, then enter your change."


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


@dataclass(frozen=True, slots=True)
class OpenWeek:
    """A CPLI's week that is about to be saved; its organisation is locked."""

    package: ActualPackage
    monday: dt.date
    stored: StoredActual | None
    asked: WeekAsked

    def lines(self) -> tuple[ActualLine, ...]:
        """The week as it stands: as saved, else as planned."""
        return self.asked.filled(())


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
    """Submit what was delivered in a CPLI's week; lines that are left out stay as they were, or as planned.

    version: the one that was seen, 0 for none. Raises Refused ``not_found``, ``not_by_actuals``, ``no_hours``,
    ``too_early``, ``version_differs``, and ``rejected`` with every fault.
    """
    week = open_week(session, cpli_id, monday, version, london_day(now))
    named = [(line.first_on, line.last_on) for line in lines]
    repeated = [line for i, line in enumerate(lines) if named.index(named[i]) < i]
    return submit(session, caller, week, (*week.asked.filled(lines), *repeated))


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
    week = open_week(session, cpli_id, monday, version, london_day(now))
    lines = tuple(without_hours(line) for line in week.asked.filled(()))
    keep_submitted(session, caller, week, lines, reason)
    return find_actual(session, cpli_id=cpli_id, monday=monday)


def remove_hours(
    session: Session,
    caller: Caller,
    now: dt.datetime,
    *,
    cpli_id: int,
    monday: dt.date,
    version: int,
    first_on: dt.date | None,
    comment: str | None,
) -> ActualWithVersions:
    """Submit that nothing was delivered in a line (by its first day), or in all. Raises Refused as `save_week` does."""
    week = open_week(session, cpli_id, monday, version, london_day(now))
    lines = changed_lines(week, first_on, lambda line: without_hours(line, comment))
    return submit(session, caller, week, lines)


def mark_frustrated(
    session: Session,
    caller: Caller,
    now: dt.datetime,
    *,
    cpli_id: int,
    monday: dt.date,
    version: int,
    first_on: dt.date | None,
    comment: str | None,
) -> ActualWithVersions:
    """Submit that the carer could not give the care of a line (by its first day), or of all: paid though not delivered.

    Raises Refused as `save_week` does.
    """
    week = open_week(session, cpli_id, monday, version, london_day(now))
    lines = changed_lines(week, first_on, lambda line: as_frustrated(line, comment))
    return submit(session, caller, week, lines)


def changed_lines(
    week: OpenWeek, first_on: dt.date | None, change: Callable[[ActualLine], ActualLine]
) -> tuple[ActualLine, ...]:
    """The week's lines, the one that begins on a day (all for None) changed. Raises Refused ``no_such_line``."""
    lines = week.lines()
    if first_on is not None and first_on not in {line.first_on for line in lines}:
        raise Refused("no_such_line", "The week has no line that begins on this day.")
    return tuple(change(line) if first_on in (None, line.first_on) else line for line in lines)


def open_week(session: Session, cpli_id: int, monday: dt.date, version: int, today: dt.date) -> OpenWeek:
    """Lock a CPLI's week for saving. Raises Refused ``not_found``, ``version_differs``, ``not_by_actuals``,
    ``no_hours`` and ``too_early``."""
    organisation_id = require_package(session, cpli_id).organisation_id
    lock_organisation(session, organisation_id)
    package = require_package(session, cpli_id)
    stored = store.find_actuals(session, [(cpli_id, monday)]).get((cpli_id, monday))
    if version != (stored.version if stored else 0):
        raise Refused("version_differs", CHANGED_SINCE)
    refusal = refusal_of(package, monday, stored, today)
    if refusal is not None:
        raise refusal
    rules = extra_rules_store.rules_of_week(session, package.contract, monday)
    return OpenWeek(package, monday, stored, package.asked(monday, stored, rules))


def refusal_of(
    package: ActualPackage, monday: dt.date, stored: StoredActual | None, today: dt.date
) -> Refused | None:
    """Why a week can't be saved at all: ``not_by_actuals``, ``no_hours`` or ``too_early``; None where it can."""
    if not package.is_paid_by_actuals:
        return Refused("not_by_actuals", "This care is not paid by actuals.")
    ends_on = comes_to_an_end_on(package.planned_lines(monday))
    if ends_on is None:
        is_saved = stored is not None and stored.is_submitted
        return None if is_saved else Refused("no_hours", package.why_no_hours(monday))
    if today < ends_on:
        return Refused("too_early", TOO_EARLY.format(day=f"{ends_on.day} {ends_on:%B %Y}"))
    return None


def submit(
    session: Session, caller: Caller, week: OpenWeek, lines: Sequence[ActualLine]
) -> ActualWithVersions:
    """Judge and keep all lines of a week. Raises Refused ``rejected``."""
    refuse_faults(faults_of_week(lines, week.asked))
    keep_submitted(session, caller, week, lines)
    return find_actual(session, cpli_id=week.package.cpli_id, monday=week.monday)


def keep_submitted(
    session: Session, caller: Caller, week: OpenWeek, lines: Sequence[ActualLine], reason: str = ""
) -> None:
    """Store a week as submitted and say it; it overtakes what files changed."""
    kept = tuple(replace(line, comment=line.comment.strip()) for line in lines)
    entry = Entry(week.package.cpli_id, week.monday, week.package.organisation_id, kept, reason)
    saved = store.save_submitted(session, [entry], caller["who"])
    say_changed(session, saved, str(uuid.uuid4()), lane="single")


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
