"""Councils of one make, each with identities of its own, so that many fit into one stack side by side.

All that money depends on is the same, so the books of any two differ in their names alone.
"""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.support.builders.actual_files import an_actual_row

MAKER = Path(__file__).parents[2] / "cases" / "make_council.py"
PROVIDERS = 5
CPLI_STEP = 1_000_000
OTHER_WAYS = 900_000
"""CpliIds from here on are of care that is paid by actuals or by invoice."""
FIRST_MONDAY, A_WEEK = dt.date(2022, 10, 3), dt.timedelta(weeks=1)
FOUR_WEEKS = {
    "StartDate": "03/10/2022",
    "EndDate": "30/10/2022",
    "Quantity": "7.00",
    "Timetable": "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")),
    "Authorised": "Y",
    "NHSNumber": "",
    "ClientRef": "",
}
MADE_PER_PROVIDER = 100
"""make_council.py makes a provider for every hundred clients, dealt to them in turn."""


def made_council(folder: Path, *, seed: int, clients: int, weeks: int) -> Path:
    """A council of five providers with so many clients in all: the care and visits of the others are left out."""
    arguments = ["--seed", seed, "--clients", PROVIDERS * MADE_PER_PROVIDER, "--weeks", weeks]
    subprocess.run([sys.executable, MAKER, folder, *map(str, arguments)], check=True)
    care = _rows(folder / "care.csv")
    left_out = {row["SSRef"] for row in care if int(row["SSRef"][1:]) >= 100_000 + clients}
    for file in [folder / "care.csv", *folder.glob("visits/*/*.csv")]:
        rows = _rows(file)
        _write(file, [row for row in rows if row["SSRef"] not in left_out])
    return folder


@dataclass(frozen=True)
class OwnCouncil:
    """A made council under names and numbers of its own; `number` tells it from the others, from 1."""

    folder: Path
    number: int

    @property
    def care(self) -> Path:
        return self.folder / "care.csv"

    @property
    def carers(self) -> list[tuple[str, Path]]:
        """(provider, file)"""
        return [(f"{file.stem} Ltd", file) for file in sorted(self.folder.glob("carers/*.csv"))]

    @property
    def visits(self) -> list[tuple[str, Path]]:
        """(provider, file): week by week"""
        files = sorted(self.folder.glob("visits/*/*.csv"), key=lambda file: (file.name, file.parent.name))
        return [(f"{file.parent.name} Ltd", file) for file in files]

    @property
    def actuals(self) -> list[tuple[str, Path]]:
        """(provider, file of actuals)"""
        return [(f"{file.stem} Ltd", file) for file in sorted(self.folder.glob("actuals/*.csv"))]

    @property
    def contracts_by_invoice(self) -> list[tuple[str, str]]:
        """(provider, contract) of care that is paid by invoice."""
        rows = _rows(self.care)
        return [
            (row["OrganisationName"], row["Contract"]) for row in rows if row["PaymentMethod"] == "Invoice"
        ]

    def books(self, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
        """This council's part of the books, under the names and numbers of the council it was made from."""
        added = {
            key: str(Decimal(after[key]) - Decimal(before[key])) for key in ("total_payable", "total_charges")
        }
        return {
            "matched": after["matched"] - before["matched"],
            "unmatched": dict(Counter(after["unmatched"]) - Counter(before["unmatched"])),
            "payable": {
                name.replace(self._mark(), ""): amount
                for name, amount in after["payable"].items()
                if self._mark() in name
            },
            **added,
            "weeks": dict(self._own_weeks(after["weeks"])),
        }

    def _own_weeks(self, weeks: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for week, amounts in weeks.items():
            cpli_id, monday = week.split("/")
            number, original = divmod(int(cpli_id), CPLI_STEP)
            if number == self.number:
                yield f"{original}/{monday}", amounts

    def _mark(self) -> str:
        return f" no {self.number:04d}"


def own_council(made: Path, folder: Path, number: int) -> OwnCouncil:
    """A copy of a made council, with identities of its own."""
    council = OwnCouncil(folder, number)
    shorts = [file.stem for file in made.glob("carers/*.csv")]

    def rename(text: str) -> str:
        short = next((short for short in shorts if text.startswith(short)), None)
        return text if short is None else short + council._mark() + text[len(short) :]

    def make_own(row: dict[str, str]) -> dict[str, str]:
        """References that would be another council's are left out: names and SSRef identify all."""
        changes = {
            name: "" for name in ("ClientRef", "NHSNumber", "OrganisationRef", "ServiceRef") if name in row
        }
        changes |= {name: rename(row[name]) for name in ("OrganisationName", "ServiceName") if name in row}
        if row.get("SSRef"):
            changes["SSRef"] = f"{row['SSRef']}/{number}"
        if "CpliId" in row:
            changes["CpliId"] = str(int(row["CpliId"]) + number * CPLI_STEP)
        return row | changes

    care = _rows(made / "care.csv")
    _write(council.care, map(make_own, [*care, *care_by_other_ways(care)]))
    for row in map(make_own, care_by_other_ways(care)):
        if row["PaymentMethod"] == "Actuals":
            name = row["OrganisationName"].removesuffix(" Ltd")
            _write(folder / "actuals" / f"{name}.csv", entered_weeks(row))
    for file in made.glob("carers/*.csv"):
        _write(folder / "carers" / f"{rename(file.stem)}.csv", _rows(file))
    for file in made.glob("visits/*/*.csv"):
        _write(folder / "visits" / rename(file.parent.name) / file.name, map(make_own, _rows(file)))
    return council


def care_by_other_ways(care: list[dict[str, str]]) -> list[dict[str, str]]:
    """Two more line items for each provider, of clients who have no other care: by actuals, and by invoice."""
    of_provider = {row["OrganisationName"]: row for row in care if row["Unit"] == "Hr"}
    found = []
    for number, row in enumerate(of_provider.values(), 1):
        for method, cpli_id in (("Actuals", OTHER_WAYS), ("Invoice", OTHER_WAYS + 100)):
            own = {"CpliId": str(cpli_id + number), "SSRef": f"{method}-{number}", "PaymentMethod": method}
            found.append(row | FOUR_WEEKS | own)
    return found


def entered_weeks(row: dict[str, str]) -> list[dict[str, str]]:
    """The rows of a file of actuals: half an hour less on the Monday of each of the four weeks."""
    return [
        an_actual_row(int(row["CpliId"]), Week=f"{FIRST_MONDAY + week * A_WEEK}", Delivered="0:30")
        for week in range(4)
    ]


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def _write(file: Path, rows: Any) -> None:
    rows = list(rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
