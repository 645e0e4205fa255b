"""Sending visits files with a browser: send, check, update or cancel (RULES 3, 4)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from libs.common.files.visit_headings import HEADINGS
from tests.browser.conftest import Visitors
from tests.browser.council_site import (
    CouncilSite,
    council_site,
    emptied,
    read_numbers,
    rows_of,
    sends,
    updates,
)
from tests.journeys.test_cases import BOOKS, CASES, COUNTS, a_made_council, read_expected
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

DIAMOND = "Diamond Home Care Ltd"
CARE = a_care_file(a_care_row(1, SSRef="A123456", UnitCost="30.00"))
CHECK = "Check the file before you update"


def a_visit(ref: str = "V1", **cells: str) -> tuple[str, ...]:
    """An hour on 3 October 2022 as planned: £30.00."""
    day = {"PlannedVisitDate": "03/10/2022", "DeliveredVisitDate": "03/10/2022"}
    hour = {"PlannedEntryTime": "09:00", "PlannedExitTime": "10:00"}
    delivered = {"DeliveredEntryTime": "09:00", "DeliveredExitTime": "10:00"}
    return a_row(**{"VisitRef": ref} | day | hour | delivered | cells)


def correct_rows(rejected: str) -> str:
    """The rejected rows as their provider corrects them in a spreadsheet, the column of reasons left where it is."""
    rows = [
        row | {"PlannedVisitDate": "03/10/2022", "PlannedExitTime": "10:00", "VisitType": "DHS"}
        for row in rows_of(rejected)
    ]
    return a_file(*(tuple(row.values()) for row in rows), headings=tuple(rows[0]))


@pytest.fixture
def manager(emptied: CouncilSite, visitors: Visitors) -> Visitor:
    """The office manager of a provider with one client, signed in."""
    emptied.council.council.import_care(CARE)
    visitor = visitors(emptied.url)
    emptied.signs_in(visitor, "home_manager", DIAMOND)
    return visitor


def test_the_guides_example_week_by_its_provider(emptied: CouncilSite, visitors: Visitors) -> None:
    week = CASES / "example-week"
    council = emptied.council.council
    council.import_care((week / "care.csv").read_bytes())
    for carers in (week / "carers").iterdir():
        council.import_carers(f"{carers.stem} Ltd", carers.read_bytes())
    visitor = visitors(emptied.url)
    emptied.signs_in(visitor, "home_manager", DIAMOND)
    visitor.page.get_by_role("link", name="Visits files").first.click()
    visitor.is_at("Visits files")
    (file,) = (week / "visits").glob("*/*.csv")
    sends(visitor, file)
    visitor.is_at(CHECK)
    wanted = read_expected("example-week/expected.json")
    assert read_numbers(visitor) == {key: wanted[key] for key in COUNTS}
    visitor.sees("£255.49")
    updates(visitor)
    visitor.finds_no_fault()
    assert council.books() == {key: wanted[key] for key in BOOKS}
    assert council.differences() == []


@pytest.mark.parametrize(("seed", "weeks"), [(1, 1), (7, 2)])
def test_a_made_council_by_its_finance_officer(
    emptied: CouncilSite, visitors: Visitors, tmp_path: Path, seed: int, weeks: int
) -> None:
    made = a_made_council(tmp_path / "made", "--clients", "300", "--seed", str(seed), "--weeks", str(weeks))
    council = emptied.council.council
    council.import_care((made / "care.csv").read_bytes())
    for carers in sorted((made / "carers").iterdir()):
        council.import_carers(f"{carers.stem} Ltd", carers.read_bytes())
    visitor = visitors(emptied.url)
    emptied.signs_in(visitor, "finance")
    sums = dict.fromkeys(COUNTS, 0)
    for file in sorted((made / "visits").glob("*/*.csv")):
        sends(visitor, file, f"{file.parent.name} Ltd")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text(CHECK)
        sums = {name: sums[name] + number for name, number in read_numbers(visitor).items()}
        updates(visitor)
    wanted = read_expected(f"council-seed{seed}-clients300-weeks{weeks}.expected.json")
    assert sums == {key: wanted[key] for key in COUNTS}
    assert council.books() == {key: wanted[key] for key in BOOKS}


def test_bad_rows_are_shown_corrected_and_sent_again(manager: Visitor, tmp_path: Path) -> None:
    bad = a_visit("V2", PlannedVisitDate="31/02/2022", VisitType="DSH")
    sends(manager, ("week.csv", a_file(a_visit(), bad, a_visit("V3", Comments="=1+1", PlannedExitTime=""))))
    manager.is_at(CHECK)
    assert read_numbers(manager) == dict.fromkeys(COUNTS, 0) | {"read": 3, "new": 1, "rejected": 2}
    manager.sees("Correct PlannedVisitDate in 1 row")
    manager.sees("Enter PlannedExitTime in 1 row")
    row = manager.page.get_by_role("row", name=re.compile("^3 V2 A123456 31.02.2022 PlannedVisitDate"))
    expect(row).to_contain_text("PlannedVisitDate '31/02/2022' is no day of the calendar")
    manager.narrows()
    manager.has_in_sight(manager.page.get_by_text("is no day of the calendar"))
    manager.finds_no_fault()
    with manager.page.expect_download() as download:
        manager.follows("Download only the rejected rows")
    rejected = download.value.path().read_text(encoding="utf-8")
    assert [row["VisitRef"] for row in rows_of(rejected)] == ["V2", "V3"]
    updates(manager)
    sends(manager, ("corrected.csv", correct_rows(rejected)))
    manager.is_at(CHECK)
    assert read_numbers(manager) == dict.fromkeys(COUNTS, 0) | {"read": 2, "new": 2}


def test_an_override_and_a_deletion_are_shown_before_and_after_with_the_money_by_client(
    emptied: CouncilSite, manager: Visitor
) -> None:
    sends(
        manager,
        ("week.csv", a_file(a_visit(), a_visit("V2", PlannedEntryTime="11:00", PlannedExitTime="12:00"))),
    )
    updates(manager)
    gone = a_row(**dict.fromkeys(HEADINGS, "") | {"VisitRef": "V2", "Deleted": "1"})
    sends(manager, ("again.csv", a_file(a_visit(DeliveredExitTime="10:30"), gone)))
    manager.is_at(CHECK)
    changes = manager.page.get_by_role("table", name="Changes to visits sent before").get_by_role("row")
    expect(changes.nth(1)).to_have_text(re.compile(r"2\s+V1\s+DeliveredExitTime\s+10:00\s+10:30"))
    expect(changes.nth(2)).to_contain_text("The visit is deleted")
    money = manager.page.get_by_role("table", name="What changes for each client").get_by_role("row")
    expect(money.last).to_have_text(re.compile(r"A123456\s+£60.00\s+£45.00\s+−£15.00"))
    manager.narrows()
    for words in ("10:30", "−£15.00"):
        manager.has_in_sight(manager.page.get_by_text(words, exact=True))
    updates(manager)
    assert emptied.council.council.books()["total_payable"] == "45.00"


def test_a_blank_file_and_the_guides_example_can_be_taken_along(manager: Visitor) -> None:
    manager.opens("/visits-files")
    with manager.page.expect_download() as download:
        manager.follows("blank file with the 25 headings")
    assert download.value.path().read_text(encoding="utf-8-sig").strip().split(",") == list(HEADINGS)
    with manager.page.expect_download() as download:
        manager.follows("example file")
    (week,) = (CASES / "example-week" / "visits").glob("*/*.csv")
    assert rows_of(download.value.path().read_text(encoding="utf-8-sig")) == rows_of(week.read_text())


def test_looking_again_changes_nothing_and_updating_twice_updates_once(
    emptied: CouncilSite, manager: Visitor
) -> None:
    council = emptied.council.council
    sends(manager, ("week.csv", a_file(a_visit())))
    manager.is_at(CHECK)
    manager.page.reload()
    assert council.books()["matched"] == 0
    updates(manager)
    address = manager.page.url
    manager.page.reload()
    manager.page.go_back()
    button = manager.page.get_by_role("button", name="Update 1 visit")
    if button.count():  # the browser may show the page as it was, or ask for it anew
        button.click()
    expect(manager.page).to_have_url(address)
    expect(manager.page.get_by_role("heading", level=1)).to_have_text("System updated")
    assert (council.books()["total_payable"], council.differences()) == ("30.00", [])


def test_a_check_that_another_file_overtook_is_shown_again(emptied: CouncilSite, manager: Visitor) -> None:
    council = emptied.council.council
    sends(manager, ("week.csv", a_file(a_visit(), a_visit("V2"))))
    manager.is_at(CHECK)
    council.import_visits(DIAMOND, a_file(a_visit(DeliveredExitTime="10:30")))
    manager.presses("Update 2 visits")
    manager.sees("Nothing was updated: visits, carers or care changed after the check that you saw")
    assert read_numbers(manager) == dict.fromkeys(COUNTS, 0) | {"read": 2, "new": 1, "updated": 1}
    assert council.books()["total_payable"] == "45.00"
    manager.finds_no_fault()
    updates(manager)
    assert (council.books()["total_payable"], council.differences()) == ("60.00", [])


def test_a_cancelled_file_changes_nothing(emptied: CouncilSite, manager: Visitor) -> None:
    sends(manager, ("week.csv", a_file(a_visit())))
    manager.is_at(CHECK)
    manager.presses("Cancel")
    manager.sees("The file was cancelled. Nothing of it was updated.")
    manager.is_at("Visits files")
    manager.follows("week.csv")
    manager.is_at("The file was cancelled")
    assert emptied.council.council.books()["matched"] == 0


def test_no_file_and_a_file_that_is_none(manager: Visitor) -> None:
    manager.opens("/visits-files")
    manager.presses("Check the file")
    manager.is_told("Choose a visits file")
    sends(manager, ("week.csv", b"\x89PNG\r\n\x1a\n" + bytes(200)))
    manager.is_at("The file can’t be read")
    manager.sees("image")


def test_the_same_file_again_says_when_and_by_whom_it_was_imported(
    emptied: CouncilSite, visitors: Visitors
) -> None:
    emptied.council.council.import_care(CARE)
    visitor = visitors(emptied.url)
    email = emptied.signs_in(visitor, "home_manager", DIAMOND)
    for _ in range(2):
        sends(visitor, ("week.csv", a_file(a_visit())))
        if visitor.page.get_by_role("heading", level=1).text_content() == CHECK:
            updates(visitor)
    visitor.is_at("The file was imported before")
    visitor.sees(f"by {email}")


def test_what_is_doubtful_in_a_file_stands_before_its_counts(manager: Visitor) -> None:
    sends(manager, ("week.csv", a_file(a_visit("1.23E+09"), a_visit("V2", PlannedEntryTime="24:00"))))
    manager.is_at(CHECK)
    said = manager.page.locator(".govuk-warning-text")
    expect(said).to_have_count(2)
    expect(said.nth(0)).to_contain_text("a spreadsheet made of a long number, such as 1.23E+09 in row 2")
    expect(said.nth(1)).to_contain_text("planned more than a year ago")
    counts = manager.page.locator(".portal-numbers").bounding_box()
    warning = said.nth(1).bounding_box()
    assert counts is not None
    assert warning is not None
    assert warning["y"] + warning["height"] <= counts["y"]
    manager.sees("midnight is 00:00")
    manager.finds_no_fault()


def test_the_same_file_after_its_carers_says_who_imported_it_and_what_changes(
    emptied: CouncilSite, visitors: Visitors
) -> None:
    emptied.council.council.import_care(CARE)
    visitor = visitors(emptied.url)
    email = emptied.signs_in(visitor, "home_manager", DIAMOND)
    file = ("week.csv", a_file(a_visit(CarerRef="C7"), a_visit("V2")))
    sends(visitor, file)
    updates(visitor)
    emptied.council.council.import_carers(DIAMOND, "CarerRef,Forename,Surname\nC7,Ann,Bell\n")
    sends(visitor, file)
    visitor.is_at(CHECK)
    visitor.sees(f"by {email}. Only rows that were rejected then")
    updates(visitor)
    assert emptied.council.council.books()["total_payable"] == "60.00"


def test_a_file_that_changes_nothing_has_no_button_to_update(manager: Visitor) -> None:
    sends(manager, ("week.csv", a_file(a_visit())))
    updates(manager)
    sends(manager, ("again.csv", a_file(a_visit(), line_end="\n")))
    manager.is_at("This file changes nothing")
    expect(manager.page.get_by_role("button", name=re.compile("Update"))).to_have_count(0)


def test_without_javascript_the_pages_work_the_same(emptied: CouncilSite, visitors: Visitors) -> None:
    emptied.council.council.import_care(CARE)
    visitor = visitors(emptied.url, javascript=False)
    emptied.signs_in(visitor, "home_manager", DIAMOND)
    sends(visitor, ("week.csv", a_file(a_visit())))
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(CHECK)
    updates(visitor)
    assert emptied.council.council.books()["total_payable"] == "30.00"


def test_a_file_that_is_being_checked_shows_its_check_by_itself(
    emptied: CouncilSite, manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.portal.visits.jobs.JOB_SECONDS", 0.2)
    with emptied.council.council.sessions["ingest"].begin() as session:
        session.execute(text("LOCK TABLE staged_visits IN SHARE MODE"))  # the check waits for it
        sends(manager, ("week.csv", a_file(a_visit())))
        manager.is_at("The file is being checked")
    expect(manager.page.get_by_role("heading", level=1)).to_have_text(CHECK, timeout=30_000)


def test_how_far_matching_and_payment_have_come_is_shown_until_all_is_paid(
    emptied: CouncilSite, manager: Visitor
) -> None:
    sends(manager, ("week.csv", a_file(a_visit())))
    expect(manager.page.get_by_role("status")).to_contain_text("£30.00", timeout=30_000)
    with emptied.council.council.sessions["payments"].begin() as session:
        session.execute(text("LOCK TABLE weeks IN SHARE MODE"))  # payment waits for it
        manager.presses("Update 1 visit")
        expect(manager.page.get_by_role("status")).to_contain_text(
            re.compile(r"being matched and priced: \d+ of \d+ steps are done")
        )
        manager.finds_no_fault()
    manager.sees("All steps of matching and payment are done.")
    assert emptied.council.council.books()["total_payable"] == "30.00"


def test_a_file_that_is_being_applied_shows_its_end_by_itself(
    emptied: CouncilSite, manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.portal.visits.jobs.JOB_SECONDS", 0.2)
    sends(manager, ("week.csv", a_file(a_visit())))
    expect(manager.page.get_by_role("heading", level=1)).to_have_text(CHECK)
    expect(manager.page.get_by_role("status")).to_contain_text("£30.00", timeout=30_000)
    with emptied.council.council.sessions["ingest"].begin() as session:
        session.execute(text("SELECT 1 FROM organisations FOR UPDATE"))  # applying waits for it
        manager.presses("Update 1 visit")
        manager.is_at("The system is being updated")
    expect(manager.page.get_by_role("heading", level=1)).to_have_text("System updated", timeout=30_000)
