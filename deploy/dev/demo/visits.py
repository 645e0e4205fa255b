"""The demonstration's visits files: eight weeks as providers write them down, with the mistakes that they make."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterable, Iterator

from deploy.dev.demo.care import Package, clock, written
from deploy.dev.demo.dates import Calendar
from deploy.dev.demo.providers import Provider
from services.ingest.rows.headings import HEADINGS

FAULTY = 0.03
"""How many of all rows hold a mistake."""
COMMENTS = {
    "E": "Had fallen; waited with the client for the ambulance",
    "C": "Cancelled at the door by the family",
    "U": "No answer; reported to the social worker",
    "C24": "Family visiting, notice given",
    "H": "In hospital",
}
KINDS = {"delivered": 93, "E": 1, "C": 2, "U": 1, "C24": 3}
PUNCTUAL = (-6, -3, 0, 0, 0, 2, 4, 9)
"""Minutes after the planned time at which carers come."""
UNPUNCTUAL = (*PUNCTUAL, 0, 6, 14, 19, 26, 48, -22)
OVERRIDDEN = 0.05
"""How many times of entry are written down by hand."""
BY_HAND = {
    "DeliveredEntryTimeIsOverridden": "1",
    "DeliveredEntryTimeOverrideReason": "No signal at the client's home",
}
SECOND_CARER = "Double-handed, second carer"

Row = dict[str, str]


def weeks_of(
    provider: Provider, packages: Iterable[Package], calendar: Calendar, chance: random.Random
) -> Iterator[list[Row]]:
    """A provider's visits, week by week."""
    own = [package for package in packages if package.provider is provider]
    for monday in calendar.mondays:
        rows = [row for package in own for row in _week(package, monday, chance)]
        for number, row in enumerate(rows, 1):
            row["VisitRef"] = f"{monday:%y%m%d}-{number:04}"
            if chance.random() < FAULTY:
                chance.choice(MISTAKES)(row, provider, chance)
        yield rows


def as_csv(rows: list[Row]) -> bytes:
    """A visits file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def corrected(rows: list[Row], chance: random.Random, count: int) -> list[Row]:
    """What a provider sends weeks later: some visits took longer than was written down, the last one never was."""
    late = [
        dict(row)
        for row in rows
        if row["VisitType"] in ("DHS", "DHF") and row["DeliveredExitTime"][2:] > ":30"
    ]
    chosen = chance.sample(late, count)
    for row in chosen:
        row["DeliveredExitTime"] = row["DeliveredExitTime"][:2] + ":59"
        row["VarianceReason"] = "Times corrected after a check of the log"
    chosen[-1]["Deleted"] = "1"
    return chosen


def _week(package: Package, monday: dt.date, chance: random.Random) -> Iterator[Row]:
    first, last = package.visited
    for weekday, entry, exit_ in package.slots:
        day = monday + dt.timedelta(days=weekday)
        if first <= day <= last:
            for carer in range(package.carers_wanted):
                yield _visit(package, day, entry, exit_, chance, is_second=carer > 0)


def _visit(
    package: Package, day: dt.date, entry: int, exit_: int, chance: random.Random, *, is_second: bool
) -> Row:
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    if package.in_hospital and package.in_hospital[0] <= day <= package.in_hospital[1]:
        kind = "H"
    if kind == "delivered":
        kind = "DHF" if package.row["Contract"] == "LWAH" else "DHS"
    row = dict.fromkeys(HEADINGS, "") | {
        "Deleted": "0",
        "PlannedVisitDate": written(day),
        "PlannedEntryTime": clock(entry),
        "PlannedExitTime": clock(exit_),
        "VisitType": kind,
        "Comments": COMMENTS.get(kind, SECOND_CARER if is_second else ""),
        "SSRef": package.row["SSRef"],
        "ServiceLevel": package.row["ServiceLevel"],
        "ServiceName": package.row["ServiceName"],
    }
    return row | _delivered(package, day, entry, exit_, kind, chance) if kind in ("DHS", "DHF", "E") else row


def _delivered(
    package: Package, day: dt.date, entry: int, exit_: int, kind: str, chance: random.Random
) -> Row:
    came = entry + chance.choice(PUNCTUAL if package.provider.is_punctual else UNPUNCTUAL)
    stayed = (
        round((exit_ - entry) * package.share_given)
        + chance.choice((-8, -4, 0, 0, 0, 1, 3))
        + (chance.randrange(60, 150) if kind == "E" else 0)
    )
    delivered = {
        "DeliveredVisitDate": written(day),
        "DeliveredEntryTime": clock(came),
        "DeliveredExitTime": clock(came + max(stayed, 5)),
        "CarerRef": chance.choice(package.usual_carers),
    }
    return delivered if chance.random() > OVERRIDDEN else delivered | BY_HAND


# Mistakes: the first are read, and make a visit unmatched or doubtful; the last reject the row.


def _other_service(row: Row, provider: Provider, chance: random.Random) -> None:
    row["ServiceName"] = next(
        provider.service(zone) for zone in provider.zones if provider.service(zone) != row["ServiceName"]
    )


def _other_level(row: Row, provider: Provider, chance: random.Random) -> None:
    row["ServiceLevel"] = "Fast Track"


def _mistyped_client(row: Row, provider: Provider, chance: random.Random) -> None:
    row["SSRef"] = f"D9{chance.randrange(10_000, 99_999)}"


def _without_comment(row: Row, provider: Provider, chance: random.Random) -> None:
    """Cancelled, and nobody says why."""
    row |= {"VisitType": "C", "Comments": ""} | dict.fromkeys(
        ("DeliveredVisitDate", "DeliveredEntryTime", "DeliveredExitTime", "CarerRef"), ""
    )


def _hardly_exceptional(row: Row, provider: Provider, chance: random.Random) -> None:
    if row["DeliveredVisitDate"]:
        row |= {"VisitType": "E", "Comments": ""}


def _unreadable_date(row: Row, provider: Provider, chance: random.Random) -> None:
    row["PlannedVisitDate"] = chance.choice(("31/02/2022", "tomorrow", ""))


def _unknown_type(row: Row, provider: Provider, chance: random.Random) -> None:
    row["VisitType"] = chance.choice(("DH", "CANC", ""))


def _unknown_carer(row: Row, provider: Provider, chance: random.Random) -> None:
    row["CarerRef"] = "ZZ99"


def _left_running(row: Row, provider: Provider, chance: random.Random) -> None:
    """The carer forgot to log out: the visit seems to last for two hours more."""
    if row["VisitType"] in ("DHS", "DHF") and row["DeliveredExitTime"] < "20":
        row["DeliveredExitTime"] = f"{int(row['DeliveredExitTime'][:2]) + 2:02}{row['DeliveredExitTime'][2:]}"


MISTAKES = (
    _other_service,
    _other_level,
    _mistyped_client,
    _without_comment,
    _hardly_exceptional,
    _unreadable_date,
    _unknown_type,
    _unknown_carer,
    _left_running,
)
