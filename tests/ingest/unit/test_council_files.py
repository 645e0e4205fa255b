"""The files of whole councils: counts of rows read, accepted, rejected and doubtful are the expected ones."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.ingest.rows.reading import read_carers_csv, read_visits_csv
from services.ingest.rows.rules import Checked, check_rows
from tests.support.builders.visit_files import reference_from_care

CASES = Path(__file__).parents[2] / "cases"
LATER = dt.date(2022, 12, 1)


def check_council(folder: Path) -> dict[str, int]:
    counts = dict.fromkeys(("read", "new", "rejected", "issues"), 0)
    for provider in sorted((folder / "visits").iterdir()):
        carers = read_carers_csv((folder / "carers" / f"{provider.name}.csv").read_bytes()).rows
        reference = reference_from_care(
            folder / "care.csv", f"{provider.name} Ltd", [values[0] for _, values in carers]
        )
        for file in sorted(provider.iterdir()):
            rows = read_visits_csv(file.read_bytes()).rows
            add(counts, len(rows), check_rows(rows, reference, LATER))
    return counts


def add(counts: dict[str, int], read: int, checked: Checked) -> None:
    counts["read"] += read
    counts["new"] += len(checked.accepted)
    counts["rejected"] += len({error.row for error in checked.errors})
    counts["issues"] += sum(bool(visit.issues) for _, visit in checked.accepted)
    assert {row for row, visit in checked.accepted if visit.issues} == {
        warning.row for warning in checked.warnings
    }


def expected_counts(file: Path) -> dict[str, int]:
    expected = json.loads(file.read_text())
    return {name: expected[name] for name in ("read", "new", "rejected", "issues")}


@pytest.mark.parametrize(("seed", "weeks"), [(1, 1), (7, 2)])
def test_a_generated_council_has_the_expected_counts(seed: int, weeks: int, tmp_path: Path) -> None:
    script = [sys.executable, str(CASES / "make_council.py"), str(tmp_path)]
    subprocess.run([*script, "--clients", "300", "--seed", str(seed), "--weeks", str(weeks)], check=True)
    expected = expected_counts(CASES / f"council-seed{seed}-clients300-weeks{weeks}.expected.json")
    assert check_council(tmp_path) == expected


def test_the_example_week_has_the_expected_counts() -> None:
    folder = CASES / "example-week"
    assert check_council(folder) == expected_counts(folder / "expected.json")
