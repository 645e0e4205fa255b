"""Weeks of actuals at a glance: the calendar's states, and the weeks that a contract wants confirmed (RULES 13)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.weeks import DAYS_IN_A_WEEK, monday_of
from libs.common.rpc import Caller
from libs.common.seams.ingest.actuals import CALENDAR_STATES, CalendarWeek, UnconfirmedWeek
from services.ingest.actuals import extra_rules_store, packages, store
from services.ingest.actuals.rules import rules_on
from services.ingest.callers import organisation_asked

WEEKS_LOOKED_BACK: Final = 26
ONE_WEEK: Final = dt.timedelta(days=DAYS_IN_A_WEEK)


def list_calendar(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    first: dt.date,
    last: dt.date,
    marks: Sequence[Mapping[str, Any]] = (),
) -> list[CalendarWeek]:
    """Each week between two Mondays in which anything is generated, saved or marked, with its state.

    ``generated`` while some of it is not saved; before either stands what other services know of any of it
    (``marks``: {"cpli_id", "monday", "state"}; those of care that is not paid by actuals are left out).
    Raises Refused ``not_found``.
    """
    asked = organisation_asked(session, caller, organisation)
    counted = {
        monday: (generated, submitted)
        for monday, generated, submitted in store.count_weeks(session, asked, first, last)
    }
    states = {
        monday: {store.GENERATED if generated else store.SUBMITTED}
        for monday, (generated, _) in counted.items()
    }
    known = packages.find_packages(session, {mark["cpli_id"] for mark in marks}) if marks else {}
    for mark in marks:
        package = known.get(mark["cpli_id"])
        is_asked = package is not None and asked in (None, package.organisation_id)
        if is_asked and first <= mark["monday"] <= last:
            states.setdefault(mark["monday"], set()).add(mark["state"])
    return [
        {
            "week": monday.isoformat(),
            "state": max(states[monday], key=CALENDAR_STATES.index),
            "generated": counted.get(monday, (0, 0))[0],
            "submitted": counted.get(monday, (0, 0))[1],
        }
        for monday in sorted(states)
    ]


def list_unconfirmed(
    session: Session, caller: Caller, now: dt.datetime, *, organisation: str | None, within_hours: int
) -> list[UnconfirmedWeek]:
    """The weeks of CPLIs that are not saved though their contract wanted it by now, or within some hours.

    The oldest first, half a year back. Raises Refused ``not_found``.
    """
    asked = organisation_asked(session, caller, organisation)
    until = now + dt.timedelta(hours=within_hours)
    found = list(_unconfirmed(session, asked, now, until))
    return sorted(found, key=lambda one: (one["confirm_by"], one["service"], one["client_reference"]))


def _unconfirmed(
    session: Session, organisation_id: uuid.UUID | None, now: dt.datetime, until: dt.datetime
) -> Iterator[UnconfirmedWeek]:
    dated = extra_rules_store.rules_by_contract(session)
    if not any(
        one.rules.confirm_weekday is not None for of_contract in dated.values() for one in of_contract
    ):
        return
    newest = monday_of(until.date())
    for monday in (newest - number * ONE_WEEK for number in range(WEEKS_LOOKED_BACK)):
        due = {name: rules_on(of_contract, monday).confirm_by(monday) for name, of_contract in dated.items()}
        if not any(by is not None and by <= until for by in due.values()):
            continue
        saved = {
            i
            for i, one in store.actuals_in_week(session, organisation_id, monday).items()
            if one.is_submitted
        }
        for package in packages.packages_in_week(session, organisation_id, monday):
            by = due.get(package.contract)
            if by is None or by > until or package.cpli_id in saved or not package.planned_lines(monday):
                continue
            yield {
                "cpli_id": package.cpli_id,
                "week": monday.isoformat(),
                "organisation_id": str(package.organisation_id),
                "client_reference": package.client_reference,
                "service": package.service,
                "contract": package.contract,
                "confirm_by": by.isoformat(),
                "is_overdue": by <= now,
            }
