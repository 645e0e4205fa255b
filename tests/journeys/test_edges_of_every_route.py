"""Every route of the portal, pages and API, asked with days that nobody means and text that nobody can store: each
answers with a page or a problem, none with 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from libs.common.rights import table
from services.portal.web import appearance
from services.portal.web.forms.text import TextForm
from tests.journeys.api_council import COUNCIL, DIAMOND, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects
from tests.journeys.route_map import UNSAFE, Route, routes
from tests.support.portal.accounts import Browser, csrf_token

__all__ = ["a_council", "objects", "shared"]

DAYS = ("0001-01-01", "2000-01-01", "2099-12-31", "9999-12-31")
DATED = ("week", "first", "last", "from", "to", "period", "updated_since", "since", "until", "looking")
NAMED = ("organisation", "client", "service", "service_level", "visit_type", "status", "q", "year", "carer")
MORE_NAMED = (
    "order",
    "named",
    "who",
    "what",
    "reason",
    "kind",
    "state",
    "tab",
    "item",
    "cpli",
    "contract",
    "level",
)
TEXTS = ("A\0B", "\u200b", "\x1b[31m", "%ED%A0%80", "9" * 400)
LEFT_OUT = {*appearance.FILES, "login.logout"}
MANAGER, OFFICER = ("home_manager", DIAMOND), ("finance", None)


def pages_of(council: ApiCouncil, objects: dict[str, str], *methods: str) -> Iterator[Route]:
    for route in routes(council.app, objects):
        if not route.is_api and route.method in methods and route.endpoint not in LEFT_OUT:
            yield route


def assert_is_answered(answer: TestResponse, about: object) -> None:
    assert answer.status_code < 500, f"{about}: {answer.status_code} {answer.data[:300]!r}"
    answer.close()


def raw_query(values: dict[str, str]) -> dict[str, Any]:
    """As a sender may write it: what is escaped already stays so."""
    quoted = "&".join(f"{name}={value}" for name, value in values.items() if value.startswith("%"))
    return {"query_string": quoted or values}


@pytest.mark.parametrize(("day", "who"), [*((day, OFFICER) for day in DAYS), ("9999-12-31", MANAGER)])
def test_no_page_fails_for_a_day(
    a_council: ApiCouncil, objects: dict[str, str], day: str, who: tuple[str, str | None]
) -> None:
    browser, tried = a_council.browser(*who), 0
    for route in pages_of(a_council, objects | {"start": day}, "GET"):
        ranges = [{"first": day, "last": "2022-10-09"}] if route.path.startswith("/reports") else []
        for query in (dict.fromkeys(DATED, day), *ranges):
            answer = browser.client.get(route.path, query_string=query)
            assert_is_answered(answer, (str(route), query))
        tried += 1
    assert tried > 60


@pytest.mark.parametrize(("text", "who"), [*((text, OFFICER) for text in TEXTS), ("A\0B", MANAGER)])
def test_no_page_fails_for_a_text_in_its_address(
    a_council: ApiCouncil, objects: dict[str, str], text: str, who: tuple[str, str | None]
) -> None:
    browser = a_council.browser(*who)
    for route in pages_of(a_council, objects, "GET"):
        for names in (NAMED, (*DATED, "cursor", "errors", "changes")):
            query = raw_query(dict.fromkeys(names, text))
            assert_is_answered(browser.client.get(route.path, **query), (str(route), names))


def test_a_name_in_an_address_that_nothing_can_have_is_404(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    browser = a_council.browser("finance")
    for name in ("start", "visit_ref", "client", "contract", "level", "ref", "secret", "carers_file"):
        for route in pages_of(a_council, objects | {name: "A%00B"}, "GET"):
            if name in route.parameters:
                assert browser.get(route.path).status_code == 404, route
    for text in ("%ED%A0%80", "A%E2%80%8BB", "A%0AB", "%F0%9F"):
        named = dict.fromkeys(("visit_ref", "client", "start"), text)
        for route in pages_of(a_council, objects | named, "GET"):
            if route.parameters & named.keys():
                assert_is_answered(browser.get(route.path), route)


def test_a_control_character_is_a_form_error_beside_its_field(a_council: ApiCouncil) -> None:
    browser = a_council.browser("home_manager", DIAMOND)
    answer = browser.post("/actions/new", subject="A\0B", words="Please look")
    assert answer.status_code == 400
    assert "holds a control character (U+0000): type it again without it" in answer.text
    blank = browser.post("/actions/new", subject="\u200b \u00a0", words="Please look")
    assert (blank.status_code, "Enter" in blank.text) == (400, True)


@pytest.mark.parametrize("of", [DIAMOND, COUNCIL])
def test_no_route_of_the_api_fails_for_what_it_is_asked(
    a_council: ApiCouncil, objects: dict[str, str], of: str
) -> None:
    api, tried = a_council.api(of), 0
    for text in ("\0", "0001-01-01", "9999-12-31", "\u200b", "A\u00a0B", "9" * 400):
        for route in routes(a_council.app, objects | ({"start": text} if text[0].isdigit() else {})):
            if not route.is_api or route.is_open:
                continue
            described = a_council.app.view_functions[route.endpoint].operation  # type: ignore[attr-defined]
            for name in described.query().fields if described.query else ():
                more = {"json": {}} if route.method in ("POST", "PUT") else {}
                path = route.path.removeprefix("/api/v1")
                answer = api.ask(route.method, path, query_string={name: text}, **more)
                assert_is_answered(answer, (str(route), name, text))
                if text == "\0" and route.method == "GET":
                    assert answer.status_code == 400, (str(route), name, answer.json)
                tried += 1
    assert tried > 100


@pytest.mark.parametrize(
    ("text", "what"), [("\ud83d", "half a character (U+D83D)"), ("\0", "a NUL character (U+0000)")]
)
def test_text_that_nobody_can_store_is_422_in_every_body(
    a_council: ApiCouncil, objects: dict[str, str], text: str, what: str
) -> None:
    tried = 0
    provider, council = a_council.api(DIAMOND), a_council.api(COUNCIL)
    commissioning = a_council.api_of_role("commissioning")
    for route in routes(a_council.app, objects):
        described = getattr(a_council.app.view_functions[route.endpoint], "operation", None)
        if described is None or described.json_body is None:
            continue
        api = council if table.scopes_without_role() & {*described.needs} else commissioning
        if "provider" in table.sides_that_may(*described.needs):
            api = provider
        for name in described.json_body().fields:
            for value in (text, [text], {name: [{"words": text}]}):
                answer = api.ask(route.method, route.path.removeprefix("/api/v1"), json={name: value})
                assert answer.status_code == 422, (str(route), answer.json)
                assert what in answer.json["detail"], answer.json  # type: ignore[index]
                assert answer.json["errors"][0]["column"].startswith(name)  # type: ignore[index]
        tried += 1
    assert tried > 10


def test_days_out_of_range_are_400_in_the_api(a_council: ApiCouncil) -> None:
    api = a_council.api(COUNCIL)
    for day in ("0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"):
        assert api.get("/visits", week=day).status_code == 400
        assert api.get("/contract-documents", updated_since=day).status_code == 400
        assert api.get(f"/payment-periods/{day}/items").status_code in (200, 404)
    assert api.get("/visits", week="2000-01-01").status_code == 200
    assert api.get("/visits", week="2099-12-31").status_code == 200


def test_the_first_and_the_last_week_have_pages_and_links(a_council: ApiCouncil) -> None:
    browser: Browser = a_council.browser("finance")
    for day in ("2000-01-01", "2099-12-31"):
        page = browser.get(f"/visits?week={day}")
        assert (page.status_code, "Enter any day of the week" in page.text) == (200, False)
    assert "Enter any day of the week" in browser.get("/visits?week=1999-12-31").text


def names_of_fields() -> set[str]:
    """Those of all forms, and of what pages read beside them."""
    kinds, found = [TextForm], {"visit", "case", "doubt", "move", "organisation", "sample", "week", "cpli_id"}
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        found |= {name for name in dir(kind) if hasattr(getattr(kind, name), "field_class")}
    return found


def test_no_form_fails_for_what_it_is_sent(a_council: ApiCouncil, objects: dict[str, str]) -> None:
    """The last one: what is not refused is done, and changes what the objects are."""
    refused = 0
    for who in (MANAGER, OFFICER):
        browser = a_council.browser(*who)
        token = csrf_token(browser.get("/account/password").text)
        for text in ("A\0B", "9999-12-31", "\u200b", "9" * 400):
            fields = dict.fromkeys(names_of_fields(), text) | {"csrf_token": token}
            for route in pages_of(a_council, objects, *UNSAFE):
                answer = browser.client.open(route.path, method=route.method, data=fields)
                assert_is_answered(answer, (str(route), text))
                refused += answer.status_code in (400, 422)
    assert refused > 100
