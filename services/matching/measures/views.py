"""Measures as matching answers them (RULES 16)."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.rpc import Caller
from libs.common.seams.matching.measures import Measures, MeasuresPage
from services.matching.measures import store
from services.matching.measures.rules import days_of_weeks, measure
from services.matching.measures.thresholds import by_day
from services.matching.organisations.views import limit_to_organisation

VISITS_IN_AN_ANSWER = 10_000
"""Once so many visits are measured no further organisation is begun: other callers wait meanwhile."""


def measures(
    session: Session,
    caller: Caller,
    now: dt.datetime,
    *,
    first: dt.date,
    last: dt.date,
    organisation: str | None,
    after: uuid.UUID | None,
) -> MeasuresPage:
    """Measures over planned days up to today, of one organisation or some of all. Raises Refused ``not_found``."""
    organisation_id = limit_to_organisation(session, caller, organisation)
    last = min(last, london_day(now))
    types, thresholds_on = store.delivered_types(session), by_day(store.thresholds(session))
    page: MeasuresPage = {"organisations": {}, "after": None}
    measured = 0
    for one, name in store.organisations_after(session, organisation_id, str(after) if after else None):
        if measured >= VISITS_IN_AN_ANSWER:
            return page
        visits = store.matched_visits(session, one, first, last)
        care = store.measured_care(session, one, first, last)
        visits = [visit for visit in visits if visit.cpli_id in care]
        days = days_of_weeks(first, last, store.weeks_sent(session, one, first, last))
        figures: Measures = measure(visits, care, days, types, thresholds_on)
        page["organisations"][name], page["after"] = figures, one
        measured += len(visits)
    page["after"] = None
    return page
