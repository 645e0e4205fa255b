"""Accounts of the council, on a real database: asked by the helpdesk, confirmed by a second person (RULES 14)."""

from __future__ import annotations

import threading
import uuid

import pytest

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts.helpdesk import resets
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.schema.tables_accounts import Account
from services.portal.staff import asked as asked_of
from services.portal.staff import steps
from tests.portal.database.test_helpdesk import Post, post, words_of
from tests.portal.database.test_tokens import a_token, an_account, scopes_of
from tests.support.portal.accounts import CODE, PASSWORD, Portal, csrf_token, path_of

__all__ = ["post"]
NEW = "new@council.example"


@pytest.fixture
def helpdesk(portal: Portal) -> Account:
    return an_account(portal, "helpdesk", "help@council.example")


@pytest.fixture
def approver(portal: Portal) -> Account:
    return an_account(portal, "approver", "ann@council.example")


def found(portal: Portal, email: str) -> Account:
    return accounts_steps.find(portal.parts, email)


def refusal(act: object, *args: object) -> str:
    with pytest.raises(Refused) as refused:
        act(*args)  # type: ignore[operator]
    return refused.value.code


def test_the_helpdesk_makes_a_colleague_of_its_own_role_at_once(
    portal: Portal, post: Post, helpdesk: Account
) -> None:
    asked = steps.ask_for_new(portal.parts, helpdesk, NEW, "Bea Green", "helpdesk")
    assert not asked.waits
    made = found(portal, NEW)
    assert (made.name, made.role, made.organisation_id) == ("Bea Green", "helpdesk", None)
    (letter,) = post.arrive(portal)
    assert letter["To"] == NEW
    assert asked.url is not None
    assert asked.url in words_of(letter)


def test_rights_over_money_come_from_two_people(portal: Portal, helpdesk: Account, approver: Account) -> None:
    asked = steps.ask_for_new(portal.parts, helpdesk, NEW, "Bea", "finance")
    assert asked.waits
    assert refusal(found, portal, NEW) == "account_not_found"
    change = asked.change_id
    commissioning = an_account(portal, "commissioning")
    for wrong, code in (
        (helpdesk, "own_request"),
        (an_account(portal, "helpdesk", "other@council.example"), "not_allowed"),
        (commissioning, "not_allowed"),
        (an_account(portal, "home_manager", "jo@diamond.example"), "not_allowed"),
    ):
        assert asked_of.count_to_confirm(portal.parts, wrong) == 0
        assert refusal(steps.confirm, portal.parts, change, wrong) == code
    assert refusal(steps.refuse, portal.parts, change, commissioning, "no") == "not_allowed"
    assert asked_of.count_to_confirm(portal.parts, approver) == 1
    assert steps.confirm(portal.parts, change, approver).url
    assert found(portal, NEW).role == "finance"
    assert refusal(steps.confirm, portal.parts, change, approver) == "wrong_state"
    assert (
        refusal(steps.ask_for_new, portal.parts, helpdesk, NEW.upper(), "Bea", "finance") == "account_exists"
    )


def test_the_new_holder_sets_password_code_and_the_app_that_the_role_must_have(
    portal: Portal, helpdesk: Account, approver: Account
) -> None:
    asked = steps.ask_for_new(portal.parts, helpdesk, NEW, "Bea", "finance")
    url = steps.confirm(portal.parts, asked.change_id, approver).url
    assert url is not None
    resets.use_link(portal.parts, url.rpartition("/")[2], PASSWORD)
    browser = portal.browser()
    assert path_of(browser.post("/login", email=NEW, password=PASSWORD, no_code="y")) == "/"
    assert path_of(browser.get("/")) == "/account/code"
    browser.post("/account/code", new=CODE, again=CODE)
    assert path_of(browser.get("/")) == "/account/app"
    assert found(portal, NEW).signed_in_at == portal.clock.now


@pytest.mark.parametrize("password", ["Beatrix77x", "Greenfield9"])
def test_a_password_holds_no_name_of_its_holder(
    portal: Portal, helpdesk: Account, approver: Account, password: str
) -> None:
    url = steps.ask_for_new(portal.parts, helpdesk, NEW, "Beatrix Greenfield", "helpdesk").url
    assert url is not None
    assert refusal(resets.use_link, portal.parts, url.rpartition("/")[2], password) == "password_refused"


def test_another_role_ends_sessions_and_narrows_tokens(
    portal: Portal, post: Post, helpdesk: Account, approver: Account
) -> None:
    bo = an_account(portal, "commissioning", "bo@council.example")
    token = a_token(portal, bo, rights.READ_CONCERNS, rights.READ_VISITS)
    browser = portal.browser_of(bo)
    assert browser.is_in()
    assert not steps.ask_for_role(portal.parts, helpdesk, bo.account_id, "helpdesk").waits
    assert not browser.is_in()
    assert scopes_of(portal, token) == set()
    asked = steps.ask_for_role(portal.parts, helpdesk, bo.account_id, "finance")
    assert refusal(steps.ask_for_role, portal.parts, helpdesk, bo.account_id, "approver") == "already_asked"
    assert found(portal, bo.email).role == "helpdesk"
    steps.confirm(portal.parts, asked.change_id, approver)
    assert found(portal, bo.email).role == "finance"
    assert scopes_of(portal, token) == {rights.READ_VISITS}
    told = [letter for letter in post.arrive(portal) if letter["To"] == bo.email]
    assert sum("role of your Caretally account was changed" in words_of(letter) for letter in told) == 2


