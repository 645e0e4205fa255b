"""Which events go to which step of ingest."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from libs.common.messaging.worker import Handler
from libs.common.operations.apart import InParts
from libs.common.operations.dead_letters import DeadLetter
from libs.common.process.worker import serve_worker
from services.ingest.actuals import file_steps
from services.ingest.actuals.packages import keep_packages
from services.ingest.actuals.withdrawals import withdraw_weeks
from services.ingest.doubts.steps import ask_for_looks, find_doubts
from services.ingest.files import steps as files_steps
from services.ingest.files import store as files_store
from services.ingest.files.held import cancel_unconfirmed
from services.ingest.files.steps import apply_file, check_file, take_forecast
from services.ingest.files.unstorable import find_unstorable
from services.ingest.reference.steps import keep_lists
from services.ingest.visits.withdrawals import withdraw_visits


def take_care(session: Session, message: Message) -> None:
    """``care_changed``: the council's lists, clients' references, and the care that is paid by actuals."""
    keep_lists(session, message)
    keep_packages(session, message.body.get("packages") or ())


def withdraw(session: Session, message: Message) -> None:
    """``withdrawal_wanted``: the visits, or the week of actuals, of a dispute that nobody answered."""
    withdraw_visits(session, message)
    withdraw_weeks(session, message)


HANDLERS: Final[Mapping[str, Handler]] = {
    "check_wanted": InParts(check_file, partial(check_file, find=find_unstorable)),
    "apply_wanted": InParts(apply_file, partial(apply_file, find=find_unstorable)),
    "actuals_check_wanted": file_steps.check_file,
    "actuals_apply_wanted": file_steps.apply_file,
    "care_changed": take_care,
    "file_forecast": take_forecast,
    "doubts_wanted": find_doubts,
    "withdrawal_wanted": withdraw,
}

STAGED_DAYS = 7


def forget_staged(session: Session, now: dt.datetime) -> int:
    """Staged rows are needed no more once their file has ended; a week is for looking into a complaint."""
    return files_store.forget_staged(session, now - dt.timedelta(days=STAGED_DAYS))


def take_letter(session: Session, letter: DeadLetter) -> None:
    """A message of any service died: the job of its file ends in a stated failure."""
    files_steps.take_letter(session, letter)
    file_steps.take_letter(session, letter)


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker(
        "ingest",
        HANDLERS,
        tidying=(cancel_unconfirmed, forget_staged),
        ticking=(ask_for_looks,),
        on_letter=take_letter,
    )
