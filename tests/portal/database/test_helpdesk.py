"""Letters to holders by a real mail server, the helpdesk's one-time links, authenticator apps (RULES 14)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pyotp
import pytest
from aiosmtpd.controller import Controller

from deploy.local.machine.ports import free_port
from services.portal.accounts import rules
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts.helpdesk import resets
from services.portal.letters import mail
from services.portal.letters.mail_server import MailServer
from tests.support.portal.accounts import CODE, PASSWORD, Browser, Portal, parts_on, path_of

NEW_PASSWORD = "Green4Lantern"


@dataclass
class Letters:
    """What a mail server took; `refuses`: it takes nothing. What tells of a new device, as most tests bring about by
    signing in, is kept apart."""

    taken: list[EmailMessage] = field(default_factory=list)
    of_devices: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 later"
        letter: Any = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[arg-type]
        kept = self.of_devices if letter["Subject"].startswith("A new device") else self.taken
        kept.append(letter)
        return "250 OK"


@dataclass
class Post:
    """A mail server, and a portal that sends to it when it is told to."""

    letters: Letters
    server: MailServer

    def arrive(self, portal: Portal) -> list[EmailMessage]:
        """What arrives now."""
        before = len(self.letters.taken)
        mail.send_due(portal.parts.sessions, portal.parts.vault, self.server, portal.clock())
        return self.letters.taken[before:]


@pytest.fixture
def post() -> Iterator[Post]:
    letters, port = Letters(), free_port()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    yield Post(letters, MailServer(f"smtp://127.0.0.1:{port}", "caretally@council.example"))
    controller.stop()


def words_of(letter: EmailMessage) -> str:
    return str(letter.get_content())


def a_helpdesk(portal: Portal) -> Browser:
    browser = portal.browser()
    browser.signs_in(portal.a_holder("help@council.example", "helpdesk"))
    return browser


def test_the_holder_is_told_of_a_lock_once(portal: Portal, post: Post) -> None:
    jo = portal.a_holder()
    portal.browser().fails(jo, 8)
    (letter,) = post.arrive(portal)
    assert letter["To"] == jo
    assert letter["From"] == "caretally@council.example"
    assert letter["Date"] == "Mon, 03 Oct 2022 12:00:00 +0000"
    assert "locked until 3 October 2022, 13:15" in words_of(letter)
    assert post.arrive(portal) == []


def test_a_lock_of_an_address_without_account_writes_to_nobody(portal: Portal, post: Post) -> None:
    portal.browser().fails("nobody@diamond.example", 5)
    assert portal.scalar("SELECT count(*) FROM letters") == 1
    assert post.arrive(portal) == []
    assert portal.scalar("SELECT count(*) FROM letters") == 0


def test_a_letter_waits_for_a_mail_server_that_is_away(portal: Portal, post: Post) -> None:
    portal.browser().fails(portal.a_holder(), 5)
    away = Post(post.letters, MailServer("smtp://127.0.0.1:9", "caretally@council.example"))
    assert away.arrive(portal) == []
    assert post.arrive(portal) == []  # not yet due again
    post.letters.refuses = True
    portal.clock.goes_on(seconds=10)
    assert post.arrive(portal) == []
    post.letters.refuses = False
    portal.clock.goes_on(seconds=20)
    assert len(post.arrive(portal)) == 1


def test_a_letter_that_nobody_takes_for_a_day_is_given_up(portal: Portal, post: Post) -> None:
    portal.browser().fails(portal.a_holder(), 5)
    post.letters.refuses = True
    portal.clock.goes_on(hours=25)
    post.arrive(portal)
    (kept,) = portal.rows("SELECT reason, octet_length(text) FROM letters WHERE given_up_at IS NOT NULL")
    assert kept == ("The mail server answered 451: later", 0)
    post.letters.refuses = False
    assert post.arrive(portal) == []
    page = a_helpdesk(portal).get("/helpdesk").text
    assert "The mail server answered 451: later" in page
    portal.clock.goes_on(days=91)
    post.arrive(portal)
    assert portal.scalar("SELECT count(*) FROM letters WHERE reason IS NOT NULL") == 0


def test_a_reset_is_asked_for_on_the_login_page_and_done_with_a_one_time_link(
    portal: Portal, post: Post
) -> None:
    jo = portal.a_holder()
    jos = portal.browser()
    jos.signs_in(jo)
    portal.browser().fails(jo, 5)
    stranger = portal.browser()
    assert (
        stranger.post("/reset", name="Jo", organisation="Diamond", email=jo, telephone="-").status_code == 400
    )
    asked = stranger.post(
        "/reset", name="Jo Hill", organisation="Diamond", email=jo, telephone="01632 960 001"
    )
    assert "The helpdesk has your request" in asked.text
    nobody = stranger.post(
        "/reset", name="X", organisation="Y", email="x@y.example", telephone="01632 960 002"
    )
    assert nobody.text == asked.text
    helpdesk = a_helpdesk(portal)
    page = helpdesk.get("/helpdesk").text
    assert "01632 960 001" in page
    account = re.search(r"/helpdesk/accounts/[0-9a-f-]{36}", page)
    assert account is not None
    assert "locked until" in helpdesk.get(account[0]).text
    post.arrive(portal)
    shown = helpdesk.post(f"{account[0]}/link", at=account[0])
    (letter,) = post.arrive(portal)
    assert letter["To"] == jo
    link = re.search(r"http://127.0.0.1:8000(/reset/\w+)", words_of(letter))
    assert link is not None
    assert link[1] in shown.text  # there is no mail server in this portal's settings
    assert "01632 960 001" not in helpdesk.get("/helpdesk").text
    assert stranger.get(link[1]).status_code == 200
    assert stranger.post(link[1], new="Password1", again="Password1").status_code == 400
    assert "Your password is set" in stranger.post(link[1], new=NEW_PASSWORD, again=NEW_PASSWORD).text
    assert stranger.get(link[1]).status_code == 410
    assert not jos.is_in()
    assert stranger.signs_in(jo, PASSWORD).status_code == 403
    assert path_of(stranger.gives_password(jo, NEW_PASSWORD)) == "/"
    assert path_of(stranger.get("/account")) == "/account/code"
    (told,) = post.arrive(portal)
    assert "password of your Caretally account was changed" in words_of(told)
    assert "used with a new device" in words_of(post.letters.of_devices[-1])
    assert all(
        secret not in words_of(each)
        for each in post.letters.taken
        for secret in (NEW_PASSWORD, PASSWORD, CODE)
    )


def test_a_link_works_once_for_a_day_and_only_the_newest(portal: Portal) -> None:
    account_id = accounts_steps.find(portal.parts, portal.a_holder()).account_id
    first, second = (resets.make_link(portal.parts, account_id, "tests").rpartition("/")[2] for _ in range(2))
    assert not resets.is_link_good(portal.parts, first)
    portal.clock.goes_on(hours=24, seconds=-1)
    assert resets.is_link_good(portal.parts, second)
    portal.clock.goes_on(seconds=1)
    with pytest.raises(accounts_steps.Refused) as refused:
        resets.use_link(portal.parts, second, NEW_PASSWORD)
    assert refused.value.code == "link_over"


def test_with_a_mail_server_the_link_is_the_holder_s_alone(
    portal_url: str, portal: Portal, post: Post
) -> None:
    portal.a_holder()
    other = Portal(parts_on(portal_url, portal.clock, 15, mail_server=post.server), portal.clock)
    account = f"/helpdesk/accounts/{accounts_steps.find(portal.parts, 'jo@diamond.example').account_id}"
    helpdesk = a_helpdesk(other)
    done = helpdesk.post(f"{account}/link", at=account)
    assert path_of(done) == account
    assert "on its way to jo@diamond.example" in helpdesk.get(account).text
    kept = str(portal.rows("SELECT text, subject_line FROM letters"))
    assert "/reset/" not in kept
    other.parts.close()


def test_requests_are_bounded(portal: Portal) -> None:
    for _ in range(5):
        ask_from(portal, "192.0.2.1", "jo@diamond.example")
    assert portal.scalar("SELECT count(*) FROM reset_requests") == 3


@pytest.mark.parametrize(
    ("addresses", "other"),
    [
        (["192.0.2.1"], "192.0.2.2"),
        (["192.0.2.1", "::ffff:192.0.2.1"], "192.0.2.2"),
        (["2001:db8:1:1::1", "2001:db8:1:1:2::"], "2001:db8:1:2::1"),
    ],
)
def test_requests_of_one_network_are_bounded_and_others_are_still_heard(
    portal: Portal, addresses: list[str], other: str
) -> None:
    for number in range(12):
        ask_from(portal, addresses[number % len(addresses)], f"jo{number}@diamond.example")
    assert portal.scalar("SELECT count(*) FROM reset_requests") == 10
    ask_from(portal, other, "ann@diamond.example")
    assert portal.scalar("SELECT count(*) FROM reset_requests") == 11
    portal.clock.goes_on(hours=1)
    ask_from(portal, addresses[0], "jo12@diamond.example")
    assert portal.scalar("SELECT count(*) FROM reset_requests") == 12
    assert "192.0.2" not in str(portal.rows("SELECT reset_requests::text FROM reset_requests"))


def test_requests_are_forgotten_after_90_days(portal: Portal) -> None:
    ask_from(portal, "192.0.2.1", "jo@diamond.example")
    for days, left in ((90, 1), (1, 0)):
        portal.clock.goes_on(days=days)
        portal.browser().signs_in(portal.a_holder(f"{days}@diamond.example"))
        assert portal.scalar("SELECT count(*) FROM reset_requests") == left


@pytest.mark.parametrize(("proxies", "counted"), [(0, 10), (1, 12)])
def test_where_a_request_comes_from_is_what_a_known_proxy_says(
    portal_url: str, portal: Portal, proxies: int, counted: int
) -> None:
    other = Portal(parts_on(portal_url, portal.clock, 15, proxies=proxies), portal.clock)
    for number in range(12):
        browser = other.browser()
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
        about = {"name": "Jo", "organisation": "Diamond", "telephone": "01632 960 001"}
        assert browser.post("/reset", email=f"jo{number}@diamond.example", **about).status_code == 200
    assert portal.scalar("SELECT count(*) FROM reset_requests") == counted
    other.parts.close()


def ask_from(portal: Portal, address: str, email: str) -> None:
    resets.ask_for_reset(portal.parts, "Jo", "Diamond", email, "01632 960 001", address=address)


def test_a_disabled_account_is_out_at_once_and_gets_the_one_answer(portal: Portal) -> None:
    jo, jos = portal.a_holder(), portal.browser()
    jos.signs_in(jo)
    account_id = accounts_steps.find(portal.parts, jo).account_id
    half_way = portal.browser()
    half_way.gives_password(jo)
    link = resets.make_link(portal.parts, account_id, "tests").rpartition("/")[2]
    accounts_steps.disable(portal.parts, account_id, "tests")
    assert not jos.is_in()
    assert not resets.is_link_good(portal.parts, link)
    assert path_of(half_way.get("/login/digits")) == "/login"
    with pytest.raises(accounts_steps.Refused) as refused:
        resets.make_link(portal.parts, account_id, "tests")
    assert refused.value.code == "account_disabled"
    disabled, wrong = portal.browser().signs_in(jo), portal.browser().signs_in("nobody@diamond.example")
    assert (disabled.status_code, without_csrf(disabled.text)) == (403, without_csrf(wrong.text))
    accounts_steps.enable(portal.parts, account_id, "tests")
    assert path_of(portal.browser().signs_in(jo)) == "/"


def test_the_helpdesk_disables_and_enables_and_can_not_disable_itself(portal: Portal) -> None:
    jo, jos, helpdesk = portal.a_holder(), portal.browser(), a_helpdesk(portal)
    jos.signs_in(jo)
    account = f"/helpdesk/accounts/{accounts_steps.find(portal.parts, jo).account_id}"
    assert path_of(helpdesk.post(f"{account}/disable", at=account)) == account
    assert not jos.is_in()
    page = helpdesk.get(account).text
    assert "since 3 October 2022, 13:00" in page
    assert "one-time link" not in page
    helpdesk.post(f"{account}/enable", at=account)
    assert path_of(portal.browser().signs_in(jo)) == "/"
    own = f"/helpdesk/accounts/{accounts_steps.find(portal.parts, 'help@council.example').account_id}"
    assert "Disable account" not in helpdesk.get(own).text
    assert helpdesk.post(f"{own}/disable", at=own).status_code == 422
    nobody = "/helpdesk/accounts/00000000-0000-4000-8000-000000000000"
    assert helpdesk.post(f"{nobody}/disable", at=own).status_code == 404
    assert helpdesk.is_in()


def test_a_disabled_account_whose_first_login_was_not_done_is_not_let_in(portal: Portal) -> None:
    initial = accounts_steps.add(portal.parts, "new@council.example", "finance", None)
    accounts_steps.disable(
        portal.parts, accounts_steps.find(portal.parts, "new@council.example").account_id, "tests"
    )
    browser = portal.browser()
    answer = browser.gives_password("new@council.example", initial)
    assert (answer.status_code, "The details are not right" in answer.text) == (403, True)
    assert not browser.is_in()


def without_csrf(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)


def test_the_helpdesk_unlocks(portal: Portal) -> None:
    jo, helpdesk = portal.a_holder(), a_helpdesk(portal)
    portal.browser().fails(jo, 5)
    found = helpdesk.post("/helpdesk", email=jo)
    account = path_of(found)
    assert account is not None
    helpdesk.post(f"{account}/unlock", at=account)
    assert "not locked" in helpdesk.get(account).text
    assert path_of(portal.browser().signs_in(jo)) == "/"
    assert "There is no account" in helpdesk.post("/helpdesk", email="nobody@diamond.example").text


@pytest.mark.parametrize("role", ["home_manager", "finance", "commissioning"])
def test_nobody_else_gets_into_the_helpdesk(portal: Portal, role: str) -> None:
    browser = portal.browser()
    assert path_of(browser.get("/helpdesk")) == "/login"
    browser.signs_in(portal.a_holder("other@council.example", role))
    assert browser.get("/helpdesk").status_code == 403


@pytest.mark.parametrize("role", rules.COUNCIL_ROLES)
def test_the_council_s_people_must_have_an_authenticator_app(portal: Portal, role: str) -> None:
    ann, browser = portal.a_holder("ann@council.example", role, has_app=False), portal.browser()
    browser.signs_in(ann)
    assert path_of(browser.get("/account")) == "/account/app"
    key = an_app(browser, portal)
    assert browser.is_in()
    assert browser.post("/account/app/remove", present=PASSWORD).status_code == 422
    other = portal.browser()
    assert path_of(other.signs_in(ann)) == "/login/app"
    assert not other.is_in()
    assert other.post("/login/app", number=number(key, portal, 0)).status_code == 403  # taken before
    portal.clock.goes_on(seconds=30)
    other.signs_in(ann)
    assert other.post("/login/app", number="000000").status_code == 403
    other.signs_in(ann)
    assert path_of(other.post("/login/app", number=number(key, portal))) == "/"
    assert other.is_in()


def test_an_app_is_offered_to_all_and_can_be_removed(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    assert browser.get("/account/app.svg").content_type == "image/svg+xml"
    assert browser.post("/account/app", present=PASSWORD, number="000000").status_code == 400
    an_app(browser, portal)
    assert path_of(portal.browser().signs_in(jo)) == "/login/app"
    assert "not right" in browser.post("/account/app/remove", present="Wrong4Password").text
    browser.post("/account/app/remove", present=PASSWORD)
    assert path_of(portal.browser().signs_in(jo)) == "/"


def test_guesses_of_the_app_s_number_count_too(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    key = an_app(browser, portal)
    portal.clock.goes_on(minutes=1)
    other = portal.browser()
    for _ in range(5):
        other.signs_in(jo)
        other.post("/login/app", number="000000")
    assert other.signs_in(jo).status_code == 403
    portal.clock.goes_on(minutes=15)
    other.signs_in(jo)
    assert path_of(other.post("/login/app", number=number(key, portal))) == "/"


def test_a_lost_telephone_is_removed_by_the_helpdesk(portal: Portal, post: Post) -> None:
    jo, browser, helpdesk = portal.a_holder(), portal.browser(), a_helpdesk(portal)
    browser.signs_in(jo)
    an_app(browser, portal)
    account = f"/helpdesk/accounts/{accounts_steps.find(portal.parts, jo).account_id}"
    helpdesk.post(f"{account}/link", at=account)
    assert path_of(portal.browser().signs_in(jo)) == "/login/app"
    helpdesk.post(f"{account}/link", at=account, without_app="y")
    assert path_of(portal.browser().signs_in(jo)) == "/"
    assert any("was removed" in words_of(letter) for letter in post.arrive(portal))


def an_app(browser: Browser, portal: Portal) -> str:
    """Add an authenticator app; its key."""
    found = re.search(r"<code>([A-Z2-7]{32})</code>", browser.get("/account/app").text)
    assert found is not None
    done = browser.post("/account/app", present=PASSWORD, number=number(found[1], portal))
    assert path_of(done) == "/account"
    return found[1]


def number(key: str, portal: Portal, later: int = 0) -> str:
    return pyotp.TOTP(key).at(portal.clock() + dt.timedelta(seconds=later))
