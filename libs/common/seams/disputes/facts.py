"""What a case knows besides, by its kind."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.disputes.evidence import DoubtInDispute


class Figures(TypedDict):
    """What a week of care comes to, in hours or in pounds."""

    commissioned: str | None
    actual: str | None
    frustrated: str | None
    difference: str | None


class WeekActual(TypedDict):
    """The figures of a CPLI's week."""

    quantity: Figures
    cost: Figures


class ReviewVisit(TypedDict):
    """Time in each week that a review asks for; Monday is 0, times are seconds since midnight."""

    weekday: int
    entry: int
    exit: int
    is_longer: bool


class CaseFacts(TypedDict, total=False):
    """Each kind has some of these.

    A dispute about a week has ``monday`` and ``actual``, as it was when the dispute was raised, and one that was raised
    on doubts has these; an enquiry ``about``
    to ``amount``; a review ``visits`` to ``approved_cpli_id``; a claim ``financial_year`` to ``contract``.
    """

    monday: str
    actual: WeekActual | None
    doubts: list[DoubtInDispute]
    about: str
    item_id: str | None
    period_start: str | None
    amount: str | None
    visits: list[ReviewVisit]
    hours: str
    needs_internal_approval: bool
    approved_cpli_id: int
    financial_year: str
    service: str
    service_id: str | None
    contract: str
