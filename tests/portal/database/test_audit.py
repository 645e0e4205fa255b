"""The audit trail: nothing done goes unrecorded, nothing of it can be changed, nothing private is in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from services.portal.accounts import steps as accounts_steps
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.audit import steps as audit_steps
from tests.support.portal.accounts import CODE, PASSWORD, Browser, Portal, a_provider
from tests.support.run.schemas import Schemas

NEW_PASSWORD = "Green4Lantern"


@pytest.fixture
def helpdesk(portal: Portal) -> Browser:
    browser = portal.browser()
    browser.signs_in(portal.a_holder("help@council.example", "helpdesk"))
    return browser


def read_trail(portal: Portal, email: str) -> list[tuple[Any, ...]]:
    """(action, objects, status, made) of what this holder asked, in order."""
    return portal.rows(
        "SELECT action, objects, status, made FROM audit LEFT JOIN audit_ends USING (action_id)"
        f" JOIN accounts ON account_id::text = who WHERE email = '{email}' ORDER BY asked_at, action"
    )


def test_what_somebody_changes_is_recorded_with_how_it_ended(portal: Portal, helpdesk: Browser) -> None:
    jo = str(accounts_steps.find(portal.parts, portal.a_holder()).account_id)
    helpdesk.post(f"/helpdesk/accounts/{jo}/disable", f"/helpdesk/accounts/{jo}")
    portal.clock.goes_on(seconds=1)
    helpdesk.post("/helpdesk", email="jo@diamond.example")
    portal.clock.goes_on(seconds=1)
    helpdesk.post("/helpdesk", email="nobody@diamond.example")
    assert read_trail(portal, "help@council.example") == [
        ("helpdesk.disable", [jo], 303, []),
        ("helpdesk.helpdesk", [], 303, [jo]),
        ("helpdesk.helpdesk", [], 400, []),
    ]


def test_a_row_says_nothing_of_what_a_form_held(portal: Portal) -> None:
    jo = portal.a_holder()
    browser = portal.browser()
    browser.signs_in(jo)
    browser.post("/account/password", present=PASSWORD, new=NEW_PASSWORD, again=NEW_PASSWORD)
    portal.clock.goes_on(seconds=1)
    browser.post("/account/code", present=CODE, new="325076", again="325076")
    assert [action for action, *_ in read_trail(portal, jo)] == ["account.password", "account.code"]
    kept = str(portal.rows("SELECT * FROM audit NATURAL LEFT JOIN audit_ends"))
    assert not [secret for secret in (PASSWORD, NEW_PASSWORD, CODE, "325076", jo) if secret in kept]


def test_what_a_token_asks_is_recorded_under_its_id(portal: Portal) -> None:
    token = tokens_steps.add(portal.parts, a_provider("Diamond Home Care Ltd"), 1, "tests", "rostering")
    client = portal.app.test_client()
    client.delete("/api/v1/visits/V%2F1", headers={"Authorization": f"Bearer {token}"})
    client.delete("/api/v1/visits/V2", headers={"Authorization": "Bearer wrong"})
    (row,) = portal.rows(
        "SELECT role, action, objects, status FROM audit JOIN audit_ends USING (action_id)"
        f" WHERE who = 'token {token.split('_')[1]}'"
    )
    assert row[:3] == ("provider", "api.delete_visit", ["V/1"])
    assert row[3] >= 400


def test_what_can_not_be_recorded_is_not_done(
    portal: Portal, helpdesk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo = accounts_steps.find(portal.parts, portal.a_holder())

    def fail_away(*_: Any, **__: Any) -> Any:
        raise OperationalError("INSERT", {}, Exception("away"))

    monkeypatch.setattr(audit_steps, "Audit", fail_away)
    path = f"/helpdesk/accounts/{jo.account_id}"
    assert helpdesk.post(f"{path}/disable", path).status_code == 503
    assert accounts_steps.find(portal.parts, jo.email).disabled_at is None


def test_who_stops_in_the_middle_leaves_what_was_asked(
    portal: Portal, helpdesk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo = accounts_steps.find(portal.parts, portal.a_holder())

    def dies(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    path = f"/helpdesk/accounts/{jo.account_id}"
    monkeypatch.setattr(accounts_steps, "disable", dies)
    with pytest.raises(KeyboardInterrupt):
        helpdesk.post(f"{path}/disable", path)
    assert read_trail(portal, "help@council.example") == [
        ("helpdesk.disable", [str(jo.account_id)], None, None)
    ]
    assert "Not known" in helpdesk.get("/audit").text


def test_no_role_of_the_portal_can_change_or_delete_a_row(schemas: Callable[[], Schemas]) -> None:
    fresh = schemas()
    for role in ("portal_rpc", "portal_work"):
        with psycopg.connect(fresh.url_of(role), autocommit=True) as session:
            for table in ("audit", "audit_ends"):
                session.execute(f"SELECT count(*) FROM portal.{table}")
                for change in (
                    "UPDATE portal.{} SET action_id = action_id",
                    "DELETE FROM portal.{}",
                    "TRUNCATE portal.{}",
                ):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        session.execute(change.format(table))


def test_the_trail_is_searched_by_person_action_object_and_days(portal: Portal, helpdesk: Browser) -> None:
    jo = accounts_steps.find(portal.parts, portal.a_holder())
    browser = portal.browser()
    browser.signs_in(jo.email)
    browser.post("/notifications")
    portal.clock.goes_on(days=2)
    helpdesk = portal.browser()
    helpdesk.signs_in("help@council.example")
    path = f"/helpdesk/accounts/{jo.account_id}"
    helpdesk.post(f"{path}/unlock", path)
    chose, unlocked = "Chose e-mail notifications<", "Unlocked an account<"

    def find(query: str) -> tuple[bool, bool]:
        page = helpdesk.get(f"/audit?{query}").text
        return chose in page, unlocked in page

    assert find(f"person={jo.email}") == (True, False)
    assert find("person=HELP@council.example") == (False, True)
    assert find("person=nobody") == (False, False)
    assert find("what=people") == (True, True)
    assert find("what=visits") == (False, False)
    assert find("ending=done") == (True, True)
    assert find("ending=refused") == (False, False)
    assert find(f"named={jo.account_id}") == (False, True)
    assert find("since=2022-10-04&until=2022-10-05") == (False, True)
    assert find("until=2022-10-04") == (True, False)
    assert helpdesk.get("/audit?since=yesterday").status_code == 400
    assert helpdesk.get("/audit?before=x").status_code == 400
    assert helpdesk.get("/audit?after=x").status_code == 400
    assert helpdesk.get("/audit?what=everything").status_code == 400
    assert helpdesk.get("/audit?named=%00").status_code == 400


def test_a_provider_sees_no_trail(portal: Portal) -> None:
    browser = portal.browser()
    browser.signs_in(portal.a_holder())
    assert browser.get("/audit").status_code == 403
