"""Every status by which something is refused, with a sentence that says what to do: of the API and of pages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from services.portal.accounts import steps as accounts_steps
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.api import RATE_LIMIT
from services.portal.api.limits import RateLimit
from tests.journeys.api_council import DIAMOND, Api, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.portal.accounts import Browser, a_provider, csrf_token
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

VISIT = {
    "PlannedVisitDate": "2022-10-03",
    "PlannedEntryTime": "09:00",
    "PlannedExitTime": "10:00",
    "VisitType": "H",
    "SSRef": "A123456",
    "ServiceLevel": "Personal Care",
}
NEVER = "00000000-0000-4000-8000-000000000000"


@dataclass
class World:
    """A provider's API and browser, a council's helpdesk, and what they have."""

    council: ApiCouncil
    api: Api
    browser: Browser
    helpdesk: Browser

    def file(self) -> str:
        """A checked file."""
        return str(self.api.file(a_file(a_visit(uuid.uuid4().hex)))["id"])

    def cancel_a_file(self) -> str:
        file_id = self.file()
        assert self.api.ask("DELETE", f"/visits-files/{file_id}").status_code == 200
        return file_id

    def post(self, path: str, browser: Browser | None = None, **fields: str) -> TestResponse:
        """A form of the browser's own, sent to any page."""
        sender = browser or self.browser
        token = csrf_token(sender.get("/account/password").text)
        return sender.client.post(path, data=fields | {"csrf_token": token})


@pytest.fixture(scope="module")
def world(shared: ApiCouncil) -> World:
    shared.council.import_care(a_care_file(a_care_row(1, SSRef="A123456")))
    wait_until(shared.council.is_settled, 30)
    return World(
        shared, shared.api(DIAMOND), shared.browser("home_manager", DIAMOND), shared.browser("helpdesk")
    )


def a_key_in_flight(world: World) -> TestResponse:
    """The key of a request that another process is working on."""
    key, content = uuid.uuid4().hex, a_file(a_visit(uuid.uuid4().hex))
    headers = {"Idempotency-Key": key}
    assert world.api.send("/visits-files", content, headers).status_code == 201
    with world.council.parts.sessions.begin() as session:
        session.execute(
            text("UPDATE idempotency_keys SET state = 'in_flight', claimed_at = now() WHERE key = :key"),
            {"key": key},
        )
    return world.api.send("/visits-files", content, headers)


def a_key_used_again(world: World) -> TestResponse:
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    assert world.api.send("/visits-files", a_file(a_visit(uuid.uuid4().hex)), headers).status_code == 201
    return world.api.send("/visits-files", a_file(a_visit(uuid.uuid4().hex)), headers)


def too_often(world: World) -> TestResponse:
    config = world.council.app.config
    usual = config[RATE_LIMIT]
    config[RATE_LIMIT] = RateLimit(per_minute=1, burst=1)
    try:
        world.api.get("/payment-periods")
        return world.api.get("/payment-periods")
    finally:
        config[RATE_LIMIT] = usual


def over(world: World) -> TestResponse:
    """With a token that was good until now."""
    token = tokens_steps.add(world.council.parts, a_provider(DIAMOND), days=0, made_by="tests")
    return world.council.with_token(token).get("/visits")


def disabling_oneself(world: World) -> TestResponse:
    account = world.council.account("helpdesk")
    own = world.council.browser_of(account)
    return world.post(f"/helpdesk/accounts/{account.account_id}/disable", own)


def a_link_for_a_disabled_account(world: World) -> TestResponse:
    account = world.council.account("home_manager", DIAMOND)
    accounts_steps.disable(world.council.parts, account.account_id, "tests")
    return world.post(f"/helpdesk/accounts/{account.account_id}/link", world.helpdesk)


