"""Measures out of what is kept by day; a week that is stale is measured in the asking, so that answers are exact (RULES 16)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from libs.common.care.weeks import sunday_of
from services.matching.measures import store_kept
from services.matching.measures.counting import MeasuredBy, count_from_visits, measured_by
from services.matching.measures.days import Carers, Counts, total
from services.matching.measures.rules import weeks_together
from services.matching.measures.store_kept import OrganisationDays
from services.matching.stale_weeks import store as stale_weeks


class Asked(NamedTuple):
    """Planned days, both included, and which weeks of organisations are stale among them."""

    first: dt.date
    last: dt.date
    stale: Mapping[str, list[dt.date]]


class Counted(NamedTuple):
    """What is counted of an organisation, and whether it sent any visit that is planned in the span."""

    counts: Counts
    carers: Carers
    is_sent: bool


class CountedNow(NamedTuple):
    """What is counted of an organisation's stale weeks, in the asking."""

    counts: Counts
    is_sent: bool
    visits: int


def ask(session: Session, organisation_ids: Collection[str], first: dt.date, last: dt.date) -> Asked:
    """Look which weeks are stale, before anything else is read."""
    return Asked(first, last, stale_weeks.stale_weeks(session, organisation_ids, first, last))


def count_now(session: Session, organisation_id: str, asked: Asked, by: MeasuredBy) -> CountedNow:
    """Measure what is stale of an organisation's days."""
    found = [
        count_from_visits(session, organisation_id, first, last, by)
        for _, first, last in stale_days(organisation_id, asked)
    ]
    return CountedNow(
        total(counts for one in found for counts in one.days.values()),
        any(one.days_with_visits for one in found),
        sum(one.visits for one in found),
    )


def counted(
    session: Session, organisation_ids: Collection[str], asked: Asked, now: Mapping[str, CountedNow]
) -> dict[str, Counted]:
    """What is kept of these organisations together with what was counted ``now`` of their stale weeks, by id."""
    stale = [(one, monday) for one in now for monday in asked.stale[one]]
    kept = store_kept.sum_days(session, organisation_ids, asked.first, asked.last, stale)
    beside = [days for one in now for days in stale_days(one, asked)]
    carers = store_kept.count_carers(session, organisation_ids, asked.first, asked.last, stale, beside)
    found: dict[str, Counted] = {}
    for one in organisation_ids:
        counts, is_sent = kept.get(one, (Counts(), False))
        if one in now:
            counts, is_sent = total((counts, now[one].counts)), is_sent or now[one].is_sent
        found[one] = Counted(counts, carers.get(one, Carers(0, 0)), is_sent)
    return found


def count_exactly(
    session: Session, organisation_ids: Collection[str], first: dt.date, last: dt.date
) -> dict[str, Counted]:
    """What is counted of each of these organisations over planned days, both included, by its id.

    ``last`` is not after today. Unbounded: a stale week costs some 20 µs a visit.
    """
    asked, by = ask(session, organisation_ids, first, last), measured_by(session)
    now = {one: count_now(session, one, asked, by) for one in asked.stale}
    return counted(session, organisation_ids, asked, now)


def stale_days(organisation_id: str, asked: Asked) -> Iterable[OrganisationDays]:
    """The stale weeks' days that lie in the span."""
    for mondays in weeks_together(asked.stale.get(organisation_id, ())):
        yield organisation_id, max(asked.first, mondays[0]), min(asked.last, sunday_of(mondays[-1]))
