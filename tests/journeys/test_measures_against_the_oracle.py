"""Measures and consistent under-delivery against a second calculation (tests/oracle/measures.py, under_delivery.py),
after all that can change them (RULES 16)."""

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path

from tests.journeys.test_against_the_oracle import rows_of, tell_council
from tests.journeys.test_cases import a_made_council
from tests.oracle.facts.reading import read_date
from tests.oracle.facts.values import fold
from tests.oracle.monitoring import measures_said
from tests.oracle.rows import DIAMOND, a_deletion, a_visit, a_week, changed_visit, diamond_care
from tests.oracle.story import Story
from tests.support.builders.care_files import a_care_file

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


def test_thresholds_from_a_day_and_one_diary_change_measures(story: Story) -> None:
    def measured(name: str = DIAMOND) -> tuple[int, int, int, int, str | None]:
        story.compare_measures(MONDAY, SUNDAY)
        found = measures_said(story.council, MONDAY, SUNDAY)[name]
        return (*(found[one] for one in ("late", "short", "very_late", "missed")), found["under_30_share"])

    twice = "; ".join(
        f"{day} 09:00-10:00; {day} 12:00-12:30" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    )
    story.import_care(
        diamond_care(1, **ONE, Quantity="10.5", Timetable=twice),
        diamond_care(2, **ONE | {"SSRef": "A200"}, Quantity="7", Timetable=f"Mon 09:00-10:00; {DAILY}"),
    )
    late = {"DeliveredEntryTime": "09:20", "DeliveredExitTime": "10:05"}
    very_late = {"DeliveredEntryTime": "12:00", "DeliveredExitTime": "13:00"}
    days = [MONDAY + dt.timedelta(days=n) for n in range(7)]
    story.import_visits(
        DIAMOND,
        *(a_visit(f"A{n}", day, **(very_late if n > 4 else late)) for n, day in enumerate(days)),
        *(a_visit(f"B{n}", day, "12:00", "12:30") for n, day in enumerate(days[:6])),
        *(a_visit(f"C{n}", day, SSRef="A200", **late) for n, day in enumerate(days[1:])),
    )
    # only on Saturday was the client's next visit due by then: on Sunday none is planned
    assert measured() == (13, 11, 1, 2, "0.0")
    story.set_threshold("late_minutes", days[2], 20)
    assert measured()[0] == 5
    story.set_threshold("short_per_cent", days[3], 75)
    assert measured()[1] == 5
    story.set_threshold("very_late_is_missed", days[5], 1)
    assert measured()[3] == 3
    story.set_threshold("very_late_is_missed", days[6], 0)
    story.set_threshold("under_minutes", days[5], 31)
    story.set_threshold("early_minutes", days[0], 0)
    assert measured() == (5, 5, 1, 3, "5.3")
    story.set_threshold("late_minutes", days[2], 19)  # said anew of the same day
    assert measured()[0] == 13

    story.set_one_diary("dapl", is_one_diary=True)
    assert measured() == (0, 0, 0, 0, None)
    story.set_one_diary(1, is_one_diary=False)
    assert measured()[0] == 7
    story.set_one_diary("DAPL", is_one_diary=False)
    story.set_one_diary(1, is_one_diary=True)
    assert measured()[:4] == (6, 2, 0, 1)
    renamed = ONE | {"OrganisationName": "Sapphire Ltd"}
    story.import_care(
        diamond_care(1, **renamed, Quantity="10.5", Timetable=twice, OneDiary="N"),
        diamond_care(2, **renamed | {"SSRef": "A200"}, Quantity="7", OneDiary="Y"),
    )
    assert measured("Sapphire Ltd")[0] == 7


