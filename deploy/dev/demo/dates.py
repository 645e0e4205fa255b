"""When the demonstration takes place: its weeks end with the last one that is over, so that pages open on them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from libs.common.care.weeks import monday_of, next_period, period_start_of, sunday_of

WEEKS = 8
EXAMPLE_AT = 3
"""Among the weeks, counted from 0: always one of a period that is over."""
A_WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True)
class Calendar:
    """The weeks of a demonstration, by the Monday of the first."""

    first_monday: dt.date

    @property
    def mondays(self) -> list[dt.date]:
        """Of all weeks, in order."""
        return [self.first_monday + week * A_WEEK for week in range(WEEKS)]

    @property
    def last_day(self) -> dt.date:
        """The Sunday of the last week."""
        return sunday_of(self.mondays[-1])

    @property
    def example_monday(self) -> dt.date:
        """Of the week that the guide's example gets."""
        return self.mondays[EXAMPLE_AT]

    @property
    def finished_periods(self) -> list[dt.date]:
        """The first days of the payment periods before that of the last week, in order."""
        found = [period_start_of(self.first_monday)]
        while next_period(found[-1]) < self.open_from:
            found.append(next_period(found[-1]))
        return found

    @property
    def open_from(self) -> dt.date:
        """The first day of the last week's period."""
        return period_start_of(self.mondays[-1])

    def day(self, week: int, weekday: int) -> dt.date:
        """A day of a week; both are counted from 0."""
        return self.first_monday + dt.timedelta(weeks=week, days=weekday)


def calendar_on(today: dt.date) -> Calendar:
    """That of a demonstration which is made on this day."""
    return Calendar(monday_of(today) - WEEKS * A_WEEK)


def calendar_with_example(monday: dt.date) -> Calendar:
    """That of a demonstration whose example is in this week."""
    return Calendar(monday - EXAMPLE_AT * A_WEEK)
