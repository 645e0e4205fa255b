"""Rows of care and visits that stories are told with."""

import csv
import datetime as dt
import io
import random
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from tests.oracle.facts.reading import HEADINGS
from tests.support.builders.care_files import a_care_row

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Care Ltd"
DAPL, ZONE = "Diamond Home Care - DAPL Oxford", "Diamond Home Care - Zone 6 - Oxford"
PEARL_DAPL, PEARL_SPOT, PEARL_HTLAH = "Pearl Care - DAPL Vale", "Pearl Care - Spot", "Pearl Care - HTLAH"
CONTRACTS = {DAPL: "DAPL", ZONE: "LWAH", PEARL_DAPL: "DAPL", PEARL_SPOT: "Spot", PEARL_HTLAH: "HTLAH"}
SERVICES = {DIAMOND: (DAPL, ZONE), PEARL: (PEARL_DAPL, PEARL_SPOT, PEARL_HTLAH)}
GUIDS = uuid.UUID("6c1f4f0a-53d5-4a52-8f2a-94b7a1b7a001")


def diamond_care(cpli_id: int = 1, **cells: Any) -> dict[str, str]:
    """A CPLI of client A100 with Diamond under DAPL at 20.00 an hour, from 1 August 2022."""
    return a_care_row(cpli_id, **cells)


def pearl_care(cpli_id: int, **cells: Any) -> dict[str, str]:
    """A CPLI of client A100 with Pearl."""
    cells = {"OrganisationName": PEARL, "ServiceName": PEARL_DAPL} | cells
    return a_care_row(cpli_id, **{"Contract": CONTRACTS[str(cells["ServiceName"])]} | cells)


def a_visit(
    ref: str, on: str | dt.date, entry: str = "09:00", exit_: str = "10:00", **cells: str
) -> dict[str, str]:
    """A visit to client A100 by Diamond under DAPL, delivered as planned when its type is a delivered one."""
    day = on.strftime("%d/%m/%Y") if isinstance(on, dt.date) else on
    row = dict.fromkeys(HEADINGS, "") | {
        "VisitRef": ref,
        "PlannedVisitDate": day,
        "PlannedEntryTime": entry,
        "PlannedExitTime": exit_,
        "VisitType": "DHS",
        "SSRef": "A100",
        "ServiceLevel": "Personal Care",
        "ServiceName": DAPL,
    }
    row |= cells
    if row["VisitType"] in ("DHS", "DHF", "E"):
        given = {name: cells[name] for name in cells if name.startswith("Delivered")}
        row |= {"DeliveredVisitDate": day, "DeliveredEntryTime": entry, "DeliveredExitTime": exit_} | given
    return row


def a_deletion(ref: str) -> dict[str, str]:
    return dict.fromkeys(HEADINGS, "") | {"VisitRef": ref, "Deleted": "1"}


def a_visits_file(rows: Sequence[dict[str, str]]) -> str:
    """These rows as CSV; every file's bytes are its own, as the same bytes may not be confirmed twice."""
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, [*HEADINGS, f"Sent {uuid.uuid4()}"], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return content.getvalue()


def a_week(prefix: str, monday: dt.date, **cells: str) -> list[dict[str, str]]:
    """Seven visits of an hour."""
    return [a_visit(f"{prefix}{i}", monday + dt.timedelta(days=i), **cells) for i in range(7)]


def changed_visit(rnd: random.Random, row: dict[str, str]) -> dict[str, str]:
    """The visit with something else in one or a few cells."""
    hour = rnd.randrange(6, 22)
    change: dict[str, Callable[[], dict[str, str]]] = {
        "times": lambda: {
            "PlannedEntryTime": f"{hour}:00",
            "PlannedExitTime": f"{hour}:{rnd.choice((15, 30, 45))}",
        },
        "exit": lambda: {"DeliveredExitTime": "23:59:59"} if row["DeliveredExitTime"] else {},
        "type": lambda: not_delivered(rnd.choice(("C", "U", "C24", "H"))),
        "level": lambda: {
            "ServiceLevel": rnd.choice(("Personal Care", "home  support", "HTLAH – Maintenance"))
        },
        "service": lambda: {"ServiceName": "", "ServiceRef": ""},
        "unknown": lambda: {"ServiceName": "A service that nobody knows", "ServiceRef": ""},
        "comment": lambda: {"Comments": rnd.choice(("", "On the phone"))},
        "day": lambda: {"PlannedVisitDate": f"{rnd.randrange(3, 17):02}/10/2022"},
    }
    return row | change[rnd.choice(sorted(change))]()


def not_delivered(type_: str) -> dict[str, str]:
    empty = dict.fromkeys(("DeliveredVisitDate", "DeliveredEntryTime", "DeliveredExitTime"), "")
    return empty | {"VisitType": type_, "Comments": "Away"}
