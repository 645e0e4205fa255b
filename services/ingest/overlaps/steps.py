"""What the council says of overlaps: from how many minutes on, and what was left running (RULES 16). Never commits."""

import datetime as dt

from sqlalchemy.orm import Session

from libs.common.care.dated import NumberSet
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from services.ingest.overlaps import store


def set_overlap_limit(
    session: Session, caller: Caller, *, name: str, effective_from: dt.date, value: int
) -> None:
    """Have a limit hold for what is delivered from a day on. Raises Refused ``not_allowed`` for a provider."""
    require_council(caller)
    store.add_limit(session, NumberSet(name, effective_from, value), caller["who"])
