"""Measures as matching answers them (RULES 16)."""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.rpc import Caller
from libs.common.seams.matching.measures import MeasuresAndWholes, MeasuresPage
from services.matching.measures import store
from services.matching.measures.counting import count_from_visits, measured_from_visits
from services.matching.measures.days import count_carers, figures, total
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
        counted = count_from_visits(session, one, first, last, types=types, thresholds_on=thresholds_on)
        page["organisations"][name] = figures(total(counted.days.values()), count_carers(counted.carers))
        page["after"] = one
        measured += counted.visits
    page["after"] = None
    return page


def measures_of(
    session: Session, organisation_ids: Collection[str], first: dt.date, last: dt.date
) -> dict[str, MeasuresAndWholes]:
    """The measures of each of these organisations over planned days, both included, by its id."""
    thresholds_on = by_day(store.thresholds(session))
    return {
        one: measured_from_visits(session, one, first, last, thresholds_on)
        for one in sorted(organisation_ids)
    }
