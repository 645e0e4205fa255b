"""Payment periods: what they hold, what providers answer (RULES 8). Pounds are text."""

from __future__ import annotations

from typing import NamedTuple, NotRequired, TypedDict


class PeriodTotals(TypedDict):
    """What a period holds: ``payable`` before deductions, ``total`` with them; charges are the council's to see."""

    payable: str
    non_payable: str
    deductions: str
    total: str
    charges: NotRequired[str]
    items: int


class PeriodContracts(TypedDict):
    """Under which contracts a period is finalised, and under which it is still open; of the caller's contracts."""

    finalised_contracts: list[str]
    open_contracts: list[str]


class Period(PeriodTotals, PeriodContracts):
    """A period in the list of all; ``state`` is current, partially finalised or finalised."""

    start: str
    end: str
    financial_year: str
    state: str


class FinalisedPeriod(TypedDict):
    """A period that was finalised just now, for a contract or for all; what was frozen, and under which contracts."""

    start: str
    end: str
    contract: str | None
    state: str
    frozen_contracts: list[str]
    items: int
    payable: str
    non_payable: str


class PeriodSums(TypedDict):
    """Costs and deductions (``income``) that are payable, both together, and what is not payable."""

    cost: str
    income: str
    total: str
    non_payable: str


class PeriodState(PeriodSums, PeriodContracts):
    """A period's state, the contracts of care, and the sums of whoever was asked about."""

    state: str
    contracts: list[str]


class PeriodAnswer(TypedDict):
    """A provider's newest answer, confirmed or rejected, about what was payable to it under all contracts.

    ``payable`` is what was payable when it answered, ``payable_now`` what is, of the same.
    """

    organisation_id: str
    organisation: str
    answer_id: str
    answer: str
    reason: str
    payable: str
    payable_now: str
    answered_by: str
    answered_at: str


class BooksTotals(TypedDict):
    """All that was ever posted: payable by organisation's name, in all, and charged to clients."""

    payable: dict[str, str]
    total_payable: str
    total_charges: str


class WeekInMoney(NamedTuple):
    """A CPLI's priced week: seconds paid and frustrated, and their costs."""

    cpli_id: int
    monday: str
    delivered_seconds: int
    frustrated_seconds: int
    actual: str
    frustrated: str
