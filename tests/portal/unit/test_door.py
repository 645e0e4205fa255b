"""What no page and no operation sees: addresses, queries, headers and cookies that are no text; forms of other sites."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from flask.testing import FlaskClient

from services.portal.app import create_app
from services.portal.web.addresses import text_of
from services.portal.web.same_origin import is_from_here
from services.portal.web.serving.hosts import is_host
from tests.support.portal.accounts import NoGateway, nowhere, sharing_templates


@pytest.fixture(scope="module")
def browser() -> FlaskClient:
    gateway: Any = NoGateway()
    return sharing_templates(create_app(gateway, nowhere())).test_client()


ODD = ("%00", "A%00B", "%ED%A0%80", "%C0%80", "%C0%AF", "%F0%9F", "%FF", "%1B[31m", "%7F", "%C2%85")


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("prefix", ["/", "/login", "/visits/", "/api/v1/", "/static/"])
def test_a_path_that_is_no_text_names_nothing(browser: FlaskClient, prefix: str, text: str) -> None:
    path = unquote_to_bytes(prefix + text).decode("latin-1")  # as servers give it; the client would mend it
    assert browser.get("/", environ_overrides={"PATH_INFO": path}).status_code == 404


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("path", ["/", "/login", "/help", "/api/v1/visits", "/healthz"])
def test_a_query_that_is_no_text_is_400(browser: FlaskClient, path: str, text: str) -> None:
    for query in (f"q={text}", f"{text}=1", text):
        assert browser.get(f"{path}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["q=%", "q=%zz", "q=100%", "q=%E2%80%8B", "q=a%09b", "q=a%0D%0Ab", "q=%2500"]
)
def test_what_is_text_is_read(browser: FlaskClient, query: str) -> None:
    assert browser.get(f"/login?{query}").status_code == 200


@pytest.mark.parametrize("value", ["a\x00b", "\x1b[31m", "a\x7f"])
def test_a_header_with_a_control_character_is_400(browser: FlaskClient, value: str) -> None:
    assert browser.get("/login", headers={"User-Agent": value}).status_code == 400
    assert browser.get("/api/v1/visits", headers={"Authorization": value}).status_code == 400


@pytest.mark.parametrize("value", ['"\\000"', '"a\\000b"', '"\\377\\376"', "\xff", "%00", "=;=", "a" * 4000])
@pytest.mark.parametrize("name", ["caretally_session", "caretally_form", "caretally_sign_in", "other"])
def test_no_cookie_makes_a_page_fail_or_locks_out(browser: FlaskClient, name: str, value: str) -> None:
    path = "/help" if name == "caretally_session" else "/login"  # a session is looked for in the database
    answer = browser.get(path, headers={"Cookie": f"{name}={value}"})
    assert answer.status_code in ((200, 503) if name == "caretally_session" else (200,))


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"a", "a"), ("é".encode(), "é"), (b"\xed\xa0\x80", None), (b"\xc0\x80", None), (b"\xf0\x9f", None)],
)
def test_text_is_utf_8_and_nothing_else(content: bytes, text: str | None) -> None:
    assert text_of(content) == text


@pytest.mark.parametrize(
    ("host", "may_be"),
    [
        ("", True),
        ("care.example", True),
        ("care.example.", True),
        ("care_1.example:8443", True),
        ("[::1]:8000", True),
        ("a..b", False),
        ("-" * 64, False),
        ("a." * 200, False),
        ("a b", False),
        ("é", False),
        ("a@b", False),
        ("a:b", False),
        ("a:123456", False),
    ],
)
def test_a_host_is_called_as_hosts_are(browser: FlaskClient, host: str, may_be: bool) -> None:
    assert is_host(host) is may_be
    answer = browser.get("/login", environ_overrides={"HTTP_HOST": host})
    assert answer.status_code == (200 if may_be else 400)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


HERE, PUBLIC = "care.example:8443", "https://care.example"


@pytest.mark.parametrize(
    ("site", "origin", "is_good"),
    [
        (None, None, True),
        ("same-origin", None, True),
        ("none", None, True),
        ("same-origin", "https://care.example:8443", True),
        (None, "https://CARE.example:8443", True),
        (None, "https://care.example", True),
        (None, "http://care.example:8443", False),
        (None, "https://care.example.evil.example", False),
        (None, "https://evil.example", False),
        (None, "null", False),
        (None, "", False),
        ("cross-site", None, False),
        ("same-site", None, False),
        ("same-site", "https://care.example:8443", False),
        ("nonsense", None, False),
    ],
)
def test_a_form_counts_from_our_own_pages_alone(site: str | None, origin: str | None, is_good: bool) -> None:
    assert is_from_here(site, origin, HERE, PUBLIC, is_insecure=False) is is_good


def test_without_tls_pages_have_a_plain_origin() -> None:
    assert is_from_here(None, "http://127.0.0.1:8000", "127.0.0.1:8000", PUBLIC, is_insecure=True)


def test_strangers_see_neither_counts_nor_the_state_of_services(browser: FlaskClient) -> None:
    assert browser.get("/metrics").status_code == 404
    assert browser.get("/state").location.startswith("/login?")
    assert "State of the services" not in browser.get("/").text
    assert browser.get("/healthz").status_code == 200
