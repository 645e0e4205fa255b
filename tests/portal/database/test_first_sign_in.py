"""Who has no security code yet is asked for none, and strangers learn nothing from it (RULES 14)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from services.portal.accounts import rules, steps
from services.portal.accounts.helpdesk import resets
from tests.portal.database.test_accounts import text_of_answer
from tests.support.portal.accounts import CODE, PASSWORD, Browser, Portal, a_provider, path_of

NEW = "new@diamond.example"
NOT_RIGHT = "The details are not right, or sign-in is locked"
LOOKS_GIVEN = "aB3cd-eF4gh-jK5mn-pQ6rs"


def a_newcomer(portal: Portal, email: str = NEW) -> str:
    """An account whose first login is not done; its initial password."""
    return steps.add(portal.parts, email, "home_manager", a_provider("Diamond Home Care Ltd"))


def tries(browser: Browser, email: str, password: str, **ticked: str) -> TestResponse:
    return browser.post("/login", email=email, password=password, **ticked)


@pytest.mark.parametrize(("password", "ticked"), [("Wrong4Password", {"no_code": "y"}), (LOOKS_GIVEN, {})])
def test_a_wrong_first_password_is_answered_at_once(
    portal: Portal, password: str, ticked: dict[str, str]
) -> None:
    """Whether there is such an account or none, with a code, without one, or locked: text, headers, no cookie."""
    initial, known = a_newcomer(portal), portal.a_holder("joe@diamond.example")
    locked = portal.a_holder("loc@diamond.example")
    portal.browser().fails(locked, 5)
    answers = set()
    for email in (NEW, known, locked, "nob@diamond.example"):
        answer = tries(portal.browser(), email, password, **ticked)
        assert (answer.status_code, NOT_RIGHT in answer.text, "digit" in answer.text) == (403, True, False)
        answers.add(text_of_answer(answer).replace(email, "…"))
    assert len(answers) == 1
    assert portal.scalar("SELECT count(*) FROM sign_ins WHERE subject = :of", of=rules.subject_of(NEW)) == 0
    browser = portal.browser()
    assert path_of(tries(browser, NEW, initial, **ticked)) == "/"
    assert path_of(browser.get("/account")) == "/account/password"


def test_saying_that_there_is_no_code_tells_nobody_that_a_password_is_right(portal: Portal) -> None:
    jo = portal.a_holder()
    answers = {
        text_of_answer(tries(portal.browser(), jo, password, no_code="y"))
        for password in (PASSWORD, "Wrong4Password")
    }
    assert len(answers) == 1
    assert "If you have set a security code before, take the tick away." in answers.pop()
    assert path_of(portal.browser().signs_in(jo)) == "/"


def test_such_a_try_counts_and_does_the_same_work_for_everybody(portal: Portal) -> None:
    a_newcomer(portal)
    jo = portal.a_holder()
    engine = portal.parts.sessions.kw["bind"]
    work = []
    for email in (NEW, jo, "nobody@diamond.example"):
        sent: list[str] = []
        listen = lambda *about, sent=sent: sent.append(re.sub(r"\s+", " ", about[2]))  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        for _ in range(5):
            assert tries(portal.browser(), email, "Wrong4Password", no_code="y").status_code == 403
        event.remove(engine, "before_cursor_execute", listen)
        work.append(sent)
    assert len(work[0]) > 20
    assert work[0] == work[1] == work[2]
    assert {row[0] for row in portal.rows("SELECT locks FROM attempts")} == {1}


def test_the_page_of_digits_tells_everybody_what_it_means_to_have_no_code(portal: Portal) -> None:
    a_newcomer(portal)
    jo, pages = portal.a_holder(), set()
    for email in (NEW, jo, "nobody@diamond.example"):
        browser = portal.browser()
        tries(browser, email, "Wrong4Password")
        page = browser.get("/login/digits").text
        assert "If you have not set a security code yet, the details were not right" in page
        again = browser.get("/login?no_code=y").text
        assert re.search(r'name="no_code"[^>]*checked', again)
        pages.add(re.sub(r'value="[\w.-]{60,}"|\d(st|nd|rd|th) digit', "…", page))
    assert len(pages) == 1


def test_after_a_reset_sign_in_knows_that_there_is_no_code(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    link = resets.make_link(portal.parts, steps.find(portal.parts, jo).account_id, "tests")
    done = browser.post(link[link.index("/reset/") :], new="Green4Lantern", again="Green4Lantern")
    assert 'href="/login?no_code=y"' in done.text
    assert tries(browser, jo, "Green5Lantern", no_code="y").status_code == 403
    assert path_of(tries(browser, jo, "Green4Lantern", no_code="y")) == "/"
    assert path_of(browser.get("/account")) == "/account/code"


@pytest.mark.parametrize(
    ("first", "second", "is_in"),
    [
        ("both", "", True),
        ("", "both", True),
        ("whole", "", True),
        ("", "whole", True),
        ("spaced", "", True),
        ("one", "", False),
        ("both", "both", False),
        ("whole", "one", False),
        ("wrong", "", False),
    ],
)
def test_digits_are_read_from_one_box_too(portal: Portal, first: str, second: str, is_in: bool) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.gives_password(jo)
    digits = "".join(CODE[position - 1] for position in browser.positions())
    texts = {"": "", "both": digits, "whole": CODE, "spaced": f"{CODE[:3]} {CODE[3:]}", "one": digits[0]}
    texts["wrong"] = "000000"
    answer = browser.post("/login/digits", first=texts[first], second=texts[second])
    assert (path_of(answer) == "/") is is_in
    for text in (digits, CODE):
        assert f'value="{text}"' not in answer.text  # never shown again


def test_nobody_chooses_a_password_of_the_shape_of_an_initial_one(portal: Portal) -> None:
    browser = portal.browser()
    browser.signs_in(portal.a_holder())
    answer = browser.post("/account/password", present=PASSWORD, new=LOOKS_GIVEN, again=LOOKS_GIVEN)
    assert "Password must not look like one that is given out, in groups with hyphens" in answer.text