Ask = Callable[[World], TestResponse]
API: list[tuple[int, str, Ask]] = [
    (400, "bad_query", lambda w: w.api.get("/visits", week="soon")),
    (400, "bad_query", lambda w: w.api.get("/visits", wek="2022-10-03")),
    (400, "bad_key", lambda w: w.api.send("/visits-files", a_file(), {"Idempotency-Key": ""})),
    (400, "not_json", lambda w: w.api.ask("PUT", "/visits/V", data="{", content_type="application/json")),
    (401, "not_signed_in", lambda w: w.council.with_token("caretally_wrong_wrong").get("/visits")),
    (401, "not_signed_in", over),
    (404, "not_found", lambda w: w.api.get(f"/visits-files/{NEVER}")),
    (404, "not_found", lambda w: w.api.get("/nowhere")),
    (404, "not_found", lambda w: w.api.get("/visits", organisation="Nobody Ltd")),
    (404, "not_a_period", lambda w: w.api.get("/payment-periods/2022-10-33/items")),
    (405, "method_not_allowed", lambda w: w.api.ask("PATCH", "/visits")),
    (409, "wrong_state", lambda w: w.api.ask("POST", f"/visits-files/{w.cancel_a_file()}/confirm")),
    (
        409,
        "check_again",
        lambda w: w.api.ask("POST", f"/visits-files/{w.file()}/confirm", json={"check_version": 9}),
    ),
    (409, "in_flight", a_key_in_flight),
    (412, "version_differs", lambda w: w.api.put("V", VISIT, {"If-Match": '"987654"'})),
    (413, "too_large", lambda w: w.api.send("/carers-files", b"x" * 2_000_001)),
    (415, "wrong_type", lambda w: w.api.ask("POST", "/visits-files", json={})),
    (415, "wrong_type", lambda w: w.api.ask("PUT", "/visits/V", data="x", content_type="text/plain")),
    (422, "invalid", lambda w: w.api.ask("PUT", "/visits/V", json={"PlannedVisitDate": 3})),
    (422, "key_used", a_key_used_again),
    (429, "too_many_requests", too_often),
]
PAGES: list[tuple[int, Ask]] = [
    (400, lambda w: w.browser.client.post("/visits-files", data={})),
    (400, lambda w: w.post("/visits-files")),
    (400, lambda w: w.post(f"/visits-files/{w.file()}/confirm", check_version="soon")),
    (403, lambda w: w.browser.get("/helpdesk")),
    (403, lambda w: w.helpdesk.get("/visits")),
    (404, lambda w: w.browser.get("/nowhere")),
    (404, lambda w: w.browser.get(f"/visits-files/{NEVER}")),
    (404, lambda w: w.browser.get("/visits/nothing")),
    (404, lambda w: w.browser.get("/payments/soon")),
    (405, lambda w: w.browser.client.delete("/visits-files")),
    (409, lambda w: w.post(f"/visits-files/{w.cancel_a_file()}/confirm", check_version="1")),
    (410, lambda w: w.browser.get(f"/reset/{'0' * 64}")),
    (413, lambda w: w.browser.client.post("/visits-files", data=b"x" * 50_200_000, content_type="text/csv")),
    (422, disabling_oneself),
    (422, a_link_for_a_disabled_account),
]


@pytest.mark.parametrize(
    ("status", "code", "ask"), API, ids=[f"{status} {code} {n}" for n, (status, code, _) in enumerate(API)]
)
def test_the_api_says_what_to_do(world: World, status: int, code: str, ask: Ask) -> None:
    answer = ask(world)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    problem = answer.json
    assert problem is not None
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, f"/problems/{code}")
    assert is_sentence(problem["detail"]), problem["detail"]
    assert all(is_sentence(error["message"]) for error in problem.get("errors", [])), problem
    if status in (401, 405, 429):
        wanted = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After"}[status]
        assert wanted in answer.headers


@pytest.mark.parametrize(
    ("status", "ask"), PAGES, ids=[f"{status} {n}" for n, (status, _) in enumerate(PAGES)]
)
def test_a_page_says_what_to_do(world: World, status: int, ask: Ask) -> None:
    answer = ask(world)
    assert (answer.status_code, answer.mimetype) == (status, "text/html"), answer.text
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)
    assert main is not None
    assert "<h1" in main[0]
    said = re.sub(r"<[^>]+>", "\n", main[0])
    assert any(is_sentence(line.strip()) or "Choose a" in line for line in said.splitlines()), said
    assert "Traceback" not in answer.text


def is_sentence(said: str) -> bool:
    """Words with a full stop, and not a name of an error alone."""
    return said.endswith(".") and len(said.split()) >= 3


def test_the_statuses_that_systems_must_handle_are_all_seen() -> None:
    """403 is of pages alone: a token is a provider's or the council's, and what is not its own is 404 to it."""
    assert {status for status, _, _ in API} >= {400, 401, 404, 409, 413, 415, 422, 429}
    assert {status for status, _ in PAGES} >= {400, 403, 404, 409, 413, 422}
