"""What made a measure: its visits, slots or line items, page by page (RULES 16)."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.rpc import Caller
from libs.common.seams.matching.monitoring.measures import CommissionedHours, MeasuredPage
from libs.common.seams.matching.monitoring.measures import MeasuredVisit as VisitDocument
from services.matching.measured_visits import store as visits_store
from services.matching.measured_visits.rules import VISITS_OF, Listed, list_visits
from services.matching.measures import store
from services.matching.measures.figures import two_decimals
from services.matching.measures.rules import (
    MeasuredVisit,
    days_of_slots,
    days_of_weeks,
    hours_of_cpli,
    slots_critical,
)
from services.matching.measures.thresholds import by_day
from services.matching.organisations.views import limit_to_organisation

ROWS_IN_AN_ANSWER = 200
"""Once so many rows are found no further day is begun; a day is never cut."""
DAYS_AT_ONCE = 14


def measured_visits(
    session: Session,
    caller: Caller,
    now: dt.datetime,
    *,
    organisation: str | None,
    first: dt.date,
    last: dt.date,
    measure: str,
    is_rest: bool,
    after: dt.date | None,
) -> MeasuredPage:
    """What made a measure of an organisation, in the order of days.

    is_rest: of a share, what it is a share of and what does not count. Raises Refused ``not_found``.
    """
    organisation_id = limit_to_organisation(session, caller, organisation) or store.NOBODY
    last = min(last, london_day(now))
    page: MeasuredPage = {"visits": [], "missed": [], "critical": [], "commissioned": [], "after": None}
    if measure == "hours_commissioned":
        page["commissioned"] = _commissioned(session, organisation_id, first, last)
        return page
    begin = first if after is None else after + dt.timedelta(days=1)
    listed = _Lister(session, organisation_id, measure, is_rest=is_rest)
    while (next_day := listed.next_day(begin, last)) is not None:
        until = min(next_day + dt.timedelta(days=DAYS_AT_ONCE - 1), last)
        for day in listed.days(next_day, until):
            if len(page["visits"]) + len(page["missed"]) + len(page["critical"]) >= ROWS_IN_AN_ANSWER:
                page["after"] = (day - dt.timedelta(days=1)).isoformat()
                return _with_clients(session, page)
            listed.add_day(page, day)
        begin = until + dt.timedelta(days=1)
    return _with_clients(session, page)


class _Lister:
    """Finds what made one measure of one organisation, some days at a time."""

    def __init__(self, session: Session, organisation_id: str, measure: str, *, is_rest: bool) -> None:
        self._session, self._organisation_id = session, organisation_id
        self._measure, self._is_rest = measure, is_rest
        self._types = store.delivered_types(session)
        self._thresholds_on = by_day(store.thresholds(session))
        self._found: dict[dt.date, list[Listed]] = {}

    def next_day(self, begin: dt.date, last: dt.date) -> dt.date | None:
        """The next day of a week sent: there is nothing to list of other days."""
        return visits_store.next_day_sent(self._session, self._organisation_id, begin, last)

    def days(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The days of these on which something made the measure."""
        named = visits_store.named_visits(self._session, self._organisation_id, first, last)
        care = store.measured_care(self._session, self._organisation_id, first, last)
        named = [(ref, visit) for ref, visit in named if visit.cpli_id in care]
        visits = [visit for _, visit in named]
        sent = store.weeks_sent(self._session, self._organisation_id, first, last)
        days = days_of_weeks(first, last, sent)
        found: list[Listed] = []
        if self._measure in VISITS_OF:
            found += list_visits(
                named, care, self._measure, self._types, self._thresholds_on, is_rest=self._is_rest
            )
        if self._measure == "missed":
            of_slots = days_of_slots(visits, care.values(), days)
            found += [Listed(one.day, short=one) for one in of_slots if one.missed]
        if self._measure == "time_critical_share":
            refs = {id(visit): ref for ref, visit in named}
            found += [
                Listed(slot.day, slot=slot, refs=tuple(refs[id(visit)] for visit in slot.visits))
                for slot in slots_critical(visits, care.values(), days, self._types, self._thresholds_on)
                if slot.is_kept != self._is_rest
            ]
        self._found = {}
        for one in sorted(found, key=Listed.in_order):
            self._found.setdefault(one.day, []).append(one)
        return list(self._found)

    def add_day(self, page: MeasuredPage, day: dt.date) -> None:
        """What made the measure on a day of those that were looked at last."""
        for one in self._found[day]:
            if one.visit is not None:
                page["visits"].append(visit_document(one.refs[0], one.visit))
            if one.short is not None:
                page["missed"].append(
                    {
                        "day": day.isoformat(),
                        "cpli_id": one.short.cpli_id,
                        "client": "",
                        "wanted": one.short.wanted,
                        "visits": one.short.visits,
                        "missed": one.short.missed,
                    }
                )
            if one.slot is not None:
                page["critical"].append(
                    {
                        "day": day.isoformat(),
                        "cpli_id": one.slot.cpli_id,
                        "client": "",
                        "entry": one.slot.entry,
                        "exit": one.slot.exit,
                        "is_kept": one.slot.is_kept,
                        "visits": list(one.refs),
                    }
                )


def visit_document(ref: str, visit: MeasuredVisit) -> VisitDocument:
    """A visit as pages show it; the client's reference is written later."""
    return {
        "visit_ref": ref,
        "client": "",
        "cpli_id": visit.cpli_id,
        "visit_type": visit.visit_type,
        "day": visit.planned_on.isoformat(),
        "planned_entry": visit.planned_entry,
        "planned_exit": visit.planned_exit,
        "delivered_entry": visit.delivered_entry,
        "delivered_seconds": visit.delivered_seconds,
        "late_seconds": None if visit.delivered_entry is None else visit.seconds_late,
        "is_overridden": visit.is_overridden,
        "carer_ref": visit.carer_ref,
    }


def _commissioned(
    session: Session, organisation_id: str, first: dt.date, last: dt.date
) -> list[CommissionedHours]:
    care = store.measured_care(session, organisation_id, first, last)
    days: Sequence[dt.date] = days_of_weeks(
        first, last, store.weeks_sent(session, organisation_id, first, last)
    )
    clients = visits_store.client_references(session, list(care))
    hours = {cpli_id: hours_of_cpli(one, days) for cpli_id, one in sorted(care.items()) if one.is_expected}
    return [
        {"cpli_id": cpli_id, "client": clients.get(cpli_id, ""), "hours": two_decimals(of)}
        for cpli_id, of in hours.items()
        if of
    ]


def _with_clients(session: Session, page: MeasuredPage) -> MeasuredPage:
    """With the reference by which each line item's client is shown."""
    rows = [*page["visits"], *page["missed"], *page["critical"]]
    clients = visits_store.client_references(session, list({row["cpli_id"] for row in rows}))
    for row in rows:
        row["client"] = clients.get(row["cpli_id"], "")
    return page
