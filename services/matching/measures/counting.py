"""Counts of an organisation's days, worked out from its visits and care as they stand (RULES 16)."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.orm import Session

from libs.common.seams.matching.monitoring.measures import MeasuresAndWholes
from services.matching.measures import store
from services.matching.measures.days import (
    CarersOfWeeks,
    Counts,
    carers_of_weeks,
    count_carers,
    count_days,
    figures,
    total,
)
from services.matching.measures.rules import days_of_weeks
from services.matching.measures.thresholds import ThresholdsOn, by_day


class MeasuredBy(NamedTuple):
    """What all visits are measured by: the visit types that are delivered, and the thresholds of a day."""

    types: Collection[str]
    thresholds_on: ThresholdsOn


class DaysCounted(NamedTuple):
    """The counts of each day of weeks sent, and the days on which any visit is planned.

    ``visits`` says how many visits were looked at.
    """

    days: dict[dt.date, Counts]
    days_with_visits: set[dt.date]
    carers: CarersOfWeeks
    visits: int


def measured_by(session: Session, thresholds_on: ThresholdsOn | None = None) -> MeasuredBy:
    """What holds as it stands, or with other thresholds."""
    return MeasuredBy(store.delivered_types(session), thresholds_on or by_day(store.thresholds(session)))


def count_from_visits(
    session: Session, organisation_id: str, first: dt.date, last: dt.date, by: MeasuredBy
) -> DaysCounted:
    """What is counted of an organisation from one planned day to another, both included."""
    visits = store.matched_visits(session, organisation_id, first, last)
    care = store.measured_care(session, organisation_id, first, last)
    # care may have changed between the two
    visits = [visit for visit in visits if visit.cpli_id in care]
    with_visits = store.days_with_visits(session, organisation_id, first, last)
    days = days_of_weeks(first, last, store.weeks_of(with_visits))
    return DaysCounted(
        dict(count_days(visits, care, days, *by)),
        {day for day in with_visits if first <= day <= last},
        carers_of_weeks(visits, by.types),
        len(visits),
    )


def measured_from_visits(
    session: Session, organisation_id: str, first: dt.date, last: dt.date, thresholds_on: ThresholdsOn
) -> MeasuresAndWholes:
    """An organisation's measures over planned days, both included, from its visits and by these thresholds."""
    counted = count_from_visits(session, organisation_id, first, last, measured_by(session, thresholds_on))
    return figures(total(counted.days.values()), count_carers(counted.carers))
