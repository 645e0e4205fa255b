"""A made council, and the same week with changes."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GENERATOR = Path(__file__).parents[3] / "tests" / "cases" / "make_council.py"
MINUTES_IN_A_DAY = 1440


@dataclass(frozen=True)
class VisitsFile:
    """One provider's week as it is uploaded."""

    organisation: str
    content: bytes


@dataclass(frozen=True)
class MadeCouncil:
    """The files of a council in a folder."""

    folder: Path
    clients: int

    @property
    def care(self) -> Path:
        return self.folder / "care.csv"

    @property
    def carers(self) -> list[tuple[str, Path]]:
        """Organisation and file."""
        return [(f"{file.stem} Ltd", file) for file in sorted((self.folder / "carers").iterdir())]

    def visits(self) -> list[VisitsFile]:
        """Every visits file, by provider."""
        files = sorted((self.folder / "visits").glob("*/*.csv"))
        return [VisitsFile(f"{file.parent.name} Ltd", file.read_bytes()) for file in files]

    def visits_count(self) -> int:
        """How many rows all visits files hold."""
        return sum(sum(1 for _ in rows_of(file.content)) for file in self.visits())


def make_council(folder: Path, clients: int, weeks: int = 1) -> MadeCouncil:
    """Seed 1: the same arguments give the same bytes."""
    arguments = ["--seed", "1", "--weeks", str(weeks), "--clients", str(clients)]
    subprocess.run([sys.executable, GENERATOR, folder, *arguments], check=True)
    return MadeCouncil(folder, clients)


def rows_of(content: bytes) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    return csv.DictReader(io.StringIO(content.decode()))


def sent_again(file: VisitsFile) -> VisitsFile:
    """The same visits in other bytes: the very same file would be refused."""
    return VisitsFile(file.organisation, file.content + b"\r\n")


def corrected(file: VisitsFile, minutes: int = 1, only: str | None = None) -> VisitsFile:
    """Every delivered exit some minutes later; with `only`, just the row of that VisitRef."""
    out = io.StringIO()
    rows = [row for row in rows_of(file.content) if only in (None, row["VisitRef"])]
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    for row in rows:
        row["DeliveredExitTime"] = _later(row["DeliveredExitTime"], minutes)
        writer.writerow(row)
    return VisitsFile(file.organisation, out.getvalue().encode())


def _later(time: str, minutes: int) -> str:
    hours, separator, rest = time.partition(":")
    if not separator:
        return time
    late = (int(hours) * 60 + int(rest[:2]) + minutes) % MINUTES_IN_A_DAY
    return f"{late // 60:02}:{late % 60:02}{rest[2:]}"
