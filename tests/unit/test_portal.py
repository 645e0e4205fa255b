"""The portal's pages, with services that are not there. No RPC is made: the gateway is given."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from libs.common.errors import Refused, ServiceUnavailable
from services.portal.app import create_app
from services.portal.gateway import Presence
from tests.accounts import nowhere


class GivenGateway:
    """Says what a test wants."""

    reason: str | None = None
    error: Exception | None = None

    def presences(self) -> list[Presence]:
        if self.error is not None:
            raise self.error
        return [Presence("ingest", True), Presence("payments", False)]

    def check(self) -> str | None:
        return self.reason


@pytest.fixture
def gateway() -> GivenGateway:
    return GivenGateway()


@pytest.fixture
def browser(gateway: Any) -> FlaskClient:
    return create_app(gateway, nowhere()).test_client()


def test_the_first_page_says_which_services_answer(browser: FlaskClient) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert '<th scope="row">payments</th><td>does not answer</td>' in page.text
    assert '<html lang="en-GB">' in page.text


@pytest.mark.parametrize("path", ["/", "/nowhere", "/readyz", "/static/portal.css"])
def test_every_answer_has_the_security_headers(browser: FlaskClient, path: str) -> None:
    with browser.get(path) as answer:
        headers = answer.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_readiness_is_that_of_the_broker(browser: FlaskClient, gateway: GivenGateway) -> None:
    assert browser.get("/readyz").status_code == 200
    gateway.reason = "RabbitMQ can't be reached"
    assert browser.get("/readyz").status_code == 503
    assert browser.get("/readyz").json == {
        "status": "not ready",
        "reasons": {"broker": "RabbitMQ can't be reached"},
    }
    assert browser.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("file_not_found", "There is no such file."), 422),
        (ServiceUnavailable("payments did not answer in time"), 503),
        (RuntimeError("Aled"), 500),
    ],
)
def test_a_failure_is_a_page_without_a_trace(
    browser: FlaskClient, gateway: GivenGateway, error: Exception, status: int
) -> None:
    gateway.error = error
    page = browser.get("/")
    assert page.status_code == status
    assert "Traceback" not in page.text
    assert "Aled" not in page.text
