"""Lives of councils, drawn from a seed: care, visits, corrections, periods and pay rules in any order."""

import datetime as dt
import random
import uuid
from collections.abc import Sequence

from tests.care_files import a_care_row
from tests.oracle import DAYS
from tests.pay_rules import pay_rules, some_pay_rules
from tests.story import (
    CONTRACTS,
    DAPL,
    DIAMOND,
    FIRST_PERIOD,
    GUIDS,
    PEARL,
    PEARL_DAPL,
    PEARL_SPOT,
    SECOND_PERIOD,
    SERVICES,
    ZONE,
    Story,
    a_deletion,
    a_visit,
    changed_visit,
)


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
        self.rnd_of_types = random.Random(seed)
        self.story = story
        self.clients = [self.a_client(i) for i in range(8)]
        self.care: dict[int, dict[str, str]] = {}
        self.sent: dict[str, dict[str, dict[str, str]]] = {DIAMOND: {}, PEARL: {}}
        self.log: list[str] = []

    def a_client(self, number: int) -> dict[str, str]:
        everything = {
            "SSRef": f"A{100 + number}",
            "ClientRef": self.guid(f"client {number}"),
            "NHSNumber": f"94347659{10 + number}",
        }
        kept = self.rnd.choice(
            (("SSRef",), ("SSRef", "ClientRef"), ("ClientRef",), ("ClientRef", "NHSNumber"))
        )
        return {name: everything[name] if name in kept else "" for name in everything} | {
            "number": str(number)
        }

    @staticmethod
    def guid(name: str) -> str:
        return str(uuid.uuid5(GUIDS, name)).upper()

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
                ),
                (5, 5, 6, 1, 1, 1, 2),
            )[0]
            self.log.append(operation.__name__)
            operation()
            if i % 6 == 5:
                self.pay_rules()
            if i % 10 == 7:
                self.visit_type()
            if i % 4 == 3:
                self.story.compare()
        self.story.compare()

    def new_care(self, count: int = 2) -> None:
        rows = [self.a_package(len(self.care) + i + 1) for i in range(count)]
        self.send_care(rows)

    def a_package(self, cpli_id: int) -> dict[str, str]:
        rnd = self.rnd
        organisation = rnd.choice((DIAMOND, DIAMOND, PEARL))
        service = rnd.choice(SERVICES[organisation])
        level = rnd.choice(self.LEVELS)
        start = self.day(-60, 20)
        return a_care_row(
            cpli_id,
            **self.who(rnd.choice(self.clients)),
            OrganisationName=organisation,
            OrganisationRef=self.guid(organisation),
            ServiceName=service,
            ServiceRef=self.guid(service),
            Contract=CONTRACTS[service],
            ServiceLevel=level,
            ServiceLevelRef=self.guid(level),
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
        service = rnd.choice(SERVICES[rnd.choice((DIAMOND, PEARL))])
        organisation = DIAMOND if service in SERVICES[DIAMOND] else PEARL
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
                {"ServiceLevel": level, "ServiceLevelRef": self.guid(level)},
                {
                    "OrganisationName": organisation,
                    "OrganisationRef": self.guid(organisation),
                    "ServiceName": service,
                    "ServiceRef": self.guid(service),
                    "Contract": CONTRACTS[service],
                },
                self.who(rnd.choice(self.clients)),
                {"Unit": "Day"},
            )
        )

    def identifier(self) -> None:
        """A client gets another identifier: a new one, or one that may be somebody else's."""
        client = self.rnd.choice(self.clients)
        theirs = [i for i, row in self.care.items() if self.who(row) == self.who(client)]
        lender = client if self.rnd.random() < 0.7 else self.rnd.choice(self.clients)
        name = self.rnd.choice(("SSRef", "ClientRef", "NHSNumber"))
        number = lender["number"]
        value = {"SSRef": f"A{100 + int(number)}", "ClientRef": self.guid(f"client {number}")}
        row = {name: value.get(name, f"94347659{10 + int(number)}")}
        if theirs:
            self.send_care([self.care[theirs[0]] | row])
            if lender is client:
                client |= row

    def week_of_visits(self) -> None:
        organisation = self.rnd.choice((DIAMOND, PEARL))
        monday = self.rnd.choice(self.WEEKS)
        rows = [self.a_visit(organisation, monday, f"{len(self.sent[organisation]) + i}") for i in range(25)]
        self.send_visits(organisation, rows)

    def a_visit(self, organisation: str, monday: dt.date, ref: str) -> dict[str, str]:
        rnd = self.rnd
        package = rnd.choice([p for p in self.care.values() if p["OrganisationName"] == organisation] or [{}])
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
            "ServiceLevelRef": self.guid(level) if rnd.random() < 0.2 and level in self.levels_said() else "",
            "ServiceName": package["ServiceName"] if rnd.random() < 0.8 else "",
        }
        one = rnd.choice(named)
        cells |= {name: client[name] for name in named if name == one or rnd.random() < 0.3}
        if rnd.random() < 0.05:
            cells["ServiceName"] = rnd.choice((*SERVICES[organisation], "Nobody's"))
        elif rnd.random() < 0.1:
            cells["ServiceRef"] = self.guid(rnd.choice((DAPL, ZONE, PEARL_DAPL, PEARL_SPOT)))
        if cells["VisitType"] in ("DHS", "DHF", "E"):
            cells["DeliveredEntryTime"] = hhmm(delivered[0])
            cells["DeliveredExitTime"] = delivered[1] + rnd.choice(("", "", ":07"))
        day = monday + dt.timedelta(days=rnd.randrange(7))
        return a_visit(ref, day, hhmm(entry), hhmm(entry + length), **cells)

    def levels_said(self) -> set[str]:
        return {row["ServiceLevel"] for row in self.care.values()}

    def corrections(self) -> None:
        """A file with some visits as before, some changed, some deleted."""
        organisation = self.rnd.choice((DIAMOND, PEARL))
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
            self.story.visits(organisation, *rows)
            self.sent[organisation] |= {row["VisitRef"]: row for row in rows if not row["Deleted"]}

    def stay(self) -> None:
        """A client is away, or an entry that said so was an error."""
        stays = self.story.oracle.stays
        if stays and self.rnd.random() < 0.3:
            self.story.no_stay(self.rnd.choice(list(stays)))
            return
        known = sorted(self.story.oracle.identifiers)
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
