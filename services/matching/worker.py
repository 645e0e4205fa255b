"""Which events go to which step of matching."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from libs.common.apart import InParts, by_halves
from libs.common.consumers import Handler
from libs.common.working import serve_worker
from services.matching import set_apart as apart
from services.matching.care import import_care
from services.matching.care_forecast import forecast_care, take_forecast
from services.matching.care_rows import read_by_trial
from services.matching.documents import agree_overdue
from services.matching.doubts import find_doubts
from services.matching.failed_jobs import end_job
from services.matching.forecast import forecast_weeks
from services.matching.reviews import take_review
from services.matching.workflow import rematch, take_visits

HANDLERS: Final[Mapping[str, Handler]] = {
    "visits_changed": by_halves(
        take_visits, lock=apart.lock_visits, divide=apart.divide_visits, join=apart.join_visits
    ),
    "care_import_wanted": InParts(import_care, partial(import_care, read=read_by_trial)),
    "care_checked": forecast_care,
    "care_forecast": take_forecast,
    "rematch_wanted": by_halves(
        rematch, lock=apart.lock_clients, divide=apart.divide_clients, join=apart.join_clients
    ),
    "visits_checked": forecast_weeks,
    "doubts_wanted": find_doubts,
    "review_approved": take_review,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("matching", HANDLERS, tidying=(agree_overdue,), on_letter=end_job)
