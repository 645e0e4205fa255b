"""Measures against a second calculation (tests/oracle/measures.py), after all that can change them (RULES 16)."""

import datetime as dt
import random
from pathlib import Path

from tests.journeys.test_against_the_oracle import tell_council
from tests.journeys.test_cases import a_made_council
from tests.oracle.facts.reading import read_date
from tests.oracle.rows import DIAMOND, a_deletion, a_visit, a_week, changed_visit, diamond_care
from tests.oracle.story import Story, measures_said

MONDAY, SUNDAY = dt.date(2022, 10, 3), dt.date(2022, 10, 9)
DAILY = "; ".join(f"{day} 09:00-10:00" for day in ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
ONE = {"SSRef": "A100", "OrganisationRef": "5F54B181-1C7B-469E-B37C-4B93FA9EBE1E"}
CRITICAL = f"Mon 09:00-10:00!; {DAILY}"


def test_corrections_deletions_late_care_and_a_new_name_change_measures(story: Story) -> None:
    def measured(name: str) -> tuple[int, int, int, str]:
        story.settle()
        story.compare_measures(MONDAY, SUNDAY)
        found = measures_said(story.council, MONDAY, SUNDAY)[name]
        return found["delivered"], found["late"], found["missed"], found["time_critical_share"]

    story.import_carers(DIAMOND, "CarerRef,Forename,Surname\nC1,Ann,Lee\nC2,Bob,Ray\n")
    story.import_visits(DIAMOND, *a_week("V", MONDAY, CarerRef="C1"))
    story.import_care(diamond_care(1, **ONE, Quantity="7", Timetable=CRITICAL))
    assert measured(DIAMOND) == (7, 0, 0, "100.0")

    late = {"DeliveredEntryTime": "09:15:01", "DeliveredExitTime": "10:00", "CarerRef": "C2"}
    story.import_visits(DIAMOND, a_visit("V0", MONDAY, **late, DeliveredEntryTimeIsOverridden="Y"))
    assert measured(DIAMOND) == (7, 1, 0, "0.0")
    assert measures_said(story.council, MONDAY, SUNDAY)[DIAMOND]["logged_share"] == "85.7"
    assert measures_said(story.council, MONDAY, SUNDAY)[DIAMOND]["continuity"] == "2.00"

    story.import_visits(DIAMOND, a_deletion("V0"), a_deletion("V1"))
    assert measured(DIAMOND) == (5, 0, 2, "0.0")

    story.import_care(diamond_care(1, **ONE, Quantity="14", Timetable=CRITICAL, EndDate="07/10/2022"))
    assert measured(DIAMOND)[:3] == (3, 0, 7)

    story.import_care(diamond_care(1, **ONE, Quantity="7", Timetable=DAILY, OrganisationName="Sapphire Ltd"))
    assert measured("Sapphire Ltd") == (5, 0, 1, None)


def test_a_made_council_has_the_measures_that_its_files_say(story: Story, tmp_path: Path) -> None:
    folder = a_made_council(
        tmp_path / "council",
        "--clients",
        "60",
        "--seed",
        "5",
        "--weeks",
        "2",
        "--faults",
        "0.2",
        "--pack",
        "tight",
    )
    files = tell_council(story, folder)
    read = [read_date(row["PlannedVisitDate"]) for rows in files.values() for row in rows]
    days = sorted(day for day in read if day)
    first, last = days[len(days) // 10], days[-(len(days) // 10)]
    story.settle()
    story.compare_measures(first, last)

    rnd = random.Random(5)
    for path, rows in files.items():
        again = [changed_visit(rnd, row) for row in rows if rnd.random() < 0.3]
        gone = [a_deletion(row["VisitRef"]) for row in rows if rnd.random() < 0.1]
        story.import_visits(f"{path.parent.name} Ltd", *again)
        story.import_visits(f"{path.parent.name} Ltd", *gone)
    story.settle()
    story.compare_measures(first, last)
    assert any(one["late"] for one in measures_said(story.council, first, last).values())
