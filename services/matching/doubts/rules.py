"""What commissioned care makes doubtful in a client's week of visits (RULES 9). Pure: values in, values out.

Doubts are proposals: nothing is held back for them. Each function names one of the kinds that RULES 9 lists.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from libs.common.care.doubts import LIMITS, Doubt, Limits
from libs.common.care.terms import term_on
from libs.common.care.weeks import DAYS_IN_A_WEEK, sunday_of
from services.matching.care.rules import Circumstance
from services.matching.matches.rules import (
    SECONDS_IN_A_DAY,
    Cpli,
    carers_wanted,
    is_suspended,
    runs_on,
    weekly_seconds,
)

HOSPITAL, EXCEPTIONAL = "H", "E"
A_DAY = timedelta(days=1)

KIND_OF_CIRCUMSTANCE = {
    "hospital": "in_hospital",
    "respite": "in_respite",
    "residential_care": "away",
    "holiday": "away",
    "deceased": "deceased",
    "gone_private": "gone_private",
    "continuing_health_care": "continuing_health_care",
}
UNMATCHED_KINDS = ("after_end", "visits_not_required", "invoice_case")
"""Reasons for which a visit has no match, and that are doubts as they are."""


class MatchedVisit(Protocol):
    """A visit with its match, times in seconds since midnight; `delivered_seconds` is None when it was not delivered."""

    visit_ref: str
    visit_type: str
    planned_on: date
    planned_entry: int
    planned_exit: int
    delivered_seconds: int | None
    cpli_id: int | None
    reason: str | None

    @property
    def planned_seconds(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ClientsWeek:
    """A client's week with one organisation.

    elsewhere: the days of the client's H visits with other organisations, which nobody but the council learns of.
    one_diaries: CPLIs of which only the week's hours are planned (RULES 16): their single visits are not doubted.
    """

    client: str
    monday: date
    visits: Sequence[MatchedVisit]
    cplis: Sequence[Cpli]
    circumstances: Sequence[Circumstance] = ()
    elsewhere: Sequence[date] = ()
    one_diaries: Collection[int] = ()

    @property
    def visits_of_one_diary(self) -> list[MatchedVisit]:
        """Those of CPLIs that are monitored by total hours."""
        return [visit for visit in self.visits if visit.cpli_id in self.one_diaries]


def doubts_of_week(week: ClientsWeek, limits: Limits = LIMITS) -> list[Doubt]:
    """All that is doubtful in a client's week with an organisation, in an order that depends on nothing else."""
    by_cpli = _by_cpli(week.visits)
    found = [
        *delivered_in_hospital(week),
        *delivered_in_circumstance(week),
        *unmatched_for_a_reason(week),
        *extra_visits(week),
        *more_carers_than_planned(week),
    ]
    for cpli in week.cplis:
        if cpli.cpli_id in by_cpli:
            found += planned_otherwise(week, cpli, by_cpli[cpli.cpli_id], limits)
            found += delivered_otherwise(week, cpli, by_cpli[cpli.cpli_id], limits)
    return sorted(found, key=lambda doubt: (doubt.first_on, doubt.kind, doubt.visits, doubt.cpli_id or 0))


def delivered_in_hospital(week: ClientsWeek) -> Iterator[Doubt]:
    """Delivered while an H visit says that the client is in hospital: on its day, or between the days of two."""
    own = {visit.planned_on for visit in week.visits if visit.visit_type == HOSPITAL}
    days = own | set(week.elsewhere)
    for visit in _delivered(week):
        day = visit.planned_on
        if day in days or {day - A_DAY, day + A_DAY} <= days:
            near = sorted(other for other in days if abs(other - day) <= A_DAY)
            said = [other.isoformat() for other in near]
            yield _about(
                week, "hospital_visit", visit, {"hospital_days": said, "is_elsewhere": own.isdisjoint(near)}
            )


def delivered_in_circumstance(week: ClientsWeek) -> Iterator[Doubt]:
    """Delivered while in hospital or another circumstance of the client (RULES 1)."""
    for visit in _delivered(week):
        told = set()
        for one in sorted(week.circumstances, key=lambda one: (one.from_on, one.last_on, one.kind)):
            kind = KIND_OF_CIRCUMSTANCE[one.kind]
            if one.from_on <= visit.planned_on <= one.last_on and kind not in told:
                told.add(kind)
                evidence = {
                    "circumstance": one.kind,
                    "from_on": one.from_on.isoformat(),
                    "to_on": one.to_on.isoformat() if one.to_on else None,
                }
                yield _about(week, kind, visit, evidence)


def unmatched_for_a_reason(week: ClientsWeek) -> Iterator[Doubt]:
    """Visits after the package ended, where data is not required, or of care that is invoiced (RULES 5)."""
    ends = [cpli.end_on for cpli in week.cplis if cpli.end_on is not None]
    for visit in week.visits:
        if visit.reason in UNMATCHED_KINDS:
            before = [end for end in ends if end < visit.planned_on] if visit.reason == "after_end" else []
            evidence = {"ended_on": max(before).isoformat()} if before else {}
            yield _about(week, str(visit.reason), visit, evidence)


def extra_visits(week: ClientsWeek) -> Iterator[Doubt]:
    """An E visit without an approval: on no slot of its CPLI's timetable, as an approved one would be."""
    cplis = _planned_singly(week)
    for visit in week.visits:
        cpli = cplis.get(visit.cpli_id or 0)
        if visit.visit_type == EXCEPTIONAL and cpli and cpli.timetable and not _is_on_a_slot(visit, cpli):
            yield _about(week, "extra_visit", visit, {"cpli_id": cpli.cpli_id})


