"""One-off claims by the steps of [003], on both sides, with browsers (RULES 10)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from services.portal.schema.tables_letters import Letter
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.support.council.claims import CARE, DAPL, DIAMOND, FLANDERS, SPOT, flanders
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

A_WORKING = {"name": "working.txt", "mimeType": "text/plain", "buffer": b"0.5 x 1 h x 23.77\n"}
A_LETTER = {
    "name": "discharge letter.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n%of a hospital\n",
}
DESCRIPTION = "Admitted 10.11.22, care resumed 13.11.22. One hour missed. (1 * 23.77) = 23.77"
OF_A_DEVICE = Letter.subject_line.startswith("A new device")
"""What tells of each first sign-in."""


@pytest.fixture
def site(emptied: CouncilSite) -> CouncilSite:
    """[003]'s care, and Mr Flanders' visits: one hour missed for a stay in hospital."""
    council = emptied.council.council
    council.import_care(CARE)
    council.import_visits(DIAMOND, flanders())
    council.books()
    return emptied


@pytest.fixture
def manager(site: CouncilSite, visitors: Visitors) -> Visitor:
    visitor = visitors(site.url)
    site.signs_in(visitor, "home_manager", DIAMOND)
    return visitor


def begins(manager: Visitor, service: str) -> None:
    """A claim for a service, by the financial year and the services on the left."""
    manager.opens("/claims")
    manager.is_at("One-off claims")
    manager.page.get_by_label("Financial year").select_option("2022/23")
    manager.presses("View")
    manager.follows(service)
    manager.presses("New Claim")
    manager.is_at("New claim")
    expect(manager.page.get_by_label("Service", exact=True)).to_have_value(service)
    manager.presses("Begin the claim")
    manager.sees("The claim is begun.")


def fill_in_item(manager: Visitor, client: str, amount: str) -> None:
    """What an item needs."""
    manager.page.get_by_label("Client", exact=True).select_option(client)
    manager.fills("Date of admission", "2022-11-10")
    manager.fills("Date of discharge, when the care resumed", "2022-11-13")
    manager.fills("Description", DESCRIPTION)
    manager.fills("Unit cost", amount)


def test_a_claim_is_made_amended_and_accepted(
    site: CouncilSite, manager: Visitor, visitors: Visitors
) -> None:
    manager.opens("/notifications")
    manager.page.get_by_label("One-off claims").check()
    manager.presses("Save")
    begins(manager, DAPL)
    heading = manager.page.get_by_role("heading", level=1).inner_text()
    number = heading.split()[-1]
    manager.finds_no_fault()
    manager.follows("Add New Client Item")
    manager.presses("Create")
    manager.is_told("Enter a description", "Description")
    fill_in_item(manager, FLANDERS, "23.77")
    manager.fills("Date of discharge, when the care resumed", "2022-11-09")
    manager.presses("Create")
    manager.is_told("The date of discharge can’t be before the admission")
    fill_in_item(manager, FLANDERS, "23.77")
    manager.page.locator("input[type=file]").set_input_files(A_LETTER)
    manager.presses("Create")
    manager.sees("The client item is saved.")
    row = manager.page.get_by_role("row").filter(has_text=FLANDERS)
    expect(row).to_contain_text(re.compile(r"£23\.77.*£11\.89.*Differs", re.S))
    manager.presses("Submit Claim")
    manager.sees("The claim is submitted.")
    manager.finds_no_fault()

    officer = visitors(site.url)
    site.signs_in(officer, "finance")
    officer.opens("/")
    officer.sees("1 claim to go on with")
    officer.follows("One-off claims")
    officer.is_at("One-off claims")
    officer.page.get_by_role("row").filter(has_text=DIAMOND).get_by_role("link").click()
    officer.sees("submitted the claim")
    officer.finds_no_fault()
    reader = visitors(site.url)
    site.signs_in(reader, "commissioning")
    reader.page.goto(officer.page.url)
    reader.sees("submitted the claim")
    officer.page.get_by_role("row").filter(has_text=FLANDERS).get_by_role("link", name="View").click()
    officer.is_at(f"Claim {number} Client item of Ned Flanders")
    expect(officer.page.get_by_role("row").filter(has_text="F1")).to_contain_text("Yes")
    with officer.page.expect_download() as download:
        officer.follows("discharge letter.pdf")
    assert download.value.path().read_bytes() == A_LETTER["buffer"]
    officer.fills("Amount to pay", "11.89")
    officer.presses("Save the item")
    officer.is_told("Enter why: the provider reads it beside the item.", "Local authority note")
    officer.fills("Local authority note", "There was an error in your calculation")
    officer.presses("Save the item")
    officer.sees("The client item is saved")
    officer.presses("Reject the claim")
    officer.is_told("Enter a message", "Your message")
    officer.page.locator("input[type=file]").set_input_files(A_WORKING)
    officer.presses("Accept £11.89")
    officer.sees("The claim is accepted, and the provider is told.")
    officer.sees("working.txt")
    with site.council.parts.sessions.begin() as transaction:
        letters = list(transaction.scalars(select(Letter.subject_line).where(~OF_A_DEVICE)))
    assert letters == [f"The council has accepted your one-off claim {number}"]

    manager.opens("/claims?year=2022/23")
    expect(manager.page.get_by_role("row").filter(has_text="Accepted")).to_contain_text("£11.89")
    manager.page.get_by_role("row").filter(has_text="Accepted").get_by_role("link").click()
    with manager.page.expect_download() as download:
        manager.follows("working.txt")
    assert download.value.path().read_bytes() == A_WORKING["buffer"]
    manager.page.get_by_role("row").filter(has_text=FLANDERS).get_by_role("link", name="View").click()
    manager.sees("Amended from £23.77 to £11.89 because there was an error in your calculation")
    manager.finds_no_fault()
    site.council.council.books()
    manager.opens("/payments/2022-10-31")
    item = manager.page.get_by_role("row").filter(has_text="One-off claim")
    expect(item).to_contain_text(re.compile(r"Hospital Incentive Payment.*£11\.89", re.S))
    item.get_by_role("link", name="View the item").click()
    manager.sees("The client is not charged.")
    manager.finds_no_fault()
    assert site.council.council.differences() == []


def test_a_claim_that_does_not_qualify_is_rejected_at_once_and_a_draft_is_changed_and_cancelled(
    manager: Visitor,
) -> None:
    begins(manager, SPOT)
    manager.follows("Add New Client Item")
    fill_in_item(manager, "A400", "20.00")
    manager.presses("Create")
    manager.sees("The client item is saved.")
    manager.page.get_by_role("row").filter(has_text="A400").get_by_role("link", name="View").click()
    manager.sees("The Spot contract pays no hospital incentive.")
    manager.presses("Change the item")
    manager.is_at("Change the client item")
    expect(manager.page.get_by_label("Date of admission")).to_have_value("2022-11-10")
    manager.fills("Unit cost", "25.00")
    manager.presses("Save")
    expect(manager.page.get_by_role("row").filter(has_text="A400")).to_contain_text("£25.00")
    manager.presses("Submit Claim")
    manager.sees("The claim was rejected automatically: the reason stands below.")
    expect(manager.page.get_by_role("region", name="Important")).to_contain_text("rejected automatically")
    manager.sees("This claim is for care under the Spot contract.")
    manager.sees("£25.00: nothing of it is paid, as the claim is rejected")
    manager.finds_no_fault()
    begins(manager, DAPL)
    manager.presses("Cancel Claim")
    manager.sees("The claim is cancelled.")
