"""Text that is none: no address, query, header, cookie, form or document that holds it makes anything fail."""

from __future__ import annotations

import io
import json
import random
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.test import TestResponse

from tests.journeys.api_council import COUNCIL, DIAMOND
from tests.journeys.route_map import UNSAFE, Route, routes
from tests.security.promises import Outcome, Site, promise, some
from tests.support.portal.accounts import Browser, csrf_token

NO_TEXT = (
    "%00",
    "%ED%A0%80",
    "%ED%BF%BF",
    "%C0%80",
    "%C0%AF",
    "%E0%80%AF",
    "%F0%9F",
    "%FF",
    "%01",
    "%1B",
    "%7F",
)
"""NUL, halves of a character, what is written too long or is cut, control characters."""
TEXT = (
    "%",
    "%zz",
    "100%",
    "%2500",
    "%E2%80%8B",
    "%EF%BB%BF",
    "..%2F..%2Fetc%2Fpasswd",
    "%F0%9F%91%A9",
    "'%22%3E%3Cb%3E",
)
"""Odd, but text: it may name nothing, and is answered."""
IN_JSON = ("\0", "\ud83d", "\udcff", "\x1b[31m", "\u202e", "9" * 400, "{{7*7}}", "' OR 1=1 --", "<script>")


HOSTS = (
    "a..b",
    ".",
    "9" * 5000,
    "a b",
    "[",
    "[::1",
    "x:y",
    "é",
    "a/b",
    "a@b",
    "-" * 64,
    "localhost:99999999",
)


