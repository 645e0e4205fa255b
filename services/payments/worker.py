"""Which events go to which step of payments."""

from libs.common.working import serve_worker
from services.payments.forecast import forecast_payable
from services.payments.workflow import take_care, take_weeks

HANDLERS = {
    "weeks_matched": take_weeks,
    "care_changed": take_care,
    "weeks_forecast": forecast_payable,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("payments", HANDLERS)
