"""API tokens with their scopes, owners, ends and second people, on a real database (RULES 14)."""

from __future__ import annotations

from typing import Any

import pytest

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts import store as accounts_store
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.schema.tables_accounts import Account
from tests.support.portal.accounts import PASSWORD, Browser, Portal, a_provider, csrf_token

DIAMOND = "Diamond Home Care Ltd"
HOLD = "/api/v1/holds/1/2022-10-03"


def an_account(portal: Portal, role: str, email: str | None = None) -> Account:
    address = portal.a_holder(email or f"{role}@council.example", role)
    with portal.parts.sessions.begin() as transaction:
        found = accounts_store.account_of(transaction, accounts_rules.subject_of(address))
    assert found is not None
    return found


def a_token(portal: Portal, owner: Account, *scopes: str) -> str:
    whose = a_provider(DIAMOND) if owner.organisation_id else None
    made_by = str(owner.account_id)
    return tokens_steps.add(portal.parts, whose, 90, made_by, "Ledger", owner=owner, scopes=scopes or None)


def asks(portal: Portal, token: str, path: str, method: str = "GET") -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return portal.app.test_client().open(
        path, method=method, headers=headers, json={} if method != "GET" else None
    )


def scopes_of(portal: Portal, token: str) -> set[str] | None:
    caller = tokens_steps.caller_of(portal.parts, token)
    return None if caller is None else set(caller["scopes"])


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_a_council_token_reads_at_once_and_writes_when_a_second_person_has_confirmed_it(
    portal: Portal,
) -> None:
    finance, second = an_account(portal, "finance"), an_account(portal, "finance", "bo@council.example")
    token = a_token(portal, finance, rights.HOLD_PAYMENTS, rights.READ_HOLDS)
    assert scopes_of(portal, token) == {rights.READ_HOLDS}
    assert code_of(asks(portal, token, HOLD, "PUT")) == (403, "not_confirmed")
    assert asks(portal, token, HOLD).status_code == 503  # asked of services, which are away
    token_id = tokens_steps.id_of(token)
    for wrong, code in (
        (finance, "own_token"),
        (an_account(portal, "helpdesk"), "not_allowed"),
        (an_account(portal, "commissioning"), "not_allowed"),
    ):
        assert tokens_steps.count_to_confirm(portal.parts, wrong) == 0
        with pytest.raises(Refused) as refused:
            tokens_steps.confirm(portal.parts, token_id, wrong)
        assert refused.value.code == code
    assert tokens_steps.count_to_confirm(portal.parts, second) == 1
    tokens_steps.confirm(portal.parts, token_id, second)
    assert scopes_of(portal, token) == {rights.READ_HOLDS, rights.HOLD_PAYMENTS}
    assert asks(portal, token, HOLD, "PUT").status_code not in (401, 403)
    with pytest.raises(Refused, match="waits for nobody"):
        tokens_steps.confirm(portal.parts, token_id, second)


def test_the_helpdesk_can_give_itself_nothing(portal: Portal) -> None:
    helpdesk = an_account(portal, "helpdesk")
    for scopes in ((), (rights.HOLD_PAYMENTS,), (rights.READ_VISITS,)):
        with pytest.raises(Refused):
            a_token(portal, helpdesk, *scopes)


def test_a_token_may_what_it_was_given_and_nothing_else(portal: Portal) -> None:
    token = a_token(portal, an_account(portal, "home_manager"), rights.READ_VISITS)
    assert asks(portal, token, "/api/v1/visits").status_code == 503
    assert code_of(asks(portal, token, "/api/v1/visits/V1", "PUT")) == (403, "not_in_scope")
    assert code_of(asks(portal, token, "/api/v1/payment-runs")) == (404, "not_found")


