"""Whoever may see a page by the table is refused by no service behind it, with and without a provider chosen."""

from __future__ import annotations

import pytest

from libs.common.rights import table
from tests.journeys.api_council import DIAMOND, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects
from tests.journeys.route_map import routes

__all__ = ["a_council", "objects", "shared"]


@pytest.mark.timeout(900)
def test_no_service_refuses_a_role_that_the_page_lets_in(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    providers = dict.fromkeys(table.PROVIDER_ROLES, DIAMOND)
    browsers = {role: a_council.browser(role, providers.get(role)) for role in table.ROLES}
    refused, seen = [], 0
    for route in routes(a_council.app, objects):
        if route.method != "GET" or route.is_api or route.is_open:
            continue
        for role in route.allowed or table.ROLES:
            for chosen in ("", DIAMOND) if role == "finance" else ("",):
                query = {"organisation": chosen} if chosen else {}
                status = browsers[role].client.get(route.path, query_string=query).status_code
                seen += status == 200
                if status == 403:
                    refused.append(f"{role}: {route} {query or ''}")
    assert refused == []
    assert seen > 200
