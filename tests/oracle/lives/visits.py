"""Visits files as they are drawn: weeks of visits, and corrections of what was sent."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence

from tests.oracle.lives.care import IDENTIFIERS, LEVELS, DrawnCare, Row, hhmm
from tests.oracle.lives.names import guid
from tests.oracle.rows import DAPL, DIAMOND, PEARL_DAPL, PEARL_SPOT, ZONE, a_deletion, a_visit, changed_visit
from tests.oracle.story import FIRST_PERIOD, Story

MONDAYS = tuple(FIRST_PERIOD + dt.timedelta(days=7 * i) for i in range(10))


class DrawnVisits:
    """Draws visits of what care was sent, and knows what each provider sent."""

    def __init__(self, rnd: random.Random, story: Story, care: DrawnCare) -> None:
        self.rnd, self.story, self.care, self.called = rnd, story, care, care.called
        self.sent: dict[str, dict[str, Row]] = defaultdict(dict)

    def send_week(self) -> None:
        """A provider sends visits of a week."""
        organisation = self.rnd.choice(self.called.providers)
        monday = self.rnd.choice(MONDAYS)
        first = len(self.sent[organisation])
        self._send(organisation, [self._a_visit(organisation, monday, f"{first + i}") for i in range(25)])

    def send_corrections(self) -> None:
        """A provider sends some visits as before, some changed, some deleted."""
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
                rows.append(self._a_visit(organisation, self.rnd.choice(MONDAYS), ref))
            else:
                rows.append(sent[ref] | changed_visit(self.rnd, sent[ref]))
        self._send(organisation, rows)

    def _send(self, organisation: str, rows: Sequence[Row]) -> None:
        if rows:
            self.story.import_visits(self.called.name_written(organisation), *rows)
            self.sent[organisation] |= {row["VisitRef"]: row for row in rows if not row["Deleted"]}

    def _a_visit(self, organisation: str, monday: dt.date, ref: str) -> Row:
        rnd = self.rnd
        own = [p for p in self.care.rows.values() if p["OrganisationRef"] == guid(organisation)]
        package = rnd.choice(own or [{}]) or self.care.a_package(0)
        client = rnd.choice(self.care.clients) if rnd.random() < 0.1 else package
        level = package["ServiceLevel"] if rnd.random() < 0.9 else rnd.choice(LEVELS)
        entry = rnd.choice((8, 9, 20)) * 60 if rnd.random() < 0.6 else rnd.randrange(7 * 4, 24 * 4) * 15
        length = rnd.choice((15, 30, 30, 30, 45, 60))
        delivered = (entry + rnd.randrange(0, 9), hhmm(entry + length + rnd.choice((0, 0, 7, 90))))
        cells = {
            "VisitType": rnd.choice(("DHS", "DHS", "DHS", "DHF", "E", "C", "U", "C24", "H", "X")),
            "Comments": rnd.choice(("", "Said why")),
            **self._some_identifiers(client),
            **self._some_names(organisation, package, level),
        }
        if cells["VisitType"] in ("DHS", "DHF", "E"):
            cells["DeliveredEntryTime"] = hhmm(delivered[0])
            cells["DeliveredExitTime"] = delivered[1] + rnd.choice(("", "", ":07"))
        day = monday + dt.timedelta(days=rnd.randrange(7))
        return a_visit(ref, day, hhmm(entry), hhmm(entry + length), **cells)

    def _some_identifiers(self, client: Row) -> Row:
        """One of those that the client has, and perhaps others."""
        named = [name for name in IDENTIFIERS if client[name]]
        one = self.rnd.choice(named)
        return {"SSRef": ""} | {
            name: client[name] for name in named if name == one or self.rnd.random() < 0.3
        }

    def _some_names(self, organisation: str, package: Row, level: str) -> Row:
        """Level, service and organisation: those of the package mostly, by name or by ref."""
        rnd = self.rnd
        is_level_known = level in {row["ServiceLevel"] for row in self.care.rows.values()}
        cells = {
            "ServiceLevel": level,
            "ServiceLevelRef": guid(level) if rnd.random() < 0.2 and is_level_known else "",
            "ServiceName": package["ServiceName"] if rnd.random() < 0.8 else "",
        }
        if rnd.random() < 0.05:
            cells["ServiceName"] = rnd.choice((*self.called.services[organisation], "Nobody's"))
        elif rnd.random() < 0.1:
            cells["ServiceRef"] = guid(rnd.choice((DAPL, ZONE, PEARL_DAPL, PEARL_SPOT)))
        elif rnd.random() < 0.2:
            cells["ServiceName"] = self.called.name_written(rnd.choice(self.called.services[organisation]))
        if rnd.random() < 0.2:
            cells["OrganisationName"] = self.called.name_written(organisation)
        if rnd.random() < 0.1:
            cells["OrganisationRef"] = guid(rnd.choice((organisation, organisation, DIAMOND)))
        return cells
