"""What the public events of a finalised period say: the period itself, and each provider's remittance."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from libs.common.care.money import NOTHING
from libs.common.care.weeks import period_end_of

REMITTANCE_IDS = uuid.UUID("6f2d3a51-1c1e-5d52-8f57-6d3f0f5b7c02")
PERIOD_FINALISED = "payment.period.finalised.v1"
REMITTANCE_ISSUED = "remittance.issued.v1"


def finalised_data(total: Mapping[str, Any], start: dt.date, contract: str | None) -> dict[str, Any]:
    """What a finalised period says to an organisation: what was posted into it, and what of all in it is payable."""
    return {
        "organisation_id": total["organisation_id"],
        "period_start": start.isoformat(),
        "period_end": period_end_of(start).isoformat(),
        "contract": contract,
        "items": int(total["items"]),
        "posted": str(total["posted"]),
        "payable": str(total["payable"]),
        "non_payable": str(total["non_payable"]),
    }


@dataclass(slots=True)
class Remitted:
    """What an organisation is due for the items of a period that were just frozen, in pounds."""

    organisation_id: str
    name: str
    start: dt.date
    items: int = 0
    cost: Decimal = NOTHING
    deductions: Decimal = NOTHING

    def add(self, items: int, cost: Decimal, deductions: Decimal) -> None:
        """Count more items in; deductions are below nothing."""
        self.items += items
        self.cost += cost
        self.deductions += deductions


def remittance_data(remitted: Remitted, contract: str | None) -> dict[str, Any]:
    """What a remittance says; ``payable`` is the cost with the deductions taken off."""
    return {
        "remittance_id": remittance_id(remitted.organisation_id, remitted.start, contract),
        "organisation_id": remitted.organisation_id,
        "organisation_name": remitted.name,
        "period_start": remitted.start.isoformat(),
        "period_end": period_end_of(remitted.start).isoformat(),
        "contract": contract,
        "items": remitted.items,
        "cost": str(remitted.cost),
        "deductions": str(remitted.deductions),
        "payable": str(remitted.cost + remitted.deductions),
    }


def remittance_id(organisation_id: str, start: dt.date, contract: str | None) -> str:
    """The same for the same organisation, period and contract: a remittance is issued once."""
    return str(uuid.uuid5(REMITTANCE_IDS, f"{organisation_id}/{start}/{contract or ''}"))