def test_nobody_changes_or_confirms_their_own_role(
    portal: Portal, helpdesk: Account, approver: Account
) -> None:
    assert (
        refusal(steps.ask_for_role, portal.parts, helpdesk, helpdesk.account_id, "finance") == "own_account"
    )
    other = an_account(portal, "approver", "other@council.example")
    asked = steps.ask_for_role(portal.parts, helpdesk, approver.account_id, "finance")
    assert refusal(steps.confirm, portal.parts, asked.change_id, approver) == "own_account"
    steps.confirm(portal.parts, asked.change_id, other)
    assert found(portal, approver.email).role == "finance"


def test_the_last_who_can_confirm_is_not_ended_nor_given_another_role(
    portal: Portal, helpdesk: Account, approver: Account
) -> None:
    end = (portal.parts, approver.account_id, helpdesk)
    assert refusal(steps.end, *end) == "last_confirmer"
    assert (
        refusal(accounts_steps.disable, portal.parts, approver.account_id, "command line") == "last_confirmer"
    )
    assert refusal(steps.change_role, portal.parts, approver.account_id, "finance") == "last_confirmer"
    assert (
        refusal(steps.ask_for_role, portal.parts, helpdesk, approver.account_id, "helpdesk")
        == "last_confirmer"
    )
    accounts_steps.add(portal.parts, "never@council.example", "approver", None)
    assert refusal(steps.end, *end) == "last_confirmer", "one who never came is not counted on"
    an_account(portal, "approver", "other@council.example")
    steps.end(*end)
    assert found(portal, approver.email).disabled_at is not None


def test_of_the_last_two_who_can_confirm_one_stays_when_both_are_ended_at_once(
    portal: Portal, helpdesk: Account, approver: Account
) -> None:
    both = (approver, an_account(portal, "approver", "other@council.example"))
    begin, outcomes = threading.Barrier(2), []

    def ends(account: Account) -> None:
        begin.wait(10)
        try:
            steps.end(portal.parts, account.account_id, helpdesk)
            outcomes.append("ended")
        except Refused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=ends, args=(account,)) for account in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["ended", "last_confirmer"]


def test_whoever_leaves_takes_sessions_tokens_code_and_app_along(
    portal: Portal, helpdesk: Account, approver: Account
) -> None:
    bo = an_account(portal, "finance", "bo@council.example")
    token, browser = a_token(portal, bo, rights.READ_VISITS), portal.browser_of(bo)
    waits = steps.ask_for_role(portal.parts, helpdesk, bo.account_id, "approver")
    steps.end(portal.parts, bo.account_id, helpdesk)
    assert not browser.is_in()
    assert tokens_steps.caller_of(portal.parts, token) is None
    gone = found(portal, bo.email)
    assert (gone.totp, gone.code, gone.disabled_at) == (None, None, portal.clock.now)
    assert refusal(steps.confirm, portal.parts, waits.change_id, approver) == "wrong_state"
    assert portal.browser().signs_in(bo.email).status_code == 403
    asked = steps.ask_to_let_in(portal.parts, helpdesk, bo.account_id, "finance")
    assert asked.waits
    assert refusal(steps.confirm, portal.parts, asked.change_id, helpdesk) == "own_request"
    url = steps.confirm(portal.parts, asked.change_id, approver).url
    assert portal.browser().signs_in(bo.email).status_code == 403, "the password of before lets nobody in"
    assert url is not None
    assert tokens_steps.caller_of(portal.parts, token) is None
    resets.use_link(portal.parts, url.rpartition("/")[2], PASSWORD)
    back = portal.browser()
    back.post("/login", email=bo.email, password=PASSWORD, no_code="y")
    assert path_of(back.get("/")) == "/account/code"


def test_what_somebody_asked_who_has_left_since_is_not_confirmed(
    portal: Portal, helpdesk: Account, approver: Account
) -> None:
    asked = steps.ask_for_new(portal.parts, helpdesk, NEW, "Bea", "finance")
    accounts_steps.disable(portal.parts, helpdesk.account_id, "tests")
    assert refusal(steps.confirm, portal.parts, asked.change_id, approver) == "asker_gone"
    other = an_account(portal, "helpdesk", "other@council.example")
    steps.refuse(portal.parts, asked.change_id, other, "She asked for a friend")
    assert refusal(steps.confirm, portal.parts, asked.change_id, approver) == "wrong_state"


