"""Which events go to which step of ingest."""

import datetime as dt

from sqlalchemy.orm import Session

from libs.common.working import serve_worker
from services.ingest import store
from services.ingest.doubts import find_doubts
from services.ingest.withdrawals import withdraw_visits
from services.ingest.workflow import apply_file, check_file, take_care, take_forecast

HANDLERS = {
    "check_wanted": check_file,
    "apply_wanted": apply_file,
    "care_changed": take_care,
    "file_forecast": take_forecast,
    "doubts_wanted": find_doubts,
    "withdrawal_wanted": withdraw_visits,
}


STAGED_DAYS = 7


def forget_staged(session: Session, now: dt.datetime) -> int:
    """Staged rows are needed no more once their file has ended; a week is for looking into a complaint."""
    return store.forget_staged(session, now - dt.timedelta(days=STAGED_DAYS))


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("ingest", HANDLERS, tidying=(forget_staged,))