@promise("A host that cannot be is 400, and no page is worked out from it", 20)
def odd_hosts(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    for host in HOSTS:
        for path in ("/login", "/api/v1/visits"):
            raw = {"HTTP_HOST": host}
            answer = site.council.app.test_client().get(path, environ_overrides=raw)
            _is_answered(outcome, answer, (host, path), (400,))
    return outcome


def _is_answered(outcome: Outcome, answer: TestResponse, about: object, wanted: tuple[int, ...] = ()) -> None:
    status = answer.status_code
    outcome.expect(status in wanted if wanted else status < 500, f"{about}: {status} {answer.data[:200]!r}")
    answer.close()


@promise("An address that is no text, or names nothing, is 404 and never 500", 100)
def odd_addresses(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    browser, api = site.council.browser("finance"), site.council.api(COUNCIL)
    named = [route for route in routes(site.council.app, site.objects) if route.parameters]
    for route in some(chance, named, 60 * times):
        given = route.parameters & site.objects.keys()
        parameter = chance.choice(sorted(given))
        for text, wanted in ((chance.choice(NO_TEXT), (404,)), (chance.choice(TEXT), ())):
            value = chance.choice((text, f"A{text}B", site.objects[parameter] + text))
            path = route.path.replace(site.objects[parameter], value)
            answer = _open(site, browser, api, route, path)
            _is_answered(outcome, answer, f"{route.method} {path}", wanted)
    return outcome


def _open(site: Site, browser: Browser, api: Any, route: Route, address: str) -> TestResponse:
    """Ask for an address as a server gives it on; a client would mend what is no text."""
    path, _, query = address.partition("?")
    raw = {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query}
    if route.is_api:
        return api.ask(route.method, "/visits", environ_overrides=raw)
    return browser.client.open("/", method=route.method, environ_overrides=raw)


@promise("A query that is no text is 400, and one that is odd is answered", 100)
def odd_queries(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    browser, api = site.council.browser("finance"), site.council.api(COUNCIL)
    asked = [route for route in routes(site.council.app, site.objects) if route.method == "GET"]
    names = (
        "week",
        "client",
        "organisation",
        "q",
        "status",
        "first",
        "last",
        "cursor",
        "next",
        "why",
        "unsent",
    )
    for route in some(chance, asked, 60 * times):
        for text, wanted in ((chance.choice(NO_TEXT), (400, 404)), (chance.choice(TEXT), ())):
            query = chance.choice(("{name}={text}", "{text}={name}", "{name}=A{text}B&{name}=x"))
            path = f"{route.path}?{query.format(name=chance.choice(names), text=text)}"
            _is_answered(outcome, _open(site, browser, api, route, path), path, wanted)
    return outcome


@promise("Odd headers and cookies make nothing fail", 100)
def odd_headers(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, browser = Outcome(), site.council.browser("finance")
    texts = (
        '"\\000"',
        '"\\377"',
        "\xff\xfe",
        "a\x7fb",
        "\x1b[31m",
        "%00",
        ";;==",
        '"',
        "9" * 5000,
        "bytes=0-9e9",
        "*",
    )
    names = (
        "User-Agent",
        "Accept-Language",
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "Referer",
        "X-Forwarded-For",
    )
    names += ("Accept", "Idempotency-Key", "If-Match", "X-Forwarded-Host")
    cookies = ("session", "form", "sign_in", "browser_0123456789abcdef")
    paths = (
        "/login",
        "/account",
        "/visits",
        "/help",
        "/static/portal.css",
        "/api/v1/visits",
        "/api/v1/openapi.json",
    )
    for _ in range(100 * times):
        text, path = chance.choice(texts), chance.choice(paths)
        if chance.random() < 0.5:
            headers = {"Cookie": f"__Host-caretally_{chance.choice(cookies)}={text}"}
            answer = site.council.app.test_client().get(path, headers=headers)
        else:
            headers = {chance.choice(names): text}
            answer = browser.client.get(path, headers=headers)
        _is_answered(outcome, answer, (path, headers))
    return outcome


@promise("Odd text in a form or in the name of a file is a mistake, never a failure", 100)
def odd_forms(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    names = (
        "words",
        "subject",
        "reason",
        "name",
        "email",
        "first_on",
        "amount",
        "note",
        "organisation",
        "owner",
        "client",
    )
    for who in (("finance", None), ("home_manager", DIAMOND)):
        browser = site.council.browser(*who)
        token = csrf_token(browser.get("/account/password").text)
        forms = [r for r in routes(site.council.app, site.objects) if not r.is_api and r.method in UNSAFE]
        forms = [route for route in forms if route.endpoint != "login.logout"]
        for route in some(chance, forms, 50 * times):
            text = chance.choice(("\0", "a\0b", "\x1b[31m", "\u202e", "9" * 4000, "=cmd()", "é" * 50))
            fields: dict[str, Any] = dict.fromkeys(names, text) | {"csrf_token": token}
            if chance.random() < 0.4:
                file = (
                    io.BytesIO(b"\0\xff" * 50),
                    chance.choice(("../../x\0.csv", "a.pdf.exe", "\u202efdp.csv", "", "x" * 500)),
                )
                fields[chance.choice(("file", "files", "attachments", "\0"))] = file
            answer = browser.client.open(route.path, method=route.method, data=fields)
            _is_answered(outcome, answer, (str(route), text))
    return outcome


@promise("Odd text in a document for the API is refused, never a failure", 100)
def odd_documents(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    taking = []
    for route in routes(site.council.app, site.objects):
        described = getattr(site.council.app.view_functions[route.endpoint], "operation", None)
        if described is not None and described.json_body is not None:
            taking.append((route, sorted(described.json_body().fields)))
    raw = (
        b"",
        b"[]",
        b"null",
        b'{"a":1e999}',
        b'{"a":NaN}',
        b"[" * 100_000,
        b'{"a":"\xed\xa0\x80"}',
        b"\xff\xfe{}",
        b"9" * 5000,
    )
    for route, names in some(chance, taking, 60 * times):
        api, path = site.council.api(chance.choice((DIAMOND, COUNCIL))), route.path.removeprefix("/api/v1")
        body = dict.fromkeys(names, chance.choice(IN_JSON))
        for content in (json.dumps(body).encode(), chance.choice(raw)):
            headers = {"Content-Type": "application/json"}
            answer = api.ask(route.method, path, data=content, headers=headers)
            _is_answered(outcome, answer, (str(route), content[:80]))
    return outcome
