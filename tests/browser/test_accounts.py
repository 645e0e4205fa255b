"""The pages of a holder's own account, and the helpdesk's, with a browser (RULES 14)."""

from __future__ import annotations

import pyotp

from services.portal.letters import mail
from services.portal.letters.mail_server import MailServer
from tests.browser.conftest import Visitors
from tests.browser.test_signing_in import JO, gives_digits, gives_password, signs_in
from tests.support.portal.accounts import CODE, PASSWORD, Portal
from tests.support.portal.browsing import Visitor

NEW_PASSWORD = "Green4Lantern"
NEW_CODE = "325076"


def test_password_and_code_are_changed_by_who_knows_the_present_ones(
    portal: Portal, visitor: Visitor
) -> None:
    portal.a_holder(JO)
    signs_in(visitor)
    visitor.opens("/account")
    visitor.follows("Change password")
    visitor.is_at("Change your password")
    visitor.fills("Present password", "Wrong4Password")
    visitor.fills("New password", NEW_PASSWORD)
    visitor.fills("New password again", NEW_PASSWORD)
    visitor.presses("Change password")
    visitor.is_told("Present password is not right", "Present password")
    visitor.fills("Present password", PASSWORD)
    visitor.fills("New password", NEW_PASSWORD)
    visitor.fills("New password again", NEW_PASSWORD)
    visitor.presses("Change password")
    visitor.sees("Your password was changed.")
    visitor.follows("Change security code")
    visitor.is_at("Change your security code")
    visitor.fills("Present security code", CODE)
    visitor.fills("New security code", NEW_CODE)
    visitor.fills("New security code again", NEW_CODE)
    visitor.presses("Change security code")
    visitor.sees("Your security code was changed.")
    visitor.presses("Sign out")
    gives_password(visitor, password=NEW_PASSWORD)
    gives_digits(visitor, NEW_CODE)
    visitor.is_at("Diamond Home Care Ltd")


def test_a_password_can_be_shown_while_it_is_typed(visitor: Visitor) -> None:
    visitor.opens("/login")
    visitor.fills("Password", PASSWORD)
    field = visitor.page.locator("#password")
    assert field.get_attribute("type") == "password"
    visitor.presses("Show password")
    assert field.get_attribute("type") == "text"


def test_an_authenticator_app_is_added_asked_for_and_removed(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    signs_in(visitor)
    visitor.opens("/account")
    visitor.follows("Add the authenticator app")
    visitor.is_at("Add an authenticator app")
    key = pyotp.TOTP(visitor.page.locator("code").inner_text())
    visitor.presses("Add app")
    visitor.is_told("Enter the number that the app shows", "Six-digit number of your authenticator app")
    visitor.fills("Six-digit number of your authenticator app", key.at(portal.clock()))
    visitor.fills("Present password", PASSWORD)
    visitor.presses("Add app")
    visitor.sees("Your authenticator app was added.")
    visitor.presses("Sign out")
    portal.clock.goes_on(seconds=30)
    gives_password(visitor)
    gives_digits(visitor)
    visitor.is_at("Your authenticator app")
    visitor.fills("Six-digit number of your authenticator app", key.at(portal.clock()))
    visitor.presses("Sign in")
    visitor.is_at("Diamond Home Care Ltd")
    visitor.opens("/account")
    visitor.follows("Remove the authenticator app")
    visitor.is_at("Remove the authenticator app")
    visitor.fills("Present password", PASSWORD)
    visitor.presses("Remove app")
    visitor.sees("Your authenticator app was removed.")


def test_who_can_not_sign_in_asks_the_helpdesk_and_sets_a_new_password(
    portal: Portal, visitors: Visitors, site: str
) -> None:
    portal.a_holder(JO)
    portal.a_holder("help@council.example", "helpdesk")
    jo, helpdesk = visitors(site), visitors(site)
    jo.opens("/login")
    jo.follows("I can’t sign in: ask for a reset")
    jo.is_at("Ask for a reset")
    jo.fills("Name", "Jo Hill")
    jo.fills("Organisation", "Diamond Home Care Ltd")
    jo.fills("E-mail address", JO)
    jo.presses("Ask the helpdesk")
    jo.is_told("Enter a telephone number", "Telephone number")
    jo.fills("Telephone number", "01632 960 001")
    jo.presses("Ask the helpdesk")
    jo.is_at("The helpdesk has your request")
    signs_in(helpdesk, "help@council.example")
    helpdesk.follows("Helpdesk")
    helpdesk.is_at("Helpdesk")
    helpdesk.sees("01632 960 001")
    helpdesk.follows("Diamond Home Care Ltd, home manager")
    helpdesk.is_at("Account")
    helpdesk.presses("Send a one-time link")
    helpdesk.is_at("Account")
    link = helpdesk.page.locator("code").inner_text()
    jo.opens(link[link.index("/reset/") :])
    jo.is_at("Set a new password")
    jo.fills("New password", NEW_PASSWORD)
    jo.fills("New password again", NEW_PASSWORD)
    jo.presses("Set password")
    jo.is_at("Your password is set")
    jo.opens(link[link.index("/reset/") :])
    jo.is_at("This link can’t be used")
    gives_password(jo, password=NEW_PASSWORD)
    jo.is_at("Set your security code")


def test_the_helpdesk_sees_which_letters_could_not_be_sent_and_why(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder("help@council.example", "helpdesk")
    odd = "mary.o.shea.of.the.long.house@[a-care-home-with-a-long-name.example"
    for address, subject, server in (
        ("ann@pearl.example", "Your account is locked", None),
        (odd, "You were asked a question", MailServer("smtp://127.0.0.1:9", "caretally@council.example")),
    ):
        with portal.parts.sessions.begin() as transaction:
            mail.write(transaction, portal.parts.vault, address, subject, "/reset/1", portal.clock())
        mail.send_due(portal.parts.sessions, portal.parts.vault, server, portal.clock())
    signs_in(visitor, "help@council.example")
    visitor.follows("Helpdesk")
    visitor.is_at("Helpdesk")
    for words in (
        "ann@pearl.example",
        "No mail server is configured",
        "tried again",
        odd,
        "given up 3 October",
    ):
        visitor.sees(words)
    visitor.finds_no_fault()
    visitor.narrows()
    visitor.has_in_sight(visitor.page.get_by_text("Its address is none that letters can be sent to."))


def test_pages_that_are_not_there_or_not_allowed_say_so(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    signs_in(visitor)
    visitor.opens("/nowhere")
    visitor.is_at("Page not found")
    visitor.opens("/helpdesk")
    visitor.is_at("You can’t see this page")
    visitor.opens("/state")
    visitor.is_at("State of the services")
