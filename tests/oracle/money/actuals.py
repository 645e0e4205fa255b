"""Actuals that providers enter, worked out a second time (RULES 13): day by day, in fractions."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from tests.oracle.facts.care import Care
from tests.oracle.facts.packages import Package
from tests.oracle.facts.values import duration, penny

DAY = dt.timedelta(days=1)
Days = tuple[dt.date, dt.date]
"""The first and the last day of a line."""
Entered = dict[Days, tuple[int, int]]
"""Seconds delivered and frustrated, by line."""


class Actuals:
    """What was saved of each CPLI's week, the newest alone."""

    def __init__(self, care: Care) -> None:
        self.care = care
        self.saved: dict[tuple[int, dt.date], Entered] = {}

    def filled(self, cpli_id: int, monday: dt.date, entered: Entered) -> Entered:
        """All lines of a week: what is not entered stays as it was saved, else as it is planned."""
        planned = {line: (seconds, 0) for line, seconds in self.planned(cpli_id, monday).items()}
        return self.saved.get((cpli_id, monday), planned) | entered

    def is_more_than_planned(self, cpli_id: int, monday: dt.date, entered: Entered) -> bool:
        """Whether a week's time is more than the week plans."""
        return sum(map(sum, entered.values())) > sum(self.planned(cpli_id, monday).values())

    def planned(self, cpli_id: int, monday: dt.date) -> dict[Days, int]:
        """Seconds that each line of a week plans, half up to the minute."""
        package = self.care.packages[cpli_id]
        return self.commissioned(package, monday) if package.method == "Actuals" else {}

    def commissioned(self, package: Package, monday: dt.date) -> dict[Days, int]:
        """The same of a package, however it is paid."""
        if not (package.unit == "Hr" and package.authorised):
            return {}
        week = [monday + n * DAY for n in range(7)]
        exact: dict[Days, Fraction] = {}
        if package.slots:
            whole = sum(duration(entry, exit_) for _, entry, exit_ in package.slots)
            for day in week:
                slots = [duration(e, x) for weekday, e, x in package.slots if weekday == day.weekday()]
                if slots and self.counts(package, day):
                    exact[day, day] = Fraction(package.term_on(day).quantity) * 3600 * sum(slots) / whole
        else:
            for run in self._runs(package, week):
                exact[run[0], run[-1]] = Fraction(package.term_on(run[0]).quantity) * 3600 * len(run) / 7
        return {line: (seconds / 60 + Fraction(1, 2)).__floor__() * 60 for line, seconds in exact.items()}

    def _runs(self, package: Package, week: list[dt.date]) -> list[list[dt.date]]:
        """Consecutive days that count, under one term each."""
        runs: list[list[dt.date]] = []
        for day in week:
            if not self.counts(package, day):
                continue
            goes_on = runs and runs[-1][-1] == day - DAY
            if goes_on and package.term_on(day) is package.term_on(runs[-1][-1]):
                runs[-1].append(day)
            else:
                runs.append([day])
        return runs

    def counts(self, package: Package, day: dt.date) -> bool:
        """Whether a day is within the package's dates and not one of rest."""
        rests = package.is_suspended_on(day) or self.care.is_away(package, day)
        return package.start <= day <= package.end and not rests

    def is_paid_so(self, package: Package) -> bool:
        return package.method == "Actuals" and package.unit == "Hr"

    def weeks(self) -> dict[tuple[int, dt.date], tuple[int, int, Decimal, Decimal]]:
        """Seconds delivered and frustrated that are paid, and their costs, of every week that was saved."""
        found = {}
        for (cpli_id, monday), entered in self.saved.items():
            package = self.care.packages[cpli_id]
            if package.method == "Actuals":
                seconds, costs = zip(*(self._sum(package, entered, part) for part in (0, 1)), strict=True)
                found[cpli_id, monday] = (*seconds, *costs)
        return found

    def _sum(self, package: Package, entered: Entered, part: int) -> tuple[int, Decimal]:
        """Of the days that count, each an equal part of its line at its own rate."""
        seconds = cost = Fraction()
        for (first, last), times in entered.items():
            days = (last - first).days + 1
            for day in (first + n * DAY for n in range(days)):
                if package.authorised and package.unit == "Hr" and self.counts(package, day):
                    seconds += Fraction(times[part], days)
                    cost += Fraction(times[part], days) * Fraction(package.term_on(day).unit_cost) / 3600
        return (seconds + Fraction(1, 2)).__floor__(), penny(cost)
