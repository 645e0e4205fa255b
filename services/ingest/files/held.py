"""Which stored objects ingest needs: files that were sent, and the rejected rows of their newest checks."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council

UNCONFIRMED_DAYS: Final = 90
"""A file that nobody confirmed for so long is cancelled, and its content is kept no longer."""
_REJECTED = re.compile(r"rejected/([0-9a-f-]{36})-[0-9]+\.csv")
_LAPSED = (
    "(state IN ('cancelled', 'refused', 'failed')"
    " AND coalesce(confirmed_at, uploaded_at) < now() - make_interval(days => :days))"
)
_OF_TABLE = (
    "SELECT object_key AS key, organisation_id FROM {table}"
    f" WHERE object_key = ANY(:keys) AND NOT {_LAPSED} UNION ALL"
    " SELECT 'rejected/' || file_id || '-' || check_version || '.csv', organisation_id FROM {table}"
    f" WHERE file_id = ANY(CAST(:ids AS uuid[])) AND NOT {_LAPSED}"
)
_HELD = text(
    "SELECT DISTINCT key, organisation_id::text FROM ("
    f"{_OF_TABLE.format(table='visits_files')} UNION ALL {_OF_TABLE.format(table='actuals_files')}"
    ") AS held WHERE key = ANY(:keys)"
)


def find_held(session: Session, caller: Caller, *, keys: Sequence[str]) -> dict[str, str]:
    """Those of these objects that are needed, each with the organisation whose they are. Council only."""
    require_council(caller)
    ids = [found[1] for key in keys if (found := _REJECTED.fullmatch(key))]
    return {
        row[0]: row[1]
        for row in session.execute(_HELD, {"keys": list(keys), "ids": ids, "days": UNCONFIRMED_DAYS})
    }


def cancel_unconfirmed(session: Session, now: dt.datetime) -> int:
    """Cancel what was checked long ago and confirmed by nobody; how many files."""
    before = now - dt.timedelta(days=UNCONFIRMED_DAYS)
    return sum(
        len(
            session.execute(
                text(
                    f"UPDATE {table} SET state = 'cancelled' WHERE state = 'checked'"
                    " AND coalesce(confirmed_at, uploaded_at) < :before RETURNING 1"
                ),
                {"before": before},
            ).all()
        )
        for table in ("visits_files", "actuals_files")
    )
