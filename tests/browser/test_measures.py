"""Monitoring from both sides, with a browser: measures and what made them, thresholds, one diary, under-delivery."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Carers Ltd"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAILY = "; ".join(f"{day} 09:00-10:00" for day in DAYS)
CARE = a_care_file(
    a_care_row(1, SSRef="A1", Forename="Ada", Surname="Hart", UnitCost="23.226", Timetable=DAILY + "!"),
    a_care_row(
        2, SSRef="A2", OrganisationName=PEARL, ServiceName="Pearl - Spot", Contract="Spot", Quantity="1"
    ),
)
FIRST_MONDAY = dt.date(2022, 10, 3)
QUARTER = "?span=quarter&day=2022-10-03"


def a_visit(
    ref: str, day: dt.date, begun: str = "09:00", ended: str = "10:00", **cells: str
) -> tuple[str, ...]:
    """A visit of the first client, planned at nine."""
    on = f"{day:%d/%m/%Y}"
    times = {"PlannedEntryTime": "09:00", "PlannedExitTime": "10:00"}
    times |= {"DeliveredEntryTime": begun, "DeliveredExitTime": ended}
    of = {"SSRef": "A1", "ServiceName": "", "CarerRef": ""}
    return a_row(VisitRef=ref, PlannedVisitDate=on, DeliveredVisitDate=on, **times | of | cells)


@pytest.fixture
def measured(emptied: CouncilSite) -> CouncilSite:
    """Six weeks of three visits where seven are planned; one was late and one was short."""
    council = emptied.council.council
    council.import_care(CARE)
    council.books()
    days = [FIRST_MONDAY + dt.timedelta(weeks=week, days=day) for week in range(6) for day in range(3)]
    visits = [a_visit(f"V{number}", day) for number, day in enumerate(days[2:])]
    late = a_visit("LATE", days[0], "09:20", "10:20", DeliveredEntryTimeIsOverridden="Y")
    council.import_visits(DIAMOND, a_file(late, a_visit("SHORT", days[1], "09:00", "09:30"), *visits))
    council.books()
    return emptied


@pytest.fixture
def officer(measured: CouncilSite, visitors: Visitors) -> Visitor:
    """Commissioning, signed in."""
    visitor = visitors(measured.url)
    measured.signs_in(visitor, "commissioning")
    return visitor


@pytest.fixture
def manager(measured: CouncilSite, visitors: Visitors) -> Visitor:
    """The provider's manager, signed in."""
    visitor = visitors(measured.url)
    measured.signs_in(visitor, "home_manager", DIAMOND)
    return visitor


def test_measures_open_what_made_them_and_thresholds_are_tried_before_they_are_set(
    officer: Visitor, manager: Visitor
) -> None:
    officer.opens(f"/measures{QUARTER}")
    officer.is_at("Measures of providers October to December 2022")
    officer.follows("Missed")
    expect(officer.page.get_by_role("columnheader", name="Missed")).to_have_attribute(
        "aria-sort", "descending"
    )
    expect(officer.page.get_by_role("rowheader").first).to_have_text(DIAMOND)
    officer.follows(f"24 Missed, {DIAMOND}")
    officer.is_at(f"{DIAMOND}, 1 Oct 2022 to 31 Dec 2022 Missed")
    officer.sees("Slots of the timetable, for each carer wanted")
    expect(officer.page.get_by_role("row")).to_have_count(25)
    officer.opens(f"/measures{QUARTER}")
    officer.follows(DIAMOND)
    officer.is_at(f"Measures of {DIAMOND} October to December 2022")
    officer.sees("Delivered visits that began more than 15 minutes after the planned time.")
    officer.follows("1 Late, October to December 2022")
    officer.is_at(f"{DIAMOND}, 1 Oct 2022 to 31 Dec 2022 Late")
    officer.sees("20 min late")
    officer.follows("LATE")
    officer.sees("09:20 to 10:20")
    officer.opens(
        f"/measures/visits?organisation={DIAMOND}&measure=logged_share&from=2022-10-01&to=2022-12-31"
    )
    officer.follows("Visits of which a time was overridden")
    officer.is_at(f"{DIAMOND}, 1 Oct 2022 to 31 Dec 2022 Logged: visits of which a time was overridden")
    expect(officer.page.get_by_role("rowheader")).to_have_text(["LATE"])

    officer.opens("/measures/thresholds")
    officer.is_at("Thresholds of measures")
    officer.presses("Try thresholds")
    officer.is_at("Try thresholds")
    officer.fills("Any day of the month", "2022-10-03")
    officer.fills("Late: more than", "2000")
    officer.presses("Work it out")
    officer.is_told("Enter a whole number from 0 to 1440", "Late: more than")
    officer.fills("Late: more than", "20")
    officer.presses("Work it out")
    officer.is_at("Try thresholds")
    expect(officer.page.get_by_role("row").filter(has_text=DIAMOND)).to_contain_text("now 1")
    officer.opens("/measures/thresholds/set")
    officer.is_at("Set a threshold")
    officer.fills("Value", "20")
    officer.fills("For visits planned from", "soon")
    officer.presses("Set the threshold")
    officer.is_told("Enter a date, like 3/10/2022", "For visits planned from")
    officer.fills("For visits planned from", "03/10/2022")
    officer.presses("Set the threshold")
    officer.sees("Late: more than 20 minutes, for visits planned from 3 Oct 2022.")
    officer.finds_no_fault()

    manager.opens(f"/measures{QUARTER}&measure=missed")
    manager.is_at(f"Measures of {DIAMOND} October to December 2022")
    manager.sees("Delivered visits that began more than 20 minutes after the planned time.")
    manager.follows("24 Missed, October to December 2022")
    manager.is_at("1 Oct 2022 to 31 Dec 2022 Missed")
    manager.opens(f"/measures/visits?organisation={PEARL}")
    manager.sees(f"No organisation is called “{PEARL}”")


