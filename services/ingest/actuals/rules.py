"""Whether a week of actuals may be saved as it was entered (RULES 13). Pure: values in, faults out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from libs.common.care.actuals import ActualLine, PlannedLine, planned_in_week
from libs.common.care.clock import LONDON
from libs.common.care.plans import Days
from libs.common.care.weeks import DAYS_IN_A_WEEK

SECONDS_IN_A_DAY: Final = 86_400
MOST_VISITS: Final = 999
LONGEST_COMMENT: Final = 8_000
"""As of a visit (RULES 3)."""
MORE_THAN_PLANNED: Final = (
    "More than planned: extra hours need a new care plan, agreed between you and the social worker."
    " Lower the hours of the week, or ask by an action."
)


@dataclass(frozen=True, slots=True)
class ExtraRules:
    """What a contract asks of actuals beside RULES 13; all off by default.

    unit_minutes: hours are entered in steps of so many minutes. tolerance_percent: how much above plan is accepted.
    confirm_weekday (Monday is 0) of the week after, confirm_hour there in London: by when a week must be saved.
    """

    unit_minutes: int | None = None
    wants_comment: bool = False
    wants_visits: bool = False
    tolerance_percent: Decimal = Decimal(0)
    confirm_weekday: int | None = None
    confirm_hour: int | None = None

    def confirm_by(self, monday: date) -> datetime | None:
        """By when the week of a Monday must be saved; None where the contract says nothing."""
        if self.confirm_weekday is None:
            return None
        day = monday + timedelta(days=DAYS_IN_A_WEEK + self.confirm_weekday)
        return datetime.combine(day, time(self.confirm_hour or 0), LONDON)


NO_EXTRA_RULES: Final = ExtraRules()


class DatedExtraRules(NamedTuple):
    """Extra rules of a contract from a day on."""

    effective_from: date
    rules: ExtraRules


def rules_on(dated: Iterable[DatedExtraRules], monday: date) -> ExtraRules:
    """The rules in force on a week's Monday; none before the first."""
    begun = [one for one in dated if one.effective_from <= monday]
    return max(begun, key=lambda one: one.effective_from).rules if begun else NO_EXTRA_RULES


class Fault(NamedTuple):
    """What is wrong with a line, or (``line`` None) with the week; ``column`` is the field's heading."""

    line: Days | None
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class WeekAsked:
    """A week in which something is entered: what is planned, what was saved before, and on which days it rests."""

    planned: Sequence[PlannedLine]
    saved: Sequence[ActualLine] = ()
    suspensions: Sequence[Days] = ()
    rules: ExtraRules = NO_EXTRA_RULES

    def filled(self, lines: Iterable[ActualLine]) -> tuple[ActualLine, ...]:
        """All lines of the week: those that are entered; of others what was saved, else as planned."""
        known = {(line.first_on, line.last_on): line for line in self.saved or as_planned(self.planned)}
        return tuple(line for _, line in sorted((known | by_days(lines)).items()))


def by_days(lines: Iterable[ActualLine]) -> dict[Days, ActualLine]:
    """Lines by their first and last day."""
    return {(line.first_on, line.last_on): line for line in lines}


def as_planned(planned: Iterable[PlannedLine]) -> tuple[ActualLine, ...]:
    """Lines that say what the plan says."""
    return tuple(ActualLine(line.first_on, line.last_on, line.planned_seconds) for line in planned)


def without_hours(line: ActualLine, comment: str | None = None) -> ActualLine:
    """The line with nothing delivered and nothing frustrated (RULES 13, removing hours)."""
    said = line.comment if comment is None else comment
    return replace(line, delivered_seconds=0, frustrated_seconds=0, visits=0, comment=said)


def as_frustrated(line: ActualLine, comment: str | None = None) -> ActualLine:
    """The line with its delivered time as frustrated (RULES 13)."""
    said = line.comment if comment is None else comment
    whole = line.delivered_seconds + line.frustrated_seconds
    return replace(line, delivered_seconds=0, frustrated_seconds=whole, comment=said)


