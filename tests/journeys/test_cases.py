"""The cases: what a council's files must come to (RULES; the expected files beside this)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.council.council import Council

CASES = Path(__file__).parents[1] / "cases"
BOOKS = ("matched", "unmatched", "payable", "total_payable", "total_charges", "weeks")
COUNTS = ("read", "new", "updated", "unchanged", "deleted", "rejected", "issues")


def a_made_council(folder: Path, *arguments: str) -> Path:
    subprocess.run([sys.executable, CASES / "make_council.py", folder, *arguments], check=True)
    return folder


def import_council(council: Council, folder: Path) -> dict[str, int]:
    """Import a council's care, carers and visits in name order; the sums of the files' counts."""
    council.import_care((folder / "care.csv").read_bytes())
    for carers in sorted((folder / "carers").iterdir()):
        council.import_carers(f"{carers.stem} Ltd", carers.read_bytes())
    sums = dict.fromkeys(COUNTS, 0)
    for visits in sorted((folder / "visits").glob("*/*.csv")):
        file = council.import_visits(f"{visits.parent.name} Ltd", visits.read_bytes())
        assert file["state"] == "applied", file
        sums = {name: sums[name] + file["counts"][name] for name in COUNTS}
    return sums


def read_expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CASES / name).read_text())
    return found


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (
            ("--clients", "300", "--seed", "1", "--weeks", "1"),
            "council-seed1-clients300-weeks1.expected.json",
        ),
        (
            ("--clients", "300", "--seed", "7", "--weeks", "2"),
            "council-seed7-clients300-weeks2.expected.json",
        ),
    ],
)
def test_a_made_council_comes_out_to_the_penny(
    council: Council, tmp_path: Path, arguments: tuple[str, ...], name: str
) -> None:
    counts = import_council(council, a_made_council(tmp_path / "council", *arguments))
    wanted = read_expected(name)
    books = council.books()
    assert counts == {key: wanted[key] for key in COUNTS}
    assert books == {key: wanted[key] for key in BOOKS}
    assert council.differences() == []


def test_the_guides_example_week_comes_out_to_the_penny(council: Council) -> None:
    counts = import_council(council, CASES / "example-week")
    wanted = read_expected("example-week/expected.json")
    books = council.books()
    assert counts == {key: wanted[key] for key in COUNTS}
    assert books == {key: wanted[key] for key in BOOKS}
    assert council.differences() == []
