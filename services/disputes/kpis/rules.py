"""Days to answer, and which spans there may be (RULES 16), pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import Final

from libs.common.care.cases import ACTION, COUNCIL, DISPUTE, ENQUIRY, PROVIDER
from libs.common.care.clock import london_day
from libs.common.seams.disputes.kpis import KpiSpan

RAISED_BY: Final = {DISPUTE: COUNCIL, ACTION: COUNCIL, ENQUIRY: PROVIDER}
"""Which side's cases are counted, by kind: an action that the provider began is not raised with it."""
MONTHS: Final = (1, 2, 3, 4, 6, 12)
"""How many months a span may have: each year then has the same spans."""
DEFAULT_SPAN: Final[KpiSpan] = {"months": 3, "first_month": 1}


def days_to_answer(raised_at: dt.datetime, answered_at: dt.datetime | None) -> int | None:
    """The days in London from raising to the answer, 0 on the same day; None without an answer."""
    return None if answered_at is None else (london_day(answered_at) - london_day(raised_at)).days


def median_days(days: Sequence[int]) -> str | None:
    """The median, of an even number the mean of the middle two, with one decimal; None of none."""
    if not days:
        return None
    return str(Decimal(median(days)).quantize(Decimal("0.1")))