def test_a_token_ends_with_its_owner_s_account_and_does_not_come_back_with_it(portal: Portal) -> None:
    owner = an_account(portal, "home_manager")
    token = a_token(portal, owner)
    assert scopes_of(portal, token)
    accounts_steps.disable(portal.parts, owner.account_id, "helpdesk")
    assert scopes_of(portal, token) is None
    accounts_steps.enable(portal.parts, owner.account_id, "helpdesk")
    assert scopes_of(portal, token) is None


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ("DELETE FROM accounts", None),
        ("UPDATE accounts SET disabled_at = now()", None),
        ("UPDATE accounts SET organisation_id = gen_random_uuid()", None),
        ("UPDATE accounts SET role = 'helpdesk'", set()),
        ("UPDATE accounts SET role = 'commissioning'", {rights.READ_VISITS}),
    ],
)
def test_what_its_owner_may_no_longer_do_a_token_may_no_longer_do(
    portal: Portal, change: str, left: set[str] | None
) -> None:
    token = a_token(portal, an_account(portal, "finance"), rights.READ_VISITS, rights.READ_RUNS)
    assert scopes_of(portal, token) == {rights.READ_VISITS, rights.READ_RUNS}
    with portal.parts.sessions.begin() as transaction:
        transaction.connection().exec_driver_sql(change)
    assert scopes_of(portal, token) == left


def test_the_last_use_is_written_once_a_minute(portal: Portal) -> None:
    token = a_token(portal, an_account(portal, "home_manager"))
    versions = []
    for seconds in (0, 20, 20, 30):
        portal.clock.goes_on(seconds=seconds)
        tokens_steps.caller_of(portal.parts, token)
        versions.append(portal.rows("SELECT xmin::text, used_at FROM tokens")[0])
    assert versions[0] == versions[1] == versions[2]
    assert versions[3] != versions[0]
    assert versions[3][1] == portal.clock.now.replace(second=0)


def test_its_owner_is_told_of_a_token_when_it_is_made_and_once_a_week_before_it_ends(portal: Portal) -> None:
    a_token(portal, an_account(portal, "home_manager"))

    def letters() -> int:
        return int(portal.scalar("SELECT count(*) FROM letters"))

    told = letters()
    assert told == 1
    portal.clock.goes_on(days=82)
    tokens_steps.warn_of_ends(portal.parts, portal.clock())
    assert letters() == told
    portal.clock.goes_on(days=2)
    for _ in range(2):
        tokens_steps.warn_of_ends(portal.parts, portal.clock())
        assert letters() == told + 1


def test_on_the_page_somebody_gives_what_they_may_and_another_confirms_it(portal: Portal) -> None:
    finance, second, helpdesk = (
        signed_in(portal, role, f"{role}@council.example") for role in ("finance", "approver", "helpdesk")
    )
    beyond = finance.post("/tokens", purpose="Ledger", days="90", scopes=rights.CHANGE_CONCERNS)
    assert "caretally_" not in beyond.text
    made = finance.post("/tokens", purpose="Ledger", days="90", scopes=rights.HOLD_PAYMENTS)
    assert "until a second person" in made.text
    token_id = str(portal.scalar("SELECT token_id FROM tokens"))
    confirm = f"/tokens/{token_id}/confirm"
    assert "You can’t confirm it" in finance.get(confirm).text
    assert confirm in second.get("/tokens").text
    assert "1 token to confirm" in second.get("/").text
    assert finance.client.post(confirm, data=csrf_of(finance)).status_code in (403, 409)
    assert second.post(confirm).status_code == 303
    assert portal.scalar("SELECT confirmed_by IS NOT NULL FROM tokens")
    assert "you can issue no token" in helpdesk.get("/tokens").text
    assert second.get(f"/tokens/{token_id}/revoke").status_code == 403
    assert helpdesk.post(f"/tokens/{token_id}/revoke").status_code == 303
    assert portal.scalar("SELECT revoked_at IS NOT NULL FROM tokens")


def csrf_of(browser: Browser) -> dict[str, str]:
    return {"csrf_token": csrf_token(browser.get("/account/password").text)}


def signed_in(portal: Portal, role: str, email: str) -> Browser:
    """A browser in which somebody new in this role is signed in."""
    account = an_account(portal, role, email)
    return portal.browser_of(account)


def test_the_operator_s_token_of_the_council_reads_until_somebody_confirms_it(portal: Portal) -> None:
    token = tokens_steps.add(portal.parts, None, 90, tokens_steps.OPERATOR)
    assert scopes_of(portal, token) == table.scopes_without_role() - table.WRITES
    approver = an_account(portal, "approver")
    vouched = tokens_steps.add(portal.parts, None, 90, tokens_steps.OPERATOR, confirmed_by=approver)
    assert scopes_of(portal, vouched) == table.scopes_without_role()
    assert PASSWORD not in token
