"""Whether a week of actuals may be saved as it was entered (RULES 13). Pure: values in, faults out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from libs.common.care.actuals import ActualLine, PlannedLine, planned_in_week

SECONDS_IN_A_DAY: Final = 86_400
MOST_VISITS: Final = 999
LONGEST_COMMENT: Final = 500


@dataclass(frozen=True, slots=True)
class ExtraRules:
    """What a contract asks of actuals beside RULES 13; all off by default.

    unit_minutes: hours are entered in steps of so many minutes. tolerance_percent: how much above plan is accepted.
    """

    unit_minutes: int | None = None
    wants_comment: bool = False
    wants_visits: bool = False
    tolerance_percent: Decimal = Decimal(0)


NO_EXTRA_RULES: Final = ExtraRules()


class Fault(NamedTuple):
    """What is wrong with a line, or (``line`` None) with the week; ``column`` is the field's heading."""

    line: tuple[date, date] | None
    column: str
    code: str
    message: str


def faults_of_week(
    lines: Sequence[ActualLine], planned: Sequence[PlannedLine], rules: ExtraRules = NO_EXTRA_RULES
) -> list[Fault]:
    """All that stands against saving these lines for a week that plans those."""
    of_plan = {(line.first_on, line.last_on): line.planned_seconds for line in planned}
    found = [fault for line in lines for fault in _faults_of_line(line, of_plan, rules)]
    return found or _faults_of_sum(lines, planned, rules)


def is_more_than_planned(
    lines: Iterable[ActualLine], planned: Iterable[PlannedLine], rules: ExtraRules = NO_EXTRA_RULES
) -> bool:
    """RULES 13: over the week, delivered plus frustrated time is more than the plan and the contract's tolerance."""
    entered = sum(line.delivered_seconds + line.frustrated_seconds for line in lines)
    return entered > planned_in_week(planned) * (100 + rules.tolerance_percent) / 100


def comes_to_an_end_on(planned: Sequence[PlannedLine]) -> date | None:
    """The week's last planned day: from then on it may be saved. None where nothing is planned."""
    return max((line.last_on for line in planned), default=None)


def _faults_of_line(
    line: ActualLine, of_plan: dict[tuple[date, date], int], rules: ExtraRules
) -> Iterable[Fault]:
    key = (line.first_on, line.last_on)
    planned = of_plan.get(key)
    entered = line.delivered_seconds + line.frustrated_seconds
    if planned is None and entered:
        yield Fault(
            key, "Day", "no_such_line", f"{_named(line)} has no planned hours: nothing can be entered."
        )
        return
    for column, seconds in (("Delivered", line.delivered_seconds), ("Frustrated", line.frustrated_seconds)):
        if seconds > SECONDS_IN_A_DAY * len(line.days):
            yield Fault(key, column, "too_long", f"{_named(line)}: more hours than the days have.")
        if rules.unit_minutes and seconds % (rules.unit_minutes * 60) and seconds != planned:
            unit = f"{rules.unit_minutes} minutes"
            yield Fault(
                key,
                column,
                "not_in_units",
                f"{_named(line)}: enter {column.lower()} time in steps of {unit}.",
            )
    if rules.wants_comment and line.delivered_seconds != (planned or 0) and not line.comment.strip():
        yield Fault(key, "Comment", "comment_missing", f"{_named(line)} differs from the plan: say why.")
    if rules.wants_visits and line.delivered_seconds and line.visits is None:
        yield Fault(key, "Visits", "visits_missing", f"{_named(line)}: enter how many visits there were.")


def _faults_of_sum(
    lines: Sequence[ActualLine], planned: Sequence[PlannedLine], rules: ExtraRules
) -> list[Fault]:
    if not is_more_than_planned(lines, planned, rules):
        return []
    message = (
        "More than planned: extra hours need a new care plan, agreed between you and the social worker. "
        "Lower the hours of the week, or ask by an action."
    )
    return [Fault(None, "Delivered", "more_than_planned", message)]


def _named(line: ActualLine) -> str:
    first = f"{line.first_on:%a} {line.first_on.day} {line.first_on:%b}"
    if line.first_on == line.last_on:
        return first
    return f"{first} to {line.last_on:%a} {line.last_on.day} {line.last_on:%b}"
