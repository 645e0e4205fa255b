"""The portal's pages, with services that are not there. No RPC is made: the gateway is given."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from libs.common.errors import ConfigError, Refused, ServiceUnavailable
from services.portal.app import create_app
from services.portal.clients.gateway import Presence
from services.portal.web import branding
from tests.support.portal.accounts import nowhere, sharing_templates
from tests.support.portal.without_services import GivenAnswers, page_of


class GivenGateway:
    """Says what a test wants."""

    reason: str | None = None

    def presences(self) -> list[Presence]:
        return [Presence("ingest", True), Presence("payments", False)]

    def check(self) -> str | None:
        return self.reason


@pytest.fixture
def gateway() -> GivenGateway:
    return GivenGateway()


@pytest.fixture
def browser(gateway: Any) -> FlaskClient:
    return sharing_templates(create_app(gateway, nowhere())).test_client()


def test_the_first_page_shows_a_stranger_the_way_in(browser: FlaskClient) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert '<html lang="en-GB"' in page.text
    assert 'href="/login"' in page.text


def test_a_page_says_which_services_answer(gateway: GivenGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GivenAnswers, "presences", lambda _: gateway.presences())
    page = " ".join(page_of("home.state", {}).split())
    assert re.search(r"Ingest</th>[^/]*>Answers</strong>", page)
    assert re.search(r"Payments</th>[^/]*>Does not answer</strong>", page)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/readyz", "/static/portal.css", "/council.css"])
def test_every_answer_has_the_security_headers(browser: FlaskClient, path: str) -> None:
    with browser.get(path) as answer:
        headers = answer.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_one_script_in_the_page_is_the_one_that_the_policy_allows(browser: FlaskClient) -> None:
    page = browser.get("/")
    scripts = re.findall(r"<script(?![^>]*src=)[^>]*>(.*?)</script>", page.text, re.DOTALL)
    allowed = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert re.findall(r"'sha256-([^']+)'", page.headers["Content-Security-Policy"]) == allowed
    assert not re.search(r"\s(style|on\w+)=", page.text)


def test_browsers_keep_files_whose_address_names_their_version(browser: FlaskClient) -> None:
    page = browser.get("/").text
    files = re.findall(r'"(/(?:static/[^"]+|council\.css[^"]*))"', page)
    assert len(files) == 4
    for path in files:
        with browser.get(path) as kept, browser.get(path.partition("?")[0]) as asked:
            assert kept.status_code == 200
            assert "immutable" in kept.headers["Cache-Control"]
            assert asked.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("colour", "text"), [("#1D3C5C", "#ffffff"), ("#ffdd00", "#000000")])
def test_the_header_has_the_council_s_name_and_colour(
    gateway: Any, monkeypatch: pytest.MonkeyPatch, colour: str, text: str
) -> None:
    monkeypatch.setenv("PORTAL_COUNCIL_NAME", "Barsetshire & District Council")
    monkeypatch.setenv("PORTAL_COLOUR", colour)
    browser = sharing_templates(create_app(gateway, nowhere())).test_client()
    assert "Barsetshire &amp; District Council" in browser.get("/").text
    css = browser.get("/council.css").text
    assert css == f":root{{--council-colour:{colour.lower()};--council-text:{text}}}\n"


def test_a_council_s_letterhead_is_its_name_and_the_lines_of_its_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORTAL_COUNCIL_NAME", "Barsetshire")
    monkeypatch.setenv("PORTAL_COUNCIL_ADDRESS", "County Hall, 1 High Street ,, Barchester BA1 1AA")
    lines = ("Barsetshire", "County Hall", "1 High Street", "Barchester BA1 1AA")
    assert branding.from_environment().letterhead == lines


@pytest.mark.parametrize("colour", ["blue", "#12345", "#1d3c5c;}"])
def test_a_colour_that_is_none_is_refused_at_the_start(
    gateway: Any, monkeypatch: pytest.MonkeyPatch, colour: str
) -> None:
    monkeypatch.setenv("PORTAL_COLOUR", colour)
    with pytest.raises(ConfigError, match="PORTAL_COLOUR"):
        create_app(gateway, nowhere())


def test_a_stranger_s_form_is_read_no_further_than_forms_are_long(browser: FlaskClient) -> None:
    answer = browser.post("/login", data={"email": "x" * 200_000})
    assert answer.status_code == 413
    assert "The file is too large" in answer.text


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
def test_a_failure_is_a_page_without_a_trace(browser: FlaskClient, error: Exception, status: int) -> None:
    def fail() -> str:
        raise error

    browser.application.add_url_rule("/fails", view_func=fail)
    page = browser.get("/fails")
    assert page.status_code == status
    assert "Traceback" not in page.text
    assert "Aled" not in page.text


def test_the_api_describes_itself_with_one_schema_a_name(browser: FlaskClient) -> None:
    """Two schemas of one name are a warning of apispec, which fails here."""
    assert browser.get("/api/v1/openapi.json").status_code == 200
