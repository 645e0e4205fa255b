"""Text that would be something else if it were not escaped: in pages, statements and templates."""

from __future__ import annotations

import random
import time

from tests.journeys.api_council import COUNCIL, DIAMOND
from tests.journeys.route_map import routes
from tests.journeys.test_import_in_two_steps import a_visit
from tests.security.promises import Outcome, Site, promise, some
from tests.support.builders.visit_files import a_file

MARKUP = '"><img src=x onerror=go()>'
TEMPLATE = "{{ 1337 * 7331 }}${1337*7331}%{1337*7331}"
PRODUCT = str(1337 * 7331)
STATEMENTS = (
    "'; SELECT pg_sleep(4) --",
    "' OR pg_sleep(4) IS NULL OR '1'='1",
    "1) OR 1=1 --",
    "\\'; DROP TABLE visits --",
    "%' AND 1=(SELECT 1 FROM pg_sleep(4)) AND '%'='",
)
SLEEP_SECONDS = 4.0
NAMES = (
    "q",
    "client",
    "organisation",
    "service",
    "status",
    "contract",
    "order",
    "who",
    "what",
    "reason",
    "kind",
    "next",
    "why",
)


@promise("What people write is shown as text: it is no markup and no template", 100)
def written_markup(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, council = Outcome(), site.council
    manager, officer = council.browser("home_manager", DIAMOND), council.browser("finance")
    said = f"{MARKUP} {TEMPLATE}"
    made = manager.post("/actions/new", subject=f"A-ONLY {MARKUP}", words=said)
    outcome.expect(made.status_code in (200, 302, 303), f"an action: {made.status_code}")
    rows = [a_visit("A<b>x", Comments=said), a_visit("A-X", VisitType=MARKUP, Comments=said)]
    sent = council.api(DIAMOND).file(a_file(*rows), confirm="true")
    objects = site.objects | {"file_id": sent["id"]}
    looking = [r for r in routes(council.app, objects) if r.method == "GET" and not r.is_api]
    always = [
        r
        for r in looking
        if r.endpoint in ("visits_files.file", "visits_files.one", "actions.actions", "visits.visits")
    ]
    shown = 0
    for route in always + some(chance, looking, 25 * times):
        for browser in (manager, officer):
            query = {chance.choice(NAMES): said, "week": "2022-10-03"}
            for answer in (
                browser.client.get(route.path),
                browser.client.get(route.path, query_string=query),
            ):
                if answer.mimetype == "text/html":
                    text = answer.get_data(as_text=True)
                    shown += "&lt;img src=x" in text
                    outcome.expect("<img src=x" not in text, f"{route} has markup")
                    outcome.expect(PRODUCT not in text, f"{route} works a template out")
                answer.close()
    outcome.expect(shown > 0, "what was written is nowhere to be seen")
    return outcome


@promise("No statement of SQL comes from what is asked", 60)
def asked_statements(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, council = Outcome(), site.council
    officer, api = council.browser("finance"), council.api(COUNCIL)
    asked = [r for r in routes(council.app, site.objects) if r.method == "GET" and not r.is_open]
    for route in some(chance, asked, 60 * times):
        query = dict.fromkeys(chance.sample(NAMES, 4), chance.choice(STATEMENTS))
        began = time.monotonic()
        if route.is_api:
            answer = api.get(route.path.removeprefix("/api/v1"), **query)
        else:
            answer = officer.client.get(route.path, query_string=query)
        seconds = time.monotonic() - began
        slept = seconds >= SLEEP_SECONDS and _sleeps_again(
            officer if not route.is_api else None, route.path, query
        )
        outcome.expect(
            answer.status_code < 500 and not slept, f"{route} {query}: {answer.status_code}, {seconds:.1f} s"
        )
        answer.close()
    return outcome


def _sleeps_again(browser: object, path: str, query: dict[str, str]) -> bool:
    """Whether it takes as long once more; a busy machine is slow only now and then."""
    if browser is None:
        return False
    began = time.monotonic()
    browser.client.get(path, query_string=query).close()  # type: ignore[attr-defined]
    return time.monotonic() - began >= SLEEP_SECONDS