def test_a_made_council_has_the_under_delivery_that_its_files_say(story: Story, tmp_path: Path) -> None:
    folder = a_made_council(
        tmp_path / "council", "--clients", "40", "--seed", "6", "--weeks", "8", "--faults", "0.1"
    )
    care, rnd = rows_of(folder / "care.csv"), random.Random(6)
    late_care = care[::7]
    (folder / "care.csv").write_text(a_care_file(*(row for row in care if row not in late_care)))
    files = tell_council(story, folder)
    assert story.compare_under_delivery()

    changes = [as_told_later(rnd, row) for row in care if row in late_care or rnd.random() < 0.6]
    story.import_care(*changes)
    found = story.compare_under_delivery()
    assert {one.direction for one in found.values()} == {"under", "over"}
    assert any(Decimal(one.client_saving) > 0 for one in found.values())

    away = [row for row in care if row["Contract"] == "HTLAH"]
    stays = [("SSRef", row["SSRef"]) for row in away]
    story.enter_stay(stays[0], "hospital", dt.date(2022, 11, 9), None)
    holiday = story.enter_stay(stays[1], "holiday", dt.date(2022, 10, 30), dt.date(2022, 11, 7))
    for sender in {path.parent.name: None for path in files}:
        sent = [row for path, rows in files.items() if path.parent.name == sender for row in rows]
        refs = [row["VisitRef"] for row in sent]
        has_empty_week = f"{sender} Ltd" == care[0]["OrganisationName"]
        gone = [
            ref for ref in refs if ref.endswith(("3", "7")) or (has_empty_week and ref.startswith("221107-"))
        ]
        again = [changed_visit(rnd, r) for r in sent if r["VisitRef"] not in gone and rnd.random() < 0.1]
        story.import_visits(f"{sender} Ltd", *again, *map(a_deletion, gone))
    before, found = found, story.compare_under_delivery()
    assert found != before
    assert holiday is not None
    story.withdraw_stay(holiday)
    story.set_threshold("under_delivery_per_cent", dt.date(2022, 11, 7), 60)
    story.set_threshold("weeks_looked_at", dt.date(2022, 11, 21), 5)
    story.set_threshold("late_minutes", dt.date(2022, 11, 2), 5)
    before, found = found, story.compare_under_delivery()
    assert len(found) < len(before)

    name = care[0]["OrganisationName"]
    renamed = [row | {"OrganisationName": "Sapphire Ltd"} for row in care if row["OrganisationName"] == name]
    story.set_one_diary(care[0]["Contract"], is_one_diary=True)
    story.import_care(*renamed)
    of_it = [
        row["VisitRef"] for path, rows in files.items() if f"{path.parent.name} Ltd" == name for row in rows
    ]
    story.import_visits("Sapphire Ltd", *(a_deletion(ref) for ref in of_it if ref.endswith("5")))
    organisations = {one.organisation for one in story.compare_under_delivery().values()}
    assert fold("Sapphire Ltd") in organisations
    assert fold(name) not in organisations
    story.compare_measures(dt.date(2022, 10, 12), dt.date(2022, 11, 24))


def as_told_later(rnd: random.Random, row: dict[str, str]) -> dict[str, str]:
    """The CPLI with another quantity or rate, from a day on or at all, another end or level, unauthorised or suspended."""
    quantity = Decimal(row["Quantity"])
    changes: list[dict[str, str]] = [
        {"Quantity": f"{quantity * 2:.2f}", "EffectiveFrom": f"{rnd.randrange(1, 28):02}/11/2022"},
        {"Quantity": f"{quantity * 3 / 2:.2f}"},
        {"Quantity": f"{quantity / 2:.2f}", "EffectiveFrom": "20/10/2022"},
        {"UnitCost": "23.2265", "EffectiveFrom": "27/11/2022"},
        {"EndDate": f"{rnd.randrange(10, 28):02}/11/2022"},
        {"Authorised": "N"},
        {"ServiceLevel": "Live in care", "ServiceLevelRef": ""},
        {"Suspensions": f"{rnd.randrange(1, 28):02}/10/2022-02/11/2022 holiday"},
    ]
    return row | rnd.choice(changes)
