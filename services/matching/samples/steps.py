"""A sample of a week's care to look at (RULES 9): picked here, kept by disputes."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.matching.line_items.views import organisation_asked
from services.matching.samples import store
from services.matching.samples.rules import PlannedWeek, picked


def sample_of_week(
    session: Session,
    caller: Caller,
    *,
    monday: dt.date,
    organisation: str | None,
    way: str,
    size: int,
    seed: str,
) -> dict[str, Any]:
    """{"rows": CPLI-weeks with their figures, "out_of": how many there are, "organisation_id"}, for the council alone.

    Raises Refused ``not_found`` for a provider, and for an unknown organisation.
    """
    if caller["organisation"] is not None:
        raise Refused("not_found", "There is no such worklist.")
    organisation_id = organisation_asked(session, caller, organisation)
    weeks = store.planned_weeks(session, monday, organisation_id)
    rows = [as_answered(week) for week in picked(weeks, way, size, seed)]
    return {"rows": rows, "out_of": len(weeks), "organisation_id": organisation_id}


def as_answered(week: PlannedWeek) -> dict[str, Any]:
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
