"""Which events go to which step of payments."""

from collections.abc import Mapping
from typing import Final

from libs.common.messaging.worker import Handler
from libs.common.operations.apart import by_halves
from libs.common.process.worker import serve_worker
from services.payments.care.forecast import forecast_care
from services.payments.care.steps import take_care
from services.payments.claims.steps import take_claim
from services.payments.posting.steps import price_weeks, settle_client_weeks, take_weeks
from services.payments.pricing import set_apart
from services.payments.pricing.forecast import forecast_payable
from services.payments.pricing.steps import have_contract_priced
from services.payments.proposals.effects import plan_effect, work_out_part

HANDLERS: Final[Mapping[str, Handler]] = {
    "weeks_matched": by_halves(
        take_weeks, lock=set_apart.lock_weeks, divide=set_apart.divide_weeks, join=set_apart.join_weeks
    ),
    "care_changed": by_halves(
        take_care, lock=set_apart.lock_care, divide=set_apart.divide_care, join=set_apart.join_care
    ),
    "weeks_forecast": forecast_payable,
    "care_matched": forecast_care,
    "pay_rules_set": have_contract_priced,
    "pricing_wanted": by_halves(
        price_weeks, lock=set_apart.lock_pricing, divide=set_apart.divide_pricing, join=set_apart.join_pricing
    ),
    "effect_wanted": plan_effect,
    "effect_part_wanted": work_out_part,
    "claim_accepted": take_claim,
    "settle_wanted": settle_client_weeks,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("payments", HANDLERS)
