"""A sample of a week's care to look at (RULES 9): picked here, kept by disputes."""

import datetime as dt

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.matching.samples import Sample, SampledWeek
from services.matching.organisations.views import limit_to_organisation
from services.matching.samples import store
from services.matching.samples.rules import PlannedWeek, pick


def sample_of_week(
    session: Session,
    caller: Caller,
    *,
    monday: dt.date,
    organisation: str | None,
    way: str,
    size: int,
    seed: str,
) -> Sample:
    """Some of a week's CPLIs with their figures, for the council alone.

    Raises Refused ``not_found`` for a provider, and for an unknown organisation.
    """
    if caller["organisation"] is not None:
        raise Refused("not_found", "There is no such worklist.")
    organisation_id = limit_to_organisation(session, caller, organisation)
    weeks = store.planned_weeks(session, monday, organisation_id)
    rows = [_week_document(week) for week in pick(weeks, way, size, seed)]
    return {"rows": rows, "out_of": len(weeks), "organisation_id": organisation_id}


def _week_document(week: PlannedWeek) -> SampledWeek:
    """A picked week with its figures, money as text."""
    return {
        "cpli_id": week.cpli_id,
        "organisation_id": week.organisation_id,
        "client": week.client,
        "planned_seconds": week.planned_seconds,
        "delivered_seconds": week.delivered_seconds,
        "planned_cost": str(week.planned_cost),
        "delivered_cost": str(week.delivered_cost),
    }
