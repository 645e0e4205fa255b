"""What measures are taken by, as matching answers it: thresholds, tried ones, and one diaries (RULES 16)."""

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.matching.monitoring.measures import (
    MeasureThreshold,
    OneDiary,
    TriedPage,
    shown_measures,
)
from services.matching.measures import store, store_settings
from services.matching.measures.counting import count_from_visits, measured_by
from services.matching.measures.days import count_carers, figures, total
from services.matching.measures.thresholds import DEFAULTS, LIMITS, Thresholds, state_of, with_values
from services.matching.measures.views import VISITS_IN_AN_ANSWER
from services.matching.organisations.views import limit_to_organisation


def measure_thresholds(session: Session, caller: Caller, now: dt.datetime) -> list[MeasureThreshold]:
    """Every threshold: what holds today, since when, and all that was set of it, the latest day first.

    Who set what when is the council's: a provider is told what holds.
    """
    is_council = caller["organisation"] is None
    today, changes = london_day(now), store_settings.threshold_changes(session)
    found: list[MeasureThreshold] = []
    for name in Thresholds._fields:
        of_name = [change for change in changes if change.name == name]
        states = state_of([(change.effective_from, change.change_id) for change in of_name], today)
        current = next((one for one in of_name if states[one.change_id] == "current"), None)
        default: int = getattr(DEFAULTS, name)
        found.append(
            {
                "name": name,
                "value": default if current is None else current.value,
                "since": None if current is None else current.effective_from.isoformat(),
                "default": default,
                "lowest": LIMITS[name][0],
                "highest": LIMITS[name][1],
                "changes": [
                    {
                        "effective_from": one.effective_from.isoformat(),
                        "value": one.value,
                        "state": states[one.change_id],
                        "set_by": one.set_by,
                        "set_at": one.set_at.isoformat(),
                    }
                    for one in sorted(of_name, key=lambda one: (one.effective_from, one.change_id))[::-1]
                    if is_council
                ],
            }
        )
    return found


def try_thresholds(
    session: Session,
    caller: Caller,
    now: dt.datetime,
    *,
    organisation: str | None,
    first: dt.date,
    last: dt.date,
    values: Mapping[str, int],
    after: uuid.UUID | None,
) -> TriedPage:
    """Measures by the thresholds that hold and by these values, of one organisation or some of all; nothing is kept.

    Raises Refused ``not_allowed`` for a provider, ``not_found``.
    """
    require_council(caller)
    organisation_id = limit_to_organisation(session, caller, organisation)
    last = min(last, london_day(now))
    held = measured_by(session)
    tried = measured_by(session, with_values(held.thresholds_on, values))
    page: TriedPage = {"organisations": {}, "after": None}
    measured = 0
    for one, name in store.organisations_after(session, organisation_id, str(after) if after else None):
        if measured >= VISITS_IN_AN_ANSWER:
            return page
        both = [count_from_visits(session, one, first, last, by) for by in (held, tried)]
        found = [figures(total(of.days.values()), count_carers(of.carers)) for of in both]
        page["organisations"][name] = {
            "held": shown_measures(found[0]),
            "tried": shown_measures(found[1]),
        }
        page["after"] = one
        measured += sum(of.visits for of in both)
    page["after"] = None
    return page


def one_diaries(session: Session, caller: Caller) -> list[OneDiary]:
    """What is, or was once, said to be monitored by total hours, as it was said last. Refused for a provider."""
    require_council(caller)
    found: list[OneDiary] = []
    for row in store_settings.newest_diaries(session):
        kind, _, name = row.about.partition("/")
        found.append(
            {
                "contract": name if kind == "contract" else None,
                "cpli_id": int(name) if kind == "cpli" else None,
                "is_one_diary": row.is_one_diary,
                "set_by": row.set_by,
                "set_at": row.set_at.isoformat(),
            }
        )
    return found
