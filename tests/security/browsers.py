"""What browsers are told, and what they can be made to send: headers, cookies, forms from elsewhere."""

from __future__ import annotations

import random

from services.portal.web import appearance
from tests.journeys.api_council import COUNCIL, DIAMOND
from tests.journeys.route_map import UNSAFE, routes
from tests.journeys.test_every_route import assert_safe, directives
from tests.security.promises import Outcome, Site, promise, some
from tests.support.portal.accounts import Browser, csrf_token, path_of


@promise(
    "Every answer, failures too, tells browsers to run, keep, frame and lend nothing; every cookie is __Host-",
    150,
)
def headers_and_cookies(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, nobody = Outcome(), site.council.app.test_client()
    officer, api = site.council.browser("finance"), site.council.api(COUNCIL)
    for route in some(chance, list(routes(site.council.app, site.objects)), 60 * times):
        answers = [nobody.open(route.path, method=method) for method in (route.method, "OPTIONS", "TRACE")]
        if route.method == "GET":
            answers.append(
                api.get(route.path.removeprefix("/api/v1")) if route.is_api else officer.get(route.path)
            )
        for answer in answers:
            try:
                assert_safe(answer, route, is_file=route.endpoint in appearance.FILES)
                no_cors = "Access-Control-Allow-Origin" not in answer.headers
                outcome.expect(no_cors, f"{route}: another site may read it")
            except (AssertionError, KeyError) as error:
                outcome.expect(False, f"{route} {answer.status_code}: {error}")
            answer.close()
    return outcome


@promise("No form is taken without the token of its own session, or from a page of another site", 200)
def forged_forms(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    browser = site.council.browser("home_manager", DIAMOND)
    own = csrf_token(browser.get("/account/password").text)
    others = csrf_token(site.council.browser("home_manager", DIAMOND).get("/account/password").text)
    strangers = csrf_token(Browser(site.council.app.test_client()).get("/login").text)
    turned = (
        own[:-9] + ("A" if own[-9] != "A" else "B") + own[-8:]
    )  # not the last letter: it has bits to spare
    unsafe = [r for r in routes(site.council.app, site.objects) if not r.is_api and r.method in UNSAFE]
    before = site.council.api(DIAMOND).get("/visits").data
    for route in some(chance, unsafe, 40 * times):
        for token in (None, "", "x", others, strangers, turned):
            data = {} if token is None else {"csrf_token": token}
            answer = browser.client.open(route.path, method=route.method, data=data)
            refused = answer.status_code in (400, 413) or (
                path_of(answer) == "/login" and answer.status_code == 303
            )
            outcome.expect(refused, f"{route} with the token {token}: {answer.status_code}")
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "null"},
            {"Origin": "https://localhost.evil.example"},
            {"Origin": "http://localhost"},
        ):
            answer = browser.client.open(
                route.path, method=route.method, data={"csrf_token": own}, headers=headers
            )
            outcome.expect(answer.status_code == 400, f"{route} with {headers}: {answer.status_code}")
    outcome.expect(browser.is_in(), "the session was ended")
    outcome.expect(site.council.api(DIAMOND).get("/visits").data == before, "a visit was changed")
    return outcome


@promise("A page's cookie opens no operation of the API, and a token no page", 60)
def crossed_keys(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, browser = Outcome(), site.council.browser("finance")
    token = {"Authorization": f"Bearer {site.council.api(COUNCIL).token}"}
    for route in some(
        chance, [r for r in routes(site.council.app, site.objects) if not r.is_open], 60 * times
    ):
        if route.is_api:
            answer = browser.client.open(route.path, method=route.method)
            outcome.expect(answer.status_code == 401, f"{route} by a cookie: {answer.status_code}")
        elif route.method == "GET":
            answer = site.council.app.test_client().get(route.path, headers=token)
            outcome.expect(path_of(answer) == "/login", f"{route} by a token: {answer.status_code}")
        else:
            answer = site.council.app.test_client().open(route.path, method=route.method, headers=token)
            outcome.expect(answer.status_code in (303, 400), f"{route} by a token: {answer.status_code}")
    return outcome


@promise("Counts, the state of services and traces are not for strangers", 8)
def not_public(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, nobody = Outcome(), site.council.app.test_client()
    for path in (
        "/metrics",
        "/metrics/",
        "//metrics",
        "/console",
        "/.git/config",
        "/static/../app.py",
        "/static/",
    ):
        outcome.expect(nobody.get(path).status_code in (404, 308), path)
    outcome.expect(path_of(nobody.get("/state")) == "/login", "/state")
    for method in ("TRACE", "CONNECT", "PROPFIND", "X" * 50):
        outcome.expect(nobody.open("/login", method=method).status_code == 405, method)
    place = f"/attachments/{site.objects['attachment_id']}"
    answer = site.council.browser("finance").get(place)
    outcome.expect(directives(answer).get("sandbox") == [], "an attachment is run")
    outcome.expect(answer.headers["Content-Disposition"].startswith("attachment"), "an attachment is shown")
    return outcome
