"""Visits as the providers' files say them (RULES 3 and 4)."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.facts.care import Care
from tests.oracle.facts.lists import DELIVERED, FRUSTRATED, LEVELS, LEVELS_WITHOUT_VISITS, NOT_PAID
from tests.oracle.facts.reading import (
    BOOLEANS,
    GUIDS,
    HEADINGS,
    LENGTHS,
    identifiers_of,
    is_guid,
    is_nhs_number,
    read_date,
    read_rows,
    read_time,
)
from tests.oracle.facts.values import duration, fold

TWELVE_HOURS = 12 * 3600


@dataclass
class Visit:
    """What was last accepted under an organisation's VisitRef."""

    organisation: int
    ref: str
    cells: dict[str, Any]
    deleted: bool = False

    @property
    def planned(self) -> dt.date:
        return self.cells["PlannedVisitDate"]

    @property
    def slot(self) -> tuple[int, int, int]:
        return self.planned.weekday(), self.cells["PlannedEntryTime"], self.cells["PlannedExitTime"]

    @property
    def planned_seconds(self) -> int:
        return duration(self.cells["PlannedEntryTime"], self.cells["PlannedExitTime"])

    @property
    def delivered_seconds(self) -> int:
        return duration(self.cells["DeliveredEntryTime"], self.cells["DeliveredExitTime"])


class Visits:
    """What was last accepted of every visit, judged by the care that was known then."""

    def __init__(self, care: Care) -> None:
        self.care = care
        self.carers_of: dict[int, set[str]] = defaultdict(set)
        self.by_ref: dict[tuple[int, str], Visit] = {}

    def take_carers(self, organisation: str, content: str) -> None:
        """Take a provider's carers."""
        self.carers_of[self._sender(organisation)] |= {row["CarerRef"] for row in read_rows(content)}

    def take_file(self, sender: str, content: str) -> dict[str, int]:
        """Take a visits file; its counts."""
        organisation = self._sender(sender)
        counts = dict.fromkeys(("read", "new", "updated", "unchanged", "deleted", "rejected", "issues"), 0)
        rows = read_rows(content)
        times = Counter(row["VisitRef"] for row in rows)
        for row in rows:
            counts["read"] += 1
            if not 0 < len(row["VisitRef"]) <= 50 or times[row["VisitRef"]] > 1:
                counts["rejected"] += 1
            elif BOOLEANS.get(row["Deleted"].lower()):
                counts[self._delete(organisation, row)] += 1
            else:
                counts[self._store(organisation, row, counts)] += 1
        return counts

    def _sender(self, name: str) -> int:
        """Whoever has or had the name; visits may come before any care."""
        organisations = self.care.organisations
        known = organisations.bearer_of("", fold(name))
        return organisations.somebody_new("", fold(name)) if known is None else known

    def _delete(self, organisation: int, row: dict[str, str]) -> str:
        """Delete a row's visit; as what the row counts."""
        known = self.by_ref.get((organisation, row["VisitRef"]))
        if known is None:
            return "rejected"
        if known.deleted:
            return "unchanged"
        known.deleted = True
        return "deleted"

    def _store(self, organisation: int, row: dict[str, str], counts: dict[str, int]) -> str:
        """Store a row's visit and count its issue; as what the row counts."""
        cells = self._read_cells(organisation, row) if row["Deleted"].lower() in BOOLEANS else None
        if cells is None:
            return "rejected"
        ref = row["VisitRef"]
        visit, known = Visit(organisation, ref, cells), self.by_ref.get((organisation, ref))
        counts["issues"] += self._has_issue(visit)
        self.by_ref[organisation, ref] = visit
        if known is None:
            return "new"
        return "updated" if known.deleted or known.cells != cells else "unchanged"

    def _read_cells(self, organisation: int, row: dict[str, str]) -> dict[str, Any] | None:
        """The parsed values of a visit's row; None when the row is rejected (RULES 3)."""
        cells = read_cells(row)
        if cells is None or not are_days_allowed(cells):
            return None
        is_known = not row["CarerRef"] or row["CarerRef"] in self.carers_of[organisation]
        if not identifiers_of(row) or not is_known:
            return None
        return cells if self._names_agree(organisation, cells) else None

    def _names_agree(self, organisation: int, cells: dict[str, Any]) -> bool:
        """Whether organisation, level and service are this provider's, the list's, and one each."""
        organisations, services = self.care.organisations, self.care.services
        name, ref = cells["OrganisationName"], cells["OrganisationRef"]
        if name and organisations.bearer_of("", fold(name)) != organisation:
            return False
        if ref and (
            organisations.refs.get(ref, organisation) != organisation
            or organisations.ref_of(organisation) not in ("", ref)
        ):
            return False
        levels = set()
        if cells["ServiceLevel"]:
            levels.add(LEVELS.get(fold(cells["ServiceLevel"])))
        if cells["ServiceLevelRef"]:
            levels.add(self.care.level_refs.get(cells["ServiceLevelRef"]))
        if len(levels) != 1 or None in levels:
            return False
        cells["ServiceLevel"], cells["ServiceLevelRef"] = levels.pop(), ""
        ref, name = cells["ServiceRef"], fold(cells["ServiceName"])
        by_ref, by_name = services.refs.get(ref), services.bearer_of(organisation, name)
        if by_ref is not None:
            return services.scopes[by_ref] == organisation and (not name or by_name == by_ref)
        # A ref that nobody knows may be that of whoever takes a former name, but of nobody who has another.
        is_anothers = services.is_called(by_name, name) and by_name is not None
        return not (ref and is_anothers and services.ref_of(by_name or 0))

    def service_of(self, visit: Visit) -> int | None:
        """The service that a visit names; None when it names none, -1 when nobody knows it."""
        ref, name = visit.cells["ServiceRef"], fold(visit.cells["ServiceName"])
        return self.care.service_named(visit.organisation, ref, name)

    def _has_issue(self, visit: Visit) -> bool:
        cells, type_ = visit.cells, visit.cells["VisitType"]
        if type_ in ("E", "U", "C", "C24") and not cells["Comments"]:
            return True
        if visit.planned_seconds > TWELVE_HOURS:
            return True
        if type_ in DELIVERED and has_issue_of_delivery(visit):
            return True
        if cells["ServiceLevel"] in LEVELS_WITHOUT_VISITS:
            return True
        if cells["NHSNumber"] and not is_nhs_number(cells["NHSNumber"]):
            return True
        service = self.service_of(visit)
        if service in self.care.contracts:
            is_lwah = self.care.contracts[service] == "LWAH"
            return (type_ == "DHS" and is_lwah) or (type_ == "DHF" and not is_lwah)
        return False


