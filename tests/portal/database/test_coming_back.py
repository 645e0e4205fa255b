"""Whoever is not signed in any more, or sends a form that counts no more: told what happened, and led back."""

from __future__ import annotations

import html
import io
import re
from importlib import import_module
from pkgutil import walk_packages
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse
from wtforms import PasswordField

import services.portal
from services.portal.accounts import steps as accounts_steps
from services.portal.web.coming_back.places import page_of_form, safe_place
from services.portal.web.coming_back.stale import WHY
from services.portal.web.coming_back.unsent import NEVER_KEPT
from services.portal.web.forms.text import CodeField, TextForm
from tests.support.portal.accounts import CODE, PASSWORD, Browser, Portal, a_provider, csrf_token, path_of

AGAIN = "Nothing was updated: you signed in again meanwhile"
NOT_YET = "Nothing was updated yet."
FILLED_IN = "What you typed is filled in again"
FORM = "/contacts/new"
TYPED = {
    "forename": "Zoë",
    "surname": "O’Neill",
    "address_1": "1 High Street",
    "town": "Oxford",
    "postcode": "OX1 1AA",
    "telephone": "01632 960 001",
    "email": "zoe@diamond.example",
    "portal_email": "zoe@diamond.example",
    "role": "home_manager",
}
"""A new contact."""


def signs_in_again(browser: Browser, email: str) -> None:
    """In another tab of the same browser."""
    browser.post("/logout", at="/account")
    browser.signs_in(email)


def sends(browser: Browser, path: str, token: str, **fields: str) -> TestResponse:
    """The form of a page that was opened before; browsers say from which page they come."""
    headers = {"Referer": f"http://localhost{path}"}
    return browser.client.post(path, data=fields | {"csrf_token": token}, headers=headers)


def link_back(answer: TestResponse) -> str:
    found = re.search(r'<a href="([^"]+)" role="button"', answer.text)
    assert found, answer.text
    return html.unescape(found[1])


def value_of(page: str, name: str) -> str | None:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field, page
    value = re.search(r'value="([^"]*)"', field[0])
    return html.unescape(value[1]) if value else None


def next_of(answer: TestResponse) -> str:
    return parse_qs(urlsplit(answer.location or "").query)["next"][0]