def more_carers_than_planned(week: ClientsWeek) -> Iterator[Doubt]:
    """One client with more carers at once than the plan (RULES 16), by planned times; no plan, no doubt."""
    cplis = _planned_singly(week)
    by_day: dict[date, list[MatchedVisit]] = defaultdict(list)
    for visit in _delivered(week):
        if visit.cpli_id in cplis:
            by_day[visit.planned_on].append(visit)
    for day, visits in by_day.items():
        known: set[tuple[str, ...]] = set()
        for visit in visits:
            together = sorted(
                (other for other in visits if _meets(other, visit.planned_entry)), key=lambda v: v.visit_ref
            )
            refs = tuple(other.visit_ref for other in together)
            wanted = _carers_at(day, visit.planned_entry, cplis.values())
            if refs in known or wanted is None or len(refs) <= wanted:
                continue
            known.add(refs)
            evidence = {
                "at": visit.planned_entry,
                "carers": len(refs),
                "wanted": wanted,
            }
            yield Doubt("more_carers", week.client, refs, None, day, day, evidence)


def planned_otherwise(
    week: ClientsWeek, cpli: Cpli, visits: Sequence[MatchedVisit], limits: Limits
) -> Iterator[Doubt]:
    """A planned week unequal to the CPLI's hours; extra visits are doubts of their own."""
    wanted = wanted_seconds(cpli, week.monday)
    planned = sum(
        visit.planned_seconds
        for visit in visits
        if visit.visit_type != EXCEPTIONAL or _is_on_a_slot(visit, cpli)
    )
    if wanted is not None and abs(planned - wanted) >= limits.week_seconds:
        evidence = {"planned_seconds": planned, "commissioned_seconds": wanted}
        yield _about_week(week, "planned_week", cpli, evidence)


def delivered_otherwise(
    week: ClientsWeek, cpli: Cpli, visits: Sequence[MatchedVisit], limits: Limits
) -> Iterator[Doubt]:
    """Actuals that differ from plan: the delivered time of the week's delivered visits against their planned time."""
    delivered = [visit for visit in visits if visit.delivered_seconds is not None]
    planned = sum(visit.planned_seconds for visit in delivered)
    given = sum(visit.delivered_seconds or 0 for visit in delivered)
    if abs(given - planned) >= max(limits.actual_seconds, planned * limits.actual_share):
        evidence = {"planned_seconds": planned, "delivered_seconds": given}
        yield _about_week(week, "actual_differs", cpli, evidence)


def wanted_seconds(cpli: Cpli, monday: date) -> int | None:
    """The CPLI's hours of this week; of a part of a week as much as of its timetable. None where nobody can tell."""
    days = [monday + timedelta(days=n) for n in range(DAYS_IN_A_WEEK)]
    running = [day for day in days if runs_on(cpli, day) and not is_suspended(cpli, day)]
    terms = {term_on(cpli.terms, day).quantity for day in running}
    if not cpli.hourly or len(terms) != 1:
        return None
    whole = weekly_seconds(cpli, running[0])
    if len(running) == DAYS_IN_A_WEEK:
        return whole
    of_days = {day: sum(_length(slot) for slot in cpli.timetable if slot[0] == day.weekday()) for day in days}
    of_week = sum(of_days.values())
    return whole * sum(of_days[day] for day in running) // of_week if of_week else None


def _delivered(week: ClientsWeek) -> list[MatchedVisit]:
    return [visit for visit in week.visits if visit.delivered_seconds is not None]


def _planned_singly(week: ClientsWeek) -> dict[int, Cpli]:
    """The CPLIs, by id, that are no one diary."""
    return {cpli.cpli_id: cpli for cpli in week.cplis if cpli.cpli_id not in week.one_diaries}


def _by_cpli(visits: Iterable[MatchedVisit]) -> Mapping[int, list[MatchedVisit]]:
    found: dict[int, list[MatchedVisit]] = defaultdict(list)
    for visit in visits:
        if visit.cpli_id is not None:
            found[visit.cpli_id].append(visit)
    return found


def _is_on_a_slot(visit: MatchedVisit, cpli: Cpli) -> bool:
    return (visit.planned_on.weekday(), visit.planned_entry, visit.planned_exit) in cpli.timetable


def _length(slot: tuple[int, int, int]) -> int:
    return (slot[2] - slot[1]) % SECONDS_IN_A_DAY


def _meets(visit: MatchedVisit, moment: int) -> bool:
    return visit.planned_entry <= moment < visit.planned_entry + visit.planned_seconds


def _carers_at(day: date, moment: int, cplis: Iterable[Cpli]) -> int | None:
    """How many carers the plan has at a moment of a day; None when a running CPLI has no plan that says it."""
    found = 0
    for cpli in cplis:
        if not runs_on(cpli, day) or is_suspended(cpli, day):
            continue
        carers = carers_wanted(cpli.terms, sorted(cpli.timetable), day) if cpli.hourly else None
        if carers is None:
            return None
        on_day = (slot for slot in cpli.timetable if slot[0] == day.weekday())
        if any(slot[1] <= moment < slot[1] + _length(slot) for slot in on_day):
            found += carers
    return max(found, 1)


def _about(week: ClientsWeek, kind: str, visit: MatchedVisit, evidence: Mapping[str, object]) -> Doubt:
    refs, day = (visit.visit_ref,), visit.planned_on
    times = [visit.planned_entry, visit.planned_exit]
    seen = {"planned": times, "visit_type": visit.visit_type, **evidence}
    return Doubt(kind, week.client, refs, visit.cpli_id, day, day, seen)


def _about_week(week: ClientsWeek, kind: str, cpli: Cpli, evidence: Mapping[str, object]) -> Doubt:
    last_on = sunday_of(week.monday)
    return Doubt(kind, week.client, (), cpli.cpli_id, week.monday, last_on, evidence)
