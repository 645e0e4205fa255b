"""Jobs of visits files whose message died: they end in a stated failure, in whichever service it was (RULES 4).

A dead letter that is sent back takes its job up where it failed.
"""

import uuid
from typing import Final

from sqlalchemy.orm import Session

from libs.common.operations.dead_letters import DeadLetter
from libs.common.operations.letters import body_of
from services.ingest.files import store
from services.ingest.schema.tables import VisitsFile

STATE_OF_JOB: Final = {"check_wanted": "checking", "apply_wanted": "applying"}
"""The state in which a file waits for this message."""
FORECAST_EVENTS: Final = ("visits_checked", "weeks_forecast", "file_forecast")

SENTENCES: Final = {
    "checking": "The file could not be checked, and nothing of it was stored: send it again, and if that fails too,"
    " tell the council’s system manager its number, {id}.",
    "applying": "The system could not be updated with the file, and nothing of it was stored: send it again, and if"
    " that fails too, tell the council’s system manager its number, {id}.",
}
FORECAST_FAILED: Final = "What the file would pay, and how it would match, could not be worked out; it can be updated all the same."


def end_job(session: Session, letter: DeadLetter) -> VisitsFile | None:
    """The job that a dead letter was part of fails; the file whose forecast failed, which goes on without."""
    if letter.event not in STATE_OF_JOB and letter.event not in FORECAST_EVENTS:
        return None
    file = _file_of(session, letter)
    if file is None:
        return None
    if letter.event in FORECAST_EVENTS:
        return file if _fail_forecast(file, letter) else None
    state = STATE_OF_JOB[letter.event]
    if file.state == state:
        file.state, file.refusal_code = "failed", _code_of(state)
        file.refusal = SENTENCES[state].format(id=file.file_id)
    return None


def is_at_work(file: VisitsFile, state: str) -> bool:
    """Whether a file waits in this state for its message; one that failed in it is taken up again."""
    if file.state == "failed" and file.refusal_code == _code_of(state):
        file.state, file.refusal_code, file.refusal = state, None, None
    return file.state == state


def _fail_forecast(file: VisitsFile, letter: DeadLetter) -> bool:
    is_of_this_check = body_of(letter).get("check_version", file.check_version) == file.check_version
    if not is_of_this_check or file.forecast_payable is not None or file.state != "checked":
        return False
    file.forecast_failure = FORECAST_FAILED
    return True


def _code_of(state: str) -> str:
    return f"{state}_failed"


def _file_of(session: Session, letter: DeadLetter) -> VisitsFile | None:
    """The file of a job: its id is the cause of all that its messages say."""
    try:
        file_id = uuid.UUID(letter.cause_id)
    except ValueError:
        return None
    return store.find_file(session, file_id, lock=True)
