"""Signing in with a browser (RULES 14): what a holder sees, step by step."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from services.portal import accounts
from tests.accounts import CODE, PASSWORD, Portal
from tests.browser.conftest import Visitors
from tests.browsing import Visitor

JO = "jo@diamond.example"


def gives_password(visitor: Visitor, email: str = JO, password: str = PASSWORD) -> None:
    visitor.opens("/login")
    visitor.fills("E-mail address", email)
    visitor.fills("Password", password)
    visitor.presses("Continue")


def positions(visitor: Visitor) -> tuple[int, ...]:
    labels = visitor.page.get_by_text(re.compile(r"^\s*\d(st|nd|rd|th) digit\s*$")).all_text_contents()
    return tuple(int(label.strip()[0]) for label in labels)


def test_the_first_login(portal: Portal, visitor: Visitor) -> None:
    initial = accounts.add(portal.parts, JO, "home_manager", "Diamond Home Care Ltd")
    visitor.opens("/")
    visitor.is_at("Homecare visits into payments")
    visitor.presses("Sign in")
    visitor.is_at("Sign in")
    gives_password(visitor, password=initial)
    visitor.is_at("Change your password")
