"""Hours planned against delivered by week, as a picture and its table (RULES 15). Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from libs.common.care.money import to_the_penny
from libs.common.seams.payments.reports import HoursOfWeek
from services.portal.web.pictures import charts

LAYOUT: Final = charts.Layout(
    plot=200,
    left=48,
    narrowest=20,
    widest=88,
    all_groups=480,
    label=52,
    series=(charts.Series("Planned", 92, is_hatched=True), charts.Series("Delivered", 88)),
)


@dataclass(frozen=True)
class Week:
    """A week of the table beside the picture; hours."""

    monday: dt.date
    planned: Decimal
    delivered: Decimal
    frustrated: Decimal

    @property
    def difference(self) -> Decimal:
        """As RULES 6 has it: below nothing where less was given than planned."""
        return self.delivered + self.frustrated - self.planned


class WeeklyHours(NamedTuple):
    """The picture, and the weeks of the table beside it."""

    picture: charts.Chart
    weeks: tuple[Week, ...]


def weekly_hours(rows: Sequence[HoursOfWeek]) -> WeeklyHours | None:
    """The picture of these weeks and their hours; None when there is none."""
    weeks = tuple(
        Week(
            dt.date.fromisoformat(row["monday"]),
            Decimal(row["commissioned"]),
            Decimal(row["delivered"]),
            Decimal(row["frustrated"]),
        )
        for row in rows
    )
    hours = [(f"{week.monday.day} {week.monday:%b}", (week.planned, week.delivered)) for week in weeks]
    picture = charts.chart_of("Hours planned and delivered by week", in_words(weeks), hours, LAYOUT)
    return WeeklyHours(picture, weeks) if picture else None


def in_words(weeks: Sequence[Week]) -> str:
    """What the picture shows, for those who do not see it."""
    planned = sum((week.planned for week in weeks), Decimal(0))
    delivered = sum((week.delivered for week in weeks), Decimal(0))
    return (
        f"In {len(weeks)} week{'' if len(weeks) == 1 else 's'}, {to_the_penny(planned):,} hours were planned"
        f" and {to_the_penny(delivered):,} delivered."
        " The table has each week’s hours."
    )
