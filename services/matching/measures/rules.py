"""What counts in the measures of an organisation (RULES 16); `days` adds it up. Pure: values in, values out."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from libs.common.care.plans import Plan, Slot, shares_of_week
from libs.common.care.terms import term_on
from libs.common.care.weeks import DAYS_IN_A_WEEK
from services.matching.matches.rules import carers_wanted
from services.matching.measures.thresholds import Thresholds, ThresholdsOn

SECONDS_IN_A_DAY = 86_400
FRUSTRATED = frozenset({"C", "U"})
CANCELLED = frozenset({"C24"})
HOSPITAL = frozenset({"H"})
NOT_CRITICAL = FRUSTRATED | CANCELLED | HOSPITAL
"""A time-critical slot with only these is left out."""


class MeasuredVisit(NamedTuple):
    """A matched visit. Times are seconds since the planned day's midnight, durations seconds.

    ``delivered_entry`` is 86,400 or more where the visit was delivered on a later day than planned.
    """

    cpli_id: int
    client_id: str
    visit_type: str
    planned_on: date
    planned_entry: int
    planned_exit: int
    delivered_entry: int | None
    delivered_seconds: int | None
    is_overridden: bool
    carer_ref: str

    @property
    def planned_seconds(self) -> int:
        """How long it was to last; an exit before the entry is on the next day."""
        return (self.planned_exit - self.planned_entry) % SECONDS_IN_A_DAY

    @property
    def seconds_late(self) -> int:
        """How long after its planned entry it began; below nought before it, nought where nothing was delivered."""
        return 0 if self.delivered_entry is None else self.delivered_entry - self.planned_entry


@dataclass(frozen=True, slots=True)
class MeasuredCare:
    """A CPLI of hours. ``is_expected``: visits of it can be missed (paid by visits, of a level that requires them,
    authorised); ``is_one_diary``: it is monitored by total hours alone.
    """

    cpli_id: int
    plan: Plan
    is_expected: bool
    critical_slots: frozenset[Slot] = frozenset()
    is_one_diary: bool = False


def days_of_weeks(first_on: date, last_on: date, mondays: Iterable[date]) -> list[date]:
    """The days of these weeks that lie in a span, both ends included, in order."""
    days = (monday + timedelta(days=number) for monday in sorted(mondays) for number in range(DAYS_IN_A_WEEK))
    return [day for day in days if first_on <= day <= last_on]


def weeks_together(mondays: Iterable[date]) -> list[list[date]]:
    """Weeks in order, those that follow one another in one list."""
    found: list[list[date]] = []
    for monday in sorted(mondays):
        if found and monday - found[-1][-1] == timedelta(days=DAYS_IN_A_WEEK):
            found[-1].append(monday)
        else:
            found.append([monday])
    return found


def days_in_force(plan: Plan, days_sent: Sequence[date]) -> Iterator[date]:
    """The days of weeks sent on which a CPLI is in force and not suspended."""
    until = len(days_sent) if plan.end_on is None else bisect_right(days_sent, plan.end_on)
    for day in days_sent[bisect_left(days_sent, plan.start_on) : until]:
        if not any(first <= day <= last for first, last in plan.suspensions):
            yield day


Entries = Mapping[tuple[str, date], Sequence[int]]


def entries_by_day(visits: Iterable[MeasuredVisit]) -> Entries:
    """The planned entries of each client's day."""
    entries: dict[tuple[str, date], list[int]] = defaultdict(list)
    for visit in visits:
        entries[visit.client_id, visit.planned_on].append(visit.planned_entry)
    return entries


def count_single_visits(
    delivered: Iterable[MeasuredVisit], entries: Entries, thresholds_on: ThresholdsOn
) -> Counter[str]:
    """What is said of single delivered visits: late, early, very late, short, under 30 and ``counted_as_missed``."""
    counts: Counter[str] = Counter()
    for visit in delivered:
        thresholds = thresholds_on(visit.planned_on)
        counts["late"] += is_late(visit, thresholds)
        counts["early"] += is_early(visit, thresholds)
        counts["short"] += is_short(visit, thresholds)
        counts["under_30"] += is_under_30(visit, thresholds)
        if visit.seconds_late > 0 and is_very_late(visit, entries[visit.client_id, visit.planned_on]):
            counts["very_late"] += 1
            counts["counted_as_missed"] += thresholds.very_late_is_missed
    return counts


def is_late(visit: MeasuredVisit, thresholds: Thresholds) -> bool:
    """Begun more than so many minutes after planned."""
    return visit.seconds_late > thresholds.late_minutes * 60


def is_early(visit: MeasuredVisit, thresholds: Thresholds) -> bool:
    """Begun more than so many minutes before planned."""
    return -visit.seconds_late > thresholds.early_minutes * 60


def is_under_30(visit: MeasuredVisit, thresholds: Thresholds) -> bool:
    """Planned for less than so many minutes: 30 unless set otherwise."""
    return visit.planned_seconds < thresholds.under_minutes * 60


def is_short(visit: MeasuredVisit, thresholds: Thresholds) -> bool:
    """Delivered for less than so many per cent of the planned time."""
    return (visit.delivered_seconds or 0) * 100 < visit.planned_seconds * thresholds.short_per_cent


def is_very_late(visit: MeasuredVisit, entries: Sequence[int]) -> bool:
    """Begun not before the next later planned entry of the client's day; never, where there is no later one."""
    begun = visit.planned_entry + visit.seconds_late
    return any(visit.planned_entry < entry <= begun for entry in entries)


