"""Every list of the portal says how many there are in all, and can be taken as CSV (RULES 20)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final

import pytest

from tests.journeys.api_council import DIAMOND, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects
from tests.journeys.route_map import Route, routes
from tests.support.portal.accounts import Browser

__all__ = ["a_council", "objects", "shared"]

ROLES: Final = (("finance", None), ("commissioning", None), ("helpdesk", None), ("home_manager", DIAMOND))
OTHERS: Final = {
    "account.account": "the holder's own sessions and settings",
    "actuals.actuals": "a week with its clients counted page by page; it is taken by the file in which it is sent",
    "guide.visits_file": "a page to read",
    "guide.visit_types": "a page to read",
    "guide.unmatched": "a page to read",
    "guide.scenarios": "a page to read",
    "guide.calendar": "a page to read",
    "guide.contents": "a page to read",
    "helpdesk.helpdesk": "what waits for an answer, told by telephone numbers that are not to be taken along",
    "home.home": "figures, each with the list that it opens",
    "kpis.one": "figures with a file of their own",
    "lists.lists": "settings, each changed on this page",
    "concerns_lists.lists": "settings, each changed on this page",
    "measure_thresholds.listed": "settings, each changed on this page",
    "one_diaries.listed": "settings, each changed on this page",
    "measures.measures": "figures with a file of their own",
    "measures.provider": "figures with a file of their own",
    "concerns_trends.shown": "figures with a file of their own",
    "under_delivery.listed": "figures with a file of their own",
    "notifications.subscriptions": "the holder's own settings",
    "overlap_limits.limits": "settings, each changed on this page",
    "search.search": "the first that are found, each kind with its own list",
}
"""Pages with a table that is no list, and why."""
HEAD: Final = re.compile(
    r'<p class="govuk-body portal-list-head"><strong>([^<]+)</strong> (?:<a [^>]*href="([^"]+)")?'
)


def pages_with_tables(council: ApiCouncil, objects: dict[str, str]) -> Iterator[tuple[Browser, Route, str]]:
    """Each page of whoever may see it whose address names no single thing, and has a table or a head of a list."""
    for role, organisation in ROLES:
        browser = council.browser(role, organisation)
        for route in routes(council.app, objects):
            if route.is_api or route.method != "GET" or route.parameters - {"start"}:
                continue
            if route.allowed and role not in route.allowed:
                continue
            answer = browser.client.get(route.path, query_string={"organisation": DIAMOND})
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield browser, route, answer.get_data(as_text=True)


def test_every_page_with_a_list_has_its_number_and_its_file(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    without, seen = [], set()
    for browser, route, page in pages_with_tables(a_council, objects):
        head = HEAD.search(page)
        if head is None:
            if (
                "<tbody" in page
                and route.endpoint not in OTHERS
                and not route.endpoint.startswith("reports.")
            ):
                without.append(str(route))
            continue
        words, address = head.groups()
        assert re.match(r"[1-9][\d,]* |How many", words), f"{route}: {words}"
        assert address, f"{route} has no file"
        answer = browser.client.get(unescape(address))
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        assert answer.mimetype == "text/csv", f"{address}: {answer.mimetype}"
        rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
        assert len(rows) > 1, f"{address} has no rows"
        assert {len(row) for row in rows} == {len(rows[0])}, address
        seen.add(route.endpoint)
    assert sorted(set(without)) == [], "give them `render_list` and `list_head`, or say in OTHERS why they are no lists"
    assert len(seen) >= 25, sorted(seen)


PAGED: Final = {
    "tables.html": "rejected rows of one file, with a file of their own",
    "visits_files/parts.html": "what one file holds, with files of their own",
    "visits_files/will_match.html": "what one file holds, with files of their own",
    "visits_files/correct.html": "a form of one file's rows",
    "visits_files/became.html": "what one file holds, with files of their own",
    "reports/report.html": "a report has CSV and PDF of its own, and says its sums",
}
"""Templates that go on page by page and are no list, and why."""
TEMPLATES: Final = [
    path
    for path in (Path(__file__).parents[2] / "services" / "portal").rglob("*.html")
    if "turn_pages(" in path.read_text()
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_what_goes_on_page_by_page_says_how_many_there_are(path: Path) -> None:
    name = str(path).rpartition("templates/")[2]
    assert "list_head()" in path.read_text() or name in PAGED
