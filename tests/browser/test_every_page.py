"""Every page of the portal, found by walking the map of routes, is looked at closely in a real browser (WCAG 2.2 AA)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error

from libs.common.rights import table
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, a_site
from tests.journeys.api_council import DIAMOND, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects
from tests.journeys.route_map import Route, routes
from tests.support.portal.browsing import Visitor

__all__ = ["a_council", "objects", "shared"]

LOOKERS = ("home_manager", "finance", "approver", "helpdesk", "commissioning")
"""Who looks at a page: the first of them that may."""


def looker_of(route: Route) -> str:
    """A role that may see a page."""
    return next(role for role in LOOKERS if (not route.allowed or role in route.allowed))


def a_visitor(council: ApiCouncil, site: CouncilSite, visitors: Visitors, role: str) -> Visitor:
    """Somebody who has signed in."""
    browser = council.browser(role, DIAMOND if role in table.PROVIDER_ROLES else None)
    cookie = browser.client.get_cookie("__Host-caretally_session")
    assert cookie is not None
    visitor = visitors(site.url)
    # over plain HTTP the portal gives it another name
    visitor.page.context.add_cookies([{"name": "caretally_session", "value": cookie.value, "url": site.url}])
    return visitor


def comes_to(visitor: Visitor, route: Route) -> bool:
    """Whether the route answers with a page, and not with a file or with the way to another page."""
    try:
        answer = visitor.page.goto(visitor.url + route.path)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return False
    assert answer is not None
    is_html = answer.headers["content-type"].startswith("text/html")
    return answer.status == 200 and is_html and urlsplit(answer.url).path == urlsplit(route.path).path


def faults_of(visitor: Visitor, route: Route) -> list[str]:
    """What is wrong with the page that the visitor is at; the next one is looked at all the same."""
    try:
        visitor.finds_no_fault()
    except AssertionError as fault:
        visitor.complaints.clear()
        return [f"{route}: {fault}"]
    return []


@pytest.mark.timeout(600)
def test_axe_finds_nothing_on_any_page(
    a_council: ApiCouncil, objects: dict[str, str], visitors: Visitors
) -> None:
    by_role: dict[str, list[Route]] = {}
    for route in routes(a_council.app, objects):
        if route.method == "GET" and not route.is_api:
            by_role.setdefault(looker_of(route), []).append(route)
    looked_at, faults = set(), []
    with a_site(a_council) as site:
        for role, of_role in by_role.items():
            visitor = a_visitor(a_council, site, visitors, role)
            for route in of_role:
                if comes_to(visitor, route):
                    faults += faults_of(visitor, route)
                    looked_at.add(route.endpoint)
    assert faults == []
    assert len(looked_at) > 60
