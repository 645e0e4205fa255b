"""What of payments somebody looks at, as addresses say it."""

from __future__ import annotations

from typing import TypedDict

from flask import request

from services.portal.web.addresses import period_start
from services.portal.web.calls import organisation_chosen


class PeriodChosen(TypedDict):
    """A period by its first day, and the provider and contract that it is looked at for; None for all."""

    start: str
    organisation: str | None
    contract: str | None


def chosen(start: str) -> PeriodChosen:
    """The period and what of it somebody looks at: a provider's, a contract's, or all."""
    period_start(start)
    return {"start": start, "organisation": organisation_chosen(), "contract": contract_chosen()}


def contract_chosen() -> str | None:
    """The contract that is looked at (`?contract=NAME`); None for all."""
    return request.args.get("contract", "").strip() or None
