"""Every page of the portal, found by walking the map of routes, is looked at closely in a real browser (WCAG 2.2 AA)."""

from __future__ import annotations

from services.portal import rules
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, a_site
from tests.browsing import Visitor
from tests.journey.api_council import DIAMOND, ApiCouncil, shared
from tests.journey.test_every_route import Route, a_council, objects, routes

__all__ = ["a_council", "objects", "shared"]

LOOKERS = {"provider": ("home_manager",), "council": ("finance", "approver", "helpdesk", "commissioning")}
"""Who looks at a page, side by side: the first of them that may."""


def lookers_of(route: Route) -> list[str]:
    """One role of each side that may see a page."""
    return [found for roles in LOOKERS.values() if (found := next((r for r in roles if may(r, route)), None))]


def may(role: str, route: Route) -> bool:
    return rules.is_among(role, route.allowed)


def a_page_of(council: ApiCouncil, role: str, route: Route) -> bool:
    """Whether the route answers with a page, and not with a file or with the way to another page."""
    organisation = DIAMOND if role in rules.PROVIDER_ROLES else None
    answer = council.browser(role, organisation).get(route.path)
    return answer.status_code == 200 and answer.mimetype == "text/html"


def a_visitor(council: ApiCouncil, site: CouncilSite, visitors: Visitors, role: str) -> Visitor:
    """Somebody who has signed in."""
    browser = council.browser(role, DIAMOND if role in rules.PROVIDER_ROLES else None)
    cookie = browser.client.get_cookie("__Host-caretally_session")
    assert cookie is not None
    visitor = visitors(site.url)
    # over plain HTTP the portal gives it another name
    visitor.page.context.add_cookies([{"name": "caretally_session", "value": cookie.value, "url": site.url}])
    return visitor


def test_axe_finds_nothing_on_any_page(
    a_council: ApiCouncil, objects: dict[str, str], visitors: Visitors
) -> None:
    by_role: dict[str, list[Route]] = {}
    for route in routes(a_council.app, objects):
        if route.method == "GET" and not route.is_api:
            for role in lookers_of(route):
                by_role.setdefault(role, []).append(route)
    looked_at = set()
    with a_site(a_council) as site:
        for role, of_role in by_role.items():
            visitor = a_visitor(a_council, site, visitors, role)
            for route in of_role:
                if a_page_of(a_council, role, route):
                    visitor.opens(route.path)
                    visitor.finds_no_fault()
                    looked_at.add(route.endpoint)
    assert len(looked_at) > 60
