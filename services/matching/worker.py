"""Which events go to which step of matching."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from libs.common.messaging.worker import Handler
from libs.common.operations.apart import InParts, by_halves
from libs.common.process.worker import serve_worker
from services.matching.actuals.steps import divide_actuals, join_actuals, lock_weeks, take_actuals
from services.matching.documents.steps import agree_overdue
from services.matching.doubts.steps import find_doubts
from services.matching.imports.failed_jobs import end_job
from services.matching.imports.forecast import forecast_care, take_forecast
from services.matching.imports.held import cancel_unconfirmed
from services.matching.imports.rows import read_by_trial
from services.matching.imports.steps import import_care
from services.matching.matches import set_apart
from services.matching.matches.forecast import forecast_weeks
from services.matching.matches.steps import rematch, take_visits
from services.matching.measures.remeasuring import remeasure
from services.matching.reviews.steps import take_review

HANDLERS: Final[Mapping[str, Handler]] = {
    "visits_changed": by_halves(
        take_visits, lock=set_apart.lock_visits, divide=set_apart.divide_visits, join=set_apart.join_visits
    ),
    "actuals_changed": by_halves(take_actuals, lock=lock_weeks, divide=divide_actuals, join=join_actuals),
    "care_import_wanted": InParts(import_care, partial(import_care, read=read_by_trial)),
    "care_checked": forecast_care,
    "care_forecast": take_forecast,
    "rematch_wanted": by_halves(
        rematch, lock=set_apart.lock_clients, divide=set_apart.divide_clients, join=set_apart.join_clients
    ),
    "visits_checked": forecast_weeks,
    "doubts_wanted": find_doubts,
    "review_approved": take_review,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker(
        "matching",
        HANDLERS,
        tidying=(agree_overdue, cancel_unconfirmed),
        background=(remeasure,),
        on_letter=end_job,
    )
