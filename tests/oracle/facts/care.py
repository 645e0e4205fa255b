"""Commissioned care as the council's files say it (RULES 2): CPLIs, their clients, providers and services."""

import datetime as dt
from decimal import Decimal

from tests.oracle.facts.clients import NOBODY, Identifier, People
from tests.oracle.facts.lists import LEVELS
from tests.oracle.facts.names import WhoIsWho
from tests.oracle.facts.packages import Package, Term
from tests.oracle.facts.reading import (
    BOOLEANS,
    identifiers_of,
    is_readable_care,
    read_date,
    read_rows,
    read_slot,
    read_suspension,
)
from tests.oracle.facts.values import fold

FROM_THE_START = dt.date.min
Row = dict[str, str]


class Care:
    """All that was said of care until now, and who is away when."""

    def __init__(self) -> None:
        self.packages: dict[int, Package] = {}
        self.people = People()
        self.organisations, self.services = WhoIsWho(), WhoIsWho()
        self.names: dict[int, str] = {}  # of organisations, as care writes them
        self.contracts: dict[int, str] = {}  # of services
        self.level_refs: dict[str, str] = {}
        self.stays: dict[str, tuple[int, str, dt.date, dt.date]] = {}
        """client, kind, first and last day, by id"""
        self.one_diaries: dict[int | str, bool] = {}
        """what was said last of CPLIs, and of contracts by their folded names"""

    def take_file(self, content: str) -> int:
        """Take a care file; how many rows were accepted."""
        rows = [row for row in read_rows(content) if is_readable_care(row)]
        owners = [self._owner_of(row) for row in rows]
        rejected = self.people.rejected_of_file([identifiers_of(row) for row in rows], owners)
        says = [
            n not in rejected and self.people.who(identifiers_of(row), owner) is not None
            for n, (row, owner) in enumerate(zip(rows, owners, strict=True))
        ]
        organisations, services = self._judge_names(rows, says)
        accepted = 0
        for n, (row, organisation, service) in enumerate(zip(rows, organisations, services, strict=True)):
            if n not in rejected and organisation is not None and service is not None:
                accepted += self._take_row(row, owners[n], organisation, service)
        return accepted

    def _judge_names(self, rows: list[Row], says: list[bool]) -> tuple[list[int | None], list[int | None]]:
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

    def _owner_of(self, row: Row) -> int:
        """The client of the row's CPLI until now."""
        package = self.packages.get(int(row["CpliId"]))
        return NOBODY if package is None else package.client

    def _take_row(self, row: Row, owner: int, organisation: int, service: int) -> bool:
        client = self.people.who(identifiers_of(row), owner)
        if client is None:
            return False
        cpli_id, start = int(row["CpliId"]), read_date(row["StartDate"])
        assert start is not None
        client = self.people.take(identifiers_of(row), client, cpli_id, start)

        if self.organisations.is_called(organisation, fold(row["OrganisationName"])):
            self.names[organisation] = row["OrganisationName"]
        self.contracts[service] = row["Contract"]
        level = LEVELS.get(fold(row["ServiceLevel"]), row["ServiceLevel"])
        if row["ServiceLevelRef"]:
            self.level_refs[row["ServiceLevelRef"].upper()] = level

        package = self.packages.setdefault(cpli_id, Package(cpli_id))
        package.client, package.organisation, package.service = client, organisation, service
        package.level = level
        change_package(package, row, start)
        if row.get("OneDiary"):
            self.say_one_diary(cpli_id, is_one_diary=BOOLEANS[row["OneDiary"].lower()])
        return True

    def merge_clients(self, client: int, into: int) -> None:
        """Let all that is one client's be the other's."""
        self.people.merge(client, into)
        for package in self.packages.values():
            package.client = into if package.client == client else package.client
        self.stays = {i: (into if one[0] == client else one[0], *one[1:]) for i, one in self.stays.items()}

    def enter_stay(
        self, stay_id: str, identifier: Identifier, kind: str, first: dt.date, last: dt.date
    ) -> None:
        """A client is in hospital, on holiday or the like; or its days are others than was said."""
        self.stays[stay_id] = (self.people.newest(identifier), kind, first, last)

    def is_away(self, package: Package, day: dt.date) -> bool:
        """HTLAH care rests while its client is in hospital, in residential care or on holiday (RULES 2)."""
        rests = ("hospital", "residential_care", "holiday")
        return self.contract_of(package) == "HTLAH" and any(
            client == package.client and kind in rests and first <= day <= last
            for client, kind, first, last in self.stays.values()
        )

    def say_one_diary(self, about: int | str, *, is_one_diary: bool) -> None:
        """A CPLI, or a contract, is monitored by total hours, or is not (RULES 16)."""
        self.one_diaries[fold(about) if isinstance(about, str) else about] = is_one_diary

    def is_one_diary(self, package: Package) -> bool:
        """What was said of a package, else of its contract."""
        of_contract = self.one_diaries.get(fold(self.contract_of(package)), False)
        return self.one_diaries.get(package.cpli_id, of_contract)

    def contract_of(self, package: Package) -> str:
        """A package's contract is its service's."""
        return self.contracts[package.service]

    def holder_of(self, cpli_id: int) -> tuple[int, int]:
        """The organisation and the client that have a CPLI today."""
        return self.packages[cpli_id].organisation, self.packages[cpli_id].client

    def service_named(self, organisation: int, ref: str, name: str) -> int | None:
        """The service that a visit names by ref and folded name; None when by none, -1 when nobody knows it."""
        if not ref and not name:
            return None
        by_name = self.services.bearer_of(organisation, name) if name else None
        if ref and (by_name is None or self.services.ref_of(by_name)):
            return self.services.refs.get(ref, -1)
        return -1 if by_name is None else by_name


def change_package(package: Package, row: Row, start: dt.date) -> None:
    """Let a package say what a row says of it besides whose it is."""
    end = read_date(row["EndDate"]) if row["EndDate"] else dt.date.max
    assert end is not None
    package.start, package.end = start, end
    package.unit, package.frequency, package.method = row["Unit"], row["Frequency"], row["PaymentMethod"]
    package.authorised = BOOLEANS[row["Authorised"].lower()]
    package.slots = [read_slot(slot) for slot in row["Timetable"].split(";") if slot.strip()]
    marked = (slot.strip() for slot in row["Timetable"].split(";"))
    package.critical = {read_slot(slot) for slot in marked if slot.endswith("!")}
    package.suspensions = [read_suspension(s) for s in row.get("Suspensions", "").split(";") if s.strip()]
    effective = read_date(row["EffectiveFrom"]) if row.get("EffectiveFrom") else None
    assessed = row["AssessedContribution"]
    package.terms[effective if effective and effective > start else FROM_THE_START] = Term(
        Decimal(row["Quantity"]),
        Decimal(row["UnitCost"]),
        Decimal(assessed) if assessed else None,
        row["ContributionCollectedBy"] or "Council",
    )
