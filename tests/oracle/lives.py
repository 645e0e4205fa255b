"""Lives of councils, drawn from a seed: care, visits, corrections, periods and pay rules in any order."""

import datetime as dt
import random
from collections.abc import Sequence

from tests.oracle.books import DAYS
from tests.oracle.lives_names import NEW_ZONE, OPAL, OPAL_NORTH, CalledNow, guid
from tests.oracle.story import (
    DAPL,
    DIAMOND,
    FIRST_PERIOD,
    PEARL,
    PEARL_DAPL,
    PEARL_SPOT,
    SECOND_PERIOD,
    ZONE,
    Story,
    a_deletion,
    a_visit,
    changed_visit,
)
from tests.support.care_files import a_care_row
from tests.support.pay_rules import pay_rules, some_pay_rules

HOSPITAL_INCENTIVE = "Hospital Incentive Payment"
ONE_OFFS_FROM = 1001
"""Their CpliIds: the others are numbered from 1."""


class Chance:
    """Draws a council's life: care, visits, corrections and periods, the same for the same seed."""

    LEVELS = (
        "Personal Care",
        "Personal Care",
        "Personal Care",
        "Home Support",
        "HTLAH Maintenance",
        "Live in care",
    )
    WEEKS = tuple(FIRST_PERIOD + dt.timedelta(days=7 * i) for i in range(10))

    def __init__(self, seed: int, story: Story) -> None:
        self.rnd = random.Random(seed)
        self.rnd_of_rules = random.Random(seed)
        self.rnd_of_one_offs = random.Random(seed)
        self.rnd_of_holds = random.Random(seed)
        self.rnd_of_types = random.Random(seed)
        self.story = story
        self.clients = [self.a_client(i) for i in range(8)]
        self.care: dict[int, dict[str, str]] = {}
        self.one_offs: dict[int, dict[str, str]] = {}
        self.claimed: set[tuple[object, ...]] = set()
        self.sent: dict[str, dict[str, dict[str, str]]] = {DIAMOND: {}, PEARL: {}}
        self.called = CalledNow(random.Random(seed))
        self.log: list[str] = []

    def a_client(self, number: int) -> dict[str, str]:
        everything = {
            "SSRef": f"A{100 + number}",
            "ClientRef": guid(f"client {number}"),
            "NHSNumber": f"94347659{10 + number}",
        }
        kept = self.rnd.choice(
            (("SSRef",), ("SSRef", "ClientRef"), ("ClientRef",), ("ClientRef", "NHSNumber"))
        )
        return {name: everything[name] if name in kept else "" for name in everything} | {
            "number": str(number)
        }

    def day(self, first: int = -10, last: int = 70) -> dt.date:
        return FIRST_PERIOD + dt.timedelta(days=self.rnd.randrange(first, last))

    def time(self) -> int:
        return self.rnd.randrange(7 * 4, 24 * 4) * 15

    def go(self, operations: int) -> None:
        self.new_care(12)
        for i in range(operations):
            operation = self.rnd.choices(
                (
                    self.week_of_visits,
                    self.corrections,
                    self.changed_care,
                    self.new_care,
                    self.identifier,
                    self.finalise,
                    self.stay,
                    self.other_name,
                    self.name_taken,
                    self.merge,
                ),
                (5, 5, 6, 1, 3, 1, 2, 2, 2, 1),
            )[0]
            self.log.append(operation.__name__)
            operation()
            if i % 6 == 5:
                self.pay_rules()
            if i % 10 == 7:
                self.visit_type()
            if i % 3 == 2:
                self.one_off()
            if i % 10 == 9:
                self.claim()
            if i % 2:
                self.log.append("hold")
                self.hold()
            if i % 4 == 3:
                self.story.compare()
        self.story.compare()

    def new_care(self, count: int = 2) -> None:
        rows = [self.a_package(len(self.care) + i + 1) for i in range(count)]
        self.send_care(rows)

    def a_package(self, cpli_id: int) -> dict[str, str]:
        rnd = self.rnd
        service = rnd.choice(self.called.services[rnd.choice(self.called.providers)])
        level = rnd.choice(self.LEVELS)
        start = self.day(-60, 20)
        return a_care_row(
            cpli_id,
            **self.who(rnd.choice(self.clients)),
            **self.called.cells(service),
            ServiceLevel=level,
            ServiceLevelRef=guid(level),
            StartDate=start,
            EndDate=rnd.choice(("", "", "", start + dt.timedelta(days=rnd.randrange(40)))),
            Quantity=rnd.choice(("0.50", "1.25", "2.00", "3.5", "7")),
            UnitCost=rnd.choice(("20", "23.226", "23.77", "19.9995")),
            Timetable=self.timetable(),
            AssessedContribution=self.contribution(),
            ContributionCollectedBy=rnd.choice(("Council", "Council", "Provider", "")),
        )

    def who(self, client: dict[str, str]) -> dict[str, str]:
        return {name: client[name] for name in ("SSRef", "ClientRef", "NHSNumber")}

    def timetable(self) -> str:
        slots = []
        for _ in range(self.rnd.choice((0, 1, 2))):
            entry = self.rnd.choice((8, 9, 20)) * 60
            slots += [f"{day} {hhmm(entry)}-{hhmm(entry + 30)}" for day in DAYS if self.rnd.random() < 0.8]
        return "; ".join(slots)

    def contribution(self) -> str:
        return self.rnd.choice(("", "0", "0.00", "9.995", "12.34", "35.50", "61.20"))

    def send_care(self, rows: Sequence[dict[str, str]]) -> None:
        self.story.care(*rows)
        self.care |= {int(row["CpliId"]): row | {"EffectiveFrom": ""} for row in rows}

    def changed_care(self) -> None:
        rows = []
        for cpli_id in self.rnd.sample(sorted(self.care), self.rnd.choice((1, 1, 2, 4))):
            row = dict(self.care[cpli_id])
            for _ in range(self.rnd.choice((1, 1, 2))):
                row |= self.a_care_change(row)
            rows.append(row)
        self.send_care(rows)

    def a_care_change(self, row: dict[str, str]) -> dict[str, str]:
        rnd = self.rnd
        day = str(self.day())
        service = rnd.choice(self.called.services[rnd.choice((DIAMOND, PEARL))])
        level = rnd.choice(self.LEVELS)
        last = str(self.day(0, 60) + dt.timedelta(days=20))
        return rnd.choice(
            (
                {"UnitCost": rnd.choice(("20.01", "23.226", "27.3335", "0"))},
                {"UnitCost": rnd.choice(("18.5", "23.79", "30.0005")), "EffectiveFrom": day},
                {"Quantity": rnd.choice(("0.25", "1", "2.75", "5"))},
                {"Quantity": rnd.choice(("0.25", "1", "2.75", "5")), "EffectiveFrom": day},
                {"AssessedContribution": self.contribution()},
                {"AssessedContribution": self.contribution(), "EffectiveFrom": day},
                {"ContributionCollectedBy": rnd.choice(("Council", "Provider"))},
                {"StartDate": str(self.day(-60, 0))},
                {"EndDate": last},
                {"EndDate": ""},
                {"EndDate": "2020-01-01"},
                {"Timetable": self.timetable()},
                {"Authorised": rnd.choice("YN"), "PaymentMethod": "Visits"},
                {"Authorised": "Y", "PaymentMethod": rnd.choice(("Visits", "Actuals", "Invoice"))},
                {"Suspensions": f"{self.day(0, 30):%d/%m/%Y}-{self.day(30, 60):%d/%m/%Y} hospital"},
                {"Suspensions": ""},
                {"ServiceLevel": level, "ServiceLevelRef": guid(level)},
                self.called.cells(service),
                self.who(rnd.choice(self.clients)),
                {"Unit": "Day"},
            )
        )

    def identifier(self) -> None:
        """A client gets another identifier: a new one, or one that is or was somebody else's."""
        rnd = self.rnd
        client = rnd.choice(self.clients)
        theirs = [i for i, row in self.care.items() if self.who(row) == self.who(client)]
        kind = rnd.choice(("SSRef", "SSRef", "ClientRef", "NHSNumber"))
        number = rnd.randrange(10, 90)
        value = {"SSRef": f"A{100 + number}", "ClientRef": guid(f"client {number}")}
        known = [value for of, value in sorted(self.story.oracle.people.spells) if of == kind]
        other = value.get(kind, f"94347659{number}") if rnd.random() < 0.5 or not known else rnd.choice(known)
        if rnd.random() < 0.4:  # somebody new is called so
            self.send_care(
                [self.a_package(len(self.care) + 1) | {"ClientRef": guid(f"new {other}"), kind: other}]
            )
        elif theirs:
            rows = [self.care[i] | {kind: other} for i in theirs[: rnd.choice((1, 1, 2, 9))]]
            also = [self.care[i] for i in rnd.sample(sorted(self.care), 1)] if rnd.random() < 0.3 else []
            self.send_care(rnd.sample(rows + also, len(rows + also)))
            client[kind] = other

    def merge(self) -> None:
        """Two clients turn out to be one."""
        one, other = self.rnd.sample(sorted(self.story.oracle.people.spells), 2)
        self.story.merge(one, other)

    def week_of_visits(self) -> None:
        organisation = self.rnd.choice(self.called.providers)
        monday = self.rnd.choice(self.WEEKS)
        rows = [self.a_visit(organisation, monday, f"{len(self.sent[organisation]) + i}") for i in range(25)]
        self.send_visits(organisation, rows)

    def a_visit(self, organisation: str, monday: dt.date, ref: str) -> dict[str, str]:
        rnd = self.rnd
        package = rnd.choice(
            [p for p in self.care.values() if p["OrganisationRef"] == guid(organisation)] or [{}]
        )
        package = package or self.a_package(0)
        client = rnd.choice(self.clients) if rnd.random() < 0.1 else package
        named = [name for name in ("SSRef", "ClientRef", "NHSNumber") if client[name]]
        level = package["ServiceLevel"] if rnd.random() < 0.9 else rnd.choice(self.LEVELS)
        entry = rnd.choice((8, 9, 20)) * 60 if rnd.random() < 0.6 else self.time()
        length = rnd.choice((15, 30, 30, 30, 45, 60))
        delivered = (entry + rnd.randrange(0, 9), hhmm(entry + length + rnd.choice((0, 0, 7, 90))))
        cells = {
            "VisitType": rnd.choice(("DHS", "DHS", "DHS", "DHF", "E", "C", "U", "C24", "H", "X")),
            "Comments": rnd.choice(("", "Said why")),
            "SSRef": "",
            rnd.choice(named): "",
            "ServiceLevel": level,
            "ServiceLevelRef": guid(level) if rnd.random() < 0.2 and level in self.levels_said() else "",
            "ServiceName": package["ServiceName"] if rnd.random() < 0.8 else "",
        }
        one = rnd.choice(named)
        cells |= {name: client[name] for name in named if name == one or rnd.random() < 0.3}
        if rnd.random() < 0.05:
            cells["ServiceName"] = rnd.choice((*self.called.services[organisation], "Nobody's"))
        elif rnd.random() < 0.1:
            cells["ServiceRef"] = guid(rnd.choice((DAPL, ZONE, PEARL_DAPL, PEARL_SPOT)))
        elif rnd.random() < 0.2:
            cells["ServiceName"] = self.called.written(rnd.choice(self.called.services[organisation]))
        if rnd.random() < 0.2:
            cells["OrganisationName"] = self.called.written(organisation)
        if rnd.random() < 0.1:
            cells["OrganisationRef"] = guid(rnd.choice((organisation, organisation, DIAMOND)))
        if cells["VisitType"] in ("DHS", "DHF", "E"):
            cells["DeliveredEntryTime"] = hhmm(delivered[0])
            cells["DeliveredExitTime"] = delivered[1] + rnd.choice(("", "", ":07"))
        day = monday + dt.timedelta(days=rnd.randrange(7))
        return a_visit(ref, day, hhmm(entry), hhmm(entry + length), **cells)

    def levels_said(self) -> set[str]:
        return {row["ServiceLevel"] for row in self.care.values()}

    def corrections(self) -> None:
        """A file with some visits as before, some changed, some deleted."""
        organisation = self.rnd.choice(self.called.providers)
        sent = self.sent[organisation]
        rows = []
        for ref in self.rnd.sample(sorted(sent), min(len(sent), 30)):
            kind = self.rnd.choice(("same", "changed", "other", "gone"))
            if kind == "same":
                rows.append(sent[ref])
            elif kind == "gone":
                rows.append(a_deletion(ref))
            elif kind == "other":
                rows.append(self.a_visit(organisation, self.rnd.choice(self.WEEKS), ref))
            else:
                rows.append(sent[ref] | changed_visit(self.rnd, sent[ref]))
        self.send_visits(organisation, rows)

    def send_visits(self, organisation: str, rows: Sequence[dict[str, str]]) -> None:
        if rows:
            self.story.visits(self.called.written(organisation), *rows)
            self.sent[organisation] |= {row["VisitRef"]: row for row in rows if not row["Deleted"]}

    def other_name(self) -> None:
        """A provider or a service gets another name, in one row of its care; or the row is rejected."""
        self.rename(self.rnd.choice((DIAMOND, PEARL, DAPL, ZONE, PEARL_DAPL)))

    def rename(self, first: str) -> None:
        of_it = [
            i for i, row in self.care.items() if guid(first) in (row["OrganisationRef"], row["ServiceRef"])
        ]
        name = self.called.new_name(first)
        if not of_it or not self.called.is_free(name):
            return
        cell = "OrganisationName" if first in (DIAMOND, PEARL) else "ServiceName"
        if self.story.care(self.care[self.rnd.choice(of_it)] | {cell: name}):
            self.called.rename(first, name)
            for i in of_it:
                self.care[i] = self.care[i] | {cell: name}

    def name_taken(self) -> None:
        """A provider, or a service, comes under a name that another gives up."""
        newcomers = [(OPAL, OPAL, OPAL_NORTH, DIAMOND), (NEW_ZONE, DIAMOND, NEW_ZONE, ZONE)]
        newcomers = [one for one in newcomers if one[0] not in self.called.names]
        if not newcomers:
            return
        newcomer, provider, service, giver = self.rnd.choice(newcomers)
        self.rename(giver)
        free = [name for name in self.called.former.get(giver, []) if self.called.is_free(name)]
        if free:
            self.called.comes(newcomer, service, provider, self.rnd.choice(free))
            self.sent.setdefault(provider, {})
            self.send_care([self.a_package(len(self.care) + 1) | self.called.cells(service)])

    def stay(self) -> None:
        """A client is away, or an entry that said so was an error."""
        stays = self.story.oracle.stays
        if stays and self.rnd.random() < 0.3:
            self.story.no_stay(self.rnd.choice(list(stays)))
            return
        known = sorted(self.story.oracle.people.spells)
        first = self.day(0, 60)
        last = self.rnd.choice((None, first + dt.timedelta(days=self.rnd.randrange(14))))
        kind = self.rnd.choice(("hospital", "hospital", "holiday", "residential_care", "respite"))
        self.story.stay(self.rnd.choice(known), kind, first, last)

    def pay_rules(self) -> None:
        """Other pay rules for a contract, or none any more."""
        rnd = self.rnd_of_rules
        contract = rnd.choice(sorted({row["Contract"] for row in self.care.values()}))
        start = FIRST_PERIOD + dt.timedelta(days=rnd.randrange(-10, 60))
        self.story.pay_rules(contract, start, some_pay_rules(rnd) if rnd.random() < 0.9 else pay_rules())

    def one_off(self) -> None:
        """One-off payments, new ones and others changed."""
        rnd = self.rnd_of_one_offs
        changed = {
            i: row | self.called.cells(self.service_of(row)) | self.a_one_off_change()
            for i, row in self.one_offs.items()
            if rnd.random() < 0.3
        }
        first = ONE_OFFS_FROM + len(self.one_offs)
        new = {cpli_id: self.a_one_off(cpli_id) for cpli_id in range(first, first + rnd.randrange(3))}
        rows = changed | new
        if rows:
            self.story.care(*rows.values())
            self.one_offs |= rows

    def a_one_off(self, cpli_id: int) -> dict[str, str]:
        rnd = self.rnd_of_one_offs
        service = rnd.choice(self.called.services[rnd.choice((DIAMOND, DIAMOND, PEARL))])
        return a_care_row(
            cpli_id,
            **self.who(rnd.choice(self.clients)),
            **self.called.cells(service),
            ServiceLevel=rnd.choice((HOSPITAL_INCENTIVE, HOSPITAL_INCENTIVE, "Personal Care")),
            StartDate=self.a_start(),
            Quantity=rnd.choice(("1", "1", "2", "0.5")),
            Unit="Payment",
            Frequency="One-off",
            UnitCost=rnd.choice(("15.00", "11.89", "23.77", "15.005")),
            PaymentMethod=rnd.choice(("Visits", "Actuals", "Invoice")),
            Authorised=rnd.choice("YYYN"),
            AssessedContribution="1.00",
            ContributionCollectedBy="Provider",
        )

    def a_one_off_change(self) -> dict[str, str]:
        rnd = self.rnd_of_one_offs
        return rnd.choice(
            (
                {"UnitCost": rnd.choice(("15.00", "20.00", "0"))},
                {"Authorised": rnd.choice("YN")},
                {"StartDate": self.a_start()},
                {"StartDate": self.a_start()},
                {"Unit": "Hr", "Frequency": "Weekly"},
                {"Unit": "Payment", "Frequency": "One-off"},
                {"ServiceLevel": rnd.choice((HOSPITAL_INCENTIVE, "Personal Care"))},
                {"Suspensions": "03/10/2022-31/10/2022 hospital"},
                self.who(rnd.choice(self.clients)),
                self.called.cells(rnd.choice(self.called.services[rnd.choice((DIAMOND, PEARL))])),
            )
        )

    def a_start(self) -> str:
        """A day of the periods that may be finalised, or later."""
        return str(FIRST_PERIOD + dt.timedelta(days=self.rnd_of_one_offs.randrange(100)))

    def service_of(self, row: dict[str, str]) -> str:
        """The name that a row's service had at first."""
        services = (one for of_provider in self.called.services.values() for one in of_provider)
        return next(one for one in services if guid(one) == row["ServiceRef"])

    def claim(self) -> None:
        """Diamond is paid for a client's stay in hospital; a stay is paid once."""
        rnd = self.rnd_of_one_offs
        oracle = self.story.oracle
        diamond = oracle.organisations.refs[guid(DIAMOND)]
        client = rnd.choice([p for p in oracle.packages.values() if p.organisation == diamond]).client
        known = sorted(oracle.people.spells)
        identifier = next((i for i in known if oracle.people.newest(i) == client), None)
        if identifier is None:  # all that named the client names others by now
            return
        admitted = FIRST_PERIOD + dt.timedelta(days=rnd.randrange(70))
        if (client, admitted) not in self.claimed:
            self.claimed.add((client, admitted))
            resumed = admitted + dt.timedelta(days=rnd.randrange(1, 9))
            self.story.claim(identifier, admitted, resumed, self.called.now(DAPL), self.called.now(DIAMOND))

    def hold(self) -> None:
        """A week is held, held otherwise, released, or charged otherwise; mostly one for which something was posted."""
        rnd, oracle = self.rnd_of_holds, self.story.oracle
        held, decided = sorted(oracle.held()), sorted(oracle.holds.newest)
        charge = rnd.choice((None, None, "keep", "nothing"))
        operation = rnd.choice(("hold", "hold", "again", "release", "charge"))
        if operation == "release" and held:
            self.story.release(*rnd.choice(held), charge)
        elif operation == "charge" and decided:
            self.story.decide_charge(*rnd.choice(decided), rnd.choice(("keep", "nothing")))
        else:
            posted = sorted({key[1:3] for key in oracle.posted if key[0] == "payable"})
            weeks = held if operation == "again" else posted
            week = (
                rnd.choice(weeks) if weeks else (rnd.choice(sorted(oracle.packages)), rnd.choice(self.WEEKS))
            )
            self.story.hold(*week, rnd.choice(("cancel", "suspend", "suspend", "carry-forward")), charge)

    def visit_type(self) -> None:
        """Another visit type is paid or not, from a planned date on."""
        rnd = self.rnd_of_types
        ref = rnd.choice(("DHS", "E", "C", "H", "C24"))
        kinds = ("delivered", "planned", "") if ref in ("DHS", "E") else ("planned", "")
        start = FIRST_PERIOD + dt.timedelta(days=rnd.randrange(-10, 60))
        self.story.visit_type(ref, start, rnd.choice(kinds))

    def finalise(self) -> None:
        """The next period of all, or of one contract; the last weeks stay open."""
        oracle = self.story.oracle
        contract = self.rnd.choice((None, *sorted({row["Contract"] for row in self.care.values()})))
        through = max(oracle.all_finalised_through, oracle.finalised_through.get(contract or "", dt.date.min))
        start = FIRST_PERIOD if through < FIRST_PERIOD else through + dt.timedelta(days=28)
        if start <= SECOND_PERIOD:
            self.story.finalise(start, contract)


def hhmm(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
