"""Signing in by an OpenID provider that runs as a process of its own: real HTTP, real signatures (RULES 14)."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest

from services.portal.accounts import steps as accounts_steps
from services.portal.schema.tables_accounts import Account
from services.portal.staff import steps as staff_steps
from tests.portal.database.test_helpdesk import Post, post, words_of
from tests.portal.database.test_tokens import an_account
from tests.support.openid.signing_in import a_running_provider, goes_there, known_to, signs_in_there
from tests.support.portal.accounts import Browser, Portal, app_number, path_of

__all__ = ["post"]
ANN = "ann@council.example"
PERSON = {"sub": "ann-1", "email": ANN, "email_verified": True, "amr": ["pwd", "otp"]}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with a_running_provider() as url:
        yield url


@pytest.fixture
def site(portal: Portal, provider: str) -> Iterator[Portal]:
    portal.clock.now = dt.datetime.now(dt.UTC)
    with known_to(portal, provider, acr=frozenset(("gold",))) as found:
        yield found


@pytest.fixture
def ann(site: Portal) -> Account:
    return an_account(site, "finance", ANN)


def openid_of(portal: Portal) -> str | None:
    found: str | None = portal.scalar("SELECT openid FROM accounts WHERE email = :email", email=ANN)
    return found


def test_it_opens_the_account_of_the_address_and_asks_for_the_app_before_the_two_are_connected(
    site: Portal, post: Post, ann: Account, provider: str
) -> None:
    browser = site.browser()
    assert "sign in with your council account" in browser.get("/login").text
    assert path_of(signs_in_there(browser, **PERSON)) == "/login/app"
    assert openid_of(site) is None
    assert not browser.is_in()
    assert path_of(browser.gives_number(ANN)) == "/"
    assert browser.is_in()
    assert openid_of(site) == f"{provider} ann-1"
    assert any("was connected" in words_of(letter) for letter in post.arrive(site))
    again = site.browser()
    assert path_of(signs_in_there(again, **PERSON)) == "/", "a second step was taken there"
    assert again.is_in()
    assert "connected" in again.get("/council-accounts").text


@pytest.mark.parametrize(
    ("more", "is_enough"),
    [
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd"], "acr": "gold"}, True),
        ({"amr": ["pwd"], "acr": "silver"}, False),
        ({"amr": None}, False),
    ],
)
def test_our_own_app_is_asked_where_the_provider_took_no_second_step(
    site: Portal, ann: Account, more: dict[str, Any], is_enough: bool
) -> None:
    first = site.browser()
    signs_in_there(first, **PERSON)
    first.gives_number(ANN)
    browser = site.browser()
    assert path_of(signs_in_there(browser, **{**PERSON, **more})) == ("/" if is_enough else "/login/app")
    assert browser.is_in() is is_enough


def refusal(browser: Browser, **person: Any) -> str:
    answer = signs_in_there(browser, **person)
    assert answer.status_code == 403, answer.location
    assert not browser.is_in()
    return answer.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "nobody@council.example"}, "There is no account of the council"),
        ({"email": "jo@diamond.example"}, "There is no account of the council"),  # a provider's
        ({"email_verified": False}, "was verified"),
        ({"email_verified": "true"}, "was verified"),
        ({"email": None}, "did not say your e-mail address"),
        ({"nonce": "another"}, "no right answer"),
        ({"aud": "another"}, "no right answer"),
        ({"aud": ["caretally", "another"], "azp": "another"}, "no right answer"),
        ({"iss": "https://id.elsewhere.example"}, "no right answer"),
        ({"exp": 1}, "no right answer"),
        ({"iat": int(time.time()) + 86_400}, "no right answer"),
        ({"sign": "strange"}, "no right answer"),
        ({"sign": "secret"}, "no right answer"),
        ({"at_hash": "another"}, "no right answer"),
        ({"amr": ["pwd"], "email": "new@council.example"}, "no authenticator app here yet"),
    ],
)
def test_what_is_not_right_lets_nobody_in_and_says_so(
    site: Portal, ann: Account, changed: dict[str, Any], sentence: str
) -> None:
    site.a_holder("jo@diamond.example")
    site.a_holder("new@council.example", "finance", has_app=False)
    accounts = site.scalar("SELECT count(*) FROM accounts")
    assert sentence in refusal(site.browser(), **{**PERSON, **changed})
    assert site.scalar("SELECT count(*) FROM accounts") == accounts, "it makes none"
    assert site.scalar("SELECT count(*) FROM accounts WHERE openid IS NOT NULL") == 0


def test_whoever_the_provider_called_otherwise_before_is_not_let_in(site: Portal, ann: Account) -> None:
    first = site.browser()
    signs_in_there(first, **PERSON)
    first.gives_number(ANN)
    assert "connected to another sign-in" in refusal(site.browser(), **{**PERSON, "sub": "ann-2"})
    an_account(site, "finance", "bo@council.example")
    other = {**PERSON, "email": "bo@council.example"}
    assert "connected to another sign-in" in refusal(site.browser(), **other)
    told = site.rows("SELECT outcome FROM evidence WHERE kind = 'not_signed_in'")
    assert told == [("openid",), ("openid",)]


def test_an_account_that_has_ended_is_not_let_in_and_is_connected_no_more(site: Portal, ann: Account) -> None:
    first = site.browser()
    signs_in_there(first, **PERSON)
    first.gives_number(ANN)
    an_account(site, "approver", "second@council.example")
    staff_steps.end(site.parts, ann.account_id, an_account(site, "helpdesk"))
    assert not first.is_in()
    assert "There is no account" in refusal(site.browser(), **PERSON)
    assert openid_of(site) is None


def test_an_answer_counts_once_in_the_browser_that_asked(site: Portal, ann: Account) -> None:
    browser = site.browser()
    back = goes_there(browser, **PERSON)
    assert site.browser().get(back).status_code == 400, "another browser did not ask"
    other = site.browser()
    goes_there(other, **PERSON)
    assert "no right answer" in other.get(back).text, "of another try"
    assert path_of(browser.get(back)) == "/login/app"
    assert browser.get(back).status_code == 400, "used"
    once_more = site.browser()
    kept = goes_there(once_more, **PERSON)
    cookie = once_more.client.get_cookie("caretally_openid")
    assert cookie is not None
    once_more.get(kept)
    once_more.client.set_cookie("caretally_openid", cookie.value)
    assert "no right answer" in once_more.get(kept).text, "the code was used"


@pytest.mark.parametrize(
    ("place", "leads"),
    [("/payments", "/payments"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")],
)
def test_it_leads_to_the_page_that_was_asked_for_and_to_none_elsewhere(
    site: Portal, ann: Account, place: str, leads: str
) -> None:
    browser = site.browser()
    asked = browser.get(goes_there(browser, f"/login/openid?next={place}", **PERSON))
    assert path_of(browser.post(asked.location, number=app_number(ANN))) == leads


def test_the_address_may_come_from_what_the_provider_says_beside_the_token(
    site: Portal, ann: Account
) -> None:
    beside = {"email": ANN, "email_verified": True}
    person = {"sub": "ann-1", "amr": ["mfa"], "beside": beside}
    assert path_of(signs_in_there(site.browser(), **person)) == "/login/app"
    person["beside"] = {**beside, "sub": "somebody else"}
    assert "no right answer" in refusal(site.browser(), **person)


def test_whoever_does_not_sign_in_there_is_told_so(site: Portal, ann: Account) -> None:
    assert "did not sign in there" in refusal(site.browser())


def test_a_provider_that_is_away_is_said_and_the_way_by_password_stays(portal: Portal) -> None:
    with known_to(portal, "http://127.0.0.1:9"):
        browser = portal.browser()
        answer = browser.get("/login/openid")
        assert (answer.status_code, "does not answer" in answer.text) == (503, True)
        browser.signs_in(portal.a_holder())
        assert browser.is_in()


def test_it_is_not_there_where_none_is_set(portal: Portal) -> None:
    browser = portal.browser()
    for path in ("/login/openid", "/login/openid/back?code=x&state=y"):
        assert browser.get(path).status_code == 404
    assert "sign in with" not in browser.get("/login").text


def test_a_new_holder_who_comes_by_it_sets_up_all_that_a_first_login_asks(site: Portal) -> None:
    accounts_steps.add(site.parts, ANN, "finance", None)
    browser = site.browser()
    assert path_of(signs_in_there(browser, **PERSON)) == "/"
    assert path_of(browser.get("/")) == "/account/password"
