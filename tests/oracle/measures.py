"""Measures a second time: slot by slot and visit by visit, from the files' facts alone (RULES 16)."""

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from typing import Any

from tests.oracle.books import Oracle
from tests.oracle.facts.lists import DELIVERED, LEVELS_WITH_VISITS
from tests.oracle.facts.packages import Package
from tests.oracle.facts.values import duration, monday_of
from tests.oracle.facts.visits import Visit
from tests.oracle.matches import match_visits

DAY = dt.timedelta(days=1)
Figures = dict[str, Any]


def measure_organisations(oracle: Oracle, first: dt.date, last: dt.date) -> dict[str, Figures]:
    """The measures of every organisation, by the name that care writes."""
    matches, _ = match_visits(oracle.care, oracle.visits)
    return {
        name: MeasuredOrganisation(oracle, organisation, matches, first, last).figures()
        for organisation, name in oracle.care.names.items()
    }


class MeasuredOrganisation:
    """An organisation's care and visits between two days."""

    def __init__(
        self,
        oracle: Oracle,
        organisation: int,
        matches: dict[tuple[int, str], int],
        first: dt.date,
        last: dt.date,
    ) -> None:
        self.care = oracle.care
        self.threshold = oracle.thresholds.on
        self.days = [first + n * DAY for n in range((last - first).days + 1)]
        of_it = [v for v in oracle.visits.by_ref.values() if v.organisation == organisation and not v.deleted]
        self.sent = {monday_of(visit.planned) for visit in of_it}
        self.packages = [
            p for p in oracle.care.packages.values() if p.organisation == organisation and p.unit == "Hr"
        ]
        by_id = {package.cpli_id: package for package in self.packages}
        self.visits: list[tuple[Visit, Package]] = []
        for visit in of_it:
            cpli_id = matches.get((organisation, visit.ref))
            if cpli_id in by_id and first <= visit.planned <= last:
                self.visits.append((visit, by_id[cpli_id]))
        self.of_day: dict[tuple[int, dt.date], list[Visit]] = defaultdict(list)
        """all visits of a client's day"""
        for visit, package in self.visits:
            self.of_day[package.client, visit.planned].append(visit)
        self.delivered = [(v, p) for v, p in self.visits if v.cells["VisitType"] in DELIVERED]
        self.singly = [(v, p) for v, p in self.delivered if not self.care.is_one_diary(p)]
        """what measures of single visits look at"""

    def figures(self) -> Figures:
        """All of them, in the shape in which they are asked for."""
        logged = [
            v
            for v, _ in self.delivered
            if not v.cells["DeliveredEntryTimeIsOverridden"] and not v.cells["DeliveredExitTimeIsOverridden"]
        ]
        under_30 = [
            v for v, _ in self.singly if v.planned_seconds < 60 * self.threshold("under_minutes", v.planned)
        ]
        hours = Fraction(sum(v.delivered_seconds for v, _ in self.delivered), 3600)
        return {
            "delivered": len(self.delivered),
            "frustrated": self.of_types("C", "U"),
            "cancelled": self.of_types("C24"),
            "hospital": self.of_types("H"),
            "missed": self.missed() + self.counted_as_missed(),
            "late": sum(self.is_late(v) for v, _ in self.singly),
            "early": sum(
                planned_at(v) - began(v) > 60 * self.threshold("early_minutes", v.planned)
                for v, _ in self.singly
            ),
            "very_late": sum(self.is_very_late(v, p) for v, p in self.singly),
            "short": sum(
                Fraction(100 * v.delivered_seconds, v.planned_seconds)
                < self.threshold("short_per_cent", v.planned)
                for v, _ in self.singly
            ),
            "logged_share": written(100 * len(logged), len(self.delivered), 1),
            "under_30_share": written(100 * len(under_30), len(self.singly), 1),
            "continuity": self.continuity(),
            "hours_delivered": written(hours, 1, 2),
            "hours_commissioned": written(sum(map(self.commissioned, self.packages), Fraction()), 1, 2),
            "time_critical_share": self.time_critical(),
        }

    def of_types(self, *types: str) -> int:
        return sum(visit.cells["VisitType"] in types for visit, _ in self.visits)

    def is_late(self, visit: Visit) -> bool:
        return began(visit) - planned_at(visit) > 60 * self.threshold("late_minutes", visit.planned)

    def is_very_late(self, visit: Visit, package: Package) -> bool:
        """Whether the client's next visit of the day should have begun."""
        of_day = map(planned_at, self.of_day[package.client, visit.planned])
        later = [entry for entry in of_day if entry > planned_at(visit)]
        return bool(later) and began(visit) >= min(later)

    def is_expected(self, package: Package) -> bool:
        return package.method == "Visits" and package.level in LEVELS_WITH_VISITS and package.authorised

    def rests(self, package: Package, day: dt.date) -> bool:
        """Whether nothing is planned on a day, or nobody knows."""
        is_away = package.is_suspended_on(day) or self.care.is_away(package, day)
        return is_away or not package.start <= day <= package.end or monday_of(day) not in self.sent

    def counted_as_missed(self) -> int:
        """The very late visits of days on which the council counts these as missed too."""
        return sum(
            self.is_very_late(v, p) and self.threshold("very_late_is_missed", v.planned) == 1
            for v, p in self.singly
        )

    def missed(self) -> int:
        """The slots without a visit."""
        visits: dict[tuple[int, dt.date], int] = defaultdict(int)
        for visit, package in self.visits:
            visits[package.cpli_id, visit.planned] += 1
        return sum(
            max(wanted - visits[cpli_id, day], 0) for (cpli_id, day), wanted in self.slots_wanted().items()
        )

    def slots_wanted(self) -> dict[tuple[int, dt.date], int]:
        """Slots × carers wanted by CPLI and day, none of what is monitored by total hours."""
        found: dict[tuple[int, dt.date], int] = {}
        for package in filter(self.is_expected, self.packages):
            hours = Fraction(sum(duration(entry, exit_) for _, entry, exit_ in package.slots), 3600)
            for day in self.days:
                if self.rests(package, day) or self.care.is_one_diary(package):
                    continue
                quantity = Fraction(package.term_on(day).quantity)
                fitting = [n for n in range(1, 100) if abs(n * hours - quantity) <= Fraction(1, 100)]
                wanted = sum(slot[0] == day.weekday() for slot in package.slots) * (fitting or [1])[0]
                found[package.cpli_id, day] = wanted
        return found

    def commissioned(self, package: Package) -> Fraction:
        """The hours of the days of weeks sent."""
        if not self.is_expected(package):
            return Fraction()
        whole = sum(duration(entry, exit_) for _, entry, exit_ in package.slots)
        hours = Fraction()
        for day in self.days:
            if self.rests(package, day):
                continue
            own = sum(duration(slot[1], slot[2]) for slot in package.slots if slot[0] == day.weekday())
            part = Fraction(own, whole) if whole else Fraction(1, 7)
            hours += Fraction(package.term_on(day).quantity) * part
        return hours

    def continuity(self) -> str | None:
        carers: dict[int, set[str]] = defaultdict(set)
        for visit, package in self.delivered:
            if visit.cells["CarerRef"]:
                carers[package.client].add(visit.cells["CarerRef"])
        return written(sum(len(of) for of in carers.values()), len(carers), 2)

    def time_critical(self) -> str | None:
        kept = wanted = 0
        for package in filter(self.is_expected, self.packages):
            for slot in package.critical:
                for day in self.days:
                    if day.weekday() != slot[0] or self.rests(package, day):
                        continue
                    there = [
                        v for v, p in self.visits if p is package and v.planned == day and v.slot == slot
                    ]
                    given = [v for v in there if v.cells["VisitType"] in DELIVERED]
                    if there and not given:
                        continue
                    wanted += 1
                    within = 60 * self.threshold("critical_minutes", day)
                    kept += any(abs(began(v) - planned_at(v)) <= within for v in given)
        return written(100 * kept, wanted, 1)


def planned_at(visit: Visit) -> int:
    """The planned entry in seconds of its day."""
    entry: int = visit.cells["PlannedEntryTime"]
    return entry


def began(visit: Visit) -> int:
    """The delivered entry in seconds of the planned day."""
    later: dt.timedelta = visit.cells["DeliveredVisitDate"] - visit.planned
    entry: int = visit.cells["DeliveredEntryTime"]
    return int(later.total_seconds()) + entry


def written(part: Fraction | int, whole: int, decimals: int) -> str | None:
    """A part of a whole, half up."""
    if not whole:
        return None
    rounded = (Fraction(part) / whole * 10**decimals + Fraction(1, 2)).__floor__()
    return f"{rounded / 10**decimals:.{decimals}f}"