def has_issue_of_delivery(visit: Visit) -> bool:
    """Whether it lasted too long, or was on quite another day than planned."""
    over = visit.delivered_seconds - visit.planned_seconds
    if visit.delivered_seconds > TWELVE_HOURS:
        return True
    if visit.cells["VisitType"] != "E" and over >= 3600:
        return True
    return abs((visit.cells["DeliveredVisitDate"] - visit.planned).days) > 1


def read_cells(row: dict[str, str]) -> dict[str, Any] | None:
    """Each cell by itself; None when one can't be read."""
    cells: dict[str, Any] = {name: row[name] for name in HEADINGS if name != "Deleted"}
    for name in tuple(cells):
        if len(row[name]) > LENGTHS.get(name, 8000) or (
            name in GUIDS and row[name] and not is_guid(row[name])
        ):
            return None
        if name in GUIDS:
            cells[name] = row[name].upper()
        elif "Date" in name and row[name]:
            cells[name] = read_date(row[name])
        elif name.endswith("Time") and row[name]:
            cells[name] = read_time(row[name])
        elif name.endswith("IsOverridden"):
            cells[name] = BOOLEANS.get(row[name].lower()) if row[name] else ""
        elif name == "NHSNumber":
            cells[name] = row[name].replace(" ", "")
        if cells[name] is None:
            return None
    return cells


def are_days_allowed(cells: dict[str, Any]) -> bool:
    """Whether what is planned and delivered is there as the visit's type wants it, and not too far ahead."""
    planned = cells["PlannedVisitDate"], cells["PlannedEntryTime"], cells["PlannedExitTime"]
    delivered = cells["DeliveredVisitDate"], cells["DeliveredEntryTime"], cells["DeliveredExitTime"]
    if "" in planned or planned[1] == planned[2]:
        return False
    type_, today = cells["VisitType"], dt.datetime.now(ZoneInfo("Europe/London")).date()
    if planned[0] > today + dt.timedelta(days=60 if type_ in NOT_PAID else 0):
        return False
    if type_ in DELIVERED:
        return "" not in delivered and delivered[1] != delivered[2] and delivered[0] <= today
    return type_ in (*FRUSTRATED, *NOT_PAID) and delivered == ("", "", "")
