"""What a visit's own data makes doubtful (RULES 9). Pure: values in, values out."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from libs.common.care.actuals import ActualLine, PlannedLine, planned_in_week
from libs.common.care.weeks import sunday_of
from libs.common.casework.doubts import LIMITS, Doubt, Limits
from services.ingest.actuals.rules import is_more_than_planned

COMMENTED_TYPES = frozenset({"E", "U", "C", "C24"})
"""RULES 3: a comment is wanted of these."""
SECONDS_IN_A_DAY = 86_400


class SilentVisit(NamedTuple):
    """A visit without a comment; times are seconds since midnight, None where it was not delivered."""

    visit_ref: str
    client: str
    visit_type: str
    planned_on: dt.date
    planned_entry: int
    planned_exit: int
    delivered_on: dt.date | None
    delivered_entry: int | None
    delivered_exit: int | None


def doubts_of_visit(visit: SilentVisit, limits: Limits = LIMITS) -> Iterator[Doubt]:
    """What is doubtful in a visit to which nobody said anything."""
    if visit.visit_type in COMMENTED_TYPES:
        yield _about(visit, "missing_comment")
    elif _seconds_away(visit) > limits.away_seconds:
        yield _about(visit, "far_from_plan")


def _seconds_away(visit: SilentVisit) -> int:
    """Between planned and delivered entry, whichever day; nothing for what was not delivered."""
    if visit.delivered_on is None or visit.delivered_entry is None:
        return 0
    days = (visit.delivered_on - visit.planned_on).days
    return abs(days * SECONDS_IN_A_DAY + visit.delivered_entry - visit.planned_entry)


def _about(visit: SilentVisit, kind: str) -> Doubt:
    evidence = {
        "planned": [visit.planned_entry, visit.planned_exit],
        "visit_type": visit.visit_type,
        "delivered_on": visit.delivered_on.isoformat() if visit.delivered_on else None,
        "delivered": [visit.delivered_entry, visit.delivered_exit] if visit.delivered_on else None,
    }
    day = visit.planned_on
    return Doubt(kind, visit.client, (visit.visit_ref,), None, day, day, evidence)


class Overlap(NamedTuple):
    """Two visits that one carer delivered at the same time, seen from one of them: the other's organisation is told to
    nobody but the council."""

    visit_ref: str
    client: str
    day: dt.date
    times: tuple[int, int]
    carer_ref: str
    other_organisation: str
    other_ref: str
    other_day: dt.date
    other_times: tuple[int, int]
    seconds: int
    is_across: bool


def doubt_of_overlap(overlap: Overlap) -> Doubt:
    """One carer in two places at once. Two visits of one organisation are doubted together, else each by itself."""
    evidence = {
        "visit_ref": overlap.visit_ref,
        "delivered": list(overlap.times),
        "carer_ref": overlap.carer_ref,
        "other_organisation": overlap.other_organisation,
        "other_ref": overlap.other_ref,
        "other_on": overlap.other_day.isoformat(),
        "other_delivered": list(overlap.other_times),
        "overlap_seconds": overlap.seconds,
        "is_across": overlap.is_across,
    }
    refs = (
        (overlap.visit_ref,) if overlap.is_across else tuple(sorted((overlap.visit_ref, overlap.other_ref)))
    )
    beside = f"{overlap.other_organisation}\n{overlap.other_ref}" if overlap.is_across else ""
    days = sorted((overlap.day, overlap.day if overlap.is_across else overlap.other_day))
    return Doubt("carer_overlap", overlap.client, refs, None, days[0], days[-1], evidence, beside)


def doubts_of_actual(
    client: str,
    cpli_id: int,
    monday: dt.date,
    planned: Sequence[PlannedLine],
    lines: Sequence[ActualLine],
) -> Iterator[Doubt]:
    """An actual that somebody saved and that differs from plan in any line (RULES 13): also where care changed since."""
    entered = {
        (line.first_on, line.last_on): (line.delivered_seconds, line.frustrated_seconds)
        for line in lines
        if line.delivered_seconds or line.frustrated_seconds
    }
    as_planned = {(line.first_on, line.last_on): (line.planned_seconds, 0) for line in planned}
    if entered != {days: times for days, times in as_planned.items() if any(times)}:
        evidence = {
            "planned_seconds": planned_in_week(planned),
            "delivered_seconds": sum(line.delivered_seconds for line in lines),
            "frustrated_seconds": sum(line.frustrated_seconds for line in lines),
            "is_more_than_planned": is_more_than_planned(lines, planned),
        }
        yield Doubt("actual_differs", client, (), cpli_id, monday, sunday_of(monday), evidence)
