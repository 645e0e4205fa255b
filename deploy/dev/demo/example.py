"""The guide's example week, as it stands in `deploy/examples`: the same visits at the same times in another week."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "example-week"
MONDAY = dt.date(2022, 8, 1)
"""Of the week in which its files have the visits."""
MOVED = ("StartDate", "EndDate", "PlannedVisitDate", "DeliveredVisitDate")
"""The columns whose days follow the week; nobody is born on another day."""


def first_cpli() -> tuple[int, dt.date]:
    """The first care package line item of its care, and the day on which it begins there."""
    row = _care()[0]
    return int(row["CpliId"]), _day(row["StartDate"])


def organisation() -> str:
    """Its provider: the one that its care names most."""
    return Counter(row["OrganisationName"] for row in _care()).most_common(1)[0][0]


def write_example(folder: Path, monday: dt.date) -> tuple[Path, list[Path], list[Path]]:
    """Write its files into a folder, in the week from this Monday: care, carers, and visits named by their Mondays."""
    later = monday - MONDAY
    care = folder / "care.csv"
    care.write_text(_moved(EXAMPLE / "care.csv", later), encoding="utf-8", newline="")
    carers = sorted(EXAMPLE.glob("carers/*.csv"))
    visits = []
    for file in sorted(EXAMPLE.glob("visits/*/*.csv")):
        visits.append(folder / f"{dt.date.fromisoformat(file.stem) + later}.csv")
        visits[-1].write_text(_moved(file, later), encoding="utf-8", newline="")
    return care, carers, visits


def _care() -> list[dict[str, str]]:
    with (EXAMPLE / "care.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _moved(file: Path, later: dt.timedelta) -> str:
    """The text of a file with its days so much later."""
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows.fieldnames or ())
    writer.writeheader()
    for row in rows:
        days = {name: row[name] for name in MOVED if row.get(name)}
        writer.writerow(row | {name: f"{_day(day) + later:%d/%m/%Y}" for name, day in days.items()})
    return text.getvalue()


def _day(text: str) -> dt.date:
    day, month, year = map(int, text.split("/"))
    return dt.date(year, month, day)