def faults_of_week(lines: Sequence[ActualLine], week: WeekAsked) -> list[Fault]:
    """All that stands against saving these lines, which are all of the week's."""
    of_plan = {(line.first_on, line.last_on): line.planned_seconds for line in week.planned}
    saved = by_days(week.saved)
    found = list(_faults_of_repeated(lines))
    found += [fault for line in lines for fault in _faults_of_line(line, of_plan, saved, week)]
    if not found and is_more_than_planned(lines, week.planned, week.rules):
        found.append(Fault(None, "Delivered", "more_than_planned", MORE_THAN_PLANNED))
    return found


def is_more_than_planned(
    lines: Iterable[ActualLine], planned: Iterable[PlannedLine], rules: ExtraRules = NO_EXTRA_RULES
) -> bool:
    """RULES 13: over the week, delivered plus frustrated time is more than the plan and the contract's tolerance."""
    entered = sum(line.delivered_seconds + line.frustrated_seconds for line in lines)
    return entered * 100 > planned_in_week(planned) * (100 + rules.tolerance_percent)


def comes_to_an_end_on(planned: Sequence[PlannedLine]) -> date | None:
    """The week's last planned day: from then on it may be saved. None where nothing is planned."""
    return max((line.last_on for line in planned), default=None)


def _faults_of_repeated(lines: Iterable[ActualLine]) -> Iterator[Fault]:
    times = Counter((line.first_on, line.last_on) for line in lines)
    for days, count in times.items():
        if count > 1:
            yield Fault(
                days, "Day", "named_twice", f"{named(days)} is there {count} times: keep one of them."
            )


def _faults_of_line(
    line: ActualLine, of_plan: Mapping[Days, int], saved: Mapping[Days, ActualLine], week: WeekAsked
) -> Iterator[Fault]:
    days = (line.first_on, line.last_on)
    if days not in of_plan:
        yield from _faults_off_plan(line, saved.get(days), week.suspensions)
        return
    rules, planned = week.rules, of_plan[days]
    for column, seconds in (("Delivered", line.delivered_seconds), ("Frustrated", line.frustrated_seconds)):
        if seconds > max(SECONDS_IN_A_DAY * len(line.days), planned):
            yield Fault(days, column, "too_long", f"{named(days)}: more hours than the days have.")
        if rules.unit_minutes and seconds % (rules.unit_minutes * 60) and seconds != planned:
            sentence = f"{named(days)}: enter {column.lower()} time in steps of {rules.unit_minutes} minutes."
            yield Fault(days, column, "not_in_units", sentence)
    is_as_planned = (line.delivered_seconds, line.frustrated_seconds) == (planned, 0)
    if rules.wants_comment and not is_as_planned and not line.comment.strip():
        yield Fault(days, "Comment", "comment_missing", f"{named(days)} differs from the plan: say why.")
    if rules.wants_visits and line.delivered_seconds and line.visits is None:
        yield Fault(days, "Visits", "visits_missing", f"{named(days)}: enter how many visits there were.")


def _faults_off_plan(
    line: ActualLine, saved: ActualLine | None, suspensions: Sequence[Days]
) -> Iterator[Fault]:
    """A line that the plan does not have may stay as it was saved, or be lowered."""
    days = (line.first_on, line.last_on)
    if saved is not None:
        if (
            line.delivered_seconds + line.frustrated_seconds
            > saved.delivered_seconds + saved.frustrated_seconds
        ):
            sentence = f"{named(days)} has no planned hours any more: its hours can only be lowered."
            yield Fault(days, "Delivered", "no_such_line", sentence)
    elif any(first <= line.last_on and line.first_on <= last for first, last in suspensions):
        sentence = f"{named(days)}: the client is suspended; ask by an action if care was delivered."
        yield Fault(days, "Day", "suspended", sentence)
    else:
        yield Fault(
            days, "Day", "no_such_line", f"{named(days)} has no planned hours: nothing can be entered."
        )


def named(days: Days) -> str:
    """Days as people read them."""
    first, last = (f"{day:%a} {day.day} {day:%b}" for day in days)
    return first if days[0] == days[1] else f"{first} to {last}"
