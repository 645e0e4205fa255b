"""Every route of the portal, pages and API, found by walking the map: who gets in, what nobody else may see, and what
every answer says to browsers."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from werkzeug.test import TestResponse

from libs.common.rights import table
from services.portal.web import appearance
from services.portal.web.coming_back.stale import IN_ALREADY, NOT_OUT, SOMEBODY_ELSE, TOO_OLD
from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects
from tests.journeys.route_map import UNSAFE, Route, routes
from tests.support.portal.accounts import Browser, csrf_token, path_of

__all__ = ["a_council", "objects", "shared"]

SHARED = {"start", "week", "contract", "level", "ref", "span", "guide", "bulk_act"}
"""Parameters that name what is everybody's: a period or week has each provider's own items; lists are the council's."""
MAKERS = {"api.put_visit"}
"""These make something of the asker's own under a name that another may use too."""
BODIES = {
    f"api.say_in_{kind}": {"words": "Let me in."}
    for kind in ("action", "claim", "dispute", "enquiry", "review")
} | {
    "api.place_hold": {"kind": "cancel", "reason": "Let me in.", "owner": "me"},
    "api.mend_rows": {"fault": "no_package", "value": "A123456", "chosen": "B1"},
    "api.decide_charge": {"charge": "keep", "reason": "Let me in."},
    "api.accept_invoice": {"gross": "140.00"},
    "api.reject_invoice": {"reason": "Let me in."},
    "api.credit_invoice": {"cpli_id": 5, "week": "2022-10-03", "amount": "1.00", "reason": "Let me in."},
    "api.attach_vat_invoice": {"vat_number": "GB980780684", "attachment": "Let me in."},
    "api.put_actual": {
        "lines": [{"first_on": "2022-10-03", "last_on": "2022-10-03", "delivered_seconds": 60}]
    },
    "api.go_on_with_concern": {"words": "Let me in."},
    "api.send_breach_notice": {"words": "Let me in.", "due_on": "2030-01-01", "version": 1},
    "api.answer_breach_notice": {"words": "Let me in."},
    "api.put_concern_group": {"name": "Let me in.", "organisations": ["me"]},
    "api.set_ranked_price": {"organisation": DIAMOND, "quarter": "2022-Q4", "price": "1.00"},
    "api.set_list_terms": {
        "quarter": "2022-Q4",
        "quality_share": "50",
        "measures": [{"measure": "late", "best": "0", "worst": "20", "weight": "1"}],
    },
    "api.propose_ranking": {"quarter": "2022-Q4"},
    "api.appeal_ranking": {"note": "Let me in."},
    "api.answer_ranking_appeal": {"is_upheld": True, "reason": "Let me in."},
    "api.make_offer": {"place": 1},
    "api.skip_provider": {"place": 1, "reason": "Let me in."},
    "api.withdraw_requisition": {"reason": "Let me in."},
    "api.answer_offer": {"answer": "accepted"},
}
"""What the API must be sent for these, to be refused for nothing else than who asks."""
REFUSED = (TOO_OLD, SOMEBODY_ELSE, IN_ALREADY, NOT_OUT)
"""What a page says first whose form counts no more."""
OF_STRANGERS = (
    "login.digits",
    "login.app",
    "login.ask_for_link",
    "login.by_link",
    "login.ask_for_reset",
    "login.reset",
)
"""Forms of whoever is not signed in: shown again, or, where no sign-in is under way, left for its beginning."""
SECRETS = ("A-ONLY", "A-BAD", "A123456", DIAMOND, "255.49")


def ask_as_provider(
    council: ApiCouncil, route: Route, browser: Browser, of: str, **query: str
) -> TestResponse:
    """The answer to a provider: to its token, or to its browser with the CSRF token and some fields of forms."""
    if route.is_api:
        path = route.path.removeprefix("/api/v1")
        body = BODIES.get(route.endpoint)
        return council.api(of).ask(route.method, path, query_string=query, json=body)
    given: dict[str, Any] = {}
    if route.method in UNSAFE:
        given["data"] = {"csrf_token": token_of(browser), "check_version": "1"}
    return browser.client.open(route.path, method=route.method, query_string=query, **given)


@cache
def token_of(browser: Browser) -> str:
    """What every form of a browser's sends along."""
    return csrf_token(browser.get("/account/password").text)


def secrets_in(answer: TestResponse, but: str = "\0") -> list[str]:
    """What is the first provider's alone; `but`: what was asked for may be said again."""
    content = answer.get_data().decode(errors="replace").replace(but, "")
    return [secret for secret in SECRETS if secret in content]


