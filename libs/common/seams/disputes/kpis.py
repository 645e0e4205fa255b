"""What a provider's page of KPIs says of disputes, and how long its span is (RULES 16)."""

from __future__ import annotations

from typing import TypedDict


class AnsweredCases(TypedDict):
    """Cases of a kind that were raised in a span.

    ``answered``: how many of them have an answer of the other side. ``median_days``: from raising to the first answer,
    in days with one decimal, the median of those answered; None where there are none. ``open``: how many are open now.
    """

    raised: int
    answered: int
    median_days: str | None
    open: int


class DisputeFigures(TypedDict):
    """Disputes and actions that the council raised with a provider, and payment enquiries that it raised itself."""

    dispute: AnsweredCases
    action: AnsweredCases
    enquiry: AnsweredCases


class RaisedCase(TypedDict):
    """One of the cases that a figure counts. ``days``: to the first answer, None while there is none."""

    case_id: str
    number: int
    subject: str
    state: str
    is_open: bool
    raised_at: str
    answered_at: str | None
    days: int | None


class KpiSpan(TypedDict):
    """How many months a span has, and the month of the year (January is 1) in which one begins."""

    months: int
    first_month: int


class KpiSpanSet(KpiSpan):
    """The same, as somebody set it."""

    set_by: str
    set_at: str


class KpiSpans(TypedDict):
    """What holds, and all that was ever set, the newest first."""

    holds: KpiSpan
    history: list[KpiSpanSet]
