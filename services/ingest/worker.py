"""Which events go to which step of ingest."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from libs.common.messaging.worker import Handler
from libs.common.operations.apart import InParts
from libs.common.process.worker import serve_worker
from services.ingest.doubts.steps import ask_for_looks, find_doubts
from services.ingest.files import store as files_store
from services.ingest.files.steps import apply_file, check_file, take_forecast, take_letter
from services.ingest.files.unstorable import find_unstorable
from services.ingest.reference.steps import take_care
from services.ingest.visits.withdrawals import withdraw_visits

HANDLERS: Final[Mapping[str, Handler]] = {
    "check_wanted": InParts(check_file, partial(check_file, find=find_unstorable)),
    "apply_wanted": InParts(apply_file, partial(apply_file, find=find_unstorable)),
    "care_changed": take_care,
    "file_forecast": take_forecast,
    "doubts_wanted": find_doubts,
    "withdrawal_wanted": withdraw_visits,
}

STAGED_DAYS = 7


def forget_staged(session: Session, now: dt.datetime) -> int:
    """Staged rows are needed no more once their file has ended; a week is for looking into a complaint."""
    return files_store.forget_staged(session, now - dt.timedelta(days=STAGED_DAYS))


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker(
        "ingest", HANDLERS, tidying=(forget_staged,), ticking=(ask_for_looks,), on_letter=take_letter
    )
