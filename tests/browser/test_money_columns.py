"""Tables keep their money on the screen: on every page, for both sides, on a desk and on the narrowest telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from libs.common.rights import table
from tests.browser.conftest import Visitors
from tests.browser.council_site import a_site
from tests.browser.money_columns import find_hidden_money
from tests.browser.test_every_page import a_visitor, comes_to
from tests.journeys.api_council import DIAMOND, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects
from tests.journeys.route_map import Route, routes
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.run.waiting import wait_until

__all__ = ["a_council", "objects", "shared"]

PROVIDERS = ("home_manager", "accounts_payable")
COUNCIL = ("finance", "approver", "commissioning", "helpdesk")
LONG = a_care_row(
    7,
    SSRef="A987654",
    Title="Mrs",
    Forename="Bartholomea",
    Surname="Featherstonehaugh-Cholmondeley",
    UnitCost="12345.678",
    AssessedContribution="23456.78",
    CostCentre="AB-12345",
    Subjective="R-987654",
    ServiceName="Diamond Home Care and Reablement - Zone 6 - Oxford City and South",
)
"""What is as long as it gets: names, codes, and tens of thousands of pounds."""
MORE = (
    "/payments/2022-10-03?tab=non_payable",
    "/payments/2022-10-03/remittance?summary=y",
    "/reports/commissioned-actuals?first=2022-10-03&last=2022-10-09&empty=y",
    "/reports/remittance-advice?period=2022-10-03",
    "/visits?week=2022-10-03",
)
"""What addresses of the map show only when they are asked for more."""
PAGE = '<html lang="en"><title>Money</title><main>{}</main></html>'


def roles_of(route: Route) -> list[str]:
    """Of each side the first role that may see a page."""
    sides = [
        [role for role in side if (not route.allowed or role in route.allowed)]
        for side in (PROVIDERS, COUNCIL)
    ]
    return [side[0] for side in sides if side]


def has_money(council: ApiCouncil, role: str, route: Route) -> bool:
    """Whether the page has an amount in a table; asked without a browser, since most have none."""
    provider = DIAMOND if role in table.PROVIDER_ROLES else None
    with council.browser(role, provider).get(route.path) as answer:
        is_page = answer.status_code == 200 and answer.mimetype == "text/html"
        return is_page and bool(re.search(r"<t[dh][^>]*>[^£]*£", answer.text))


def roles_and_pages(council: ApiCouncil, objects: dict[str, str]) -> Iterator[tuple[str, Route]]:
    """Who looks at which pages: every address of the map, what some show only when they are asked for more, and checks."""
    for route in routes(council.app, objects):
        if route.method == "GET" and not route.is_api:
            yield from ((role, route) for role in roles_of(route))
    for path in (*MORE, check_with_changes(council)):
        yield from ((role, more(path)) for role in ("home_manager", "finance"))
    dearer = council.council.check_care(a_care_file(LONG | {"UnitCost": "23456.789"}))
    yield "finance", more(f"/care-imports/{dearer['id']}")


def check_with_changes(council: ApiCouncil) -> str:
    """The check of a file that corrects a visit and adds one: what it changes for each client, before and after."""
    shorter = a_visit("A-ONLY", DeliveredExitTime="09:30")
    added = a_visit("A-LONG-3", SSRef="A987654", ServiceName="", PlannedEntryTime="11:00")
    return f"/visits-files/{council.api(DIAMOND).file(a_file(shorter, added))['id']}"


def more(path: str) -> Route:
    """The page of an address that the map does not name."""
    return Route(path, "GET", path, frozenset(), ())


@pytest.mark.timeout(900)
def test_no_table_of_any_page_has_its_money_out_of_sight(
    a_council: ApiCouncil, objects: dict[str, str], visitors: Visitors
) -> None:
    council = a_council.council
    council.import_care(a_care_file(LONG))
    wait_until(council.is_settled, 30)
    long_visits = [a_visit(f"A-LONG-{n}", SSRef="A987654", ServiceName="") for n in range(2)]
    a_council.api(DIAMOND).file(a_file(*long_visits), confirm="true")
    wait_until(council.is_settled, 30)
    pages = list(roles_and_pages(a_council, objects))
    wanted = [(role, one) for role, one in pages if has_money(a_council, role, one)]
    looked_at, faults = set(), []
    with a_site(a_council) as site:
        for role in dict.fromkeys(role for role, _ in wanted):
            visitor = a_visitor(a_council, site, visitors, role)
            for route in (one for of, one in wanted if of == role):
                if comes_to(visitor, route):
                    faults += [f"{role}, {route}: {one}" for one in find_hidden_money(visitor.page)]
                    looked_at.add(route.endpoint)
    assert faults == []
    assert len(looked_at) > 20
    assert {one.endpoint for _, one in pages[-3:]} <= looked_at  # the checks


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('<table><tr><td style="padding-left: 1300px">£5.00', "£5.00"),
        (
            '<div style="width: 90px; overflow-x: auto"><table><tr><td><p style="width: 99px">A<td>£5.00',
            "£5.00",
        ),
        ("<details><summary>Why</summary><table><tr><td><p style='width: 1500px'>A<td>£7.00", "£7.00"),
    ],
)
def test_money_beyond_the_screen_or_its_frame_is_found(visitors: Visitors, table: str, said: str) -> None:
    visitor = visitors("about:blank")
    visitor.page.set_content(PAGE.format(table))
    assert any(said in one for one in find_hidden_money(visitor.page))


def test_money_on_the_screen_is_in_order(visitors: Visitors) -> None:
    visitor = visitors("about:blank")
    visitor.page.set_content(PAGE.format("<table><tr><th>Amount<td>£1,234.50</table>"))
    assert find_hidden_money(visitor.page) == []