def test_what_is_one_provider_s_is_404_for_another_on_every_route(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    other, tried = a_council.browser("home_manager", PEARL), set()
    for route in routes(a_council.app, objects):
        if not route.parameters - SHARED or route.is_open or route.endpoint in MAKERS:
            continue
        wanted = 404 if route.is_for_providers else 403
        answer = ask_as_provider(a_council, route, other, PEARL)
        assert (answer.status_code, secrets_in(answer)) == (wanted, []), f"{route}: {answer.text}"
        named = ask_as_provider(a_council, route, other, PEARL, organisation=DIAMOND)
        assert named.status_code in (wanted, 400), f"{route}: {named.text}"
        assert secrets_in(named, but=DIAMOND) == [], f"{route}: {named.text}"
        tried.add(route.endpoint.partition(".")[0])
    assert tried == {
        "actuals_change",
        "actuals_files",
        "api",
        "attachments",
        "bulk",
        "care",
        "care_imports",
        "carers",
        "clients",
        "clients_merging",
        "contract_documents",
        "disputes",
        "visits",
        "visits_change",
        "visits_corrections",
        "visits_files",
        "visits_mending",
        "visits_outcomes",
        "payments_holds",
        "payments_items",
        "payments_debts",
        "payments_runs",
        "invoices",
        "invoices_making",
        "invoices_deciding",
        "proposals",
        "charges",
        "claims",
        "claims_items",
        "subject_access",
        "helpdesk",
        "council_accounts",
        "kpis_meetings",
        "tokens",
        "contacts",
        "change_requests",
        "worklist_samples",
        "actions",
        "enquiries",
        "reviews",
        "concerns",
        "concerns_lists",
        "breach_notices",
        "ranking",
        "ranking_frozen",
        "ranking_own",
        "requisitions",
        "offers",
        "one_diaries",
        "saved_filters",
        "under_delivery",
    }
    diamond = a_council.api(DIAMOND)
    assert diamond.get(f"/visits-files/{objects['file_id']}").json["state"] == "checked"
    assert diamond.visit("A-ONLY")["deleted"] is False


def test_what_is_everybody_s_shows_each_provider_its_own_alone(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    other, tried = a_council.browser("home_manager", PEARL), set()
    for route in routes(a_council.app, objects):
        if route.parameters - SHARED or route.is_open or "helpdesk" in route.allowed:
            continue
        assert secrets_in(ask_as_provider(a_council, route, other, PEARL)) == [], route
        named = ask_as_provider(a_council, route, other, PEARL, organisation=DIAMOND)
        assert secrets_in(named, but=DIAMOND) == [], route
        tried.add(route.path)
    assert tried >= {"/visits", "/visits-files", "/payments", "/payments/2022-10-03", "/api/v1/visits"}
    shown = a_council.browser("home_manager", DIAMOND).get("/payments/2022-10-03")
    assert "255.49" in shown.text  # what was looked for is there to be seen


def test_strangers_are_sent_to_sign_in_and_the_api_says_401(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    nobody, pages, api = Browser(a_council.app.test_client()), 0, 0
    token = csrf_token(nobody.get("/login").text)
    signed_in = a_council.browser("home_manager", DIAMOND)
    for route in routes(a_council.app, objects):
        if route.is_open:
            continue
        data = {"csrf_token": token} if route.method in UNSAFE else None
        answer = nobody.client.open(route.path, method=route.method, data=data)
        if route.is_api:
            by_cookie = signed_in.client.open(route.path, method=route.method)
            for refused in (answer, by_cookie):
                assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer"), route
                assert refused.mimetype == "application/problem+json"
            api += 1
        else:
            assert (answer.status_code, path_of(answer)) == (303, "/login"), route
            pages += 1
    assert min(pages, api) > 10


@pytest.mark.parametrize("role", table.ROLES)
def test_a_page_is_403_for_every_role_that_it_is_not_for(
    a_council: ApiCouncil, objects: dict[str, str], role: str
) -> None:
    who = a_council.browser(role, DIAMOND if role in table.PROVIDER_ROLES else None)
    let_in, refused = 0, 0
    for route in routes(a_council.app, objects):
        if route.is_api or not route.allowed or route.method != "GET":
            continue
        answer = who.get(route.path)
        if role in route.allowed:
            assert answer.status_code not in (303, 401, 403, 500), f"{route}: {answer.status_code}"
            let_in += 1
        else:
            assert answer.status_code == 403, f"{route}: {answer.status_code}"
            assert "no access to this page" in answer.text
            refused += 1
    assert min(let_in, refused) > 0


def test_every_unsafe_page_refuses_a_missing_and_a_wrong_csrf_token(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    browser, tried = a_council.browser("home_manager", DIAMOND), 0
    somebody_elses = csrf_token(a_council.browser("home_manager", DIAMOND).get("/account/password").text)
    for route in routes(a_council.app, objects):
        if route.is_api or route.method not in UNSAFE:
            continue
        for data in ({}, {"csrf_token": "x"}, {"csrf_token": somebody_elses}):
            answer = browser.client.open(route.path, method=route.method, data=data)
            if route.endpoint in OF_STRANGERS and answer.status_code == 303:
                assert answer.location.startswith("/login?why="), f"{route}: {answer.location}"
                continue
            heading = re.search(r"<h1[^>]*>([^<]*)", answer.text)
            told = (heading is not None and heading[1] in REFUSED) or "Nothing was done: " in answer.text
            if route.endpoint in OF_STRANGERS:
                told = "There is a problem" in answer.text
            assert (answer.status_code, told, "CSRF" in answer.text) == (400, True, False), (
                f"{route}: {answer.text}"
            )
        tried += 1
    assert tried > 10
    assert browser.is_in()  # even /logout was refused
    assert a_council.api(DIAMOND).get(f"/visits-files/{objects['file_id']}").json["state"] == "checked"


def directives(answer: TestResponse) -> dict[str, list[str]]:
    """The Content-Security-Policy: directive to sources."""
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


def assert_safe(answer: TestResponse, about: object, *, is_file: bool = False) -> None:
    """What every answer must say to a browser."""
    policy = directives(answer)
    assert policy["default-src"] == ["'none'"], about
    assert policy["frame-ancestors"] == ["'none'"], about
    assert policy["base-uri"] == ["'none'"], about
    everything = {source for sources in policy.values() for source in sources}
    assert not everything & {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "data:", "https:"}, (
        about
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff", about
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), about
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", about
    seconds = re.fullmatch(r"max-age=(\d+); includeSubDomains", answer.headers["Strict-Transport-Security"])
    assert seconds is not None, about
    assert int(seconds[1]) >= 31_536_000, about
    assert is_file or answer.headers["Cache-Control"] == "no-store", about
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.startswith("__Host-"), (about, cookie)
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), (about, cookie)
        assert "Domain" not in cookie, (about, cookie)


def test_every_answer_tells_browsers_to_run_keep_and_frame_nothing(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    nobody, statuses = a_council.app.test_client(), set()
    browser = a_council.browser("home_manager", DIAMOND)
    for route in routes(a_council.app, objects):
        is_file = route.endpoint in appearance.FILES
        answers = [
            nobody.open(route.path, method=route.method),
            nobody.open(route.path, method="OPTIONS"),
            nobody.open(route.path, method="TRACE"),
        ]
        if route.method == "GET":
            answers += [ask_as_provider(a_council, route, browser, DIAMOND), browser.client.head(route.path)]
        for answer in answers:
            assert_safe(answer, route, is_file=is_file)
            statuses.add(answer.status_code)
            answer.close()
    for path in (
        "/nowhere",
        "/static/nowhere.css",
        "/api/v1/nowhere",
        "/api/nowhere",
        "/visits-files/1",
    ):
        answer = browser.get(path)
        assert answer.status_code == 404, path
        assert_safe(answer, path, is_file=path.startswith("/static"))
    assert statuses >= {200, 303, 400, 401, 405}


def test_an_attachment_is_taken_along_by_the_two_sides_and_never_shown(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    place = f"/attachments/{objects['attachment_id']}"
    for role, of, status in (
        ("home_manager", DIAMOND, 200),
        ("finance", None, 200),
        ("home_manager", PEARL, 404),
        ("helpdesk", None, 403),
    ):
        answer = a_council.browser(role, of).get(place)
        assert answer.status_code == status
        assert (answer.data == b"A-ONLY") is (status == 200)
        if status == 200:
            assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''A-ONLY.txt"
            assert answer.headers["Content-Type"] == "application/octet-stream"
            assert directives(answer)["sandbox"] == []


def test_what_nobody_expected_is_as_safe_and_tells_nothing(
    a_council: ApiCouncil, objects: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a secret detail")

    gateway: Any = a_council.app.extensions["gateway"]
    browser, failed = a_council.browser("home_manager", DIAMOND), 0
    monkeypatch.setattr(gateway, "ask", fail)
    for route in routes(a_council.app, objects):
        if route.is_open or "helpdesk" in route.allowed:
            continue
        answer = ask_as_provider(a_council, route, browser, DIAMOND)
        assert_safe(answer, route)
        assert "a secret detail" not in answer.text, route
        assert "Traceback" not in answer.text, route
        failed += answer.status_code == 500
    assert failed > 10
