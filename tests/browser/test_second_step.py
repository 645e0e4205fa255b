"""The council's first sign-in with an authenticator app, a sign-in by a link, and sessions, with browsers (RULES 14)."""

from __future__ import annotations

import re

import pyotp
from playwright.sync_api import expect

from services.portal.accounts import steps as accounts_steps
from services.portal.accounts.vault import Sealed
from tests.browser.conftest import Visitors
from tests.browser.test_signing_in import JO, NOT_RIGHT, gives_digits, gives_password, signs_in
from tests.support.portal.accounts import CODE, PASSWORD, Portal

ANN = "ann@council.example"
NUMBER = "Six-digit number of your authenticator app"


def newest_link(portal: Portal, email: str) -> str:
    """The path of the sign-in link in the newest letter to somebody."""
    rows = portal.rows("SELECT letter_id, text, text_key, recipient FROM letters ORDER BY written_at")
    letter_id, text, key = next(row[:3] for row in reversed(rows) if row[3] == email)
    letter = portal.parts.vault.open(Sealed(bytes(text), key), f"letter|{letter_id}")
    return re.findall(r"/login/link/\w+", letter)[0]


def test_the_council_s_first_sign_in_sets_the_app_up(portal: Portal, visitors: Visitors, site: str) -> None:
    initial = accounts_steps.add(portal.parts, ANN, "finance", None)
    first, second = visitors(site), visitors(site)
    gives_password(first, ANN, initial)
    first.fills("New password", PASSWORD)
    first.fills("New password again", PASSWORD)
    first.presses("Change password")
    first.is_at("Set your security code")
    first.fills("New security code", CODE)
    first.fills("New security code again", CODE)
    first.presses("Set security code")
    first.is_at("Add an authenticator app")
    first.sees("People in your role must have one.")
    key = pyotp.TOTP(first.page.locator("code").inner_text())
    first.fills(NUMBER, "000000")
    first.fills("Present password", PASSWORD)
    first.presses("Add app")
    first.is_told("The number is not right. Enter the one the app shows now", NUMBER)
    first.fills(NUMBER, key.at(portal.clock()))
    first.fills("Present password", PASSWORD)
    first.presses("Add app")
    first.sees("Your authenticator app was added.")
    expect(first.page.get_by_role("link", name="Remove the authenticator app")).to_have_count(0)
    gives_password(second, ANN)
    gives_digits(second)
    second.is_at("Your authenticator app")
    second.fills(NUMBER, key.at(portal.clock()))
    second.presses("Sign in")
    second.is_told(NOT_RIGHT)  # it was good once
    portal.clock.goes_on(seconds=30)
    gives_password(second, ANN)
    gives_digits(second)
    second.fills(NUMBER, key.at(portal.clock()))
    second.presses("Sign in")
    second.opens("/account")
    second.follows("Look where you are signed in")
    second.is_at("Where you are signed in")
    second.page.get_by_role("button", name="End the session of").click()
    second.sees("You are signed out there.")
    first.opens("/account")
    first.is_at("Sign in")


def test_who_is_closed_out_comes_in_by_a_link(portal: Portal, visitors: Visitors, site: str) -> None:
    portal.a_holder(JO)
    for minutes in (15, 30):
        portal.browser().fails(JO, 5)
        portal.clock.goes_on(minutes=minutes)
    jo = visitors(site)
    gives_password(jo)
    gives_digits(jo)
    jo.is_told(NOT_RIGHT)
    jo.follows("have a sign-in link sent")
    jo.is_at("Have a sign-in link sent")
    jo.presses("Send the link")
    jo.is_told("Enter your e-mail address", "E-mail address")
    jo.fills("E-mail address", JO)
    jo.presses("Send the link")
    jo.is_at("Look at your e-mail")
    link = newest_link(portal, JO)
    jo.opens(link)
    jo.is_at("Sign in by this link")
    jo.fills("Password", "Wrong4Password")
    jo.presses("Sign in")
    jo.is_told("Password is not right")
    jo.fills("Password", PASSWORD)
    jo.presses("Sign in")
    jo.is_at("Diamond Home Care Ltd")
    jo.opens(link)
    jo.is_at("This link can’t be used")
    signs_in(visitors(site))
