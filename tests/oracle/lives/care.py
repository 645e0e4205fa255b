"""Commissioned care as it is drawn: packages of clients, their changes, and who is called what."""

import datetime as dt
import random
from collections.abc import Sequence

from tests.oracle.facts.reading import DAYS
from tests.oracle.lives.names import NEW_ZONE, OPAL, OPAL_NORTH, CalledNow, guid
from tests.oracle.rows import DAPL, DIAMOND, PEARL, PEARL_DAPL, ZONE
from tests.oracle.story import FIRST_PERIOD, Story
from tests.support.builders.care_files import a_care_row

Row = dict[str, str]
LEVELS = (
    "Personal Care",
    "Personal Care",
    "Personal Care",
    "Home Support",
    "HTLAH Maintenance",
    "Live in care",
)
IDENTIFIERS = ("SSRef", "ClientRef", "NHSNumber")


class DrawnCare:
    """Draws rows of care, sends them, and knows what was sent."""

    def __init__(self, rnd: random.Random, story: Story, called: CalledNow) -> None:
        self.rnd, self.story, self.called = rnd, story, called
        self.clients = [self._a_client(i) for i in range(8)]
        self.rows: dict[int, Row] = {}

    def _a_client(self, number: int) -> Row:
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

    def a_day(self, first: int = -10, last: int = 70) -> dt.date:
        """A day so many days from the first period's beginning."""
        return FIRST_PERIOD + dt.timedelta(days=self.rnd.randrange(first, last))

    def contracts(self) -> list[str]:
        """The contracts of all that was sent."""
        return sorted({row["Contract"] for row in self.rows.values()})

    def add(self, count: int = 2) -> None:
        """Send new packages."""
        self.send([self.a_package(len(self.rows) + i + 1) for i in range(count)])

    def a_package(self, cpli_id: int) -> Row:
        """A package of some client with some service."""
        rnd = self.rnd
        service = rnd.choice(self.called.services[rnd.choice(self.called.providers)])
        level = rnd.choice(LEVELS)
        start = self.a_day(-60, 20)
        return a_care_row(
            cpli_id,
            **identifiers_of(rnd.choice(self.clients)),
            **self.called.cells(service),
            ServiceLevel=level,
            ServiceLevelRef=guid(level),
            StartDate=start,
            EndDate=rnd.choice(("", "", "", start + dt.timedelta(days=rnd.randrange(40)))),
            Quantity=rnd.choice(("0.50", "1.25", "2.00", "3.5", "7")),
            UnitCost=rnd.choice(("20", "23.226", "23.77", "19.9995")),
            Timetable=self._a_timetable(),
            AssessedContribution=self._a_contribution(),
            ContributionCollectedBy=rnd.choice(("Council", "Council", "Provider", "")),
        )

    def _a_timetable(self) -> str:
        slots = []
        for _ in range(self.rnd.choice((0, 1, 2))):
            entry = self.rnd.choice((8, 9, 20)) * 60
            slots += [f"{day} {hhmm(entry)}-{hhmm(entry + 30)}" for day in DAYS if self.rnd.random() < 0.8]
        return "; ".join(slots)

    def _a_contribution(self) -> str:
        return self.rnd.choice(("", "0", "0.00", "9.995", "12.34", "35.50", "61.20"))

    def send(self, rows: Sequence[Row]) -> None:
        """Send rows, and remember them."""
        self.story.import_care(*rows)
        self.rows |= {int(row["CpliId"]): row | {"EffectiveFrom": ""} for row in rows}

    def change(self) -> None:
        """Send some packages again with one or two changes each."""
        rows = []
        for cpli_id in self.rnd.sample(sorted(self.rows), self.rnd.choice((1, 1, 2, 4))):
            row = dict(self.rows[cpli_id])
            for _ in range(self.rnd.choice((1, 1, 2))):
                row |= self._a_change()
            rows.append(row)
        self.send(rows)

    def _a_change(self) -> Row:
        rnd = self.rnd
        day = str(self.a_day())
        service = rnd.choice(self.called.services[rnd.choice((DIAMOND, PEARL))])
        level = rnd.choice(LEVELS)
        last = str(self.a_day(0, 60) + dt.timedelta(days=20))
        return rnd.choice(
            (
                {"UnitCost": rnd.choice(("20.01", "23.226", "27.3335", "0"))},
                {"UnitCost": rnd.choice(("18.5", "23.79", "30.0005")), "EffectiveFrom": day},
                {"Quantity": rnd.choice(("0.25", "1", "2.75", "5"))},
                {"Quantity": rnd.choice(("0.25", "1", "2.75", "5")), "EffectiveFrom": day},
                {"AssessedContribution": self._a_contribution()},
                {"AssessedContribution": self._a_contribution(), "EffectiveFrom": day},
                {"ContributionCollectedBy": rnd.choice(("Council", "Provider"))},
                {"StartDate": str(self.a_day(-60, 0))},
                {"EndDate": last},
                {"EndDate": ""},
                {"EndDate": "2020-01-01"},
                {"Timetable": self._a_timetable()},
                {"Authorised": rnd.choice("YN"), "PaymentMethod": "Visits"},
                {"Authorised": "Y", "PaymentMethod": rnd.choice(("Visits", "Actuals", "Invoice"))},
                {"Suspensions": f"{self.a_day(0, 30):%d/%m/%Y}-{self.a_day(30, 60):%d/%m/%Y} hospital"},
                {"Suspensions": ""},
                {"ServiceLevel": level, "ServiceLevelRef": guid(level)},
                self.called.cells(service),
                identifiers_of(rnd.choice(self.clients)),
                {"Unit": "Day"},
            )
        )

    def give_identifier(self) -> None:
        """A client gets another identifier: a new one, or one that is or was somebody else's."""
        rnd = self.rnd
        client = rnd.choice(self.clients)
        theirs = [i for i, row in self.rows.items() if identifiers_of(row) == identifiers_of(client)]
        kind = rnd.choice(("SSRef", "SSRef", "ClientRef", "NHSNumber"))
        number = rnd.randrange(10, 90)
        value = {"SSRef": f"A{100 + number}", "ClientRef": guid(f"client {number}")}
        known = [value for of, value in sorted(self.story.oracle.care.people.spells) if of == kind]
        other = value.get(kind, f"94347659{number}") if rnd.random() < 0.5 or not known else rnd.choice(known)
        if rnd.random() < 0.4:  # somebody new is called so
            self.send([self.a_package(len(self.rows) + 1) | {"ClientRef": guid(f"new {other}"), kind: other}])
        elif theirs:
            rows = [self.rows[i] | {kind: other} for i in theirs[: rnd.choice((1, 1, 2, 9))]]
            also = [self.rows[i] for i in rnd.sample(sorted(self.rows), 1)] if rnd.random() < 0.3 else []
            self.send(rnd.sample(rows + also, len(rows + also)))
            client[kind] = other

    def rename_somebody(self) -> None:
        """A provider or a service gets another name, in one row of its care; or the row is rejected."""
        self._rename(self.rnd.choice((DIAMOND, PEARL, DAPL, ZONE, PEARL_DAPL)))

    def _rename(self, first: str) -> None:
        of_it = [
            i for i, row in self.rows.items() if guid(first) in (row["OrganisationRef"], row["ServiceRef"])
        ]
        name = self.called.new_name(first)
        if not of_it or not self.called.is_free(name):
            return
        cell = "OrganisationName" if first in (DIAMOND, PEARL) else "ServiceName"
        if self.story.import_care(self.rows[self.rnd.choice(of_it)] | {cell: name}):
            self.called.rename(first, name)
            for i in of_it:
                self.rows[i] = self.rows[i] | {cell: name}

    def take_name(self) -> None:
        """A provider, or a service, comes under a name that another gives up."""
        newcomers = [(OPAL, OPAL, OPAL_NORTH, DIAMOND), (NEW_ZONE, DIAMOND, NEW_ZONE, ZONE)]
        newcomers = [one for one in newcomers if one[0] not in self.called.names]
        if not newcomers:
            return
        newcomer, provider, service, giver = self.rnd.choice(newcomers)
        self._rename(giver)
        free = [name for name in self.called.former.get(giver, []) if self.called.is_free(name)]
        if free:
            self.called.comes(newcomer, service, provider, self.rnd.choice(free))
            self.send([self.a_package(len(self.rows) + 1) | self.called.cells(service)])


def identifiers_of(row: Row) -> Row:
    """The cells that say who a row's client is."""
    return {name: row[name] for name in IDENTIFIERS}


def hhmm(minutes: int) -> str:
    """Minutes after midnight as a clock time."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
