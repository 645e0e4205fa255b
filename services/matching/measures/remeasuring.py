"""Stale weeks are measured again, soon after what made them stale (RULES 16). Takes a session, never commits.

Each call is one short transaction of one organisation. It takes away the marks that it saw before it read anything
else: what is changed meanwhile has marked the week again, and it stays stale.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from libs.common.care.weeks import sunday_of
from services.matching.measures import store_kept
from services.matching.measures.counting import count_from_visits, measured_by
from services.matching.measures.rules import weeks_together
from services.matching.stale_weeks import store as stale_weeks

QUIET = dt.timedelta(seconds=2)
"""Nothing is measured while weeks are being marked: visits are being matched, and they go first."""
PATIENCE = dt.timedelta(seconds=60)
"""But a week is not stale for longer than this, plus what measuring takes."""
WEEKS_AT_ONCE = 2


def remeasure(session: Session, now: dt.datetime) -> int:
    """Measure some stale weeks of an organisation whose turn it is; how many, and 0 when there are none to measure."""
    for organisation_id in stale_weeks.organisations_due(session, now - PATIENCE, now - QUIET):
        if measured := remeasure_organisation(session, organisation_id):
            return measured
    return 0


def remeasure_organisation(session: Session, organisation_id: str) -> int:
    """Measure the organisation's oldest stale weeks; how many, and 0 where somebody else does it or there are none."""
    if not stale_weeks.may_measure(session, organisation_id):
        return 0
    marks = stale_weeks.marks_of(session, organisation_id, WEEKS_AT_ONCE)
    for mondays in weeks_together(marks):
        measure_weeks(session, organisation_id, mondays)
    stale_weeks.take_away(session, [mark for of_week in marks.values() for mark in of_week])
    return len(marks)


def measure_weeks(session: Session, organisation_id: str, mondays: Sequence[dt.date]) -> None:
    """Keep what is counted of weeks that follow one another."""
    first, last = mondays[0], sunday_of(mondays[-1])
    counted = count_from_visits(session, organisation_id, first, last, measured_by(session))
    store_kept.keep_weeks(
        session, organisation_id, mondays, counted.days, counted.days_with_visits, counted.carers
    )
