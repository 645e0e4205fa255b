"""The second step, its bounds, sign-in links and sessions, with real forms on a real database (RULES 14)."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from libs.common.rights import table
from services.portal.accounts import authenticator, steps
from services.portal.accounts.signing_in import steps as signing_in_steps
from services.portal.accounts.signing_in.rules import BOUNDS, MOST_OPEN_LINKS, MOST_PASSWORDS_OF_A_LINK
from services.portal.accounts.signing_in.signed_in import Opened
from services.portal.accounts.vault import Sealed
from tests.portal.database.test_accounts import text_of_answer
from tests.support.portal.accounts import (
    CODE,
    PASSWORD,
    Browser,
    Portal,
    a_provider,
    app_number,
    path_of,
)

ANN = "ann@council.example"
NOT_RIGHT = "The details are not right, or sign-in is locked"
NEW_PASSWORD = "Green4Lantern"


def letters_to(portal: Portal, recipient: str) -> list[str]:
    """What is written to somebody and was not sent yet, the oldest first; of one moment in any order."""
    rows = portal.rows("SELECT letter_id, text, text_key, recipient FROM letters ORDER BY written_at")
    return [
        portal.parts.vault.open(Sealed(bytes(text), key), f"letter|{letter_id}")
        for letter_id, text, key, to in rows
        if to == recipient
    ]


def a_link(portal: Portal, email: str, browser: Browser | None = None) -> str:
    """Ask for a sign-in link; its path, out of the letter."""
    before = letters_to(portal, email)
    asked = (browser or portal.browser()).post("/login/link", email=email)
    assert "Look at your e-mail" in asked.text
    (letter,) = (one for one in letters_to(portal, email) if one not in before)
    return re.findall(r"http://127\.0\.0\.1:8000(/login/link/\w+)", letter)[0]


def answers_wrong_ten_times(portal: Portal, email: str) -> None:
    for minutes in (15, 30):
        portal.browser().fails(email, 5)
        portal.clock.goes_on(minutes=minutes)


def from_address(portal: Portal, address: str) -> Browser:
    browser = portal.browser()
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def counts(portal: Portal, kind: str, number: int) -> None:
    """So many wrong tries of a kind were made in this hour."""
    with portal.parts.sessions.begin() as transaction:
        transaction.connection().exec_driver_sql(
            "UPDATE tries SET tries = %s WHERE kind = %s", (number, kind)
        )


def test_after_ten_wrong_answers_only_a_link_leads_in(portal: Portal) -> None:
    jo, known = portal.a_holder(), portal.browser()
    known.signs_in(jo)
    known.post("/logout", at="/account")
    answers_wrong_ten_times(portal, jo)
    assert NOT_RIGHT in portal.browser().signs_in(jo).text  # not locked, and the right digits
    assert "ten wrong answers after it" in letters_to(portal, jo)[-1]
    assert path_of(known.signs_in(jo)) == "/"  # strangers are no matter to a browser that is known
    portal.clock.goes_on(days=400)
    known.signs_in(jo)  # what is over is dropped; this is not
    stranger = portal.browser()
    assert stranger.signs_in(jo).status_code == 403
    link = a_link(portal, jo, stranger)
    assert path_of(stranger.post(link, password=PASSWORD)) == "/"
    assert stranger.is_in()
    assert path_of(portal.browser().signs_in(jo)) == "/"  # it was the right answer


def test_wrong_passwords_close_nothing(portal: Portal) -> None:
    jo = portal.a_holder()
    for minutes in (15, 30, 60):
        portal.browser().fails(jo, 5, "Wrong4Password")
        portal.clock.goes_on(minutes=minutes)
    assert path_of(portal.browser().signs_in(jo)) == "/"


def test_a_known_browser_has_ten_answers_of_its_own(portal: Portal) -> None:
    jo, known = portal.a_holder(), portal.browser()
    known.signs_in(jo)
    known.post("/logout", at="/account")
    for minutes in (15, 30):
        known.fails(jo, 5)
        portal.clock.goes_on(minutes=minutes)
    assert known.signs_in(jo).status_code == 403
    assert path_of(portal.browser().signs_in(jo)) == "/"
    link = a_link(portal, jo, known)
    assert path_of(known.post(link, password=PASSWORD)) == "/"


def test_wrong_numbers_of_an_app_count_too(portal: Portal) -> None:
    ann = portal.a_holder(ANN, "finance")
    for minutes in (15, 30):
        for _ in range(5):
            browser = portal.browser()
            browser.gives_password(ann)
            browser.gives_digits()
            assert browser.post("/login/app", number="000000").status_code == 403
        portal.clock.goes_on(minutes=minutes)
    browser = portal.browser()
    browser.gives_password(ann)
    assert browser.gives_digits().status_code == 403
    link = a_link(portal, ann)
    assert path_of(browser.post(link, password=PASSWORD)) == "/login/app"
    assert not browser.is_in()
    assert path_of(browser.gives_number(ann)) == "/"


def test_whoever_asks_for_a_link_learns_nothing(portal: Portal) -> None:
    """One page and the same statements, whether there is an account, a disabled one, none, or no room."""
    jo, gone, full = portal.a_holder(), portal.a_holder("al@x.example"), portal.a_holder("bo@x.example")
    steps.disable(portal.parts, steps.find(portal.parts, gone).account_id, "tests")
    for _ in range(MOST_OPEN_LINKS):
        a_link(portal, full)
    engine, work, answers = portal.parts.sessions.kw["bind"], [], set()
    for email in (jo, gone, full, "nobody@diamond.example"):
        sent: list[str] = []
        listen = lambda *about, sent=sent: sent.append(re.sub(r"\s+", " ", about[2]))  # noqa: E731
        browser = portal.browser()
        browser.get("/login/link")
        event.listen(engine, "before_cursor_execute", listen)
        answers.add(text_of_answer(browser.post("/login/link", email=email)))
        event.remove(engine, "before_cursor_execute", listen)
        work.append([re.sub(r"sa_savepoint_\d+", "", one) for one in sent if "SAVEPOINT" not in one])
    assert len(answers) == 1
    assert len(work[0]) > 4
    assert work[0] == work[1] == work[2] == work[3]
    assert portal.scalar("SELECT count(*) FROM sign_in_links") == 1 + MOST_OPEN_LINKS
    assert portal.scalar("SELECT count(*) FROM audit WHERE who = 'nobody'") == 0
    assert letters_to(portal, gone) == []
    assert len(letters_to(portal, full)) == MOST_OPEN_LINKS


def test_a_link_works_once_in_any_browser_and_looking_uses_nothing_up(portal: Portal) -> None:
    jo = portal.a_holder()
    link = a_link(portal, jo)
    secret = link.rpartition("/")[2]
    for method in ("get", "head"):
        assert getattr(portal.browser().client, method)(link).status_code == 200
    assert secret not in str(portal.rows("SELECT s::text FROM sign_in_links s"))
    other = portal.browser()
    assert path_of(other.post(link, password=PASSWORD)) == "/"
    assert other.get(link).status_code == 410
    assert portal.browser().client.get(link).status_code == 410
    trail = portal.rows(
        "SELECT action, status FROM audit JOIN audit_ends USING (action_id) WHERE action LIKE 'login.%' ORDER BY asked_at, action"
    )
    assert trail == [("login.ask_for_link", 200), ("login.by_link", 200)]


def test_a_link_is_good_for_half_an_hour_and_five_passwords(portal: Portal) -> None:
    jo = portal.a_holder()
    old, spoiled = a_link(portal, jo), a_link(portal, jo)
    browser = portal.browser()
    for number in range(MOST_PASSWORDS_OF_A_LINK):
        answer = browser.post(spoiled, password="Wrong4Password")
        assert answer.status_code == (403 if number + 1 < MOST_PASSWORDS_OF_A_LINK else 410)
    assert browser.get(spoiled).status_code == 410
    portal.clock.goes_on(minutes=29, seconds=59)
    assert browser.get(old).status_code == 200
    portal.clock.goes_on(seconds=1)
    assert browser.get(old).status_code == 410


def changes_password(portal: Portal, jo: str) -> None:
    browser = portal.browser()
    browser.signs_in(jo)
    browser.post("/account/password", present=PASSWORD, new=NEW_PASSWORD, again=NEW_PASSWORD)


def is_disabled(portal: Portal, jo: str) -> None:
    steps.disable(portal.parts, steps.find(portal.parts, jo).account_id, "tests")


def changes_code(portal: Portal, jo: str) -> None:
    browser = portal.browser()
    browser.signs_in(jo)
    browser.post("/account/code", present=CODE, new="325076", again="325076")


@pytest.mark.parametrize("change", [changes_password, is_disabled, changes_code])
def test_a_link_ends_with_what_it_was_made_for(portal: Portal, change: Callable[[Portal, str], None]) -> None:
    jo = portal.a_holder()
    link = a_link(portal, jo)
    change(portal, jo)
    assert portal.browser().get(link).status_code == 410


def test_who_has_no_code_yet_comes_in_by_a_link_too(portal: Portal) -> None:
    """Strangers lock a first sign-in as any other."""
    initial = steps.add(portal.parts, "new@x.example", "home_manager", a_provider("X Ltd"))
    for _ in range(5):
        portal.browser().post("/login", email="new@x.example", password="Wrong4Password", no_code="y")
    assert portal.browser().gives_password("new@x.example", initial).status_code == 403
    browser = portal.browser()
    assert path_of(browser.post(a_link(portal, "new@x.example"), password=initial)) == "/"
    assert path_of(browser.get("/account")) == "/account/password"


@pytest.mark.parametrize("kind", [bound.kind for bound in BOUNDS])
def test_where_a_bound_is_reached_every_try_of_a_stranger_is_wrong(portal: Portal, kind: str) -> None:
    """And nothing tells; who is known, and who has a link, comes in all the same."""
    jo, known = portal.a_holder(), portal.browser()
    known.signs_in(jo)
    portal.browser().fails(jo)
    most = {bound.kind: bound.most for bound in BOUNDS}[kind]
    counts(portal, kind, most - 1)
    wrong = text_of_answer(portal.browser().signs_in(jo, code="000000"))
    bounded = portal.browser().signs_in(jo)
    assert text_of_answer(bounded) == wrong
    assert (
        portal.scalar("SELECT tries FROM tries WHERE kind = :kind", kind=kind) == most
    )  # not judged, not counted
    known.post("/logout", at="/account")
    assert path_of(known.signs_in(jo)) == "/"
    assert path_of(portal.browser().post(a_link(portal, jo), password=PASSWORD)) == "/"
    portal.clock.goes_on(hours=25)
    assert path_of(portal.browser().signs_in(jo)) == "/"


@pytest.mark.parametrize(
    ("of", "same", "other"),
    [("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("2001:db8:1:1::1", "2001:db8:1:1:2::", "2001:db8:1:2::1")],
)
def test_tries_of_one_network_are_bounded(portal: Portal, of: str, same: str, other: str) -> None:
    jo = portal.a_holder()
    from_address(portal, of).fails("nobody@x.example")
    counts(portal, "network", BOUNDS[0].most)
    assert from_address(portal, same).signs_in(jo).status_code == 403
    assert path_of(from_address(portal, other).signs_in(jo)) == "/"
    assert "192.0.2" not in str(portal.rows("SELECT t::text FROM tries t"))


def test_a_number_of_an_app_is_good_once_however_many_ask_at_once(portal: Portal) -> None:
    ann = portal.a_holder(ANN, "finance")
    browsers = [portal.browser() for _ in range(6)]
    for browser in browsers:
        browser.gives_password(ann)
        browser.gives_digits()
    number = app_number(ann)
    asked = [browser.client.get_cookie("caretally_sign_in") for browser in browsers]
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda one: signing_in_steps.give_totp(portal.parts, one.value, number), filter(None, asked)
            )
        )
    assert len(answers) == 6
    assert sum(isinstance(answer, Opened) for answer in answers) == 1


def test_who_must_have_an_app_is_data(portal: Portal) -> None:
    ann, browser = portal.a_holder(ANN, "finance", has_app=False), portal.browser()
    browser.signs_in(ann)
    assert path_of(browser.get("/account")) == "/account/app"
    authenticator.set_required(portal.parts, "finance", False, "tests")
    assert browser.is_in()
    authenticator.set_required(portal.parts, "home_manager", True, "tests")
    jo = portal.browser()
    jo.signs_in(portal.a_holder(has_app=False))
    assert path_of(jo.get("/account")) == "/account/app"
    assert authenticator.required_of(portal.parts) == {
        role: role not in ("finance", "accounts_payable") for role in table.ROLES
    }


def test_a_new_device_is_told_and_a_known_one_is_not(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Firefox/128.0"
    browser.signs_in(jo)
    (told,) = letters_to(portal, jo)
    assert "new device on 3 October 2022, 13:00: Firefox on Windows" in told
    browser.post("/logout", at="/account")
    browser.signs_in(jo)
    assert len(letters_to(portal, jo)) == 1


def test_a_holder_sees_where_they_are_signed_in_and_ends_it(portal: Portal) -> None:
    jo, al = portal.a_holder(), portal.a_holder("al@x.example")
    here, there, third, somebody = (portal.browser() for _ in range(4))
    there.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux) Firefox/128.0"
    for browser in (here, there, third):
        browser.signs_in(jo)
    somebody.signs_in(al)
    page = here.get("/account/sessions").text
    refs = re.findall(r'name="session" value="(\w{64})"', page)
    assert (len(refs), page.count("This browser"), "Firefox on Linux" in page) == (2, 1, True)
    theirs = re.search(r"Firefox on Linux.*?value=\"(\w{64})\"", page, re.DOTALL)
    assert theirs is not None
    somebody.post("/account/sessions/end", at="/account/sessions", session=theirs[1])
    assert there.is_in()  # another holder's is left alone
    here.post("/account/sessions/end", at="/account/sessions", session=theirs[1])
    assert [browser.is_in() for browser in (here, there, third, somebody)] == [True, False, True, True]
    here.post("/account/sessions/end", at="/account/sessions", session="no such")
    assert third.is_in()
    here.post("/account/sessions/end", at="/account/sessions")
    assert [browser.is_in() for browser in (here, third, somebody)] == [True, False, True]


def test_changing_code_or_app_ends_all_other_sessions(portal: Portal) -> None:
    jo, here = portal.a_holder(has_app=False), portal.browser()
    here.signs_in(jo)

    def others_after(path: str, **fields: str) -> bool:
        other, half_way = portal.browser(), portal.browser()
        other.signs_in(jo)
        half_way.gives_password(jo)
        assert path_of(here.post(path, **fields)) == "/account"
        assert path_of(half_way.get("/login/digits")) == "/login"
        assert here.is_in()
        return other.is_in()

    assert not others_after("/account/code", present=CODE, new="325076", again="325076")
    with portal.parts.sessions.begin() as transaction:
        account = steps.locked_account(transaction, steps.find(portal.parts, jo).account_id)
        steps.put_code(portal.parts, account, CODE)
    key = re.findall(r"<code>([A-Z2-7]{32})</code>", here.get("/account/app").text)[0]
    number = signing_in_steps.pyotp.TOTP(key).at(portal.clock())
    assert not others_after("/account/app", present=PASSWORD, number=number)
    assert path_of(here.post("/account/app/remove", present=PASSWORD)) == "/account"


def test_a_password_that_holds_the_holder_s_name_is_refused(portal: Portal) -> None:
    browser = portal.browser()
    browser.signs_in(portal.a_holder())
    portal.rows("SELECT 1")
    with portal.parts.sessions.begin() as transaction:
        transaction.connection().exec_driver_sql(
            "INSERT INTO contacts (contact_id, organisation_id, organisation, details, roles, account_id, made_at,"
            ' changed_at) SELECT gen_random_uuid(), organisation_id, organisation, \'{"surname": "Featherstone"}\','
            " '{}', account_id, now(), now() FROM accounts WHERE NOT EXISTS (SELECT FROM contacts)"
        )
        transaction.connection().exec_driver_sql(
            'UPDATE contacts SET details = \'{"surname": "Featherstone"}\''
        )
    for new in ("F3atherstone77", "D1amond-Lamp7", "October2022a", "Caretally77x"):
        answer = browser.post("/account/password", present=PASSWORD, new=new, again=new)
        assert (answer.status_code, "common" in answer.text) == (400, True), new
