"""Which events go to which step of matching."""

from libs.common.working import serve_worker
from services.matching.care import import_care
from services.matching.care_forecast import forecast_care, take_forecast
from services.matching.documents import agree_overdue
from services.matching.doubts import find_doubts
from services.matching.forecast import forecast_weeks
from services.matching.reviews import take_review
from services.matching.workflow import rematch, take_visits

HANDLERS = {
    "visits_changed": take_visits,
    "care_import_wanted": import_care,
    "care_checked": forecast_care,
    "care_forecast": take_forecast,
    "rematch_wanted": rematch,
    "visits_checked": forecast_weeks,
    "doubts_wanted": find_doubts,
    "review_approved": take_review,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("matching", HANDLERS, tidying=(agree_overdue,))
