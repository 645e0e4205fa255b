"""Counts of an organisation's days, worked out from its visits and care as they stand (RULES 16)."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.orm import Session

from libs.common.seams.matching.measures import MeasuresAndWholes
from services.matching.measures import store
from services.matching.measures.days import (
    Counts,
    carers_of_clients,
    count_carers,
    count_days,
    figures,
    total,
)
from services.matching.measures.rules import days_of_weeks
from services.matching.measures.thresholds import ThresholdsOn


class DaysCounted(NamedTuple):
    """The counts of each day of weeks sent, each client with each of its carers, and how many visits were looked at."""

    days: dict[dt.date, Counts]
    carers: set[tuple[str, str]]
    visits: int


def count_from_visits(
    session: Session,
    organisation_id: str,
    first: dt.date,
    last: dt.date,
    *,
    types: Collection[str],
    thresholds_on: ThresholdsOn,
) -> DaysCounted:
    """What is counted of an organisation from one planned day to another, both included."""
    visits = store.matched_visits(session, organisation_id, first, last)
    care = store.measured_care(session, organisation_id, first, last)
    # care may have changed between the two
    visits = [visit for visit in visits if visit.cpli_id in care]
    days = days_of_weeks(first, last, store.weeks_sent(session, organisation_id, first, last))
    counts = dict(count_days(visits, care, days, types, thresholds_on))
    return DaysCounted(counts, carers_of_clients(visits, types), len(visits))


def measured_from_visits(
    session: Session, organisation_id: str, first: dt.date, last: dt.date, thresholds_on: ThresholdsOn
) -> MeasuresAndWholes:
    """An organisation's measures over planned days, both included, from its visits and by these thresholds."""
    types = store.delivered_types(session)
    counted = count_from_visits(
        session, organisation_id, first, last, types=types, thresholds_on=thresholds_on
    )
    return figures(total(counted.days.values()), count_carers(counted.carers))
