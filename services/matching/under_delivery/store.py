"""What was delivered of CPLIs by week: as it is kept, and of stale weeks as the visits say (RULES 16)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy.orm import Session

from libs.common.care.weeks import sunday_of
from libs.common.files.values import FIRST_DAY
from services.matching.measures import store as measures_store
from services.matching.measures import store_kept
from services.matching.measures.rules import weeks_together


def weeks_sent(
    session: Session, organisation_id: str, last: dt.date, stale: Collection[dt.date]
) -> set[dt.date]:
    """The Mondays of all weeks up to a day in which the organisation has any visit."""
    kept = store_kept.weeks_sent(session, organisation_id, FIRST_DAY, last)
    found = kept - set(stale)
    for mondays in weeks_together(stale):
        found |= measures_store.weeks_sent(session, organisation_id, mondays[0], sunday_of(mondays[-1]))
    return found


def seconds_by_week(
    session: Session, organisation_id: str, mondays: Collection[dt.date], stale: Collection[dt.date]
) -> dict[int, dict[dt.date, int]]:
    """Delivered and frustrated seconds of the organisation's CPLIs in these weeks, by CpliId and Monday."""
    wanted, not_kept = set(mondays), set(mondays) & set(stale)
    seconds = store_kept.kept_deliveries(session, organisation_id, wanted - not_kept)
    if not_kept:
        seconds |= store_kept.deliveries_of_visits(session, organisation_id, not_kept)
    found: dict[int, dict[dt.date, int]] = defaultdict(dict)
    for (cpli_id, monday), of_week in seconds.items():
        found[cpli_id][monday] = of_week
    return found
