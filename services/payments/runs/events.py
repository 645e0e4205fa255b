"""What the public event of an approved payment run says."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from libs.common.care.money import NOTHING
from libs.common.care.weeks import period_end_of
from services.payments.runs.rules import Total

APPROVAL_IDS = uuid.UUID("0f0c7c7e-7d8b-5a7c-9c2e-1a7b8a1c4d03")
RUN_APPROVED = "payment.run.approved.v1"


def approved_data(
    run: Mapping[str, Any], organisation_id: str, name: str, totals: Sequence[Total]
) -> dict[str, Any]:
    """What an approved payment run pays to an organisation; ``payable`` is the cost with the deductions taken off."""
    start: dt.date = run["period_start"]
    return {
        "approval_id": str(uuid.uuid5(APPROVAL_IDS, f"{run['run_id']}/{organisation_id}")),
        "run_id": run["run_id"],
        "organisation_id": organisation_id,
        "organisation_name": name,
        "period_start": start.isoformat(),
        "period_end": period_end_of(start).isoformat(),
        "contract": run["contract"] or None,
        "items": sum(total.items for total in totals),
        "cost": str(sum((total.cost for total in totals), NOTHING)),
        "deductions": str(sum((total.deductions for total in totals), NOTHING)),
        "payable": str(sum((total.payable for total in totals), NOTHING)),
    }