def test_what_was_asked_long_ago_or_was_overtaken_is_not_confirmed(
    portal: Portal, helpdesk: Account, approver: Account
) -> None:
    bo = an_account(portal, "finance", "bo@council.example")
    old = steps.ask_for_new(portal.parts, helpdesk, NEW, "Bea", "finance")
    role = steps.ask_for_role(portal.parts, helpdesk, bo.account_id, "approver")
    steps.change_role(portal.parts, bo.account_id, "commissioning")
    assert refusal(steps.confirm, portal.parts, role.change_id, approver) == "changed_meanwhile"
    portal.clock.goes_on(days=14)
    assert refusal(steps.confirm, portal.parts, old.change_id, approver) == "request_over"
    assert asked_of.count_to_confirm(portal.parts, approver) == 0
    assert steps.ask_for_new(portal.parts, helpdesk, NEW, "Bea", "finance").waits


def test_no_door_leads_past_the_second_person(portal: Portal, helpdesk: Account, approver: Account) -> None:
    """By the helpdesk's page, by the pages of providers' change requests, by a link that is shown."""
    bo = an_account(portal, "finance", "bo@council.example")
    desk = portal.browser_of(helpdesk)
    account = f"/helpdesk/accounts/{bo.account_id}"
    assert "/reset/" not in desk.get(desk.post(f"{account}/link", account).location).text
    steps.end(portal.parts, bo.account_id, helpdesk)
    token = {"csrf_token": csrf_token(desk.get("/account/password").text)}
    assert desk.client.post(f"{account}/enable", data=token).status_code == 403
    waits = steps.ask_to_let_in(portal.parts, helpdesk, bo.account_id, "finance")
    for way in ("accept", "reject"):
        path = f"/change-requests/{waits.change_id}/{way}"
        assert desk.client.post(path, data=token | {"reason": "x"}).status_code == 404
    assert str(waits.change_id) not in desk.get("/change-requests").text
    confirm = f"/council-accounts/requests/{waits.change_id}/confirm"
    assert desk.client.post(confirm, data=token).status_code == 403
    assert found(portal, bo.email).disabled_at is not None


def test_an_account_of_a_provider_is_none_of_the_council(portal: Portal, helpdesk: Account) -> None:
    jo = an_account(portal, "home_manager", "jo@diamond.example")
    for act in (
        lambda: steps.end(portal.parts, jo.account_id, helpdesk),
        lambda: steps.ask_for_role(portal.parts, helpdesk, jo.account_id, "helpdesk"),
        lambda: steps.ask_to_let_in(portal.parts, helpdesk, uuid.uuid4(), "helpdesk"),
        lambda: steps.change_role(portal.parts, jo.account_id, "finance"),
    ):
        assert refusal(act) == "not_found"


def test_on_the_pages_it_is_asked_confirmed_and_in_the_audit_trail(
    portal: Portal, helpdesk: Account, approver: Account
) -> None:
    desk, second = portal.browser_of(helpdesk), portal.browser_of(approver)
    assert "Add an account" in desk.get("/council-accounts").text
    assert "Add an account" not in second.get("/council-accounts").text
    assert (
        "Enter an e-mail address"
        in desk.post("/council-accounts/new", name="Bea", email="x", role="finance").text
    )
    asked = desk.post("/council-accounts/new", name="Bea", email=NEW, role="finance")
    assert path_of(asked) == "/council-accounts"
    assert "1 council account to confirm" in second.get("/").text
    again = desk.post("/council-accounts/new", name="Bea", email=NEW, role="finance")
    assert "This was asked already" in again.text
    change = portal.scalar("SELECT change_id FROM change_requests")
    page = f"/council-accounts/requests/{change}"
    assert "hold payments" in second.get(page).text
    assert "You can’t confirm it" in desk.get(page).text
    done = second.post(f"{page}/confirm", page)
    assert "/reset/" in done.text, "no mail server is set up: whoever confirms hands the link over"
    account_id = found(portal, NEW).account_id
    assert "Never signed in" in desk.get("/council-accounts").text
    ended = desk.post(f"/council-accounts/{account_id}/end")
    assert path_of(ended) == "/council-accounts"
    assert f"The account of {NEW} has ended" in desk.get("/council-accounts").text
    assert NEW not in desk.get("/council-accounts").text
    assert NEW in desk.get("/council-accounts?ended=1").text
    actions = [row[0] for row in portal.rows("SELECT action FROM audit ORDER BY asked_at, action")]
    assert {"council_accounts.new", "council_accounts.confirm", "council_accounts.end"} <= {*actions}
    trail = second.get("/audit").text
    assert "Confirmed a council account" in trail
    assert f"/council-accounts/{account_id}" in trail
    told = portal.rows("SELECT new FROM evidence WHERE kind = 'changed' AND action = 'change_requests'")
    assert any((new or {}).get("role") == "finance" for (new,) in told)
