"""A session that ended, another sign-in, a second tab: what a person is told, and how they go on with what they typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from services.portal.accounts import steps as accounts_steps
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied, gives_details, sends
from tests.browser.test_signing_in import JO, gives_digits, signs_in
from tests.browser.test_worklist import WORKLIST, a_week
from tests.journeys.test_cases import CASES
from tests.support.portal.accounts import PASSWORD, Portal, a_provider
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

FAULT = CASES / "faults" / "stale-confirm"
CARE = "Test Care Ltd"
CHECK = "Check the file before you update"
AGAIN = "Nothing was updated: you signed in again meanwhile"
NOT_YET = "Nothing was updated yet."
FILLED_IN = "What you typed is filled in again"
UPDATE = re.compile(r"^\s*Update 1 visit\s*$")

Ends = Callable[[CouncilSite, Visitor, str], None]


def signs_in_again(site: CouncilSite, visitor: Visitor, email: str) -> None:
    """Out and in again, in a second tab of the same browser; then back to the first."""
    first, second = visitor.page, visitor.page.context.new_page()
    visitor.page = second
    visitor.opens("/account")
    visitor.presses("Sign out")
    gives_details(visitor, email)
    visitor.page = first
    second.close()


def is_idle(site: CouncilSite, _: Visitor, __: str) -> None:
    """As after half an hour."""
    with site.council.parts.sessions.begin() as transaction:
        transaction.execute(text("UPDATE sessions SET seen_at = seen_at - interval '31 minutes'"))


def goes_back(visitor: Visitor, email: str, place: str) -> None:
    """Whichever way it is led: by a page that says why nothing was done, or by sign-in, which says so too."""
    heading = visitor.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("Sign in|Nothing was updated"))
    if heading.inner_text() == "Sign in":
        visitor.sees("Nothing was updated: you are not signed in any more.")
        visitor.finds_no_fault()
        gives_details(visitor, email, opens=False)
    else:
        visitor.is_at(AGAIN)
        visitor.presses(f"Go to {place}")
    visitor.sees(NOT_YET)


def officer_at_worklist(site: CouncilSite, visitors: Visitors) -> tuple[Visitor, str]:
    a_week(site)
    officer = visitors(site.url)
    email = site.signs_in(officer, "finance")
    officer.opens(WORKLIST)
    officer.presses("Look at this week")
    officer.sees("Proposed: 5 doubts")
    return officer, email


ways = pytest.mark.parametrize("ends", [signs_in_again, is_idle])


@ways
def test_a_file_waits_on_its_page_until_its_sender_is_back(
    emptied: CouncilSite, visitors: Visitors, ends: Ends
) -> None:
    emptied.council.council.import_care((FAULT / "care.csv").read_bytes())
    manager = visitors(emptied.url)
    email = emptied.signs_in(manager, "home_manager", CARE)
    sends(manager, FAULT / "visits.csv")
    manager.is_at(CHECK)
    manager.sees("Updating changes what is payable by £20.00.")
    place = manager.page.url
    ends(emptied, manager, email)
    manager.page.get_by_role("button", name=UPDATE).click()
    goes_back(manager, email, "the file")
    manager.is_at(CHECK)
    manager.finds_no_fault()
    assert manager.page.url == f"{place}?unsent={manager.page.url.partition('unsent=')[2]}"
    manager.sees("If you still want to do it, press the button again.")
    assert emptied.council.council.books()["matched"] == 0
    manager.page.get_by_role("button", name=UPDATE).click()
    manager.sees("All steps of matching and payment are done.")
    assert emptied.council.council.books()["matched"] == 1


@ways
def test_doubts_stay_chosen_and_words_written(emptied: CouncilSite, visitors: Visitors, ends: Ends) -> None:
    officer, email = officer_at_worklist(emptied, visitors)
    officer.follows("Tick all on this page")
    officer.presses("Raise disputes")
    officer.is_at("Raise disputes")
    words = officer.page.locator("textarea").first
    words.fill("Why was nothing said?\nPlease answer by Friday.")
    count = officer.page.locator("tbody tr").count()
    ends(emptied, officer, email)
    officer.presses("Raise disputes")
    goes_back(officer, email, "the page")
    officer.is_at("Raise disputes")
    officer.sees(FILLED_IN)
    expect(officer.page.locator("textarea").first).to_have_value(
        "Why was nothing said?\nPlease answer by Friday."
    )
    assert officer.page.locator("tbody tr").count() == count
    officer.presses("Raise disputes")
    officer.sees("disputes are raised.")


@ways
def test_visits_stay_ticked_for_a_dispute(emptied: CouncilSite, visitors: Visitors, ends: Ends) -> None:
    officer, email = officer_at_worklist(emptied, visitors)
    officer.opens("/visits?week=2022-10-05")
    officer.page.get_by_label("Choose visit STAY-1").check()
    officer.page.get_by_label("Choose visit NOON").check()
    ends(emptied, officer, email)
    officer.presses("Raise a dispute on the chosen visits")
    goes_back(officer, email, "the page")
    assert "/visits?week=2022-10-05&" in officer.page.url
    for visit, is_ticked in (("STAY-1", True), ("STAY-2", False), ("NOON", True)):
        expect(officer.page.get_by_label(f"Choose visit {visit}")).to_be_checked(checked=is_ticked)
    officer.presses("Raise a dispute on the chosen visits")
    officer.is_at("Raise a dispute")
    officer.page.get_by_label("Incorrect Data").check()
    officer.fills("What do you ask of the provider?", "Was it noon?")
    ends(emptied, officer, email)
    officer.presses("Raise the disputes")
    goes_back(officer, email, "the page")
    officer.is_at("Raise a dispute")
    expect(officer.page.get_by_label("Incorrect Data")).to_be_checked()
    expect(officer.page.get_by_label("What do you ask of the provider?")).to_have_value("Was it noon?")
    officer.presses("Raise the disputes")
    officer.sees("2 disputes are raised.")


@ways
def test_a_visit_typed_cell_by_cell_is_not_typed_twice(
    emptied: CouncilSite, visitors: Visitors, ends: Ends
) -> None:
    emptied.council.council.import_care((FAULT / "care.csv").read_bytes())
    manager = visitors(emptied.url)
    email = emptied.signs_in(manager, "home_manager", CARE)
    manager.opens("/add-visit")
    typed = {
        "Visit reference": "T-1",
        "Planned date": "15/11/2022",
        "Planned entry time": "09:00",
        "Planned exit time": "10:00",
        "Delivered date": "15/11/2022",
        "Delivered entry time": "09:00",
        "Delivered exit time": "10:00",
        "SSRef": "T1",
        "Comments": "Two lines,\nboth of them.",
    }
    for label, value in typed.items():
        manager.fills(label, value)
    manager.page.get_by_label("Visit type").select_option("DHS")
    manager.page.get_by_label("Service level").select_option("Personal Care")
    ends(emptied, manager, email)
    manager.page.locator("main form button").last.click()
    goes_back(manager, email, "the page")
    for label, value in typed.items():
        expect(manager.page.get_by_label(label, exact=True)).to_have_value(value)
    expect(manager.page.get_by_label("Visit type")).to_have_value("DHS")
    manager.page.locator("main form button").last.click()
    manager.sees("Visit T-1 was added.")


def test_a_large_file_after_an_ended_session_is_asked_for_again(
    emptied: CouncilSite, visitors: Visitors
) -> None:
    officer = visitors(emptied.url)
    email = emptied.signs_in(officer, "finance")
    officer.opens("/care-imports")
    is_idle(emptied, officer, email)
    content = b"CpliId\r\n" + b"1\r\n" * 1_000_000
    officer.page.locator("input[type=file]").set_input_files(
        {"name": "care.csv", "mimeType": "text/csv", "buffer": content}
    )
    officer.presses("Check the file")
    goes_back(officer, email, "the page")
    assert "/care-imports?" in officer.page.url


def test_a_link_in_a_letter_leads_to_its_page_by_way_of_sign_in(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    visitor.opens("/notifications")
    visitor.is_at("Sign in")
    visitor.sees("Sign in to see the page that you asked for.")
    visitor.fills("E-mail address", JO)
    visitor.fills("Password", PASSWORD)
    visitor.presses("Continue")
    gives_digits(visitor, "000000")
    visitor.is_told("The details are not right, or sign-in is locked")
    visitor.fills("E-mail address", JO)
    visitor.fills("Password", PASSWORD)
    visitor.presses("Continue")
    gives_digits(visitor)
    assert visitor.page.url == visitor.url + "/notifications"


def test_a_second_tab_with_a_sign_in_page_says_who_is_signed_in(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    visitor.opens("/login")
    first, visitor.page = visitor.page, visitor.page.context.new_page()
    signs_in(visitor)
    visitor.page = first
    visitor.fills("E-mail address", JO)
    visitor.fills("Password", PASSWORD)
    visitor.presses("Continue")
    visitor.is_at("You are signed in already")
    visitor.finds_no_fault()
    visitor.presses("Go to your first page")
    visitor.is_at("Diamond Home Care Ltd")


def test_whoever_signs_out_is_told_so_and_half_a_sign_in_begins_again(
    portal: Portal, visitor: Visitor
) -> None:
    portal.a_holder(JO)
    signs_in(visitor)
    visitor.presses("Sign out")
    visitor.is_at("Sign in")
    visitor.sees("You are signed out.")
    visitor.fills("E-mail address", JO)
    visitor.fills("Password", PASSWORD)
    visitor.presses("Continue")
    visitor.is_at("Two digits of your security code")
    portal.clock.goes_on(minutes=11)
    gives_digits(visitor)
    visitor.is_at("Sign in")
    visitor.sees("Sign-in was not finished in time, or was begun anew in another tab. Begin again.")


def test_a_wrong_first_password_asks_for_no_digits(portal: Portal, visitors: Visitors, site: str) -> None:
    initial = accounts_steps.add(portal.parts, JO, "home_manager", a_provider("Diamond Home Care Ltd"))
    for is_ticked, wrong in ((True, "Wrong4Password"), (False, initial[:-1])):
        visitor = visitors(site)
        visitor.opens("/login")
        visitor.fills("E-mail address", JO)
        visitor.fills("Password", wrong)
        box = visitor.page.get_by_label("I have not set a security code yet")
        box.set_checked(is_ticked)
        visitor.presses("Continue")
        visitor.is_told("The details are not right, or sign-in is locked")
        visitor.is_at("Sign in")
        expect(visitor.page.get_by_label("E-mail address")).to_have_value(JO)
        expect(box).to_be_checked(checked=is_ticked)
        visitor.fills("Password", initial)
        visitor.presses("Continue")
        visitor.is_at("Change your password")
    unticked = visitors(site)
    unticked.opens("/login")
    unticked.fills("E-mail address", "nobody@diamond.example")
    unticked.fills("Password", "Wrong4Password")
    unticked.presses("Continue")
    unticked.is_at("Two digits of your security code")
    unticked.follows("enter them again")
    unticked.is_at("Sign in")
    expect(unticked.page.get_by_label("I have not set a security code yet")).to_be_checked()


def positions(visitor: Visitor) -> list[int]:
    labels = visitor.page.get_by_text(re.compile(r"^\s*\d(st|nd|rd|th) digit\s*$"))
    expect(labels).to_have_count(2)
    return [int(label.strip()[0]) for label in labels.all_text_contents()]


def pastes(visitor: Visitor, field: Any, content: str) -> None:
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.evaluate("content => navigator.clipboard.writeText(content)", content)
    field.focus()
    visitor.page.keyboard.press("Control+V")


@pytest.mark.parametrize("what", ["whole", "spaced", "both", "typed"])
def test_digits_are_pasted_or_typed_one_after_the_other(portal: Portal, visitor: Visitor, what: str) -> None:
    code = "482913"
    portal.a_holder(JO)
    visitor.opens("/login")
    visitor.fills("E-mail address", JO)
    visitor.fills("Password", PASSWORD)
    visitor.presses("Continue")
    asked = positions(visitor)
    both = "".join(code[one - 1] for one in asked)
    boxes = visitor.page.locator("[data-digits] input")
    if what == "typed":
        boxes.first.focus()
        visitor.page.keyboard.type(both)
    else:
        content = {"whole": code, "spaced": f" {code[:3]} {code[3:]}\n", "both": both}[what]
        pastes(visitor, boxes.first, content)
    expect(boxes.last).to_be_focused()
    assert [boxes.first.input_value(), boxes.last.input_value()] == list(both)
    visitor.page.keyboard.press("Enter")
    visitor.is_at("Diamond Home Care Ltd")


def test_the_boxes_of_digits_wake_no_password_manager(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    visitor.opens("/login")
    visitor.fills("E-mail address", JO)
    visitor.fills("Password", PASSWORD)
    visitor.presses("Continue")
    visitor.is_at("Two digits of your security code")
    assert visitor.page.locator("input[type=password]").count() == 0
    for box in visitor.page.locator("[data-digits] input").all():
        assert (box.get_attribute("type"), box.get_attribute("inputmode")) == ("text", "numeric")
        assert box.get_attribute("autocomplete") == "off"
        assert box.evaluate("box => getComputedStyle(box).webkitTextSecurity") == "disc"


@pytest.mark.parametrize("is_whole", [True, False])
def test_one_box_takes_all_digits_without_a_script(
    portal: Portal, visitors: Visitors, site: str, is_whole: bool
) -> None:
    code = "482913"
    portal.a_holder(JO)
    plain = visitors(site, javascript=False)
    plain.opens("/login")
    plain.fills("E-mail address", JO)
    plain.fills("Password", PASSWORD)
    plain.presses("Continue")
    both = "".join(code[one - 1] for one in positions(plain))
    plain.page.locator("[data-digits] input").first.press_sequentially(code if is_whole else both)
    plain.presses("Sign in")
    expect(plain.page.get_by_role("heading", level=1)).to_have_text("Diamond Home Care Ltd")
