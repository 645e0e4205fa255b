"""Signing in with a browser (RULES 14): what a holder sees, step by step."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from services.portal.accounts import steps as accounts_steps
from tests.browser.conftest import Visitors
from tests.support.portal.accounts import CODE, PASSWORD, WITH_APP, Portal, a_provider, app_number
from tests.support.portal.browsing import Visitor

JO = "jo@diamond.example"
NOT_RIGHT = "The details are not right, or sign-in is locked"
DIGITS = "Two digits of your security code"


def gives_password(visitor: Visitor, email: str = JO, password: str = PASSWORD) -> None:
    visitor.opens("/login")
    visitor.fills("E-mail address", email)
    visitor.fills("Password", password)
    visitor.presses("Continue")


def read_asked_digits(visitor: Visitor) -> list[str]:
    """The labels of the two digits that are asked for, such as `2nd digit`."""
    labels = visitor.page.get_by_text(re.compile(r"^\s*\d(st|nd|rd|th) digit\s*$"))
    expect(labels).to_have_count(2)
    return [label.strip() for label in labels.all_text_contents()]


def gives_digits(visitor: Visitor, code: str = CODE) -> None:
    for label in read_asked_digits(visitor):
        visitor.fills(label, code[int(label[0]) - 1])
    visitor.presses("Sign in")


def gives_number(visitor: Visitor, email: str) -> None:
    """The number of the app of who has one."""
    if email in WITH_APP:
        visitor.is_at("Your authenticator app")
        visitor.fills("Six-digit number of your authenticator app", app_number(email, within_seconds=10))
        visitor.presses("Sign in")


def signs_in(visitor: Visitor, email: str = JO) -> None:
    gives_password(visitor, email)
    gives_digits(visitor)
    gives_number(visitor, email)
    expect(visitor.page.get_by_role("button", name="Sign out")).to_be_attached()


def test_the_first_login_changes_the_password_and_sets_the_code(portal: Portal, visitor: Visitor) -> None:
    initial = accounts_steps.add(portal.parts, JO, "home_manager", a_provider("Diamond Home Care Ltd"))
    visitor.opens("/")
    visitor.is_at("Homecare visits into payments")
    visitor.presses("Sign in")
    visitor.is_at("Sign in")
    gives_password(visitor, password=initial)
    visitor.is_at("Change your password")
    visitor.fills("New password", "blue7kettle")
    visitor.fills("New password again", "blue7kettle")
    visitor.presses("Change password")
    visitor.is_told("Password must have an upper case letter", "New password")
    visitor.fills("New password", PASSWORD)
    visitor.fills("New password again", PASSWORD)
    visitor.presses("Change password")
    visitor.is_at("Set your security code")
    for refused, sentence in (
        ("123456", "Security code must not be a sequence, like 123456"),
        ("010190", "Security code must not be a date, like 010190"),
    ):
        visitor.fills("New security code", refused)
        visitor.fills("New security code again", refused)
        visitor.presses("Set security code")
        visitor.is_told(sentence, "New security code")
    visitor.fills("New security code", CODE)
    visitor.fills("New security code again", CODE)
    visitor.presses("Set security code")
    visitor.sees("Your security code was set.")
    visitor.is_at("Your account")
    visitor.follows("Home")
    visitor.is_at("Diamond Home Care Ltd")


def test_the_same_two_digits_are_asked_until_they_are_right(
    portal: Portal, visitors: Visitors, site: str
) -> None:
    portal.a_holder(JO)
    first, second = visitors(site), visitors(site)
    gives_password(first)
    first.is_at(DIGITS)
    asked = read_asked_digits(first)
    first.presses("Sign in")
    first.is_told("Enter the first digit asked for", asked[0])
    gives_digits(first, "000000")
    first.is_told(NOT_RIGHT)
    gives_password(second)
    assert read_asked_digits(second) == asked
    gives_digits(second)
    second.is_at("Diamond Home Care Ltd")


def test_who_signs_out_is_out_until_they_sign_in_again(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    signs_in(visitor)
    visitor.opens("/account")
    visitor.presses("Sign out")
    visitor.is_at("Sign in")
    visitor.page.go_back()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    visitor.opens("/account")
    visitor.is_at("Sign in")


def test_a_holder_signs_in_by_keyboard_alone(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    visitor.opens("/login")
    keys = visitor.page.keyboard
    keys.press("Tab")
    expect(visitor.page.get_by_role("link", name="Skip to main content")).to_be_focused()
    keys.press("Enter")
    keys.press("Tab")
    expect(visitor.page.get_by_label("E-mail address")).to_be_focused()
    keys.type(JO)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    for label in read_asked_digits(visitor):
        visitor.tabs_to(visitor.page.get_by_label(label))
        keys.type(CODE[int(label[0]) - 1])
    keys.press("Tab")
    keys.press("Enter")
    visitor.is_at("Diamond Home Care Ltd")
    button = visitor.page.get_by_role("button", name="Sign out")
    visitor.tabs_to(button)
    assert button.evaluate("button => getComputedStyle(button).boxShadow") != "none"
    keys.press("Enter")
    visitor.is_at("Sign in")


def test_a_holder_signs_in_without_javascript(portal: Portal, visitors: Visitors, site: str) -> None:
    portal.a_holder(JO)
    plain = visitors(site, javascript=False)
    signs_in(plain)
    expect(plain.page.get_by_role("heading", level=1)).to_have_text("Diamond Home Care Ltd")
    plain.presses("Sign out")
    expect(plain.page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_narrow_screen_folds_the_menu(portal: Portal, visitor: Visitor) -> None:
    portal.a_holder(JO)
    signs_in(visitor)
    visitor.narrows()
    payments = visitor.page.locator("nav a", has_text="Payments")
    expect(payments).not_to_be_visible()
    visitor.presses("Menu")
    expect(payments).to_be_visible()
    assert visitor.finds() == []
