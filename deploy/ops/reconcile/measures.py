"""``reconcile``, measures: what matching keeps by day, against its visits and care (RULES 16). Stale weeks are in flight."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.differences import difference, look_into
from libs.common.care.weeks import monday_of, sunday_of
from services.matching.measures import store_kept
from services.matching.measures.counting import MeasuredBy, count_from_visits, measured_by
from services.matching.measures.rules import weeks_together

WEEKS_AT_ONCE = 13
WEEKS = """
    SELECT organisation_id::text, monday FROM (
        SELECT organisation_id, monday FROM measured_days WHERE day = monday
        UNION SELECT organisation_id, monday FROM visits WHERE NOT deleted
        EXCEPT SELECT organisation_id, monday FROM stale_weeks
    ) w ORDER BY 1, 2
"""


def compare_measures(session: Session) -> Iterator[dict[str, Any]]:
    """Counts of each day, carers and deliveries of each week that is not stale."""
    look_into(session, "matching")
    by = measured_by(session)
    weeks: dict[str, list[dt.date]] = {}
    for organisation_id, monday in session.execute(text(WEEKS)):
        weeks.setdefault(organisation_id, []).append(monday)
    for organisation_id, mondays in weeks.items():
        for together in weeks_together(mondays):
            for number in range(0, len(together), WEEKS_AT_ONCE):
                some = together[number : number + WEEKS_AT_ONCE]
                yield from compare_weeks(session, organisation_id, some, by)


def compare_weeks(
    session: Session, organisation_id: str, mondays: list[dt.date], by: MeasuredBy
) -> Iterator[dict[str, Any]]:
    """Weeks of an organisation that follow one another."""
    first, last = mondays[0], sunday_of(mondays[-1])
    counted = count_from_visits(session, organisation_id, first, last, by)
    expected = {day: (counts, day in counted.days_with_visits) for day, counts in counted.days.items()}
    held = store_kept.kept_days(session, organisation_id, first, last)
    for day in sorted({*expected, *held}):
        which = f"{organisation_id}/{day}"
        yield from difference("measures of day", which, expected.get(day), held.get(day))
    carers = store_kept.kept_carers(session, organisation_id, first, monday_of(last))
    for one in sorted({*carers, *counted.carers}):
        which = "/".join(map(str, (organisation_id, *one)))
        yield from difference("measured carer", which, counted.carers.get(one), carers.get(one))
    seconds = store_kept.deliveries_of_visits(session, organisation_id, mondays)
    kept_seconds = store_kept.kept_deliveries(session, organisation_id, mondays)
    for cpli_id, monday in sorted({*seconds, *kept_seconds}):
        week = (cpli_id, monday)
        which = f"{organisation_id}/{monday}/{cpli_id}"
        yield from difference("measured delivery", which, seconds.get(week), kept_seconds.get(week))
