"""Which events go to which step of payments."""

from libs.common.working import serve_worker
from services.payments.claims import take_claim
from services.payments.effects import plan_effect, work_out_part
from services.payments.forecast import forecast_payable
from services.payments.pay_rules import have_priced
from services.payments.workflow import price_weeks, take_care, take_weeks

HANDLERS = {
    "weeks_matched": take_weeks,
    "care_changed": take_care,
    "weeks_forecast": forecast_payable,
    "pay_rules_set": have_priced,
    "pricing_wanted": price_weeks,
    "effect_wanted": plan_effect,
    "effect_part_wanted": work_out_part,
    "claim_accepted": take_claim,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("payments", HANDLERS)
