"""Concerns and breach notices by month, as a picture (RULES 16). Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.portal.web.pictures import charts

LAYOUT: Final = charts.Layout(
    plot=176,
    left=40,
    bottom=40,
    narrowest=24,
    widest=72,
    all_groups=560,
    label=52,
    scale=charts.COUNTS,
    series=(charts.Series("Concerns", 100), charts.Series("Breach notices", 160, is_hatched=True)),
)


@dataclass(frozen=True)
class Month:
    """A month by its first day, with how many concerns and breach notices it had."""

    first: dt.date
    concerns: int
    breach_notices: int


def chart_of(months: Sequence[Month]) -> charts.Chart | None:
    """The picture of these months; None when there is none."""
    counts = [
        (f"{month.first:%b %y}", (Decimal(month.concerns), Decimal(month.breach_notices))) for month in months
    ]
    return charts.chart_of("Concerns and breach notices by month", in_words(months), counts, LAYOUT)


def in_words(months: Sequence[Month]) -> str:
    """What the picture shows, for those who do not see it."""
    concerns = sum(month.concerns for month in months)
    notices = sum(month.breach_notices for month in months)
    count = len(months)
    return (
        f"In {count} month{'' if count == 1 else 's'} there were {concerns:,} concerns and {notices:,} breach"
        " notices. The table has each month’s numbers."
    )
