"""The books worked out a second time, from the rules alone: plain, slow, and without a line of the services.

An ``Oracle`` is told what happened, in order (care, carers, visits, periods finalised), keeps every fact,
and works everything out anew when it is asked. RULES numbers in the text are sections of the rules.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle_debts import Debts
from tests.oracle_pay_rules import rate_paid, time_paid

# fmt: off
HEADINGS = (
    "VisitRef", "Deleted", "PlannedVisitDate", "PlannedEntryTime", "PlannedExitTime", "VisitType",
    "DeliveredVisitDate", "DeliveredEntryTime", "DeliveredEntryTimeIsOverridden",
    "DeliveredEntryTimeOverrideReason", "DeliveredExitTime", "DeliveredExitTimeIsOverridden",
    "DeliveredExitTimeOverrideReason", "VarianceReason", "Comments", "ClientRef", "SSRef", "NHSNumber",
    "ServiceLevelRef", "ServiceLevel", "CarerRef", "ServiceRef", "ServiceName", "OrganisationRef",
    "OrganisationName",
)
# fmt: on
LENGTHS = (
    dict.fromkeys(("VisitRef", "SSRef", "VisitType"), 50)
    | {"NHSNumber": 20, "ServiceLevel": 100, "CarerRef": 100, "ServiceName": 112, "OrganisationName": 112}
    | dict.fromkeys(
        (
            "VarianceReason",
            "Comments",
            "DeliveredEntryTimeOverrideReason",
            "DeliveredExitTimeOverrideReason",
        ),
        8000,
    )
)
GUIDS = ("ClientRef", "ServiceLevelRef", "ServiceRef", "OrganisationRef")
BOOLEANS = dict.fromkeys(("0", "n", "no", "false", ""), False) | dict.fromkeys(
    ("1", "y", "yes", "true"), True
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DELIVERED = ("DHS", "DHF", "E")
FRUSTRATED = ("C", "U")
NOT_PAID = ("C24", "H")
LEVELS_WITH_VISITS = (
    "Personal Care",
    "Continuing Care",
    "Medication Only",
    "Fast Track",
    "Home Support - Urgent Care",
    "HTLAH Maintenance",
    "HTLAH Developmental",
    "Home Support",
)
LEVELS_WITHOUT_VISITS = (
    "Live in care",
    "Extra care housing core charges",
    "Extra care housing block payments",
    "Reablement episodes",
)
LEVEL_ALIASES = {"HTLAH - Maintenance": "HTLAH Maintenance", "HTLAH - Developmental": "HTLAH Developmental"}
FROM_THE_START = dt.date.min
WEEK = dt.timedelta(days=7)
PERIOD = dt.timedelta(days=28)
A_PERIOD_STARTS = dt.date(2022, 10, 3)


def fold(name: str) -> str:
    """The form in which names compare: trimmed, one case, one dash, single spaces (RULES 2)."""
    text = unicodedata.normalize("NFKC", name)
    text = re.sub("[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]", "-", text)
    return " ".join(text.split()).casefold()


LEVELS = {fold(name): name for name in (*LEVELS_WITH_VISITS, *LEVELS_WITHOUT_VISITS)} | {
    fold(alias): name for alias, name in LEVEL_ALIASES.items()
}


def penny(exact: Fraction) -> Decimal:
    """Rounded half up to the penny; nothing here is ever negative."""
    pennies = (exact * 100 + Fraction(1, 2)).__floor__()
    return Decimal(pennies) / 100


def whole_pennies(amount: Decimal) -> Decimal:
    """Without the part of a penny: a charge is never more than what was assessed (RULES 7)."""
    return Decimal((Fraction(amount) * 100).__floor__()) / 100


def pounds(amount: Decimal) -> str:
    return f"{amount:.2f}"


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def period_of(day: dt.date) -> dt.date:
    """The first day of the payment period of a day (RULES 8)."""
    return A_PERIOD_STARTS + (day - A_PERIOD_STARTS) // PERIOD * PERIOD


def read_date(text: str) -> dt.date | None:
    """A date as visits files write it (RULES 3); None when unreadable."""
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)
    if iso:
        year, month, day = map(int, iso.groups())
    else:
        found = re.fullmatch(r"(\d{1,2})([/ -])(\d{1,2}|[A-Za-z]{3})\2(\d{4}|\d\d)", text, re.ASCII)
        if not found:
            return None
        day, year = int(found[1]), int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        if found[3].isdigit():
            month = int(found[3])
        elif found[3].lower() in MONTHS:
            month = MONTHS.index(found[3].lower()) + 1
        else:
            return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_time(text: str) -> int | None:
    """Seconds after midnight; None when unreadable."""
    found = re.fullmatch(r"(\d{1,2}):(\d\d)(?::(\d\d))?", text, re.ASCII)
    if not found:
        return None
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    return hours * 3600 + minutes * 60 + seconds if hours < 24 and minutes < 60 and seconds < 60 else None


def duration(entry: int, exit_: int) -> int:
    """Seconds between two clock times; an exit before the entry is on the next day."""
    return exit_ - entry if exit_ > entry else exit_ - entry + 24 * 3600


def is_guid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def is_nhs_number(text: str) -> bool:
    digits = text.replace(" ", "")
    if not re.fullmatch(r"\d{10}", digits, re.ASCII):
        return False
    check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return int(digits[9]) == (0 if check == 11 else check)


def identifiers_of(row: dict[str, str]) -> list[tuple[str, str]]:
    """The identifiers that a row names, in the order in which they count (RULES 5)."""
    found = [("SSRef", row["SSRef"]), ("ClientRef", row["ClientRef"].upper())]
    found.append(("NHSNumber", row["NHSNumber"].replace(" ", "")))
    return [(kind, value) for kind, value in found if value]


@dataclass
class Term:
    """What is dated of a CPLI."""

    quantity: Decimal
    unit_cost: Decimal
    contribution: Decimal | None
    collector: str


@dataclass
class Package:
    """A CPLI."""

    cpli_id: int
    client: int = 0
    organisation: str = ""
    service: str = ""
    service_ref: str = ""
    level: str = ""
    start: dt.date = dt.date.min
    end: dt.date = dt.date.max
    unit: str = "Hr"
    method: str = "Visits"
    authorised: bool = True
    slots: set[tuple[int, int, int]] = field(default_factory=set)
    suspensions: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    terms: dict[dt.date, Term] = field(default_factory=dict)

    def term_on(self, day: dt.date) -> Term:
        """The term in force on a day: the latest that has begun, else the first."""
        begun = [start for start in self.terms if start <= day]
        return self.terms[max(begun) if begun else min(self.terms)]

    def is_suspended_on(self, day: dt.date) -> bool:
        return any(first <= day <= last for first, last in self.suspensions)


@dataclass
class Visit:
    """What was last accepted under an organisation's VisitRef."""

    organisation: str
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


