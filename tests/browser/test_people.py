"""Home, API tokens, contacts by request, notifications, the audit trail and the guide, with a browser (RULES 12, 14, 15)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from services.portal.accounts import steps as accounts_steps
from services.portal.contacts import store as contacts_store
from services.portal.help.tasks import every_guide
from tests.browser.conftest import Visitors
from tests.browser.test_signing_in import JO, signs_in
from tests.support.portal.accounts import Portal
from tests.support.portal.browsing import WIDE, Visitor

ANN = "ann@diamond.example"
HELP = "help@council.example"
DETAILS = {
    "Forename": "Ann",
    "Surname": "Green",
    "Address 1": "1 High Street",
    "Town": "Barchester",
    "Postcode": "BA1 1AA",
    "Telephone": "01632 960 001",
    "E-mail": "ann.green@home.example",
}


def test_a_contact_is_changed_by_request_and_the_audit_trail_shows_it(
    portal: Portal, site: str, visitor: Visitor, visitors: Visitors
) -> None:
    for email, role in ((JO, "home_manager"), (ANN, "accounts_payable"), (HELP, "helpdesk")):
        portal.a_holder(email, role)
    helpdesk = visitors(site)
    signs_in(visitor)
    visitor.follows("Contacts")
    visitor.is_at("Contacts")
    visitor.follows(ANN)
    visitor.is_at(f"Contacts {ANN}")
    visitor.follows("Edit the details of ann@diamond.example")
    visitor.is_at(f"Request an update of {ANN}")
    visitor.presses("Send update request")
    visitor.is_told("Enter surname", "Surname")
    for label, text in DETAILS.items():
        visitor.fills(label, text)
    visitor.presses("Send update request")
    visitor.is_at("Change requests")
    expect(visitor.page.get_by_role("row").filter(has_text="Update Contact")).to_contain_text("Pending")
    visitor.opens("/contacts")
    visitor.follows(ANN)
    visitor.follows("Request role removal Accounts Payable")
    visitor.is_at(f"Request removal of the role Accounts Payable from {ANN}?")
    with portal.parts.sessions.begin() as transaction:
        assert contacts_store.count_pending(transaction, None) == 1  # pressed once: nothing is asked yet
    visitor.presses("Request role removal")
    visitor.is_at("Change requests")

    signs_in(helpdesk, HELP)
    helpdesk.sees("2 change requests pending")
    helpdesk.follows("Change requests")
    helpdesk.is_at("Change requests")
    helpdesk.follows(f"Answer Delete Contact Role {ANN}")
    helpdesk.is_at(f"Delete Contact Role {ANN}")
    helpdesk.presses("Accept request")
    helpdesk.sees("Accepted, and done.")
    assert accounts_steps.find(portal.parts, ANN).disabled_at is not None
    helpdesk.follows(f"Answer Update Contact {ANN}")
    helpdesk.is_at(f"Update Contact {ANN}")
    helpdesk.presses("Reject request")
    helpdesk.is_told("Enter why it is rejected", "Why it is rejected")
    helpdesk.fills("Why it is rejected", "She has left")
    helpdesk.presses("Reject request")
    helpdesk.is_at("Change requests")
    visitor.opens("/change-requests")
    expect(visitor.page.get_by_role("row").filter(has_text="Delete Contact Role")).to_contain_text("Accepted")
    expect(visitor.page.get_by_role("row").filter(has_text="Update Contact")).to_contain_text("She has left")

    helpdesk.opens("/audit")
    helpdesk.is_at("Audit trail")
    helpdesk.fills("E-mail address, token’s id or “command line”", JO)
    helpdesk.presses("View")
    row = helpdesk.page.get_by_role("row").filter(has_text="Requested removal of a contact’s role")
    expect(row).to_contain_text("Done")
    expect(row).to_contain_text("Diamond Home Care Ltd")
    expect(
        helpdesk.page.get_by_text("Accepted a change request", exact=True).locator("visible=true")
    ).to_have_count(0)


def test_a_token_is_issued_shown_once_and_revoked_after_asking_twice(
    portal: Portal, visitor: Visitor
) -> None:
    portal.a_holder(JO)
    signs_in(visitor)
    visitor.follows("API tokens")
    visitor.is_at("API tokens")
    visitor.fills("Days until it ends", "0")
    visitor.presses("Issue token")
    visitor.is_told("Enter what it is for", "What it is for")
    visitor.is_told("Enter a number of days from 1 to 365", "Days until it ends")
    visitor.fills("What it is for", "Rostering")
    visitor.fills("Days until it ends", "90")
    visitor.page.get_by_label("Send visits").check()
    visitor.presses("Issue token")
    visitor.is_at("The token is issued")
    token = visitor.page.locator("code").first.inner_text()
    assert re.fullmatch(r"caretally_\w+_\w+", token)
    visitor.follows("API tokens")
    assert token not in visitor.page.content()
    visitor.follows(f"Revoke Rostering {token.split('_')[1]}")
    visitor.is_at("Do you want to revoke this token?")
    visitor.presses("Revoke token")
    visitor.sees("It lets nobody in any more.")
    expect(visitor.page.get_by_role("row").filter(has_text="Rostering")).to_contain_text("Revoked")


def test_notifications_are_ticked_and_kept(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    signs_in(visitor)
    visitor.follows("E-mail notifications")
    visitor.is_at("E-mail notifications")
    visitor.page.get_by_label("Unmatched visits", exact=True).check()
    visitor.presses("Save")
    visitor.sees("Your notifications are saved.")
    expect(visitor.page.get_by_label("Unmatched visits", exact=True)).to_be_checked()
    expect(visitor.page.get_by_label("Payments", exact=True)).not_to_be_checked()


def test_the_guide_is_read_by_whoever_has_not_signed_in(visitor: Visitor) -> None:
    visitor.opens("/login")
    visitor.follows("Help")
    visitor.is_at("Help")
    for link, heading in (
        ("The visits file: its headings and what goes into each", "The visits file"),
        ("Visit types, and what each pays", "Visit types"),
        ("Scenarios: two carers, extra visits, changed times and others", "Scenarios"),
        ("Unmatched visits: what each reason means and what to do", "Unmatched visits"),
        ("Payment calendar and submission deadlines", "Payment calendar 2022/23"),
    ):
        visitor.opens("/help")
        visitor.follows(link)
        visitor.is_at(heading)
    visitor.follows("2021/22")
    visitor.is_at("Payment calendar 2021/22")


def test_guides_are_read_by_those_whose_task_it_is(portal: Portal, visitors: Visitors, site: str) -> None:
    portal.a_holder(JO)
    portal.a_holder(HELP, "helpdesk")
    jo, helpdesk = visitors(site), visitors(site)
    signs_in(jo)
    signs_in(helpdesk, HELP)
    for guide in every_guide().values():
        reader = jo if guide.side == "provider" else helpdesk
        reader.opens("/help")
        reader.is_at("Help")
        reader.follows(guide.title)
        reader.is_at(guide.title)
        for picture in reader.page.locator(".portal-picture").all():
            assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 0")
            reader.narrows()
            reader.has_in_sight(picture)
            reader.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def test_the_tabs_stand_on_one_line(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    signs_in(visitor)
    tabs = visitor.page.get_by_role("navigation", name="Menu").get_by_role("listitem")
    assert len({tab.bounding_box()["y"] for tab in tabs.all() if tab.bounding_box()}) == 1  # type: ignore[index]