def test_a_form_from_before_another_sign_in_does_nothing_and_comes_back_filled_in(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    token = csrf_token(browser.get(FORM).text)
    signs_in_again(browser, jo)
    answer = sends(browser, FORM, token, **TYPED)
    assert (answer.status_code, AGAIN in answer.text, "CSRF" in answer.text) == (400, True, False)
    assert portal.scalar("SELECT count(*) FROM change_requests") == 0
    back = link_back(answer)
    assert urlsplit(back).path == FORM
    page = browser.get(back)
    assert NOT_YET in page.text
    assert FILLED_IN in page.text
    for name in ("forename", "surname", "portal_email"):
        assert value_of(page.text, name) == TYPED[name]
    sent = sends(browser, back, csrf_token(page.text), **TYPED)
    assert path_of(sent) == "/change-requests"
    assert portal.scalar("SELECT count(*) FROM change_requests") == 1


def test_after_an_ended_session_a_form_waits_until_its_holder_has_signed_in(portal: Portal) -> None:
    jo, al, browser = portal.a_holder(), portal.a_holder("al@diamond.example"), portal.browser()
    browser.signs_in(jo)
    token = csrf_token(browser.get(FORM).text)
    portal.clock.goes_on(minutes=31)
    answer = sends(browser, FORM, token, **TYPED)
    assert (answer.status_code, path_of(answer)) == (303, "/login")
    asked = browser.get(answer.location)
    assert WHY["undone"] in html.unescape(asked.text)
    assert "O’Neill" not in html.unescape(asked.text)
    place = next_of(answer)
    # somebody else at the same browser sees nothing of it
    browser.client.post(
        answer.location, data={"csrf_token": csrf_token(asked.text), "email": al, "password": PASSWORD}
    )
    browser.gives_digits()
    page = browser.get(place)
    assert "O’Neill" not in html.unescape(page.text)
    assert "typed by somebody else" in page.text
    signs_in_again(browser, jo)
    page = browser.get(place)
    assert value_of(page.text, "surname") == "O’Neill"
    assert portal.scalar("SELECT count(*) FROM change_requests") == 0


def test_signing_in_leads_to_the_page_that_was_asked_for(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    answer = browser.get("/contacts/new?of=Zo%C3%AB+%26+Co")
    assert path_of(answer) == "/login"
    page = browser.get(answer.location)
    assert WHY["asked"] in page.text
    action = html.unescape(re.search(r'<form method="post" action="([^"]+)"', page.text)[1])  # type: ignore[index]
    wrong = browser.client.post(action, data={"csrf_token": csrf_token(page.text), "email": jo})
    assert wrong.status_code == 400
    digits = browser.client.post(
        action, data={"csrf_token": csrf_token(wrong.text), "email": jo, "password": PASSWORD}
    )
    assert path_of(digits) == "/login/digits"
    asked = browser.get(digits.location)
    positions = re.findall(r"(\d)(?:st|nd|rd|th) digit\s*</label>", asked.text)
    code = "".join("482913"[int(one) - 1] for one in positions)
    last = browser.client.post(
        digits.location, data={"csrf_token": csrf_token(asked.text), "first": code[0], "second": code[1]}
    )
    assert last.location == "/contacts/new?of=Zo%C3%AB+%26+Co"


def test_a_first_login_leads_there_when_all_is_set(portal: Portal) -> None:
    initial = accounts_steps.add(portal.parts, "jo@diamond.example", "home_manager", a_provider("Diamond"))
    browser = portal.browser()
    first = browser.get("/contacts/new")
    form = {"csrf_token": csrf_token(browser.get(first.location).text), "email": "jo@diamond.example"}
    assert browser.client.post(first.location, data=form | {"password": initial}).location == "/contacts/new"
    for duty, field in (("/account/password", PASSWORD), ("/account/code", CODE)):
        asked = browser.get("/contacts/new")
        assert path_of(asked) == duty
        fields = {"new": field, "again": field, "csrf_token": csrf_token(browser.get(asked.location).text)}
        assert browser.client.post(asked.location, data=fields).location == "/contacts/new"
    assert browser.get("/contacts/new").status_code == 200


def test_who_was_signed_in_is_told_that_the_session_ended(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    portal.clock.goes_on(minutes=31)
    assert WHY["ended"] in browser.get(browser.get(FORM).location).text
    assert WHY["asked"] in (stranger := portal.browser()).get(stranger.get(FORM).location).text


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https://evil.example/contacts",
        "https:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/ /evil.example",
        " //evil.example",
        "/%2F/evil.example\\",
        "///evil.example",
        "@evil.example",
        "/nowhere/at/all",
        "/login",
        "/login?next=/contacts",
        "/logout",
        "/reset/secret",
        "/static/portal.js",
        "/council.css",
        "/api/v1/visits",
        "/contacts\\..\\..",
        "/contacts?x=\r\nSet-Cookie: a=b",
        "/" + "a" * 5_000,
        "",
    ],
)
def test_signing_in_leads_nowhere_else(portal: Portal, address: str) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    with portal.app.test_request_context("/login"):
        assert safe_place(address) is None
    query = {"next": address}
    token = csrf_token(browser.client.get("/login", query_string=query).text)
    fields = {"csrf_token": token, "email": jo, "password": PASSWORD}
    answer = browser.client.post("/login", query_string=query, data=fields)
    assert answer.location == "/login/digits"
    positions = browser.positions()
    digits = dict(zip(("first", "second"), ("482913"[one - 1] for one in positions), strict=True))
    last = browser.client.post("/login/digits", query_string=query, data={"csrf_token": token} | digits)
    assert last.location == "/"
    assert browser.client.get("/login", query_string=query).location == "/"


@pytest.mark.parametrize(
    "address", ["/", "/contacts", "/contacts?cursor=a%2Fb", "/visits/A/1%20?organisation=Zo%C3%AB"]
)
def test_pages_of_the_portal_are_places_to_come_back_to(portal: Portal, address: str) -> None:
    with portal.app.test_request_context("/login"):
        assert safe_place(address) == address


@pytest.mark.parametrize(
    ("path", "referrer", "place"),
    [
        (
            "/visits-files/7d1d8d5c-3d3c-4c3a-8a55-1f6f1c4a2b11/confirm",
            None,
            "/visits-files/7d1d8d5c-3d3c-4c3a-8a55-1f6f1c4a2b11",
        ),
        (
            "/bulk-actions/choose/resolve_disputes",
            "http://localhost/disputes?status=open",
            "/disputes?status=open",
        ),
        ("/bulk-actions/choose/x", "http://evil.example/disputes?status=open", "/bulk-actions"),
        ("/bulk-actions/choose/x", "http://localhost//evil.example", "/bulk-actions"),
        ("/worklist/raise", "http://localhost/", "/worklist/raise"),
        ("/actions/new?cpli=7", "http://localhost/actions/new?cpli=7&unsent=nothing", "/actions/new?cpli=7"),
        ("/raise-disputes/choose", "http://localhost/visits?week=2022-10-03", "/visits?week=2022-10-03"),
        ("/logout", None, "/"),
    ],
)
def test_the_page_of_a_form_is_found(portal: Portal, path: str, referrer: str | None, place: str) -> None:
    headers = {"Referer": referrer} if referrer else {}
    with portal.app.test_request_context(path, method="POST", headers=headers):
        assert page_of_form() == place


def test_a_file_is_no_page_to_arrive_at(portal: Portal) -> None:
    answer = portal.browser().client.get(
        "/charges/7d1d8d5c-3d3c-4c3a-8a55-1f6f1c4a2b11/statement.csv",
        headers={"Referer": "http://localhost/charges/7d1d8d5c-3d3c-4c3a-8a55-1f6f1c4a2b11?from=2022"},
    )
    assert next_of(answer) == "/charges/7d1d8d5c-3d3c-4c3a-8a55-1f6f1c4a2b11?from=2022"


def test_what_somebody_else_s_page_says_is_not_shown_to_who_is_signed_in(portal: Portal) -> None:
    """Neither what a colleague typed at the same browser, nor what a stranger makes a browser send."""
    jo, al, browser, attacker = (
        portal.a_holder(),
        portal.a_holder("al@diamond.example"),
        portal.browser(),
        portal.browser(),
    )
    browser.signs_in(jo)
    attacker.signs_in(al)
    tokens = [csrf_token(attacker.get(FORM).text), csrf_token(portal.browser().get("/login").text), "x", ""]
    for token in tokens:
        answer = sends(browser, FORM, token, **TYPED)
        assert answer.status_code == 400
        assert "unsent=" not in answer.text
    assert portal.scalar("SELECT count(*) FROM unsent_forms") == 0
    assert portal.scalar("SELECT count(*) FROM change_requests") == 0


def test_no_password_code_or_digit_is_kept(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    token = csrf_token(browser.get("/account/password").text)
    signs_in_again(browser, jo)
    sends(browser, "/account/password", token, present=PASSWORD, new="Green4Lantern", again="Green4Lantern")
    assert portal.scalar("SELECT count(*) FROM unsent_forms") == 0


def test_the_names_of_what_is_never_kept_are_those_of_every_form() -> None:
    for found in walk_packages(services.portal.__path__, "services.portal."):
        if "migrations" not in found.name:
            import_module(found.name)
    secret = {
        name for form in forms_below(TextForm) for name, field in vars(form).items() if is_secret(field)
    }
    assert secret >= {"password", "present", "first"}
    assert secret <= NEVER_KEPT


def forms_below(form: type[TextForm]) -> list[type[TextForm]]:
    return [form, *(one for child in form.__subclasses__() for one in forms_below(child))]


def is_secret(field: Any) -> bool:
    kind = getattr(field, "field_class", None)
    return isinstance(kind, type) and issubclass(kind, (PasswordField, CodeField))


def test_what_was_typed_is_kept_encrypted_for_an_hour_and_ten_times_at_most(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    token = csrf_token(browser.get(FORM).text)
    signs_in_again(browser, jo)
    backs = []
    for _ in range(12):
        backs.append(link_back(sends(browser, FORM, token, **TYPED)))
        portal.clock.goes_on(seconds=1)
    assert portal.scalar("SELECT count(*) FROM unsent_forms") == 10
    assert "Neill" not in str(portal.rows("SELECT encode(content, 'escape') FROM unsent_forms"))
    assert "not kept any more" in browser.get(backs[0]).text
    assert FILLED_IN in browser.get(backs[-1]).text
    portal.clock.goes_on(minutes=29)
    assert FILLED_IN in browser.get(backs[-1]).text
    portal.clock.goes_on(minutes=29)
    browser.get(FORM)
    portal.clock.goes_on(minutes=3)
    assert "not kept any more" in browser.get(backs[-1]).text
    signs_in_again(browser, jo)
    assert portal.scalar("SELECT count(*) FROM unsent_forms") == 0


def test_a_button_alone_says_to_press_it_again(portal: Portal) -> None:
    helpdesk, browser = portal.a_holder("help@council.example", "helpdesk"), portal.browser()
    browser.signs_in(helpdesk)
    page = browser.get("/helpdesk")
    jo = portal.scalar(f"SELECT account_id FROM accounts WHERE email = '{portal.a_holder()}'")
    signs_in_again(browser, helpdesk)
    answer = sends(browser, f"/helpdesk/accounts/{jo}/disable", csrf_token(page.text))
    assert AGAIN in answer.text
    back = browser.get(link_back(answer))
    assert (back.status_code, back.request.path) == (200, f"/helpdesk/accounts/{jo}")
    assert f"{NOT_YET} If you still want to do it, press the button again." in back.text
    assert portal.scalar("SELECT count(*) FROM accounts WHERE disabled_at IS NOT NULL") == 0


def test_a_sign_out_button_from_before_signs_out_all_the_same(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    token = csrf_token(browser.get(FORM).text)
    signs_in_again(browser, jo)
    assert path_of(browser.client.post("/logout", data={"csrf_token": token})) == "/login"
    assert not browser.is_in()
    answer = browser.client.post("/logout", data={"csrf_token": token})
    assert WHY["out"] in browser.get(answer.location).text
    al = portal.a_holder("al@diamond.example")
    browser.signs_in(al)
    answer = browser.client.post("/logout", data={"csrf_token": token})
    assert (answer.status_code, "You were not signed out" in answer.text) == (400, True)
    assert browser.is_in()


def test_a_sign_in_page_that_is_too_old_is_shown_again_with_the_address_typed(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    answer = browser.client.post("/login", data={"csrf_token": "x", "email": jo, "password": PASSWORD})
    assert answer.status_code == 400
    assert "Nothing was done: this page was open for too long" in answer.text
    assert value_of(answer.text, "email") == jo
    assert PASSWORD not in answer.text
    assert portal.scalar("SELECT count(*) FROM sign_ins") == 0


@pytest.mark.parametrize("fields", [{}, {"csrf_token": "x"}])
def test_a_request_for_a_reset_that_is_too_old_says_so(portal: Portal, fields: dict[str, str]) -> None:
    answer = portal.browser().client.post("/reset", data=fields)
    assert answer.status_code == 400
    assert "Nothing was done: this page was open for too long" in answer.text


def test_a_sign_in_page_of_another_tab_says_who_is_signed_in(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    token = csrf_token(browser.get("/login").text)
    browser.signs_in(jo)
    answer = browser.client.post(
        "/login", data={"csrf_token": token, "email": "al@x.example", "password": "?"}
    )
    assert "You are signed in already" in answer.text
    assert f"You are signed in as {jo}." in answer.text
    assert link_back(answer) == "/"


def test_a_sign_in_that_took_too_long_begins_again_and_says_so(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.gives_password(jo)
    portal.clock.goes_on(minutes=10)
    assert WHY["late"] in browser.get(browser.get("/login/digits?next=/contacts").location).text
    assert next_of(browser.get("/login/digits?next=/contacts")) == "/contacts"


def test_a_large_file_of_a_session_that_ended_is_not_called_too_large(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    token = csrf_token(browser.get(FORM).text)
    portal.clock.goes_on(minutes=31)
    data = {"csrf_token": token, "file": (io.BytesIO(b"x" * 300_000), "visits.csv")}
    answer = browser.client.post("/visits-files", data=data, content_type="multipart/form-data")
    assert (answer.status_code, path_of(answer)) == (303, "/login")
    assert next_of(answer) == "/visits-files?unsent=nothing"
