"""One page a client, one a provider: what there is of either, each part with the list that it is of (RULES 20)."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects
from tests.support.portal.accounts import Browser

__all__ = ["a_council", "objects", "shared"]

SECTION = re.compile(r'<h2 class="govuk-heading-m" id="([\w-]+)">([^<]+)</h2>(.*?)(?=<h2|</main>)', re.DOTALL)
NOT_KNOWN = "<strong>Not known</strong>"
OF_CLIENT = {"circumstances", "line-items", "visits", "items", "charges", "disputes", "claims", "documents"}
OF_PROVIDER = {
    *("contracts", "files", "unmatched", "money", "debts", "invoices"),
    *("disputes", "claims", "documents", "measures"),
}


def sections_of(page: str) -> dict[str, str]:
    return {key: content for key, _, content in SECTION.findall(page)}


def every_link_opens(browser: Browser, content: str) -> int:
    """How many links there are; each is followed."""
    links = {
        unescape(one).partition("#")[0] for one in re.findall(r'class="govuk-link" href="(/[^"]+)"', content)
    }
    for link in sorted(links):
        answer = browser.client.get(link)
        assert answer.status_code == 200, f"{link}: {answer.status_code}"
    return len(links)


def test_a_client_is_on_one_page_for_the_council(a_council: ApiCouncil, objects: dict[str, str]) -> None:
    officer = a_council.browser("commissioning")
    found = officer.get("/clients/A123456")
    page = officer.get(found.location)
    sections = sections_of(page.get_data(as_text=True))
    assert sections.keys() >= OF_CLIENT | {"concerns"}
    assert not [key for key, content in sections.items() if NOT_KNOWN in content]
    assert "£255.49" in sections["items"]
    assert "£255.49" in sections["charges"]
    assert "A-ONLY" in sections["disputes"] or "Missing Comment" in sections["disputes"]
    assert all("None." not in sections[key] for key in ("visits", "claims", "documents", "concerns"))
    assert sum(every_link_opens(officer, content) for content in sections.values()) > 15


@pytest.mark.parametrize(("role", "sees"), [("finance", OF_CLIENT), ("approver", OF_CLIENT)])
def test_a_role_is_told_nothing_that_it_may_not_see(
    role: str, sees: set[str], a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    browser = a_council.browser(role)
    page = browser.get(browser.get("/clients/A123456").location).get_data(as_text=True)
    assert sections_of(page).keys() >= sees
    assert "oncern" not in page


def test_a_provider_is_on_one_page_for_both_sides(a_council: ApiCouncil, objects: dict[str, str]) -> None:
    officer = a_council.browser("finance")
    assert f">{DIAMOND}</a>" in officer.get("/providers").get_data(as_text=True)
    assert officer.get("/providers/one").location == "/providers"
    page = officer.client.get("/providers/one", query_string={"organisation": DIAMOND}).get_data(as_text=True)
    sections = sections_of(page)
    assert sections.keys() >= OF_PROVIDER | {"holds"}
    assert "notices" not in sections
    assert not [key for key, content in sections.items() if NOT_KNOWN in content]
    assert "£255.49" in sections["money"]
    assert PEARL not in page
    assert sum(every_link_opens(officer, content) for content in sections.values()) > 15

    manager = a_council.browser("home_manager", DIAMOND)
    page = manager.client.get("/providers/one", query_string={"organisation": PEARL}).get_data(as_text=True)
    own = sections_of(page)
    assert own.keys() >= OF_PROVIDER | {"notices"}
    assert not own.keys() & {"holds", "concerns"}
    assert "£255.49" in own["money"]
    assert PEARL not in page
    assert sum(every_link_opens(manager, content) for content in own.values()) > 12
    assert manager.get("/providers").status_code == 403
