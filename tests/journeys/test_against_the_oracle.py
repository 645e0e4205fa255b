"""The real workers against a second calculation of the books (tests/oracle/books.py), under all that can happen.

Every test tells the same story to both, and compares all counts, the books, and what was posted to which period.
"""

import csv
import random
from pathlib import Path

import pytest

from tests.journeys.test_cases import a_made_council
from tests.oracle.lives.life import DrawnLife
from tests.oracle.rows import a_deletion, changed_visit
from tests.oracle.story import Story


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def tell_council(story: Story, folder: Path) -> dict[Path, list[dict[str, str]]]:
    """Tell a made council in name order; its visits by file."""
    story.import_care_text((folder / "care.csv").read_text())
    for carers in sorted((folder / "carers").iterdir()):
        story.import_carers(f"{carers.stem} Ltd", carers.read_text())
    files = {path: rows_of(path) for path in sorted((folder / "visits").glob("*/*.csv"))}
    for path, rows in files.items():
        story.import_visits(f"{path.parent.name} Ltd", *rows)
    return files


@pytest.mark.parametrize(
    "arguments",
    [
        ("--clients", "60", "--seed", "11", "--weeks", "3", "--faults", "0.3", "--pack", "tight"),
        ("--clients", "100", "--seed", "23", "--weeks", "1", "--faults", "0.1"),
    ],
)
def test_a_made_council_agrees_also_when_its_files_are_sent_again_with_changes(
    story: Story, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    folder = a_made_council(tmp_path / "council", *arguments)
    files = tell_council(story, folder)
    story.compare()

    rnd = random.Random(arguments[3])
    for path, rows in files.items():
        organisation = f"{path.parent.name} Ltd"
        again = [changed_visit(rnd, row) if rnd.random() < 0.2 else row for row in rows]
        counts = story.import_visits(organisation, *again)
        assert counts["updated"]
        assert counts["unchanged"]
        gone = [row["VisitRef"] for row in rows if rnd.random() < 0.1]
        story.import_visits(organisation, *map(a_deletion, gone))
        story.import_visits(
            organisation, *map(a_deletion, gone[::2]), *(r for r in again if r["VisitRef"] in gone[1::4])
        )
    story.compare()

    care = rows_of(folder / "care.csv")
    changed = [change_care(rnd, row) for row in care if rnd.random() < 0.3]
    story.import_care(*changed)
    story.compare()


def change_care(rnd: random.Random, row: dict[str, str]) -> dict[str, str]:
    """The CPLI with another rate, quantity, contribution, end, timetable, authorisation, method or suspension."""
    day = f"{rnd.randrange(4, 15):02}/10/2022"
    change: list[dict[str, str]] = [
        {"UnitCost": rnd.choice(("19.995", "25.3335", "23.226"))},
        {"UnitCost": rnd.choice(("19.995", "25.3335")), "EffectiveFrom": day},
        {"Quantity": rnd.choice(("1.00", "3.25", "0.5"))},
        {"Quantity": rnd.choice(("1.00", "12")), "EffectiveFrom": day},
        {"AssessedContribution": rnd.choice(("", "0", "12.34", "500"))},
        {"AssessedContribution": "20.00", "EffectiveFrom": day, "ContributionCollectedBy": "Provider"},
        {"ContributionCollectedBy": "Provider"},
        {"EndDate": day},
        {"Timetable": ""},
        {"Authorised": "N" if row["Authorised"] == "Y" else "Y"},
        {"PaymentMethod": rnd.choice(("Visits", "Invoice", "Actuals"))},
        {"Suspensions": f"{day}-20/10/2022 holiday"},
        {"ServiceLevel": rnd.choice(("Personal Care", "Home Support")), "ServiceLevelRef": ""},
    ]
    return row | rnd.choice(change)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_whatever_happens_in_whatever_order_the_books_agree(story: Story, seed: int) -> None:
    life = DrawnLife(seed, story)
    try:
        life.run(30)
    except BaseException:
        print("after", len(life.log), "operations:", *life.log)
        raise
