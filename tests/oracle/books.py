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

from tests.oracle.clients import NOBODY, People
from tests.oracle.debts import Debts, Place
from tests.oracle.holds import PERIOD, Decision, Holds
from tests.oracle.names import WhoIsWho
from tests.oracle.one_offs import OneOffs, Stay, is_one_off
from tests.oracle.pay_rules import rate_paid, time_paid

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
TWELVE_HOURS = 12 * 3600
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
    organisation: int = -1
    service: int = -1
    level: str = ""
    start: dt.date = dt.date.min
    end: dt.date = dt.date.max
    unit: str = "Hr"
    frequency: str = "Weekly"
    method: str = "Visits"
    authorised: bool = True
    slots: list[tuple[int, int, int]] = field(default_factory=list)
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


Weeks = dict[tuple[int, dt.date], tuple[int, int, Decimal, Decimal]]
"""Seconds delivered and frustrated, and their costs, by CPLI and Monday."""


class Oracle:
    """A council as told: facts are kept, the books are worked out anew when asked, and differences posted as they
    come."""

    def __init__(self) -> None:
        self.packages: dict[int, Package] = {}
        self.people = People()
        self.organisations, self.services = WhoIsWho(), WhoIsWho()
        self.names: dict[int, str] = {}  # of organisations, as care writes them
        self.contracts: dict[int, str] = {}  # of services
        self.level_refs: dict[str, str] = {}
        self.carers_of: dict[int, set[str]] = defaultdict(set)
        self.visits_of: dict[tuple[int, str], Visit] = {}
        self.all_finalised_through = dt.date.min
        self.finalised_through: dict[str, dt.date] = {}
        self.stays: dict[
            str, tuple[int, str, dt.date, dt.date]
        ] = {}  # client, kind, first and last day, by id
        self.posted: dict[tuple[Any, ...], dict[dt.date, Decimal]] = defaultdict(dict)
        self.rules: dict[str, dict[dt.date, dict[str, Any]]] = defaultdict(dict)
        self.one_offs = OneOffs()
        self.holds = Holds()
        self.debts = Debts()
        self.types: dict[str, dict[dt.date, str]] = defaultdict(dict)

    # What happens

    def care(self, content: str) -> int:
        """Import a care file; how many rows were accepted."""
        rows = [row for row in map(clean, csv.DictReader(io.StringIO(content))) if is_readable_care(row)]
        owners = [self._owner(row) for row in rows]
        rejected = self.people.rejected_of_file([identifiers_of(row) for row in rows], owners)
        says = [
            n not in rejected and self.people.who(identifiers_of(row), owner) is not None
            for n, (row, owner) in enumerate(zip(rows, owners, strict=True))
        ]
        accepted = 0
        for n, (row, organisation, service) in enumerate(
            zip(rows, *self._who_is_who(rows, says), strict=True)
        ):
            if n not in rejected and organisation is not None and service is not None:
                accepted += self._care_row(row, owners[n], organisation, service)
        self._post()
        return accepted

    def _who_is_who(
        self, rows: list[dict[str, str]], says: list[bool]
    ) -> tuple[list[int | None], list[int | None]]:
        """The organisations and services of a file's rows. A row of two clients renames nobody."""
        organisations = self.organisations.judge(
            [("", row["OrganisationRef"].upper(), fold(row["OrganisationName"])) for row in rows], says
        )
        of_services = [
            (whose, row["ServiceRef"].upper(), fold(row["ServiceName"]))
            for row, whose in zip(rows, organisations, strict=True)
            if whose is not None
        ]
        known = [is_said for is_said, whose in zip(says, organisations, strict=True) if whose is not None]
        services = iter(self.services.judge(of_services, known))
        return organisations, [None if whose is None else next(services) for whose in organisations]

    def _owner(self, row: dict[str, str]) -> int:
        """The client of the row's CPLI until now."""
        package = self.packages.get(int(row["CpliId"]))
        return NOBODY if package is None else package.client

    def _care_row(self, row: dict[str, str], owner: int, organisation: int, service: int) -> bool:
        client = self.people.who(identifiers_of(row), owner)
        if client is None:
            return False
        start, end = read_date(row["StartDate"]), read_date(row["EndDate"]) if row["EndDate"] else dt.date.max
        assert start is not None
        assert end is not None
        client = self.people.take(identifiers_of(row), client, int(row["CpliId"]), start)

        if self.organisations.is_called(organisation, fold(row["OrganisationName"])):
            self.names[organisation] = row["OrganisationName"]
        self.contracts[service] = row["Contract"]
        if row["ServiceLevelRef"]:
            level = LEVELS.get(fold(row["ServiceLevel"]), row["ServiceLevel"])
            self.level_refs[row["ServiceLevelRef"].upper()] = level

        package = self.packages.setdefault(int(row["CpliId"]), Package(int(row["CpliId"])))
        package.client, package.organisation, package.service = client, organisation, service
        package.level = LEVELS.get(fold(row["ServiceLevel"]), row["ServiceLevel"])
        package.start, package.end, package.unit, package.method = (
            start,
            end,
            row["Unit"],
            row["PaymentMethod"],
        )
        package.frequency = row["Frequency"]
        package.authorised = BOOLEANS[row["Authorised"].lower()]
        package.slots = [read_slot(slot) for slot in row["Timetable"].split(";") if slot.strip()]
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
        self.stays[stay_id] = (self.people.newest(identifier), kind, first, last)
        self._post()

    def no_stay(self, stay_id: str) -> None:
        """It was an error."""
        del self.stays[stay_id]
        self._post()

    def merge(self, identifier: tuple[str, str], into: tuple[str, str]) -> None:
        """Two clients are one: all that is the first one's is the second one's, what was charged to it too."""
        client, stays = self.people.newest(identifier), self.people.newest(into)
        self.people.merge(client, stays)
        for package in self.packages.values():
            package.client = stays if package.client == client else package.client
        for stay in self.one_offs.stays:
            stay.client = stays if stay.client == client else stay.client
        self.stays = {i: (stays if one[0] == client else one[0], *one[1:]) for i, one in self.stays.items()}
        for key in [key for key in self.posted if client == (key[1] if key[0] == "charge" else key[4])]:
            of_one = ("charge", stays, key[2]) if key[0] == "charge" else (*key[:4], stays)
            for period, amount in self.posted.pop(key).items():
                of_both = self.posted[of_one]
                of_both[period] = of_both.get(period, Decimal()) + amount
        self.holds.merge(client, stays)
        self._post()

    def carers(self, organisation: str, content: str) -> None:
        """Import a provider's carers."""
        refs = {clean(row)["CarerRef"] for row in csv.DictReader(io.StringIO(content))}
        self.carers_of[self._sender(organisation)] |= refs

    def _sender(self, name: str) -> int:
        """Whoever has or had the name; visits may come before any care."""
        known = self.organisations.named("", fold(name))
        return self.organisations.somebody_new("", fold(name)) if known is None else known

    def visits(self, sender: str, content: str) -> dict[str, int]:
        """Import and confirm a visits file; its counts."""
        organisation = self._sender(sender)
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

    def _visit_cells(self, organisation: int, row: dict[str, str]) -> dict[str, Any] | None:
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
        today = dt.datetime.now(ZoneInfo("Europe/London")).date()
        ahead = 60 if row["VisitType"] in NOT_PAID else 0
        if planned[0] > today + dt.timedelta(days=ahead):
            return None
        if row["VisitType"] in DELIVERED:
            if "" in delivered or delivered[1] == delivered[2] or delivered[0] > today:
                return None
        elif row["VisitType"] not in (*FRUSTRATED, *NOT_PAID) or delivered != ("", "", ""):
            return None
        if not identifiers_of(row) or (
            row["CarerRef"] and row["CarerRef"] not in self.carers_of[organisation]
        ):
            return None
        return cells if self._names_agree(organisation, cells) else None

    def _names_agree(self, organisation: int, cells: dict[str, Any]) -> bool:
        """Whether organisation, level and service are this provider's, the list's, and one each."""
        name = cells["OrganisationName"]
        if name and self.organisations.named("", fold(name)) != organisation:
            return False
        ref = cells["OrganisationRef"]
        if ref and (
            self.organisations.refs.get(ref, organisation) != organisation
            or self.organisations.ref_of(organisation) not in ("", ref)
        ):
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
        by_ref, by_name = self.services.refs.get(ref), self.services.named(organisation, name)
        if by_ref is not None:
            return self.services.scopes[by_ref] == organisation and (not name or by_name == by_ref)
        # A ref that nobody knows may be that of whoever takes a former name, but of nobody who has another.
        is_anothers = self.services.is_called(by_name, name) and by_name is not None
        return not (ref and is_anothers and self.services.ref_of(by_name or 0))

    def _has_issue(self, visit: Visit) -> bool:
        cells, type_ = visit.cells, visit.cells["VisitType"]
        if type_ in ("E", "U", "C", "C24") and not cells["Comments"]:
            return True
        if visit.planned_seconds > TWELVE_HOURS:
            return True
        if type_ in DELIVERED:
            over = visit.delivered_seconds - visit.planned_seconds
            if visit.delivered_seconds > TWELVE_HOURS:
                return True
            if type_ != "E" and over >= 3600:
                return True
            if abs((cells["DeliveredVisitDate"] - visit.planned).days) > 1:
                return True
        if cells["ServiceLevel"] in LEVELS_WITHOUT_VISITS:
            return True
        if cells["NHSNumber"] and not is_nhs_number(cells["NHSNumber"]):
            return True
        service = self._service_named(visit.organisation, cells)
        if service in self.contracts:
            is_lwah = self.contracts[service] == "LWAH"
            return (type_ == "DHS" and is_lwah) or (type_ == "DHF" and not is_lwah)
        return False

    def _service_named(self, organisation: int, cells: dict[str, Any]) -> int | None:
        """The service that a visit names; None when it names none, -1 when nobody knows it."""
        ref, name = cells["ServiceRef"], fold(cells["ServiceName"])
        if not ref and not name:
            return None
        by_name = self.services.named(organisation, name) if name else None
        if ref and (by_name is None or self.services.ref_of(by_name)):
            return self.services.refs.get(ref, -1)
        return -1 if by_name is None else by_name

    def finalise(self, start: dt.date, contract: str | None = None) -> None:
        """Freeze a period and all before it, for a contract or for all; what is below nothing is a debt."""
        all_before, by_contract = self.all_finalised_through, dict(self.finalised_through)
        self._finalise(start, contract)
        self.debts.freeze(
            self._payments(),
            lambda of: max(all_before, by_contract.get(of, dt.date.min)),
            self._contract_final_through,
        )

    def _finalise(self, start: dt.date, contract: str | None) -> None:
        if contract is None:
            self.all_finalised_through = max(self.all_finalised_through, start)
        else:
            self.finalised_through[contract] = max(self.finalised_through.get(contract, dt.date.min), start)
            contracts = {self._contract_of(package) for package in self.packages.values()}
            by_each = min(self.finalised_through.get(each, dt.date.min) for each in contracts)
            self.all_finalised_through = max(self.all_finalised_through, by_each)
        self._post()

    def hold(self, cpli_id: int, monday: dt.date, kind: str, charge: str | None = None) -> None:
        """Cancel, suspend or carry forward a week; the client is charged as by default where nothing is said."""
        package = self.packages[cpli_id]
        opens = self._opens(monday, self._contract_of(package))
        pays_from = opens + PERIOD if kind == "carry-forward" else None
        charge = charge or ("nothing" if kind == "cancel" else "keep")
        decision = Decision(kind, charge, package.organisation, package.client, pays_from)
        self._decide(cpli_id, monday, decision)

    def release(self, cpli_id: int, monday: dt.date, charge: str | None = None) -> None:
        """Pay what of a week is held."""
        before = self._hold_of(cpli_id, monday)
        assert before is not None
        holder = before.organisation, before.client
        held = max(self.holds.cost_held((cpli_id, monday), holder, before), Decimal())
        self._decide(cpli_id, monday, Decision("release", charge or "keep", *holder, released=held))

    def decide_charge(self, cpli_id: int, monday: dt.date, charge: str) -> None:
        """Another decision about the charge alone."""
        self.holds.charge((cpli_id, monday), charge)
        self._post()

    def _decide(self, cpli_id: int, monday: dt.date, decision: Decision) -> None:
        before = self._hold_of(cpli_id, monday)
        if before and (before.organisation, before.client) != (decision.organisation, decision.client):
            before = None
        self.holds.decide((cpli_id, monday), decision, before, lambda contract: self._opens(monday, contract))
        self._post()

    def _hold_of(self, cpli_id: int, monday: dt.date) -> Decision | None:
        """The hold of a week that is in force, whoever holds the CPLI now."""
        found = self.holds.newest.get((cpli_id, monday))
        opens = self._opens(monday, self._contract_of(self.packages[cpli_id]))
        return found if found and found.holds(opens) else None

    def held(self) -> dict[tuple[int, dt.date], tuple[str, str, Decimal]]:
        """The weeks that are held: kind, charge, and what waits."""
        found = {}
        for week in self.holds.newest:
            hold = self._hold_of(*week)
            if hold:
                found[week] = hold.kind, hold.charge, self.holds.held(week, hold)
        return found

    def pay_rules(self, contract: str, start: dt.date, rules: dict[str, Any]) -> None:
        """Set a contract's pay rules for visits that are planned from a day on."""
        self.rules[contract][start] = rules
        self._post()

    def visit_type(self, ref: str, start: dt.date, kind: str) -> None:
        """Have a visit type paid and charged on its delivered or planned time, or not, from a planned day on."""
        self.types[ref][start] = kind
        self._post()

    # What it comes to

    def matches(self) -> tuple[dict[tuple[int, str], int], Counter[str]]:
        """The CPLI of every matched visit, and the reasons of the others (RULES 5)."""
        reasons: Counter[str] = Counter()
        matched: dict[tuple[int, str], int] = {}
        groups: dict[tuple[int, int, dt.date], list[tuple[Visit, list[Package]]]] = defaultdict(list)
        packages: dict[tuple[int, int], list[Package]] = defaultdict(list)
        for package in self.packages.values():
            packages[package.organisation, package.client].append(package)
        for visit in self.visits_of.values():
            if visit.deleted:
                continue
            client = self.people.on(identifiers_of(visit.cells)[0], visit.planned)
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
            ("visits_not_required", lambda p: p.level in LEVELS_WITH_VISITS and not is_one_off(p)),
            ("invoice_case", lambda p: p.method == "Visits"),
            ("not_authorised", lambda p: p.authorised),
            ("suspended", lambda p: not p.is_suspended_on(day) and not self.is_away(p, day)),
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

    def is_away(self, package: Package, day: dt.date) -> bool:
        """HTLAH care rests while its client is in hospital, in residential care or on holiday (RULES 2)."""
        rests = ("hospital", "residential_care", "holiday")
        return self._contract_of(package) == "HTLAH" and any(
            client == package.client and kind in rests and first <= day <= last
            for client, kind, first, last in self.stays.values()
        )

    def weeks(self) -> Weeks:
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
        """What everything should come to today: payables, charges and deductions (RULES 6, 7 and 8)."""
        weeks = self.weeks()
        return self._payables(weeks) | self._charges(weeks)

    def _payables(self, weeks: Weeks) -> dict[tuple[Any, ...], Decimal]:
        return {
            ("payable", *week, *self._holder(week[0])): actual + frustrated
            for week, (_, _, actual, frustrated) in weeks.items()
        }

    def _holder(self, cpli_id: int) -> tuple[int, int]:
        return self.packages[cpli_id].organisation, self.packages[cpli_id].client

    def _charges(self, weeks: Weeks) -> dict[tuple[Any, ...], Decimal]:
        """Charges and deductions, as what is held stands now."""
        found: dict[tuple[Any, ...], Decimal] = {}
        costs: dict[tuple[int, dt.date], list[tuple[bool, int, Decimal]]] = defaultdict(list)
        for (cpli_id, monday), (_, _, actual, frustrated) in weeks.items():
            is_held, left_out = self._left_out(cpli_id, monday)
            cost = max(actual + frustrated - left_out, Decimal())
            costs[self.packages[cpli_id].client, monday].append((is_held, cpli_id, cost))
        for (client, monday), of_packages in costs.items():
            cost = sum((amount for _, _, amount in of_packages), Decimal())
            organisation, term = self._contribution(client, monday)
            charge = cost if term.contribution is None else min(cost, whole_pennies(term.contribution))
            found["charge", client, monday] = charge
            if term.collector == "Provider":
                for _, cpli_id, amount in sorted(of_packages):
                    if self.packages[cpli_id].organisation == organisation:
                        part = min(charge, amount)
                        found["deduction", cpli_id, monday, organisation, client] = part
                        charge -= part
        return found

    def _left_out(self, cpli_id: int, monday: dt.date) -> tuple[bool, Decimal]:
        """Whether today's holder's week is held, and what of its cost is not charged."""
        week, holder = (cpli_id, monday), self._holder(cpli_id)
        newest = self.holds.newest.get(week)
        if newest is None or (newest.organisation, newest.client) != holder:
            return False, Decimal()
        hold = self._hold_of(*week)
        if newest.charge == "keep":
            return hold is not None, Decimal()
        if newest.kind == "release":
            return False, newest.released
        left_out = self.holds.cost_held(week, holder, hold) if hold else Decimal()
        return hold is not None, max(left_out, Decimal())

    def _contribution(self, client: int, monday: dt.date) -> tuple[int, Term]:
        """Whose row says what a client may be charged in a week, and its term (RULES 2)."""
        own = [p for p in self.packages.values() if p.client == client and not is_one_off(p)]
        if not own:
            return NOBODY, Term(Decimal(), Decimal(), None, "Council")
        sunday = monday + dt.timedelta(days=6)
        on_monday = [p for p in own if p.start <= monday <= p.end]
        in_week = [p for p in own if p.start <= sunday and p.end >= monday]
        latest = max(on_monday or in_week or own, key=lambda p: (p.start, p.cpli_id))
        return latest.organisation, latest.term_on(max(monday, latest.start))

    def _post(self) -> None:
        """Post differences: into a week's own period, or the earliest open one once that is final (RULES 8).

        What was posted stays where it is, also when its CPLI moves to a contract whose periods are open.
        """
        weeks = self.weeks()
        self._post_to(self._payables(weeks), ("payable",))
        self._post_to(self._charges(weeks), ("charge", "deduction"))

    def _post_to(self, targets: dict[tuple[Any, ...], Decimal], kinds: tuple[str, ...]) -> None:
        for key in targets.keys() | {key for key in self.posted if key[0] in kinds}:
            posted = self.posted[key]
            difference = targets.get(key, Decimal()) - sum(posted.values())
            if difference:
                opens = self._opens_for(key)
                posted[opens] = posted.get(opens, Decimal()) + difference
                if key[0] != "charge":
                    _, cpli_id, monday, organisation, client = key
                    hold = self.holds.in_force((cpli_id, monday), organisation, client, opens)
                    contract = self._contract_of(self.packages[cpli_id])
                    self.holds.money[key].post(difference, opens, contract, hold)
        self.one_offs.post(
            self.packages,
            self._contract_of,
            self._opens,
            period_of,
        )

    def _opens_for(self, key: tuple[Any, ...]) -> dt.date:
        """The period into which a key is posted; charges are a client's, of no contract."""
        contract = "" if key[0] == "charge" else self._contract_of(self.packages[key[1]])
        return self._opens(key[2], contract)

    def _opens(self, day: dt.date, contract: str) -> dt.date:
        """A day's own period, or the earliest open one of a contract once that is final."""
        through = self._contract_final_through(contract)
        own = period_of(day)
        return own if own > through else through + PERIOD

    def _contract_final_through(self, contract: str) -> dt.date:
        """The last period that is final for a contract."""
        return max(self.all_finalised_through, self.finalised_through.get(contract, dt.date.min))

    def _payments(self) -> dict[Place, Decimal]:
        """What each organisation is paid under each contract in each period, before debts."""
        found: dict[Place, Decimal] = defaultdict(Decimal, self.one_offs.paid)
        for key, money in self.holds.money.items():
            for (period, contract, status), amount in money.at.items():
                if status == "payable":
                    found[key[3], contract, period] += amount if key[0] == "payable" else -amount
        return found

    def claim(
        self,
        organisation: str,
        identifier: tuple[str, str],
        days: tuple[dt.date, dt.date],
        paid: tuple[str, Decimal],
    ) -> None:
        """A claim for a client's stay in hospital is accepted: admission and discharge, its contract and pounds.

        It is paid in the earliest open period: until one is final, the first that holds anything, or its own.
        """
        owner = self.organisations.named("", fold(organisation))
        assert owner is not None
        contract, amount = paid
        through, own = self._contract_final_through(contract), period_of(days[0])
        held = [period for _, of, period in self._places() if of == contract]
        opens = min([own, *held]) if through == dt.date.min else through + PERIOD
        self.one_offs.paid[owner, contract, opens] += amount
        self.one_offs.stays.append(Stay(owner, self.people.newest(identifier), *days))
        self._post()

    def _places(self) -> set[Place]:
        """Where items stand, payable or not."""
        held = {(key[3], c, p) for key, money in self.holds.money.items() for p, c, _ in money.at}
        return held | self.one_offs.paid.keys()

    def _contract_of(self, package: Package) -> str:
        """A package's contract is its service's."""
        return self.contracts[package.service]

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
        for (_, organisation, _), amount in self.one_offs.targets(self.packages.values()).items():
            if amount:
                payable[self.names[organisation]] += amount
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
                whose = [self.organisations.called[one] for one in key[3:4]]
                found[key[0], period.isoformat(), *whose] += amount
        for (period, organisation), amount in self.one_offs.sums().items():
            found["one_off", period, self.organisations.called[organisation]] += amount
        return {key: amount for key, amount in found.items() if amount}

    def debts_by_name(self) -> dict[tuple[str, str, dt.date], Decimal]:
        """What debts add to or take from payments, by the organisation's folded name, contract and period."""
        return {
            (self.organisations.called[one], *place): amount
            for (one, *place), amount in self.debts.sums().items()
        }

    def standing(self) -> dict[tuple[str, ...], Decimal]:
        """All money of weeks by (kind, period, status, organisation's folded name)."""
        found: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for (*place, organisation), amount in self.holds.standing().items():
            found[*place, self.organisations.called[organisation]] += amount
        return {key: amount for key, amount in found.items() if amount}


def clean(row: dict[str, str]) -> dict[str, str]:
    return {heading: (cell or "").strip() for heading, cell in row.items() if heading}


def is_readable_care(row: dict[str, str]) -> bool:
    """Whether a care row can be read at all (RULES 2)."""
    start, end = read_date(row["StartDate"]), read_date(row["EndDate"]) if row["EndDate"] else dt.date.max
    return (
        bool(identifiers_of(row))
        and start is not None
        and end is not None
        and end >= start
        and row["Unit"] in ("Hr", "Payment")
        and row["Frequency"] in ("Weekly", "One-off")
        and row["PaymentMethod"] in ("Visits", "Actuals", "Invoice")
    )


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