class Oracle:
    """A council as told: facts are kept, the books are worked out anew when asked, and differences posted as they
    come."""

    def __init__(self) -> None:
        self.packages: dict[int, Package] = {}
        self.identifiers: dict[tuple[str, str], int] = {}
        self.n_clients = 0
        self.names: dict[str, str] = {}  # organisations by folded name
        self.organisation_refs: dict[str, str] = {}
        self.services: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        self.service_refs: dict[str, tuple[str, str]] = {}
        self.level_refs: dict[str, str] = {}
        self.carers_of: dict[str, set[str]] = defaultdict(set)
        self.visits_of: dict[tuple[str, str], Visit] = {}
        self.all_finalised_through = dt.date.min
        self.finalised_through: dict[str, dt.date] = {}
        self.stays: dict[
            str, tuple[int, str, dt.date, dt.date]
        ] = {}  # client, kind, first and last day, by id
        self.posted: dict[tuple[Any, ...], dict[dt.date, Decimal]] = defaultdict(dict)
        self.rules: dict[str, dict[dt.date, dict[str, Any]]] = defaultdict(dict)
        self.debts = Debts()
        self.types: dict[str, dict[dt.date, str]] = defaultdict(dict)

    # What happens

    def care(self, content: str) -> int:
        """Import a care file; how many rows were accepted."""
        accepted = sum(self._care_row(clean(row)) for row in csv.DictReader(io.StringIO(content)))
        self._post()
        return accepted

    def _care_row(self, row: dict[str, str]) -> bool:
        clients = {self.identifiers[i] for i in identifiers_of(row) if i in self.identifiers}
        start, end = read_date(row["StartDate"]), read_date(row["EndDate"]) if row["EndDate"] else dt.date.max
        if (
            len(clients) > 1
            or not identifiers_of(row)
            or start is None
            or end is None
            or end < start
            or row["Unit"] not in ("Hr", "Payment")
            or row["Frequency"] not in ("Weekly", "One-off")
            or row["PaymentMethod"] not in ("Visits", "Actuals", "Invoice")
        ):
            return False
        client = clients.pop() if clients else self.n_clients
        self.n_clients = max(self.n_clients, client + 1)
        for kind, value in identifiers_of(row):  # a client has one of each kind: a new one replaces the old
            self.identifiers = {i: c for i, c in self.identifiers.items() if (i[0], c) != (kind, client)}
            self.identifiers[kind, value] = client

        organisation = fold(row["OrganisationName"])
        service = fold(row["ServiceName"])
        self.names.setdefault(organisation, row["OrganisationName"])
        if row.get("OrganisationRef"):
            self.organisation_refs[organisation] = row["OrganisationRef"].upper()
        self.services[organisation][service] = (row["ServiceRef"].upper(), row["Contract"])
        if row["ServiceRef"]:
            self.service_refs[row["ServiceRef"].upper()] = (organisation, service)
        if row["ServiceLevelRef"]:
            self.level_refs[row["ServiceLevelRef"].upper()] = LEVELS[fold(row["ServiceLevel"])]

        package = self.packages.setdefault(int(row["CpliId"]), Package(int(row["CpliId"])))
        package.client, package.organisation, package.service = client, organisation, service
        package.service_ref = row["ServiceRef"].upper()
        package.level = LEVELS[fold(row["ServiceLevel"])]
        package.start, package.end, package.unit, package.method = (
            start,
            end,
            row["Unit"],
            row["PaymentMethod"],
        )
        package.authorised = BOOLEANS[row["Authorised"].lower()]
        package.slots = {read_slot(slot) for slot in row["Timetable"].split(";") if slot.strip()}
        package.suspensions = [read_suspension(s) for s in row.get("Suspensions", "").split(";") if s.strip()]
        effective = read_date(row["EffectiveFrom"]) if row.get("EffectiveFrom") else None
        assessed = row["AssessedContribution"]
        package.terms[effective if effective and effective > start else FROM_THE_START] = Term(
            Decimal(row["Quantity"]),
            Decimal(row["UnitCost"]),
            Decimal(assessed) if assessed else None,
            row["ContributionCollectedBy"] or "Council",
        )
        return True

    def stay(
        self, stay_id: str, identifier: tuple[str, str], kind: str, first: dt.date, last: dt.date
    ) -> None:
        """A client is in hospital, on holiday or the like; or its days are others than was said."""
        self.stays[stay_id] = (self.identifiers[identifier], kind, first, last)
        self._post()

    def no_stay(self, stay_id: str) -> None:
        """It was an error."""
        del self.stays[stay_id]
        self._post()

    def carers(self, organisation: str, content: str) -> None:
        """Import a provider's carers."""
        refs = {clean(row)["CarerRef"] for row in csv.DictReader(io.StringIO(content))}
        self.carers_of[fold(organisation)] |= refs

    def visits(self, organisation: str, content: str) -> dict[str, int]:
        """Import and confirm a visits file; its counts."""
        organisation = fold(organisation)
        counts = dict.fromkeys(("read", "new", "updated", "unchanged", "deleted", "rejected", "issues"), 0)
        rows = [clean(row) for row in csv.DictReader(io.StringIO(content)) if any(row.values())]
        times = Counter(row["VisitRef"] for row in rows)
        for row in rows:
            counts["read"] += 1
            ref = row["VisitRef"]
            known = self.visits_of.get((organisation, ref))
            deleted = BOOLEANS.get(row["Deleted"].lower())
            is_named = 0 < len(ref) <= 50 and times[ref] == 1
            if deleted and is_named:
                if known is None:
                    counts["rejected"] += 1
                elif known.deleted:
                    counts["unchanged"] += 1
                else:
                    counts["deleted"] += 1
                    known.deleted = True
                continue
            cells = self._visit_cells(organisation, row) if is_named and deleted is False else None
            if cells is None:
                counts["rejected"] += 1
                continue
            visit = Visit(organisation, ref, cells)
            counts["issues"] += self._has_issue(visit)
            if known is None:
                counts["new"] += 1
            elif known.deleted or known.cells != cells:
                counts["updated"] += 1
            else:
                counts["unchanged"] += 1
            self.visits_of[organisation, ref] = visit
        self._post()
        return counts

    def _visit_cells(self, organisation: str, row: dict[str, str]) -> dict[str, Any] | None:
        """The parsed values of a visit's row; None when the row is rejected (RULES 3)."""
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
        planned = cells["PlannedVisitDate"], cells["PlannedEntryTime"], cells["PlannedExitTime"]
        delivered = cells["DeliveredVisitDate"], cells["DeliveredEntryTime"], cells["DeliveredExitTime"]
        if "" in planned or planned[1] == planned[2]:
            return None
        if row["VisitType"] in DELIVERED:
            today = dt.datetime.now(ZoneInfo("Europe/London")).date()
            if "" in delivered or delivered[1] == delivered[2] or delivered[0] > today:
                return None
        elif row["VisitType"] not in (*FRUSTRATED, *NOT_PAID) or delivered != ("", "", ""):
            return None
        if not identifiers_of(row) or (
            row["CarerRef"] and row["CarerRef"] not in self.carers_of[organisation]
        ):
            return None
        return cells if self._names_agree(organisation, cells) else None

    def _names_agree(self, organisation: str, cells: dict[str, Any]) -> bool:
        """Whether organisation, level and service are this provider's, the list's, and one each."""
        if cells["OrganisationName"] and fold(cells["OrganisationName"]) != organisation:
            return False
        if cells["OrganisationRef"] not in ("", self.organisation_refs.get(organisation)):
            return False
        levels = set()
        if cells["ServiceLevel"]:
            levels.add(LEVELS.get(fold(cells["ServiceLevel"])))
        if cells["ServiceLevelRef"]:
            levels.add(self.level_refs.get(cells["ServiceLevelRef"]))
        if len(levels) != 1 or None in levels:
            return False
        cells["ServiceLevel"], cells["ServiceLevelRef"] = levels.pop(), ""
        ref, name = cells["ServiceRef"], fold(cells["ServiceName"])
        owner, service = self.service_refs.get(ref, (organisation, name))
        if owner != organisation or (name and name != service):
            return False
        ref_of_name = self.services[organisation].get(name, ("", ""))[0]
        return not ref or not ref_of_name or ref == ref_of_name

    def _has_issue(self, visit: Visit) -> bool:
        cells, type_ = visit.cells, visit.cells["VisitType"]
        if type_ in ("E", "U", "C", "C24") and not cells["Comments"]:
            return True
        if type_ in DELIVERED:
            over = visit.delivered_seconds - visit.planned_seconds
            if type_ != "E" and over >= 3600:
                return True
            if abs((cells["DeliveredVisitDate"] - visit.planned).days) > 1:
                return True
        if cells["ServiceLevel"] in LEVELS_WITHOUT_VISITS:
            return True
        if cells["NHSNumber"] and not is_nhs_number(cells["NHSNumber"]):
            return True
        name = self._service_named(visit.organisation, cells)
        if name in self.services[visit.organisation]:
            is_lwah = self.services[visit.organisation][name][1] == "LWAH"
            return (type_ == "DHS" and is_lwah) or (type_ == "DHF" and not is_lwah)
        return False

    def _service_named(self, organisation: str, cells: dict[str, Any]) -> str | None:
        """The folded name of the service that a visit names; None when it names none."""
        if cells["ServiceName"]:
            return fold(cells["ServiceName"])
        if cells["ServiceRef"]:
            return self.service_refs.get(cells["ServiceRef"], ("", "a service that nobody knows"))[1]
        return None

    def finalise(self, start: dt.date, contract: str | None = None) -> None:
        """Freeze a period and all before it, for a contract or for all; what is below nothing is a debt."""
        all_before, by_contract = self.all_finalised_through, dict(self.finalised_through)
        self._finalise(start, contract)
        self.debts.freeze(
            lambda of: max(all_before, by_contract.get(of, dt.date.min)), self._contract_final_through
        )

    def _finalise(self, start: dt.date, contract: str | None) -> None:
        if contract is None:
            self.all_finalised_through = max(self.all_finalised_through, start)
        else:
            self.finalised_through[contract] = max(self.finalised_through.get(contract, dt.date.min), start)
            contracts = {self._contract_of(package) for package in self.packages.values()}
            by_each = min(self.finalised_through.get(each, dt.date.min) for each in contracts)
            self.all_finalised_through = max(self.all_finalised_through, by_each)

    def pay_rules(self, contract: str, start: dt.date, rules: dict[str, Any]) -> None:
        """Set a contract's pay rules for visits that are planned from a day on."""
        self.rules[contract][start] = rules
        self._post()

    def visit_type(self, ref: str, start: dt.date, kind: str) -> None:
        """Have a visit type paid and charged on its delivered or planned time, or not, from a planned day on."""
        self.types[ref][start] = kind
        self._post()

    # What it comes to

    def matches(self) -> tuple[dict[tuple[str, str], int], Counter[str]]:
        """The CPLI of every matched visit, and the reasons of the others (RULES 5)."""
        reasons: Counter[str] = Counter()
        matched: dict[tuple[str, str], int] = {}
        groups: dict[tuple[str, int, dt.date], list[tuple[Visit, list[Package]]]] = defaultdict(list)
        packages: dict[tuple[str, int], list[Package]] = defaultdict(list)
        for package in self.packages.values():
            packages[package.organisation, package.client].append(package)
        for visit in self.visits_of.values():
            if visit.deleted:
                continue
            client = self.identifiers.get(identifiers_of(visit.cells)[0], -1)
            left, reason = self._narrowed(visit, packages[visit.organisation, client])
            if not left:
                reasons[reason] += 1
                continue
            left.sort(key=lambda p: (p.start, p.cpli_id))
            groups[visit.organisation, client, monday_of(visit.planned)].append((visit, left))
        for group in groups.values():
            taken: Counter[int] = Counter()
            rest = []
            for visit, left in group:
                slotted = [p for p in left if visit.slot in p.slots]
                if slotted or len(left) == 1:
                    chosen = (slotted or left)[0]
                    matched[visit.organisation, visit.ref] = chosen.cpli_id
                    taken[chosen.cpli_id] += visit.planned_seconds
                else:
                    rest.append((visit, left))
            rest.sort(key=lambda one: (one[0].planned, one[0].cells["PlannedEntryTime"], one[0].ref))
            for visit, left in rest:
                chosen = left[0]
                for package in left:
                    room = package.term_on(visit.planned).quantity * 3600 - taken[package.cpli_id]
                    if room >= visit.planned_seconds:
                        chosen = package
                        break
                matched[visit.organisation, visit.ref] = chosen.cpli_id
                taken[chosen.cpli_id] += visit.planned_seconds
        return matched, reasons

    def _narrowed(self, visit: Visit, left: list[Package]) -> tuple[list[Package], str]:
        cells, day = visit.cells, visit.planned
        named = self._service_named(visit.organisation, cells)
        if not left:
            return [], "no_package"
        steps = (
            ("wrong_service", lambda p: named is None or p.service == named),
            ("wrong_service_level", lambda p: p.level == cells["ServiceLevel"]),
            ("visits_not_required", lambda p: p.level in LEVELS_WITH_VISITS),
            ("invoice_case", lambda p: p.method == "Visits"),
            ("not_authorised", lambda p: p.authorised),
            ("suspended", lambda p: not p.is_suspended_on(day) and not self._is_away(p, day)),
        )
        for reason, keeps in steps:
            left = [p for p in left if keeps(p)]
            if not left:
                return [], reason
        if all(day < p.start for p in left):
            return [], "before_start"
        if all(day > p.end for p in left):
            return [], "after_end"
        return [p for p in left if p.start <= day <= p.end], "between_packages"

    def _is_away(self, package: Package, day: dt.date) -> bool:
        """HTLAH care rests while its client is in hospital, in residential care or on holiday (RULES 2)."""
        rests = ("hospital", "residential_care", "holiday")
        return self.services[package.organisation][package.service][1] == "HTLAH" and any(
            client == package.client and kind in rests and first <= day <= last
            for client, kind, first, last in self.stays.values()
        )

    def weeks(self) -> dict[tuple[int, dt.date], tuple[int, int, Decimal, Decimal]]:
        """Delivered and frustrated seconds and costs of every CPLI and week with a matched visit (RULES 6)."""
        seconds: dict[tuple[int, dt.date], list[int]] = defaultdict(lambda: [0, 0])
        costs: dict[tuple[int, dt.date], list[Fraction]] = defaultdict(lambda: [Fraction(), Fraction()])
        for key, cpli_id in self.matches()[0].items():
            visit = self.visits_of[key]
            week = cpli_id, monday_of(visit.planned)
            kind = self._kind_of(visit)
            paid = (
                visit.delivered_seconds if kind == "delivered" else 0,
                visit.planned_seconds if kind == "planned" else 0,
            )
            for i in (0, 1):
                time, rate = self._paid(visit, self.packages[cpli_id], paid[i])
                seconds[week][i] += time
                costs[week][i] += time * rate / 3600
        return {
            week: (s[0], s[1], penny(costs[week][0]), penny(costs[week][1])) for week, s in seconds.items()
        }

    def _kind_of(self, visit: Visit) -> str:
        """The time of a visit that is paid and charged, by the table of visit types on its planned date."""
        type_ = visit.cells["VisitType"]
        changes = [(day, kind) for day, kind in self.types[type_].items() if day <= visit.planned]
        if changes:
            return max(changes)[1]
        return "delivered" if type_ in DELIVERED else "planned" if type_ in FRUSTRATED else ""

    def _paid(self, visit: Visit, package: Package, lasted: int) -> tuple[int, Fraction]:
        """Seconds and pounds an hour by the pay rules in force on the planned date, if there are any."""
        unit_cost = Fraction(package.term_on(visit.planned).unit_cost)
        of_contract = self.rules[self._contract_of(package)]
        begun = [start for start in of_contract if start <= visit.planned]
        if not begun:
            return lasted, unit_cost
        rules = of_contract[max(begun)]
        paid = time_paid(rules, lasted, visit.planned_seconds)
        return paid, rate_paid(rules, visit.planned, visit.cells["PlannedEntryTime"], paid, unit_cost)

    def targets(self) -> dict[tuple[Any, ...], Decimal]:
        """What everything should come to today: payables, charges and deductions (RULES 6 and 7)."""
        found: dict[tuple[Any, ...], Decimal] = {}
        costs: dict[tuple[int, dt.date], list[tuple[int, Decimal]]] = defaultdict(list)
        for (cpli_id, monday), (_, _, actual, frustrated) in self.weeks().items():
            package = self.packages[cpli_id]
            found["payable", cpli_id, monday, package.organisation] = actual + frustrated
            costs[package.client, monday].append((cpli_id, actual + frustrated))
        for (client, monday), of_packages in costs.items():
            cost = sum((amount for _, amount in of_packages), Decimal())
            term = self._contribution(client, monday)
            charge = cost if term.contribution is None else min(cost, whole_pennies(term.contribution))
            found["charge", client, monday] = charge
            if term.collector == "Provider":
                for cpli_id, amount in sorted(of_packages):
                    part = min(charge, amount)
                    found["deduction", cpli_id, monday, self.packages[cpli_id].organisation] = part
                    charge -= part
        return found

    def _contribution(self, client: int, monday: dt.date) -> Term:
        """The term that says what a client may be charged in a week (RULES 2)."""
        own = [p for p in self.packages.values() if p.client == client]
        sunday = monday + dt.timedelta(days=6)
        on_monday = [p for p in own if p.start <= monday <= p.end]
        in_week = [p for p in own if p.start <= sunday and p.end >= monday]
        latest = max(on_monday or in_week or own, key=lambda p: (p.start, p.cpli_id))
        return latest.term_on(max(monday, latest.start))

    def _post(self) -> None:
        """Post differences: into a week's own period, or the earliest open one once that is final (RULES 8).

        What was posted stays where it is, also when its CPLI moves to a contract whose periods are open.
        """
        targets = self.targets()
        for key in targets.keys() | self.posted.keys():
            posted = self.posted[key]
            difference = targets.get(key, Decimal()) - sum(posted.values())
            if difference:
                through, own = self._final_through(key), period_of(key[2])
                opens = own if own > through else through + PERIOD
                posted[opens] = posted.get(opens, Decimal()) + difference
                if key[0] != "charge":
                    place = key[3], self._contract_of(self.packages[key[1]]), opens
                    self.debts.posted[place] += difference if key[0] == "payable" else -difference

    def _final_through(self, key: tuple[Any, ...]) -> dt.date:
        """The last period that is final for a key; charges are a client's, of no contract."""
        if key[0] == "charge":
            return self.all_finalised_through
        return self._contract_final_through(self._contract_of(self.packages[key[1]]))

    def _contract_final_through(self, contract: str) -> dt.date:
        """The last period that is final for a contract."""
        return max(self.all_finalised_through, self.finalised_through.get(contract, dt.date.min))

    def _contract_of(self, package: Package) -> str:
        """A package's contract is its service's."""
        return self.services[package.organisation][package.service][1]

    def books(self) -> dict[str, Any]:
        """The books, in the form of the expected files."""
        matched, reasons = self.matches()
        payable: dict[str, Decimal] = defaultdict(Decimal)
        charges = Decimal()
        for key, amount in self.targets().items():
            if key[0] == "payable":
                payable[self.names[key[3]]] += amount
            elif key[0] == "charge":
                charges += amount
        return {
            "matched": len(matched),
            "unmatched": dict(reasons),
            "payable": {name: pounds(amount) for name, amount in payable.items()},
            "total_payable": pounds(sum(payable.values(), Decimal())),
            "total_charges": pounds(charges),
            "weeks": {
                f"{cpli_id}/{monday}": [actual, frustrated, pounds(cost), pounds(other)]
                for (cpli_id, monday), (actual, frustrated, cost, other) in self.weeks().items()
            },
        }

    def sums(self) -> dict[tuple[str, ...], Decimal]:
        """What was posted, by (series, first day of the period, organisation's folded name, none for charges)."""
        found: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for key, of_periods in self.posted.items():
            for period, amount in of_periods.items():
                found[key[0], period.isoformat(), *key[3:]] += amount
        return {key: amount for key, amount in found.items() if amount}


def clean(row: dict[str, str]) -> dict[str, str]:
    return {heading: (cell or "").strip() for heading, cell in row.items() if heading}


def read_slot(text: str) -> tuple[int, int, int]:
    """``Mon 08:00-09:00`` as weekday, entry, exit."""
    day, times = text.split()
    entry, exit_ = (read_time(time) for time in times.split("-"))
    assert entry is not None
    assert exit_ is not None
    return DAYS.index(day), entry, exit_


def read_suspension(text: str) -> tuple[dt.date, dt.date]:
    """``01/10/2022-05/10/2022 reason`` as first and last day."""
    first, last = (read_date(day) for day in text.split(maxsplit=1)[0].split("-"))
    assert first is not None
    assert last is not None
    return first, last
