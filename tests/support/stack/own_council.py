"""Councils of one make, each with identities of its own, so that many fit into one stack side by side.

All that money depends on is the same, so the books of any two differ in their names alone.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

MAKER = Path(__file__).parents[2] / "cases" / "make_council.py"
PROVIDERS = 5
CPLI_STEP = 1_000_000
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

    _write(council.care, map(make_own, _rows(made / "care.csv")))
    for file in made.glob("carers/*.csv"):
        _write(folder / "carers" / f"{rename(file.stem)}.csv", _rows(file))
    for file in made.glob("visits/*/*.csv"):
        _write(folder / "visits" / rename(file.parent.name) / file.name, map(make_own, _rows(file)))
    return council


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
