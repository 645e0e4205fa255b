"""Contacts are changed by request: accepting one does it, with the account and the letters (RULES 12, 14)."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from libs.common.errors import Refused
from services.portal.accounts import steps as accounts_steps
from services.portal.contacts import steps as contacts_steps
from services.portal.contacts import store as contacts_store
from services.portal.contacts.rules import FIELDS, NEEDED
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import ChangeRequest, Contact
from tests.portal.database.test_helpdesk import NEW_PASSWORD, Post, post, words_of
from tests.support.portal.accounts import PASSWORD, Browser, Portal, a_provider

__all__ = ["post"]

NEW = dict.fromkeys(FIELDS, "") | {
    "title": "Ms",
    "forename": "Tahmina",
    "surname": "Miah",
    "address_1": "1 High Street",
    "town": "Barchester",
    "postcode": "BA1 1AA",
    "telephone": "01632 960 001",
    "email": "tahmina@home.example",
    "portal_email": "tahmina@diamond.example",
}


@pytest.fixture
def jo(portal: Portal) -> Account:
    """A provider's manager."""
    return accounts_steps.find(portal.parts, portal.a_holder())


@pytest.fixture
def helpdesk(portal: Portal) -> Account:
    return accounts_steps.find(portal.parts, portal.a_holder("help@council.example", "helpdesk"))


def contact_of(portal: Portal, account: Account) -> Contact:
    """The contact that an account belongs to."""
    assert account.organisation_id is not None
    with portal.parts.sessions.begin() as transaction:
        found = contacts_store.contacts_of(transaction, account.organisation_id)
    return next(contact for contact in found if contact.account_id == account.account_id)


def request_of(portal: Portal, change_id: uuid.UUID) -> ChangeRequest:
    with portal.parts.sessions.begin() as transaction:
        found = contacts_store.request(transaction, change_id, None)
    assert found is not None
    return found


def test_whoever_has_an_account_of_a_provider_is_a_contact(portal: Portal, jo: Account) -> None:
    assert contact_of(portal, jo).roles == ["home_manager"]
    assert portal.scalar("SELECT count(*) FROM contacts") == 1


def test_a_new_contact_is_made_with_an_account_and_sent_a_link(
    portal: Portal, post: Post, jo: Account, helpdesk: Account
) -> None:
    change_id = contacts_steps.ask_for_new(portal.parts, jo, NEW, "accounts_payable")
    assert portal.scalar("SELECT count(*) FROM accounts WHERE email = 'tahmina@diamond.example'") == 0
    contacts_steps.accept(portal.parts, change_id, helpdesk)
    tahmina = accounts_steps.find(portal.parts, "tahmina@diamond.example")
    assert (tahmina.role, tahmina.organisation_id) == ("accounts_payable", jo.organisation_id)
    assert contact_of(portal, tahmina).details["surname"] == "Miah"
    (letter,) = post.arrive(portal)
    assert letter["To"] == "tahmina@diamond.example"
    link = re.search(r"/reset/\w+", words_of(letter))
    assert link is not None
    browser = portal.browser()
    browser.post(link[0], new=NEW_PASSWORD, again=NEW_PASSWORD)
    assert browser.signs_in(tahmina.email, NEW_PASSWORD).status_code == 303  # on to the security code
    assert request_of(portal, change_id).state == "accepted"


def test_an_update_changes_what_was_asked_and_the_address_to_sign_in_with(
    portal: Portal, post: Post, jo: Account, helpdesk: Account
) -> None:
    contact = contact_of(portal, jo)
    wanted = {**NEW, "portal_email": "jo.hill@diamond.example"}
    change_id = contacts_steps.ask_for_update(portal.parts, jo, contact.contact_id, wanted)
    contacts_steps.accept(portal.parts, change_id, helpdesk)
    assert contact_of(portal, jo).details == {field: text for field, text in wanted.items() if text}
    (letter,) = post.arrive(portal)
    assert letter["To"] == "jo@diamond.example"
    assert "You sign in with the new one" in words_of(letter)
    browser = portal.browser()
    assert browser.signs_in("jo@diamond.example").status_code == 403
    browser.signs_in("jo.hill@diamond.example")
    assert browser.is_in()


def test_an_address_that_another_account_has_is_refused_and_nothing_changes(
    portal: Portal, jo: Account, helpdesk: Account
) -> None:
    taken = {**NEW, "portal_email": helpdesk.email}
    asked = [
        contacts_steps.ask_for_new(portal.parts, jo, taken, "home_manager"),
        contacts_steps.ask_for_update(portal.parts, jo, contact_of(portal, jo).contact_id, taken),
    ]
    for change_id in asked:
        with pytest.raises(Refused, match="There is an account"):
            contacts_steps.accept(portal.parts, change_id, helpdesk)
        assert request_of(portal, change_id).state == "pending"
    assert portal.scalar("SELECT count(*) FROM contacts") == 1


