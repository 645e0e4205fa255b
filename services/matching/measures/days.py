"""Measures as sums over days (RULES 16): all that is counted of an organisation's day, and the figures of any days. Pure.

Only *continuity* is no such sum: whoever asks has the carers of each client put together.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from libs.common.care.weeks import DAYS_IN_A_WEEK, monday_of
from libs.common.seams.matching.monitoring.measures import MeasuresAndWholes
from services.matching.measures.figures import per_cent, two_decimals
from services.matching.measures.rules import (
    CANCELLED,
    FRUSTRATED,
    HOSPITAL,
    MeasuredCare,
    MeasuredVisit,
    count_critical,
    count_single_visits,
    count_slots,
    entries_by_day,
    hours_commissioned,
)
from services.matching.measures.thresholds import ThresholdsOn


class Counts(NamedTuple):
    """What is counted of some days; a sum of it is what is counted of all of them.

    ``delivered_singly`` leaves one diary out, and late, early, very late, short and under 30 are parts of it.
    ``missed`` are slots without a visit, ``counted_as_missed`` very late visits that the council counts with them.
    """

    delivered: int = 0
    delivered_singly: int = 0
    logged: int = 0
    under_30: int = 0
    frustrated: int = 0
    cancelled: int = 0
    hospital: int = 0
    slots_wanted: int = 0
    missed: int = 0
    counted_as_missed: int = 0
    late: int = 0
    early: int = 0
    very_late: int = 0
    short: int = 0
    critical_wanted: int = 0
    critical_kept: int = 0
    delivered_seconds: int = 0
    hours_commissioned: Fraction = Fraction(0)


CarersOfWeeks = Mapping[tuple[date, str, str], int]
"""The weekdays (bit 0 is Monday) on which a carer delivered, by the week's Monday, client and CarerRef."""


class Carers(NamedTuple):
    """How many clients had a delivered visit by a known carer, and how many different carers they had, added up."""

    clients: int
    of_clients: int


def total(of_days: Iterable[Counts]) -> Counts:
    """What is counted of all of them."""
    listed = list(of_days)
    return Counts._make(map(sum, zip(*listed, strict=True))) if listed else Counts()


def count_days(
    visits: Iterable[MeasuredVisit],
    care: Mapping[int, MeasuredCare],
    days_sent: Iterable[date],
    delivered_types: Collection[str],
    thresholds_on: ThresholdsOn,
) -> Iterator[tuple[date, Counts]]:
    """What is counted of each day of weeks sent; ``visits`` are those of these days, of the CPLIs in ``care``."""
    of_day: dict[date, list[MeasuredVisit]] = defaultdict(list)
    for visit in visits:
        of_day[visit.planned_on].append(visit)
    for day in days_sent:
        yield day, count_day(of_day[day], care, day, delivered_types, thresholds_on)


def count_day(
    visits: Sequence[MeasuredVisit],
    care: Mapping[int, MeasuredCare],
    day: date,
    delivered_types: Collection[str],
    thresholds_on: ThresholdsOn,
) -> Counts:
    """What is counted of a day of a week sent, from the visits that are planned on it."""
    delivered = [visit for visit in visits if visit.visit_type in delivered_types]
    types = Counter(visit.visit_type for visit in visits)
    singly = [visit for visit in delivered if not care[visit.cpli_id].is_one_diary]
    of_single = count_single_visits(singly, entries_by_day(visits), thresholds_on)
    slots = count_slots(visits, care.values(), [day])
    critical = count_critical(visits, care.values(), [day], delivered_types, thresholds_on)
    return Counts(
        delivered=len(delivered),
        delivered_singly=len(singly),
        logged=sum(not visit.is_overridden for visit in delivered),
        under_30=of_single["under_30"],
        frustrated=sum(types[ref] for ref in FRUSTRATED),
        cancelled=sum(types[ref] for ref in CANCELLED),
        hospital=sum(types[ref] for ref in HOSPITAL),
        slots_wanted=slots.wanted,
        missed=slots.missed,
        counted_as_missed=of_single["counted_as_missed"],
        late=of_single["late"],
        early=of_single["early"],
        very_late=of_single["very_late"],
        short=of_single["short"],
        critical_wanted=critical.wanted,
        critical_kept=critical.kept,
        delivered_seconds=sum(visit.delivered_seconds or 0 for visit in delivered),
        hours_commissioned=hours_commissioned(care.values(), [day]),
    )


def carers_of_weeks(visits: Iterable[MeasuredVisit], delivered_types: Collection[str]) -> CarersOfWeeks:
    """Each week's clients with each of their different carers; visits without a CarerRef are left out."""
    found: dict[tuple[date, str, str], int] = defaultdict(int)
    for visit in visits:
        if visit.carer_ref and visit.visit_type in delivered_types:
            key = (monday_of(visit.planned_on), visit.client_id, visit.carer_ref)
            found[key] |= 1 << visit.planned_on.weekday()
    return found


def weekdays_between(monday: date, first: date, last: date) -> int:
    """Those weekdays of a week that lie between two days, both included, as `CarersOfWeeks` has them."""
    days = (monday + timedelta(days=number) for number in range(DAYS_IN_A_WEEK))
    return sum(1 << day.weekday() for day in days if first <= day <= last)


def count_carers(of_weeks: Iterable[tuple[date, str, str]]) -> Carers:
    """Of clients with their carers by week, however often."""
    pairs = {(client_id, carer_ref) for _, client_id, carer_ref in of_weeks}
    return Carers(len({client_id for client_id, _ in pairs}), len(pairs))


def all_carers(of_organisations: Iterable[Carers]) -> Carers:
    """Of several organisations: a client of two of them is two clients."""
    listed = list(of_organisations)
    return Carers(sum(of.clients for of in listed), sum(of.of_clients for of in listed))


def figures(counts: Counts, carers: Carers) -> MeasuresAndWholes:
    """All measures of what is counted; each is rounded once, here."""
    continuity = two_decimals(Fraction(carers.of_clients, carers.clients)) if carers.clients else None
    return {
        "delivered": counts.delivered,
        "frustrated": counts.frustrated,
        "cancelled": counts.cancelled,
        "hospital": counts.hospital,
        "missed": counts.missed + counts.counted_as_missed,
        "late": counts.late,
        "early": counts.early,
        "very_late": counts.very_late,
        "short": counts.short,
        "logged_share": per_cent(counts.logged, counts.delivered),
        "under_30_share": per_cent(counts.under_30, counts.delivered_singly),
        "continuity": continuity,
        "hours_delivered": two_decimals(Fraction(counts.delivered_seconds, 3600)),
        "hours_commissioned": two_decimals(counts.hours_commissioned),
        "time_critical_share": per_cent(counts.critical_kept, counts.critical_wanted),
        "delivered_singly": counts.delivered_singly,
        "slots_wanted": counts.slots_wanted,
    }


def measure(
    visits: Sequence[MeasuredVisit],
    care: Mapping[int, MeasuredCare],
    days_sent: Iterable[date],
    delivered_types: Collection[str],
    thresholds_on: ThresholdsOn,
) -> MeasuresAndWholes:
    """All measures of one organisation over a span.

    ``visits`` are those of the CPLIs in ``care`` that are planned in the span; ``days_sent`` the span's days that lie
    in weeks for which the organisation sent any visit (`rules.days_of_weeks`).
    """
    of_days = count_days(visits, care, days_sent, delivered_types, thresholds_on)
    counts = total(of_day for _, of_day in of_days)
    return figures(counts, count_carers(carers_of_weeks(visits, delivered_types)))
