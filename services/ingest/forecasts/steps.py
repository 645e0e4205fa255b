"""Taking what matching found out about a checked file (RULES 4). Takes a session, never commits."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.files.listed import read_listed
from libs.common.seams.events import PossibleDuplicate, UnmatchedForecast
from libs.common.seams.ingest.forecasts import KeptForecast
from services.ingest.forecasts import store
from services.ingest.schema.tables import VisitsFile

NOTHING_CHANGES: Final[KeptForecast] = {
    "matched": 0,
    "apart": 0,
    "unmatched": [],
    "amount": "0.00",
    "duplicates": 0,
}
"""How a file matches that stores nothing."""


def keep_will_match(session: Session, file: VisitsFile, said: Mapping[str, Any]) -> None:
    """Keep ``will_match`` of ``file_forecast``, with its rows."""
    session.flush()
    store.keep_rows(
        session,
        file.file_id,
        (UnmatchedForecast(*item) for item in read_listed(said["unmatched_key"])),
        (PossibleDuplicate(*item) for item in read_listed(said["duplicates_key"])),
    )
    file.will_match = {
        "matched": said["matched"],
        "apart": said["apart"],
        "unmatched": said["unmatched"],
        "amount": said["amount"],
        "duplicates": store.count_duplicates(session, file.file_id),
    }