class SlotsOfTimetables(NamedTuple):
    """Slots × carers wanted, and how many of them have no visit."""

    wanted: int
    missed: int


class DayOfSlots(NamedTuple):
    """A day of a CPLI's timetable: slots × carers wanted, and its visits of whatever type."""

    cpli_id: int
    day: date
    wanted: int
    visits: int

    @property
    def missed(self) -> int:
        """The slots without a visit."""
        return max(0, self.wanted - self.visits)


def count_slots(
    visits: Iterable[MeasuredVisit], care: Iterable[MeasuredCare], days_sent: Sequence[date]
) -> SlotsOfTimetables:
    """For each CPLI and day its slots × carers wanted; missed less its visits of whatever type, not below nought."""
    wanted = missed = 0
    for of_day in days_of_slots(visits, care, days_sent):
        wanted += of_day.wanted
        missed += of_day.missed
    return SlotsOfTimetables(wanted, missed)


def days_of_slots(
    visits: Iterable[MeasuredVisit], care: Iterable[MeasuredCare], days_sent: Sequence[date]
) -> Iterator[DayOfSlots]:
    """The days of CPLIs on which visits are wanted."""
    visits_of = Counter((visit.cpli_id, visit.planned_on) for visit in visits)
    for cpli in care:
        if not cpli.is_expected or cpli.is_one_diary or not cpli.plan.timetable:
            continue
        slots = Counter(weekday for weekday, _, _ in cpli.plan.timetable)
        carers: dict[Decimal, int] = {}
        for day in days_in_force(cpli.plan, days_sent):
            if slots_of_day := slots[day.weekday()]:
                term = term_on(cpli.plan.terms, day)
                if term.quantity not in carers:
                    carers[term.quantity] = carers_wanted((term,), cpli.plan.timetable, day) or 1
                wanted = slots_of_day * carers[term.quantity]
                yield DayOfSlots(cpli.cpli_id, day, wanted, visits_of[cpli.cpli_id, day])


def hours_commissioned(care: Iterable[MeasuredCare], days_sent: Sequence[date]) -> Fraction:
    """RULES 15 over the days of weeks sent, each day by its own Quantity; exact."""
    return sum((hours_of_cpli(cpli, days_sent) for cpli in care if cpli.is_expected), Fraction(0))


def hours_of_cpli(cpli: MeasuredCare, days_sent: Sequence[date]) -> Fraction:
    """The hours commissioned of one CPLI."""
    share_of, whole = shares_of_week(cpli.plan.timetable)
    shares: Counter[Decimal] = Counter()
    for day in days_in_force(cpli.plan, days_sent):
        shares[term_on(cpli.plan.terms, day).quantity] += share_of[day.weekday()]
    return sum((Fraction(quantity) * share for quantity, share in shares.items()), Fraction(0)) / whole


class CriticalSlots(NamedTuple):
    """Time-critical slots that count, and how many of them were kept."""

    wanted: int
    kept: int


class CriticalSlot(NamedTuple):
    """A time-critical slot of a day, whether it was kept, and the visits that were planned on it."""

    cpli_id: int
    day: date
    entry: int
    exit: int
    is_kept: bool
    visits: Sequence[MeasuredVisit]


def count_critical(
    visits: Iterable[MeasuredVisit],
    care: Iterable[MeasuredCare],
    days_sent: Sequence[date],
    delivered_types: Collection[str],
    thresholds_on: ThresholdsOn,
) -> CriticalSlots:
    """Time-critical slots, and those with a delivered visit that began within 15 minutes of the slot."""
    wanted = kept = 0
    for slot in slots_critical(visits, care, days_sent, delivered_types, thresholds_on):
        wanted += 1
        kept += slot.is_kept
    return CriticalSlots(wanted, kept)


def slots_critical(
    visits: Iterable[MeasuredVisit],
    care: Iterable[MeasuredCare],
    days_sent: Sequence[date],
    delivered_types: Collection[str],
    thresholds_on: ThresholdsOn,
) -> Iterator[CriticalSlot]:
    """The time-critical slots that count.

    A slot that holds only visits of types C, U, C24 or H is left out; one that holds none was not kept.
    """
    critical = [cpli for cpli in care if cpli.is_expected and cpli.critical_slots]
    if not critical:
        return
    on_slot: dict[tuple[int, date, int, int], list[MeasuredVisit]] = defaultdict(list)
    for visit in visits:
        on_slot[visit.cpli_id, visit.planned_on, visit.planned_entry, visit.planned_exit].append(visit)
    for cpli in critical:
        for day in days_in_force(cpli.plan, days_sent):
            seconds = thresholds_on(day).critical_minutes * 60
            for weekday, entry, exit_ in cpli.critical_slots:
                if weekday != day.weekday():
                    continue
                of_slot = on_slot.get((cpli.cpli_id, day, entry, exit_), [])
                if of_slot and all(visit.visit_type in NOT_CRITICAL for visit in of_slot):
                    continue
                is_kept = any(is_in_time(visit, delivered_types, seconds) for visit in of_slot)
                yield CriticalSlot(cpli.cpli_id, day, entry, exit_, is_kept, of_slot)


def is_in_time(visit: MeasuredVisit, delivered_types: Collection[str], seconds: int) -> bool:
    """Delivered, and begun within so many seconds of its planned entry, before or after."""
    if visit.visit_type not in delivered_types or visit.delivered_entry is None:
        return False
    return abs(visit.delivered_entry - visit.planned_entry) <= seconds
