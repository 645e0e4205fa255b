"""Every list of the portal says how many there are in all, and can be taken as CSV (RULES 20)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest

from libs.common.errors import Refused
from libs.common.rpc import SYSTEM
from services.portal.accounts.callers import caller_of
from tests.journeys.api_council import DIAMOND, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects
from tests.journeys.route_map import Route, routes
from tests.support.portal.accounts import Browser

__all__ = ["a_council", "objects", "shared"]

ROLES: Final = (("finance", None), ("commissioning", None), ("helpdesk", None), ("home_manager", DIAMOND))
OTHERS: Final = {
    "account.account": "the holder's own settings",
    "providers.one": "a few rows of each list, with the list that it is of",
    "saved_filters.listed": "the holder's own settings",
    "account.sessions": "the holder's own browsers",
    "actuals_files.guide": "a page to read",
    "home.state": "how the services are",
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
    "measure_thresholds.thresholds": "settings, each changed on this page",
    "measures.measures": "figures with a file of their own",
    "measures.provider": "figures with a file of their own",
    "concerns_trends.shown": "figures with a file of their own",
    "under_delivery.listed": "figures with a file of their own",
    "payments.remittance": "a report, with CSV and PDF of its own",
    "payments_orders.orders": "sums with a file of their own",
    "payments_posting.finalise": "a checklist, each line with the list that it opens",
    "notifications.subscriptions": "the holder's own settings",
    "one_diaries.listed": "settings, each changed on this page",
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
    without, seen = set[str](), set[str]()
    for browser, route, page in pages_with_tables(a_council, objects):
        head = HEAD.search(page)
        if head is None:
            if (
                "<tbody" in page
                and route.endpoint not in OTHERS
                and not route.endpoint.startswith("reports.")
            ):
                without.add(route.endpoint)
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
    assert not without, (
        f"give {sorted(without)} `render_list` and `list_head`, or say in OTHERS why they are no lists"
    )
    assert a_council.app.view_functions.keys() >= OTHERS.keys()
    assert len(seen) >= 25, sorted(seen)


def test_a_long_list_is_counted_to_a_thousand_and_taken_whole(a_council: ApiCouncil) -> None:
    manager = a_council.browser("home_manager", DIAMOND)
    for upto, words in ((250, "251 carers"), (1_050, "1,000 or more carers")):
        rows = "".join(f"LONG-{number:05},Ann,=B{number}\n" for number in range(upto))
        file_id, _ = a_council.council.upload(
            "carers-files", f"CarerRef,Forename,Surname\nA-ONLY,Ann,Bell\n{rows}"
        )
        gateway: Any = a_council.app.extensions["gateway"]
        key = {"object_key": f"carers-files/{file_id}.csv", "organisation": DIAMOND}
        gateway.ask("ingest", "import_carers", SYSTEM, **key)
        page = manager.get("/carers").get_data(as_text=True)
        found = HEAD.search(page)
        assert found is not None
        assert found[1] == words
        # what a page says of the whole, the pages after it say too
        after = re.search(r'href="([^"]+)" rel="next"', page)
        assert after is not None
        assert f"<strong>{words}</strong>" in manager.get(unescape(after[1])).get_data(as_text=True)
        lines = manager.get(unescape(found[2])).get_data(as_text=True).splitlines()
        assert len(lines) == upto + 2
        assert lines[-1] == f"LONG-{upto - 1:05},Ann,'=B{upto - 1}"


def test_a_list_is_counted_for_those_alone_who_may_see_it(a_council: ApiCouncil) -> None:
    gateway: Any = a_council.app.extensions["gateway"]
    manager = caller_of(a_council.account("home_manager", DIAMOND))
    finance = caller_of(a_council.account("finance"))
    for service, listed, asked in (("payments", "holds", {}), ("disputes", "concerns", {"limit": 5})):
        with pytest.raises(Refused) as refused:
            gateway.ask(service, "count_listed", manager, listed=listed, asked=asked)
        assert refused.value.code == "not_allowed"
    items = gateway.ask("matching", "count_listed", manager, listed="line_items", asked={"after": 4})
    assert items < gateway.ask("matching", "count_listed", finance, listed="line_items", asked={"limit": 1})
    with pytest.raises(Refused) as refused:
        gateway.ask("matching", "count_listed", finance, listed="merge_clients", asked={})
    assert refused.value.code == "unknown_method"


PAGED: Final = {
    "tables.html": "rejected rows of one file, with a file of their own",
    "visits_files/parts.html": "what one file holds, with files of their own",
    "visits_files/will_match.html": "what one file holds, with files of their own",
    "visits_files/correct.html": "a form of one file's rows",
    "bulk/action.html": "what one action did, row by row",
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
