"""The council says how long the spans of KPIs are. Never commits."""

import datetime as dt

from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from services.disputes.kpis import store


def set_span(session: Session, caller: Caller, *, months: int, first_month: int, now: dt.datetime) -> None:
    """Have spans have so many months, one of them beginning in this month. Raises Refused ``not_allowed``."""
    require_council(caller)
    store.insert_span(session, months=months, first_month=first_month, set_by=caller["who"], now=now)
