"""A service, the broker or the database is away, or hangs: a plain page or problem within five seconds, and what needs
it not goes on."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest
from werkzeug.test import TestResponse

from services.portal.app import create_app
from services.portal.clients.gateway import CALL_SECONDS, PRESENCE_SECONDS, Gateway
from tests.journeys.api_council import DIAMOND, ApiCouncil, breakable
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.portal.accounts import Browser, Clock, csrf_token, parts_on, sharing_templates
from tests.support.run.waiting import wait_until

__all__ = ["breakable"]

LIMIT_SECONDS = 5.0
BUSY_SECONDS = 1.5
"""What a busy machine may add: a call that waits twice would take longer."""
NEEDS = {
    "ingest": ("/visits-files", "/visits"),
    "matching": (None, "/care-package-line-items"),
    "payments": ("/payments", "/payment-periods"),
}
"""A page and an address of the API that can't be shown without the service."""


def within_the_limit(ask: Callable[[], TestResponse]) -> TestResponse:
    began = time.monotonic()
    answer = ask()
    assert time.monotonic() - began < LIMIT_SECONDS + BUSY_SECONDS
    return answer


def is_plain_problem(answer: TestResponse) -> bool:
    document = answer.json
    assert document["detail"].endswith("."), document
    assert "Retry-After" in answer.headers
    return (answer.status_code, answer.mimetype, document["code"]) == (
        503,
        "application/problem+json",
        "unavailable",
    )


def is_plain_page(answer: TestResponse) -> bool:
    is_plain = "Wait a moment and try again." in answer.text and "Traceback" not in answer.text
    return answer.status_code == 503 and is_plain


@contextmanager
def while_stopped(council: ApiCouncil, service: str) -> Iterator[None]:
    process = council.processes[service]
    process.stop()
    try:
        yield
    finally:
        process.start()
        process.await_ready()


@contextmanager
def while_frozen(council: ApiCouncil, service: str) -> Iterator[None]:
    """It takes questions and never answers: only the time limit ends that."""
    pid = council.processes[service].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
        wait_until(lambda: council.processes[service].get("/readyz")[0] == 200, 30)


def test_the_longest_wait_of_a_call_and_of_the_look_before_it_is_within_the_limit() -> None:
    assert CALL_SECONDS + PRESENCE_SECONDS < LIMIT_SECONDS


@pytest.mark.parametrize("how", [while_stopped, while_frozen])
@pytest.mark.parametrize("service", NEEDS)
def test_a_service_that_is_away_is_a_plain_answer_and_the_rest_goes_on(
    breakable: ApiCouncil, service: str, how: Callable[[ApiCouncil, str], Iterator[None]]
) -> None:
    browser, api = breakable.browser("home_manager", DIAMOND), breakable.api(DIAMOND)
    with how(breakable, service):
        for name, (page, address) in NEEDS.items():
            with ThreadPoolExecutor(2) as pool:
                showing = pool.submit(within_the_limit, partial(browser.get, page or "/account"))
                answering = pool.submit(within_the_limit, partial(api.get, address))
            shown, answer = showing.result(), answering.result()
            if name == service:
                assert is_plain_problem(answer)
                assert page is None or is_plain_page(shown)
            elif (service, name) != (
                "matching",
                "ingest",
            ):  # a page of visits shows what matching says of them
                assert (shown.status_code, answer.status_code) == (200, 200), (name, answer.text)
        state = within_the_limit(lambda: browser.get("/state"))
        assert state.status_code == 200
    for page, address in NEEDS.values():
        assert browser.get(page or "/account").status_code == 200
        assert api.get(address).status_code == 200


def test_a_file_sent_to_a_service_that_is_away_is_a_plain_problem_and_taken_later(
    breakable: ApiCouncil,
) -> None:
    breakable.council.import_care(a_care_file(a_care_row(1)))
    wait_until(breakable.council.is_settled, 30)
    api, key = breakable.api(DIAMOND), {"Idempotency-Key": "sent until it is taken"}
    with while_stopped(breakable, "ingest"):
        assert is_plain_problem(within_the_limit(lambda: api.send("/visits-files", a_file(a_row()), key)))
        assert is_plain_problem(within_the_limit(lambda: api.get("/visits")))
    assert api.send("/visits-files", a_file(a_row()), key).status_code == 201


@pytest.fixture
def silence() -> Iterator[str]:
    """host:port where connections are taken and nobody ever says anything."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(params=["nobody", "silence"])
def nowhere(request: pytest.FixtureRequest) -> str:
    """host:port where nobody listens, or nobody answers."""
    return "127.0.0.1:9" if request.param == "nobody" else str(request.getfixturevalue("silence"))


def test_without_the_broker_pages_of_services_are_plain_answers_and_accounts_go_on(
    breakable: ApiCouncil, nowhere: str
) -> None:
    gateway = Gateway(f"amqp://{nowhere}/%2F")
    app = sharing_templates(create_app(gateway, breakable.parts))
    browser = breakable.browser("home_manager", DIAMOND, app)
    token = breakable.api(DIAMOND).token
    assert is_plain_page(within_the_limit(lambda: browser.get("/visits-files")))
    headers = {"Authorization": f"Bearer {token}"}
    assert is_plain_problem(
        within_the_limit(lambda: app.test_client().get("/api/v1/visits", headers=headers))
    )
    assert within_the_limit(lambda: browser.get("/account")).status_code == 200
    assert within_the_limit(lambda: browser.get("/state")).status_code == 200
    ready = within_the_limit(lambda: browser.get("/readyz"))
    assert (ready.status_code, list(ready.json["reasons"])) == (503, ["broker"])
    gateway.close()


def test_without_the_database_every_page_and_address_is_a_plain_answer(
    breakable: ApiCouncil, nowhere: str
) -> None:
    gateway = Gateway(breakable.amqp_url)
    parts = parts_on(f"postgresql://nobody@{nowhere}/nothing", Clock())
    app = sharing_templates(create_app(gateway, parts))
    stranger = Browser(app.test_client())
    assert within_the_limit(lambda: stranger.get("/login")).status_code == 200
    fields = {
        "email": "nobody@example.org",
        "password": "x",
        "csrf_token": csrf_token(stranger.get("/login").text),
    }
    assert is_plain_page(within_the_limit(lambda: stranger.client.post("/login", data=fields)))
    stranger.client.set_cookie("caretally_session", "0" * 64)
    assert is_plain_page(within_the_limit(lambda: stranger.get("/account")))
    headers = {"Authorization": "Bearer caretally_0_0"}
    assert is_plain_problem(
        within_the_limit(lambda: app.test_client().get("/api/v1/visits", headers=headers))
    )
    assert stranger.client.get("/api/v1/openapi.json").status_code == 200
    assert app.test_client().get("/healthz").status_code == 200
    gateway.close()
    parts.close()
