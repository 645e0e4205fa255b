"""Measures as matching answers them (RULES 16)."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.rpc import Caller
from libs.common.seams.matching.monitoring.measures import AreaMeasures, MeasuresPage
from services.matching.measures import store
from services.matching.measures.answering import CountedNow, ask, count_now, counted
from services.matching.measures.counting import measured_by
from services.matching.measures.days import all_carers, figures, total
from services.matching.organisations.views import limit_to_organisation

VISITS_IN_AN_ANSWER = 10_000
"""Once so many visits of stale weeks are measured, no other stale week is begun: other callers wait meanwhile."""
FEWEST_PROVIDERS = 3
"""Of fewer, an area's measures would tell one provider what another's are."""


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
    names = dict(store.organisations_after(session, organisation_id, str(after) if after else None))
    asked, by = ask(session, names, first, last), measured_by(session)
    of_page: list[str] = []
    counted_now: dict[str, CountedNow] = {}
    for one in names:
        if one in asked.stale:
            if sum(of.visits for of in counted_now.values()) >= VISITS_IN_AN_ANSWER:
                break
            counted_now[one] = count_now(session, one, asked, by)
        of_page.append(one)
    found = counted(session, of_page, asked, counted_now)
    return {
        "organisations": {names[one]: figures(of.counts, of.carers) for one, of in found.items()},
        "after": of_page[-1] if len(of_page) < len(names) else None,
    }


def area_measures(
    session: Session, caller: Caller, now: dt.datetime, *, first: dt.date, last: dt.date
) -> AreaMeasures:
    """Measures over planned days up to today of all organisations together, for whoever asks.

    None where fewer than three of them sent any visit. Stale weeks past a bound count as they were measured last.
    """
    last = min(last, london_day(now))
    with store.as_system(session, caller):
        ids = [one for one, _ in store.organisations_after(session, None, None)]
        asked, by = ask(session, ids, first, last), measured_by(session)
        counted_now: dict[str, CountedNow] = {}
        for one in asked.stale:
            if sum(of.visits for of in counted_now.values()) >= VISITS_IN_AN_ANSWER:
                break
            counted_now[one] = count_now(session, one, asked, by)
        of_all = counted(session, ids, asked, counted_now).values()
    providers = sum(of.is_sent for of in of_all)
    of_area = figures(total(of.counts for of in of_all), all_carers(of.carers for of in of_all))
    return {
        "providers": providers,
        "measures": of_area if providers >= FEWEST_PROVIDERS else None,
        "stale_weeks": sum(len(weeks) for one, weeks in asked.stale.items() if one not in counted_now),
    }
