"""A ranking from both sides, with a browser: kept, frozen by two people, appealed against, and care offered down it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Carers Ltd"
QUARTER, IN_WORDS = "2022-Q4", "October to December 2022"


@pytest.fixture
def site(emptied: CouncilSite) -> CouncilSite:
    """Two providers with care."""
    pearl = {"OrganisationName": PEARL, "ServiceName": "Pearl - DAPL", "SSRef": "A200"}
    emptied.council.council.import_care(a_care_file(a_care_row(1, SSRef="A100"), a_care_row(2, **pearl)))
    emptied.council.council.books()
    return emptied


def somebody(site: CouncilSite, visitors: Visitors, role: str, organisation: str | None = None) -> Visitor:
    """Somebody signed in."""
    visitor = visitors(site.url)
    site.signs_in(visitor, role, organisation)
    return visitor


def sets_price(officer: Visitor, provider: str, price: str) -> None:
    """Put a provider on the list that the officer looks at."""
    officer.follows("Add a provider, or set a price")
    officer.is_at("Set a provider’s price on Zone 6")
    officer.page.get_by_label("Provider", exact=True).select_option(provider)
    officer.fills("From the quarter", QUARTER)
    officer.fills("Price of an hour", price)
    officer.presses("Set the price")
    officer.sees(f"{provider} is on the list from {QUARTER} on.")


def confirms(second: Visitor) -> None:
    """Approve the newest proposal."""
    title = f"Freeze the ranking of Zone 6 for {QUARTER}"
    second.opens("/proposals")
    second.page.get_by_role("link", name=title).first.click()
    second.is_at(f"Proposal {title}")
    second.sees("What is frozen, with these figures")
    second.presses("Approve")
    second.sees("The proposal is approved. What it changes follows now.")


def test_a_ranking_is_kept_frozen_appealed_against_and_care_offered_down_it(
    site: CouncilSite, visitors: Visitors
) -> None:
    officer = somebody(site, visitors, "commissioning")
    officer.opens("/ranked-lists")
    officer.is_at("Ranked lists")
    officer.presses("Make a list")
    officer.is_at("Make a ranked list")
    officer.presses("Make the list")
    officer.is_told("Enter a name", "Name")
    officer.fills("Name", "Zone 6")
    officer.presses("Make the list")
    officer.is_at("Ranked list Zone 6")
    sets_price(officer, DIAMOND, "25.00")
    sets_price(officer, PEARL, "20.00")
    officer.follows("Set weights and shares of this list")
    officer.is_at("Weights and shares of Zone 6")
    officer.fills("Logged: weight", "0.5")
    officer.presses("Set them")
    officer.is_told("The weights must come to 1, such as 0.6 and 0.4.")
    officer.fills("Late: weight", "0.5")
    officer.presses("Set them")
    officer.sees(f"They hold from {QUARTER} on.")
    officer.page.get_by_text(f"How {DIAMOND} comes to 40.00").click()
    officer.sees("÷ £25.00 × 100 = 80.00 points.")
    officer.finds_no_fault()
    officer.presses("Propose to freeze it")
    officer.is_at(f"Proposal Freeze the ranking of Zone 6 for {QUARTER}")
    officer.sees("Somebody else must approve what you have proposed.")
    second = somebody(site, visitors, "commissioning")
    confirms(second)

    manager = somebody(site, visitors, "home_manager", DIAMOND)
    manager.opens("/ranking")
    manager.is_at("Your place in rankings")
    manager.follows(f"Zone 6, {IN_WORDS}")
    manager.is_at(f"Zone 6, {IN_WORDS} Place 2 of 2")
    assert PEARL not in manager.page.content()
    manager.presses("Send the appeal")
    manager.is_told("Say why you appeal", "Your appeal")
    manager.fills("Your appeal", "Our price is 18.00")
    manager.presses("Send the appeal")
    manager.sees("Your appeal is sent.")
    manager.finds_no_fault()

    officer.opens("/ranked-lists")
    officer.is_at("Ranked lists")
    officer.page.get_by_role("link", name=f"Zone 6, {QUARTER}").click()
    officer.is_at(f"Frozen ranking Zone 6, {IN_WORDS}")
    officer.page.get_by_role("link", name="Answer the appeal").click()
    officer.is_at(f"Answer the appeal of {DIAMOND}")
    officer.page.get_by_label("Uphold it").check()
    officer.fills("Reason", "So it is")
    officer.presses("Answer")
    officer.sees("The appeal is upheld.")
    sets_price(officer, DIAMOND, "18.00")
    officer.presses("Propose to freeze it anew")
    confirms(second)
    manager.opens("/ranking")
    manager.follows(f"Zone 6, {IN_WORDS}, number 2")
    manager.is_at(f"Zone 6, {IN_WORDS} Place 1 of 2")

    officer.opens("/requisitions")
    officer.is_at("Requisitions")
    officer.follows("Offer care down Zone 6")
    officer.is_at("Offer care down Zone 6")
    officer.presses("Make the requisition")
    officer.is_told("Enter a service", "Service")
    for label, value in (
        ("Client’s reference", "A100"),
        ("Service", "Home care, Zone 6"),
        ("Service level", "Personal Care"),
        ("Hours a week", "10.5"),
        ("Start date", "1/8/2022"),
    ):
        officer.fills(label, value)
    officer.presses("Make the requisition")
    officer.sees("Nobody is asked yet")
    number = officer.page.get_by_role("heading", level=1).inner_text().split()[-1]
    officer.is_at(f"Requisition {number}")
    officer.follows(f"Skip {DIAMOND}")
    officer.is_at(f"Skip {DIAMOND}")
    officer.presses("Skip this provider")
    officer.is_told("Enter a reason", "Why this provider is skipped")
    officer.fills("Why this provider is skipped", "The client’s wish")
    officer.presses("Skip this provider")
    officer.presses(f"Offer it to {PEARL}")
    officer.sees("It is offered.")
    officer.finds_no_fault()

    pearl = somebody(site, visitors, "home_manager", PEARL)
    pearl.opens("/offers")
    pearl.is_at("Offers of care")
    pearl.page.get_by_role("link", name=f"{number} Home care, Zone 6").click()
    pearl.is_at(f"Offer of care Requisition {number}")
    assert "A100" not in pearl.page.content()
    pearl.follows("Decline it")
    pearl.is_at(f"Decline requisition {number}")
    pearl.page.go_back()
    pearl.presses("Accept")
    pearl.sees("You have accepted.")
    pearl.sees("A100")
    pearl.finds_no_fault()

    pearl.opens("/kpis/offers")
    pearl.page.get_by_role("row").filter(has_text="Accepted").get_by_role("link", name=number).click()
    pearl.is_at(f"Offer of care Requisition {number}")
    officer.opens(f"/kpis/offers?organisation={PEARL.replace(' ', '+')}")
    officer.finds_no_fault()
    officer.follows(number)
    officer.is_at(f"Requisition {number}")

    officer.opens("/requisitions?state=accepted")
    officer.page.get_by_role("link", name=f"{number} Zone 6").click()
    officer.sees(f"{PEARL} has accepted on")
    officer.sees("None yet. Those of this provider, client and service level")
    came = a_care_row(3, OrganisationName=PEARL, ServiceName="Pearl - DAPL", SSRef="A100")
    site.council.council.import_care(a_care_file(came))
    site.council.council.books()
    officer.page.reload()
    officer.follows("CPLI 3")
    officer.opens("/requisitions/offer-hours")
    officer.is_at("How long offers stand")
