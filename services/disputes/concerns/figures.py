"""How many concerns and breach notices there were, by state, month, provider and kind (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from sqlalchemy.orm import Session

from libs.common.casework.concerns import ANSWERED, MOST_MONTHS, RECEIVED, SENT, STATES
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.disputes.concerns import ConcernFigures, Trend
from services.disputes.concerns import rules, store, store_notices
from services.disputes.concerns.callers import require_commissioning, sees_concerns
from services.disputes.concerns.choosing import choose, last_of_month

COUNTED_TO: Final = 1_000


def count_concerns(
    session: Session,
    caller: Caller,
    *,
    kind: str | None,
    organisation_id: uuid.UUID | None,
    group_id: uuid.UUID | None,
    first: dt.date | None,
    last: dt.date | None,
) -> dict[str, int]:
    """How many concerns are in each state, in the order of states. Raises Refused ``not_allowed``."""
    require_commissioning(caller)
    chosen = choose(
        session, kind=kind, organisation_id=organisation_id, group_id=group_id, first=first, last=last
    )
    found = store.count_states(session, chosen)
    return {state: found.get(state, 0) for state in STATES}


def concern_figures(
    session: Session, caller: Caller, *, organisation: uuid.UUID | None, first: dt.date, last: dt.date
) -> ConcernFigures:
    """Concerns that were received and breach notices that were sent in a span, of one organisation or of all.

    To commissioning staff both; to a provider its own breach notices; None for what is not seen.
    """
    chosen = {"organisation_id": organisation, "first": first, "last": last}
    is_told_all = sees_concerns(caller)
    is_told_notices = is_told_all or caller["organisation"] is not None
    return {
        "concerns": store.count_concerns(session, chosen) if is_told_all else None,
        "breach_notices": store_notices.count_notices(session, chosen) if is_told_notices else None,
    }


def list_trends(
    session: Session,
    caller: Caller,
    *,
    first: dt.date,
    last: dt.date,
    kind: str | None,
    organisation_id: uuid.UUID | None,
    group_id: uuid.UUID | None,
) -> list[Trend]:
    """Concerns and breach notices by month, provider and kind, for whole months. Raises Refused ``invalid``."""
    require_commissioning(caller)
    months = rules.months_of(first, last)
    if not 0 < len(months) <= MOST_MONTHS:
        raise Refused("invalid", f"Ask for one month or more, and at most {MOST_MONTHS}.", {"field": "last"})
    chosen = choose(session, kind=kind, organisation_id=organisation_id, group_id=group_id)
    chosen |= {"first": months[0], "last": last_of_month(months[-1])}
    return [
        {
            "month": row["month"].isoformat(),
            "organisation_id": str(row["organisation_id"]),
            "kind": row["kind"],
            "concerns": row["concerns"],
            "breach_notices": row["breach_notices"],
        }
        for row in store.list_trends(session, chosen)
    ]


def count_waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits on the first page: for a provider notices to answer, for commissioning what is received or answered."""
    if caller["organisation"] is not None:
        return {"breach_notices_to_answer": store_notices.count_waiting(session, COUNTED_TO).get(SENT, 0)}
    if not sees_concerns(caller):
        return {}
    return {
        "concerns_received": min(store.count_states(session, {}).get(RECEIVED, 0), COUNTED_TO),
        "breach_notices_answered": store_notices.count_waiting(session, COUNTED_TO).get(ANSWERED, 0),
    }
