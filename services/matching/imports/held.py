"""Which stored objects matching needs: care files, and the rejected rows of them."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council

UNCONFIRMED_DAYS: Final = 90
"""A care file that nobody confirmed for so long is cancelled, and its content is kept no longer."""
_HELD = text(
    "SELECT key FROM (SELECT key, state, coalesce(confirmed_at, imported_at) AS at FROM care_imports,"
    " LATERAL (VALUES (object_key), ('care-files/' || import_id || '-rejected.csv')) AS of_file (key)) AS held"
    " WHERE key = ANY(:keys) AND NOT (state IN ('cancelled', 'refused', 'failed')"
    " AND at < now() - make_interval(days => :days))"
)


def find_held(session: Session, caller: Caller, *, keys: Sequence[str]) -> dict[str, None]:
    """Those of these objects that are needed; all are the council's. Council only."""
    require_council(caller)
    return dict.fromkeys(session.scalars(_HELD, {"keys": list(keys), "days": UNCONFIRMED_DAYS}))


def cancel_unconfirmed(session: Session, now: dt.datetime) -> int:
    """Cancel what was checked long ago and confirmed by nobody; how many files."""
    result = session.execute(
        text(
            "UPDATE care_imports SET state = 'cancelled' WHERE state = 'checked'"
            " AND coalesce(confirmed_at, imported_at) < :before RETURNING 1"
        ),
        {"before": now - dt.timedelta(days=UNCONFIRMED_DAYS)},
    )
    return len(result.all())