def test_who_loses_the_last_role_is_out_at_once_and_is_let_in_again_by_another(
    portal: Portal, post: Post, jo: Account, helpdesk: Account
) -> None:
    ann = accounts_steps.find(portal.parts, portal.a_holder("ann@diamond.example"))
    contact_id, anns = contact_of(portal, ann).contact_id, portal.browser()
    anns.signs_in(ann.email)

    def accept_role(role: str, *, is_wanted: bool) -> None:
        change_id = contacts_steps.ask_for_role(portal.parts, jo, contact_id, role, is_wanted=is_wanted)
        contacts_steps.accept(portal.parts, change_id, helpdesk)

    accept_role("accounts_payable", is_wanted=True)
    accept_role("home_manager", is_wanted=False)
    assert anns.is_in()
    assert accounts_steps.find(portal.parts, ann.email).role == "accounts_payable"
    accept_role("accounts_payable", is_wanted=False)
    assert not anns.is_in()
    assert post.arrive(portal) == []
    accept_role("home_manager", is_wanted=True)
    assert len(post.arrive(portal)) == 1
    again = portal.browser()
    again.signs_in(ann.email, PASSWORD)
    assert again.is_in()


def test_the_same_is_asked_once_and_answered_once(portal: Portal, jo: Account, helpdesk: Account) -> None:
    contact_id = contact_of(portal, jo).contact_id
    change_id = contacts_steps.ask_for_role(portal.parts, jo, contact_id, "accounts_payable", is_wanted=True)
    with pytest.raises(Refused, match="asked already"):
        contacts_steps.ask_for_role(portal.parts, jo, contact_id, "accounts_payable", is_wanted=True)
    with pytest.raises(Refused, match="has this role already"):
        contacts_steps.ask_for_role(portal.parts, jo, contact_id, "home_manager", is_wanted=True)
    contacts_steps.reject(portal.parts, change_id, helpdesk, "Ann does that")
    with pytest.raises(Refused, match="was rejected already"):
        contacts_steps.accept(portal.parts, change_id, helpdesk)
    assert request_of(portal, change_id).rejection_reason == "Ann does that"


def test_of_two_who_accept_at_the_same_moment_one_does_it(
    portal: Portal, jo: Account, helpdesk: Account
) -> None:
    change_id = contacts_steps.ask_for_new(portal.parts, jo, NEW, "home_manager")

    def accept(_: int) -> bool:
        try:
            contacts_steps.accept(portal.parts, change_id, helpdesk)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(accept, range(4))) == [False, False, False, True]
    assert portal.scalar("SELECT count(*) FROM contacts") == 2


def test_the_list_has_what_is_pending_and_what_is_not_older_than_a_month(
    portal: Portal, jo: Account, helpdesk: Account
) -> None:
    old = contacts_steps.ask_for_new(portal.parts, jo, {**NEW, "surname": "Old"}, "home_manager")
    contacts_steps.ask_for_new(portal.parts, jo, {**NEW, "surname": "Waiting"}, "home_manager")
    contacts_steps.reject(portal.parts, old, helpdesk, "no")
    portal.clock.goes_on(days=32)
    browser: Browser = portal.browser()
    browser.signs_in(jo.email)
    page = browser.get("/change-requests").text
    assert ("Waiting" in page, "Old" in page) == (True, False)
    page = browser.get("/change-requests?all=1").text
    assert ("Waiting" in page, "Old" in page) == (True, True)


def test_a_form_that_lacks_what_is_needed_says_so_field_by_field(portal: Portal, jo: Account) -> None:
    browser = portal.browser()
    browser.signs_in(jo.email)
    page = browser.post("/contacts/new", role="home_manager")
    assert page.status_code == 400
    for field in NEEDED:
        assert f'href="#{field}"' in page.text
    assert portal.scalar("SELECT count(*) FROM change_requests") == 0


def test_a_provider_asks_for_its_own_contacts_alone(portal: Portal, jo: Account) -> None:
    accounts_steps.add(portal.parts, "eve@pearl.example", "home_manager", a_provider("Pearl Carers Ltd"))
    eve = accounts_steps.find(portal.parts, "eve@pearl.example")
    with pytest.raises(Refused, match="no such contact"):
        contacts_steps.ask_for_role(
            portal.parts, eve, contact_of(portal, jo).contact_id, "home_manager", is_wanted=False
        )
