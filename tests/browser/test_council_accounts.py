"""Council accounts: asked for by the helpdesk, confirmed by a second person, ended, with a browser (RULES 14, 20)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.test_signing_in import signs_in
from tests.support.portal.accounts import Portal
from tests.support.portal.browsing import Visitor

HELP = "help@council.example"
ANN = "ann@council.example"
BEA = "bea@council.example"


def test_an_account_is_asked_for_confirmed_by_a_second_person_and_ended(
    portal: Portal, site: str, visitor: Visitor, visitors: Visitors
) -> None:
    for email, role in ((HELP, "helpdesk"), (ANN, "approver")):
        portal.a_holder(email, role)
    second = visitors(site)
    signs_in(visitor, HELP)
    visitor.follows("Council accounts")
    visitor.is_at("Council accounts")
    visitor.follows("Add an account")
    visitor.is_at("Add a council account")
    visitor.fills("Name", "Bea Green")
    visitor.fills("E-mail address", ANN)
    visitor.page.get_by_label("Role", exact=True).select_option("Finance")
    visitor.presses("Add account")
    visitor.is_told("There is an account with this e-mail address already.", "E-mail address")
    visitor.fills("E-mail address", BEA)
    visitor.presses("Add account")
    visitor.sees("It waits for a second person")
    visitor.is_at("Council accounts")

    signs_in(second, ANN)
    second.sees("1 council account to confirm")
    second.follows("Council accounts")
    second.is_at("Council accounts")
    second.follows("Confirm New account Bea Green")
    second.is_at("New account Bea Green")
    second.sees("hold payments")
    second.presses("Refuse")
    second.is_told("Enter why not", "Why not")
    second.presses("Confirm")
    second.sees("Hand this one-time link to the holder")

    visitor.opens("/council-accounts")
    row = visitor.page.get_by_role("row").filter(has_text=BEA)
    expect(row).to_contain_text("Never signed in")
    visitor.narrows()
    visitor.has_in_sight(row.get_by_text("Never signed in"))
    visitor.follows("Bea Green")
    visitor.is_at("Council account Bea Green")
    visitor.follows("Change the role")
    visitor.is_at("Change the role of Bea Green")
    visitor.follows("Council account")
    visitor.follows("End the account")
    visitor.is_at("End the account of Bea Green?")
    visitor.presses("End account")
    visitor.sees(f"The account of {BEA} has ended")
    visitor.follows("Show 1 account that has ended too")
    visitor.follows("Bea Green")
    visitor.follows("Let in again")
    visitor.is_at("Let Bea Green in again")
