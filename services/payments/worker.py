"""Which events go to which step of payments."""

from collections.abc import Mapping
from typing import Final

from libs.common.apart import by_halves
from libs.common.consumers import Handler
from libs.common.working import serve_worker
from services.payments import set_apart as apart
from services.payments.care_forecast import forecast_care
from services.payments.claims import take_claim
from services.payments.effects import plan_effect, work_out_part
from services.payments.forecast import forecast_payable
from services.payments.pay_rules import have_priced
from services.payments.settling import settle_client_weeks
from services.payments.workflow import price_weeks, take_care, take_weeks

HANDLERS: Final[Mapping[str, Handler]] = {
    "weeks_matched": by_halves(
        take_weeks, lock=apart.lock_weeks, divide=apart.divide_weeks, join=apart.join_weeks
    ),
    "care_changed": by_halves(
        take_care, lock=apart.lock_care, divide=apart.divide_care, join=apart.join_care
    ),
    "weeks_forecast": forecast_payable,
    "care_matched": forecast_care,
    "pay_rules_set": have_priced,
    "pricing_wanted": by_halves(
        price_weeks, lock=apart.lock_pricing, divide=apart.divide_pricing, join=apart.join_pricing
    ),
    "effect_wanted": plan_effect,
    "effect_part_wanted": work_out_part,
    "claim_accepted": take_claim,
    "settle_wanted": settle_client_weeks,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("payments", HANDLERS)