def test_one_diary_counts_by_total_hours_alone(measured: CouncilSite, officer: Visitor) -> None:
    officer.opens("/one-diaries")
    officer.is_at("Monitored by total hours (one diary)")
    officer.presses("Monitor by total hours DAPL")
    officer.sees("DAPL is monitored by total hours.")
    officer.opens("/care/1")
    officer.sees("Monitored by total hours (one diary), as all care under DAPL")
    officer.sees("09:00 to 10:00 (time-critical)")
    officer.is_at("Care package line item 1")
    officer.opens(f"/measures{QUARTER}")
    officer.sees("Contracts monitored by total hours (one diary)")
    expect(officer.page.get_by_role("link", name=f"Missed, {DIAMOND}")).to_have_count(0)
    officer.opens("/care/1")
    officer.presses("Monitor it visit by visit")
    officer.sees("Care package line item 1 is monitored visit by visit.")
    officer.opens(f"/measures{QUARTER}")
    expect(officer.page.get_by_role("link", name=f"24 Missed, {DIAMOND}")).to_be_visible()
    officer.opens("/one-diaries")
    officer.is_at("Monitored by total hours (one diary)")


def test_one_press_opens_the_action_of_a_review_and_what_came_of_it_is_shown(
    officer: Visitor, manager: Visitor
) -> None:
    officer.opens("/under-delivery")
    officer.is_at("Consistent under-delivery")
    row = officer.page.get_by_role("row").filter(has_text="Under")
    # (7 - 3) hours at 23.226, 52 times a year
    expect(row).to_contain_text("£4,831.01")
    officer.page.get_by_role("link", name="1 and its weeks").click()
    officer.is_at("Ada Hart Delivery of line item 1")
    second = officer.page.context.new_page()
    second.goto(officer.page.url)
    officer.presses("Open an action for the review")
    officer.sees("is opened, and assigned to the provider.")
    second.get_by_role("button", name="Open an action for the review").click()
    expect(second.get_by_text(re.compile("about this line item is open already"))).to_be_visible()
    assert second.url == officer.page.url
    second.close()

    manager.opens("/under-delivery")
    manager.is_at("Consistent under-delivery")
    expect(manager.page.get_by_role("table")).not_to_contain_text("£")
    manager.page.get_by_role("link", name="1 and its weeks").click()
    manager.is_at("Ada Hart Delivery of line item 1")
    manager.sees("It is with the provider.")

    officer.fills("Your message", "The plan becomes three hours.")
    officer.presses("Close the action")
    officer.opens("/under-delivery")
    officer.sees("The plan becomes three hours.")
    officer.page.get_by_role("link", name="1 and its weeks").click()
    officer.sees("this was said last:")
    officer.finds_no_fault()
