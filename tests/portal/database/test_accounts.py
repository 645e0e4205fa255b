"""Signing in, with real forms on a real database (RULES 14)."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from services.portal.accounts import rules as accounts_rules
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts import store as accounts_store
from services.portal.accounts.environment import Parts
from services.portal.accounts.helpdesk import resets
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.accounts.vault import Vault
from tests.support.portal.accounts import CODE, KEYS, PASSWORD, Portal, a_provider, path_of

NEW_PASSWORD = "Green4Lantern"


def test_the_first_login_changes_the_password_and_sets_the_code(portal: Portal) -> None:
    initial = accounts_steps.add(
        portal.parts, "jo@diamond.example", "home_manager", a_provider("Diamond Home Care Ltd")
    )
    jo = portal.browser()
    assert path_of(jo.gives_password("jo@diamond.example", initial)) == "/"
    assert jo.get("/account").location == "/account/password"  # as programs expect that fill in forms
    assert path_of(jo.get("/account/code")) == "/account/password"
    refused = jo.post("/account/password", new="blue7kettle", again="blue7kettle")
    assert refused.status_code == 400
    assert "<title>Error: Change your password" in refused.text
    assert '<a href="#new">Password must have an upper case letter</a>' in refused.text
    assert jo.post("/account/password", new=initial, again=initial).status_code == 400
    assert path_of(jo.post("/account/password", new=PASSWORD, again=PASSWORD)) == "/account"
    assert path_of(jo.get("/account")) == "/account/code"
    assert "like 123456" in jo.post("/account/code", new="123456", again="123456").text
    assert path_of(jo.post("/account/code", new=CODE, again=CODE)) == "/account"
    assert jo.is_in()
    again = portal.browser()
    assert path_of(again.signs_in("JO@Diamond.example", PASSWORD, CODE)) == "/"
    assert again.is_in()


def test_a_holder_signs_in_by_password_and_two_digits(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    assert not browser.is_in()
    assert path_of(browser.gives_password(jo)) == "/login/digits"
    assert not browser.is_in()
    assert path_of(browser.gives_digits()) == "/"
    assert "Diamond Home Care Ltd" in browser.get("/account").text


def test_the_same_positions_are_asked_until_they_are_answered(portal: Portal) -> None:
    jo = portal.a_holder()
    asked = set()
    for password in (PASSWORD, "Wrong4Password", PASSWORD):
        browser = portal.browser()
        browser.gives_password(jo, password)
        asked.add(browser.positions())
        browser.gives_digits("000000")
        portal.clock.goes_on(hours=7)
    assert len(asked) == 1
    later = set()
    for _ in range(8):
        portal.browser().signs_in(jo)
        browser = portal.browser()
        browser.gives_password(jo)
        later.add(browser.positions())
    assert len(later) > 1


def test_whatever_is_wrong_the_answer_is_one_and_the_same(portal: Portal) -> None:
    """An address without account, a wrong password, wrong digits, a first login not done, a lock: text and headers."""
    jo = portal.a_holder()
    accounts_steps.add(
        portal.parts, "new@diamond.example", "accounts_payable", a_provider("Diamond Home Care Ltd")
    )
    locked = portal.a_holder("locked@diamond.example")
    portal.browser().fails(locked, 5)
    answers = set()
    for email, password, code in [
        ("nobody@diamond.example", PASSWORD, CODE),
        (jo, "Wrong4Password", CODE),
        (jo, PASSWORD, "000000"),
        ("new@diamond.example", PASSWORD, CODE),
        (locked, PASSWORD, CODE),
    ]:
        browser = portal.browser()
        first = browser.gives_password(email, password)
        asked = browser.get("/login/digits")
        last = browser.gives_digits(code)
        assert last.status_code == 403
        assert "The details are not right, or sign-in is locked" in last.text
        answers.add((text_of_answer(first), text_of_answer(asked), text_of_answer(last)))
    assert len(answers) == 1


def text_of_answer(answer: TestResponse) -> str:
    """An answer, headers included, without what is random in every one and without the positions."""
    random = r"=[\w.-]{20,}|Expires=[^;]*"
    headers = sorted((name, re.sub(random, "=…", value)) for name, value in answer.headers)
    page = re.sub(r'value="[\w.-]{60,}"|\d(st|nd|rd|th) digit', "…", answer.text)
    return f"{answer.status} {headers} {page}"


def test_every_wrong_answer_does_the_same_work(portal: Portal) -> None:
    """The statements sent to the database are the same, in number and kind, whether there is an account or not."""
    from sqlalchemy import event

    jo = portal.a_holder()
    engine = portal.parts.sessions.kw["bind"]
    work = []
    for email, password in ((jo, "Wrong4Password"), (jo, PASSWORD), ("nobody@diamond.example", PASSWORD)):
        sent: list[str] = []
        listen = lambda *about, sent=sent: sent.append(re.sub(r"\s+", " ", about[2]))  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        for _ in range(5):
            assert portal.browser().signs_in(email, password, "000000").status_code == 403
        event.remove(engine, "before_cursor_execute", listen)
        work.append(sent)
        resets.unlock(portal.parts, accounts_steps.find(portal.parts, jo).account_id, "tests")
    assert len(work[0]) > 20
    assert work[0] == work[1] == work[2]


def test_a_question_is_answered_once_and_in_time(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.gives_password(jo)
    assert browser.get("/login/digits").status_code == 200
    portal.clock.goes_on(minutes=10)
    assert path_of(browser.get("/login/digits")) == "/login"
    browser.gives_password(jo)
    sign_in = browser.client.get_cookie("caretally_sign_in")
    assert sign_in is not None
    browser.gives_digits("000000")
    browser.client.set_cookie("caretally_sign_in", sign_in.value)
    assert path_of(browser.get("/login/digits")) == "/login"


def test_five_failures_lock_and_each_lock_lasts_twice_as_long(portal: Portal) -> None:
    jo = portal.a_holder()
    for minutes in (15, 30, 60):
        portal.browser().fails(jo, 4, "Wrong4Password")
        assert portal.scalar("SELECT locked_until FROM attempts") is None
        portal.browser().fails(jo, 1, "Wrong4Password")
        portal.clock.goes_on(minutes=minutes, seconds=-1)
        assert portal.browser().signs_in(jo).status_code == 403
        portal.clock.goes_on(seconds=1)
    assert path_of(portal.browser().signs_in(jo)) == "/"
    assert portal.scalar("SELECT count(*) FROM attempts") == 0
    portal.browser().fails(jo, 5)  # and the next lock is a first one again
    portal.clock.goes_on(minutes=15)
    assert path_of(portal.browser().signs_in(jo)) == "/"


def test_failures_count_in_a_row(portal: Portal) -> None:
    jo = portal.a_holder()
    for _ in range(3):
        portal.browser().fails(jo, 4)
        assert path_of(portal.browser().signs_in(jo)) == "/"


def test_strangers_can_not_lock_the_holder_out(portal: Portal) -> None:
    jo = portal.a_holder()
    own, colleague = portal.browser(), portal.a_holder("al@diamond.example")
    own.signs_in(jo)
    own.post("/logout", at="/account")
    assert not own.is_in()
    portal.browser().fails(jo, 5)
    assert path_of(own.signs_in(jo)) == "/"
    # a browser known for one holder is a stranger to the other
    own.post("/logout", at="/account")
    portal.browser().fails(colleague, 5)
    assert own.signs_in(colleague).status_code == 403
    # the browser's own count locks it, and nobody else
    portal.clock.goes_on(minutes=15)
    own.fails(jo, 5)
    assert own.signs_in(jo).status_code == 403
    assert path_of(portal.browser().signs_in(jo)) == "/"


def test_a_browser_can_not_say_by_itself_that_it_is_known(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    name = f"caretally_browser_{accounts_rules.subject_of(jo)[:16]}"
    known = browser.client.get_cookie(name)
    assert known is not None
    portal.browser().fails(jo, 5)
    forger = portal.browser()
    forger.client.set_cookie(name, known.value[:-1] + ("A" if known.value[-1] != "A" else "B"))
    assert forger.signs_in(jo).status_code == 403


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(portal: Portal) -> None:
    answer = portal.browser().signs_in(portal.a_holder())
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) >= 3
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_without_the_token_of_the_form_nothing_is_done(portal: Portal) -> None:
    jo = portal.a_holder()
    browser = portal.browser()
    assert browser.client.post("/login", data={"email": jo, "password": PASSWORD}).status_code == 400
    assert portal.scalar("SELECT count(*) FROM sign_ins") == 0


def test_sessions_end_at_log_out_idle_and_after_twelve_hours(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    browser.post("/logout", at="/account")
    assert not browser.is_in()
    browser.signs_in(jo)
    portal.clock.goes_on(minutes=29)
    assert browser.is_in()
    portal.clock.goes_on(minutes=30)
    assert not browser.is_in()
    browser.signs_in(jo)
    for _ in range(12 * 3 - 1):
        portal.clock.goes_on(minutes=20)
        assert browser.is_in()
    portal.clock.goes_on(minutes=20)
    assert not browser.is_in()


def test_the_database_does_not_hold_what_lets_somebody_in(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    cookie = browser.client.get_cookie("caretally_session")
    assert cookie is not None
    kept = str(portal.rows("SELECT accounts, sessions FROM accounts, sessions"))
    assert cookie.value not in kept
    assert PASSWORD not in kept
    assert CODE.encode().hex() not in kept
    assert CODE not in kept


def test_changing_the_password_asks_for_the_present_one_and_ends_all_other_sessions(portal: Portal) -> None:
    jo, here, there = portal.a_holder(), portal.browser(), portal.browser()
    here.signs_in(jo)
    there.signs_in(jo)
    wrong = here.post("/account/password", present="Wrong4Password", new=NEW_PASSWORD, again=NEW_PASSWORD)
    assert '<a href="#present">Present password is not right</a>' in wrong.text
    before = here.client.get_cookie("caretally_session")
    done = here.post("/account/password", present=PASSWORD, new=NEW_PASSWORD, again=NEW_PASSWORD)
    assert path_of(done) == "/account"
    assert here.is_in()
    assert not there.is_in()
    assert before is not None
    there.client.set_cookie("caretally_session", before.value)
    assert not there.is_in()
    assert there.signs_in(jo, PASSWORD).status_code == 403
    assert path_of(there.signs_in(jo, NEW_PASSWORD)) == "/"


def test_changing_the_code_asks_for_the_present_one(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    assert "not right" in browser.post("/account/code", present="271828", new="325076", again="325076").text
    assert browser.post("/account/code", present=CODE, new="111111", again="111111").status_code == 400
    assert path_of(browser.post("/account/code", present=CODE, new="325076", again="325076")) == "/account"
    assert path_of(portal.browser().signs_in(jo, PASSWORD, "325076")) == "/"


def test_who_guesses_the_present_password_at_an_open_browser_is_signed_out(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    for _ in range(5):
        browser.post("/account/password", present="Wrong4Password", new=NEW_PASSWORD, again=NEW_PASSWORD)
    assert not browser.is_in()
    assert path_of(portal.browser().signs_in(jo)) == "/"


def test_a_password_changed_meanwhile_ends_a_sign_in_under_way(portal: Portal) -> None:
    jo, browser, other = portal.a_holder(), portal.browser(), portal.browser()
    browser.signs_in(jo)
    other.gives_password(jo)
    browser.post("/account/password", present=PASSWORD, new=NEW_PASSWORD, again=NEW_PASSWORD)
    assert path_of(other.get("/login/digits")) == "/login"


def test_codes_are_encrypted_anew_by_the_newest_key(portal: Portal) -> None:
    jo = portal.a_holder()
    both = {**KEYS, 2: b"n" * 32}
    assert accounts_steps.rotate_keys(with_keys(portal.parts, both)) == 1
    assert accounts_steps.rotate_keys(with_keys(portal.parts, both)) == 0
    later = Portal(with_keys(portal.parts, {2: both[2]}), portal.clock)
    assert path_of(later.browser().signs_in(jo)) == "/"


def with_keys(parts: Parts, keys: dict[int, bytes]) -> Parts:
    return Parts(parts.sessions, Vault(keys), parts.secret, parts.passwords, parts.clock, is_insecure=True)


def test_a_token_says_for_whom_it_asks_until_it_is_over(portal: Portal) -> None:
    token = tokens_steps.add(portal.parts, a_provider("Diamond Home Care Ltd"), 30, "tests")
    of_council = tokens_steps.add(portal.parts, None, 30, "tests")
    caller = tokens_steps.caller_of(portal.parts, token)
    assert caller is not None
    assert caller["role"] == "provider"
    assert caller["organisation"] == str(a_provider("diamond home care ltd").organisation_id)
    council = tokens_steps.caller_of(portal.parts, of_council)
    assert council is not None
    assert (council["role"], council["organisation"]) == ("council", None)
    for wrong in (
        token[:-1],
        token + "0",
        token.replace("caretally", "other"),
        "caretally__",
        "",
        "caretally_a_b",
    ):
        assert tokens_steps.caller_of(portal.parts, wrong) is None
    portal.clock.goes_on(days=30)
    assert tokens_steps.caller_of(portal.parts, token) is None


@pytest.mark.parametrize(
    ("email", "role", "organisation", "code"),
    [
        ("jo", "finance", None, "email_invalid"),
        ("jo@council.example", "boss", None, "role_unknown"),
        ("jo@council.example", "finance", "Diamond", "organisation_wrong"),
        ("jo@council.example", "home_manager", None, "organisation_wrong"),
        ("JO@diamond.example", "finance", None, "account_exists"),
    ],
)
def test_an_account_that_can_not_be_made(
    portal: Portal, email: str, role: str, organisation: str | None, code: str
) -> None:
    portal.a_holder()
    with pytest.raises(accounts_steps.Refused) as refused:
        accounts_steps.add(portal.parts, email, role, organisation and a_provider(organisation))
    assert refused.value.code == code


def test_what_is_over_is_dropped(portal: Portal) -> None:
    jo = portal.a_holder()
    portal.browser().gives_password("nobody@nowhere.example")
    portal.clock.goes_on(days=91)
    portal.browser().signs_in(jo)
    assert portal.scalar("SELECT count(*) FROM sign_ins") == 0
    assert portal.scalar("SELECT count(*) FROM attempts") == 0
    with portal.parts.sessions.begin() as transaction:
        assert accounts_store.account_of(transaction, accounts_rules.subject_of(jo)) is not None
