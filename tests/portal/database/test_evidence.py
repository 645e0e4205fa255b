"""Evidence: what is told of sign-ins, refusals, bad tokens, readings and changes; and the chain that shows a change."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from deploy.ops.roles import APPENDER
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.evidence import requests as evidence_requests
from services.portal.evidence import store
from services.portal.evidence.appender import append
from services.portal.evidence.verifying import Broken, Verified, verify
from tests.support.portal.accounts import CODE, PASSWORD, Browser, Portal, a_provider
from tests.support.run.schemas import Schemas

JO = "jo@diamond.example"


def kinds_of(portal: Portal, kind: str) -> list[tuple[Any, ...]]:
    """(who's account, action, objects, outcome) of this kind, in order."""
    return portal.rows(
        f"SELECT who, action, objects, outcome FROM evidence WHERE kind = '{kind}' ORDER BY at, event_id"
    )


def account_id(portal: Portal, email: str) -> str:
    return str(accounts_steps.find(portal.parts, email).account_id)


@pytest.fixture
def jo(portal: Portal) -> Browser:
    browser = portal.browser()
    browser.signs_in(portal.a_holder(JO))
    return browser


@pytest.fixture
def helpdesk(portal: Portal) -> Browser:
    browser = portal.browser()
    browser.signs_in(portal.a_holder("help@council.example", "helpdesk"))
    return browser


def test_sign_ins_are_told_right_wrong_and_locked_and_the_end(portal: Portal, jo: Browser) -> None:
    jo.post("/logout", "/account")
    stranger = portal.browser()
    stranger.fails(JO, 5)
    stranger.fails(JO)
    own = account_id(portal, JO)
    assert [who for who, *_ in kinds_of(portal, "signed_in")] == [own]
    assert [who for who, *_ in kinds_of(portal, "signed_out")] == [own]
    assert [(who, why) for who, _, _, why in kinds_of(portal, "not_signed_in")] == [(own, "digits")] * 5
    assert [(who, why) for who, _, _, why in kinds_of(portal, "locked")] == [(own, "digits")]


def test_which_step_was_wrong_is_told_and_never_what_was_typed(portal: Portal) -> None:
    portal.a_holder(JO)
    browser = portal.browser()
    browser.signs_in(JO, password="Wrong5Kettle")
    browser.signs_in("nobody@diamond.example", password="Wrong5Kettle", code="000000")
    (wrong, nobody) = kinds_of(portal, "not_signed_in")
    assert (wrong[0], wrong[3]) == (account_id(portal, JO), "password")
    assert (nobody[0], nobody[3]) == (None, "password")
    assert wrong[2] != nobody[2]
    kept = str(portal.rows("SELECT * FROM evidence"))
    assert not [secret for secret in (PASSWORD, CODE, "Wrong5Kettle", JO, "nobody@") if secret in kept]


def test_who_is_refused_a_page_is_told(portal: Portal, jo: Browser) -> None:
    assert jo.get("/audit").status_code == 403
    assert kinds_of(portal, "refused")[0][:2] == (account_id(portal, JO), "audit.trail")


def test_bad_tokens_are_told_by_their_ids_alone(portal: Portal) -> None:
    token = tokens_steps.add(portal.parts, a_provider("Diamond Home Care Ltd"), 1, "tests", "rostering")
    client = portal.app.test_client()
    for given in (token[:-1] + "x", "anything"):
        client.get("/api/v1/visits", headers={"Authorization": f"Bearer {given}"})
    assert [row[2] for row in kinds_of(portal, "bad_token")] == [[token.split("_")[1]], []]
    assert token.split("_")[2][:-1] not in str(portal.rows("SELECT * FROM evidence"))


def test_what_somebody_looks_at_is_told_before_it_is_shown(
    portal: Portal, helpdesk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.a_holder(JO)
    path = f"/helpdesk/accounts/{account_id(portal, JO)}"
    assert helpdesk.get(path).status_code == 200
    (row,) = kinds_of(portal, "read")
    assert row[:3] == (
        account_id(portal, "help@council.example"),
        "helpdesk.one",
        [account_id(portal, JO)],
    )

    def fail_away(*_: Any, **__: Any) -> Any:
        raise OperationalError("INSERT", {}, Exception("away"))

    monkeypatch.setattr(evidence_requests, "tell_at_once", fail_away)
    refused = helpdesk.get(path)
    assert refused.status_code == 503
    assert refused.headers["X-Frame-Options"] == "DENY"
    assert JO not in refused.text


def test_old_and_new_values_are_told_with_who_asked_and_no_secret(portal: Portal, helpdesk: Browser) -> None:
    portal.a_holder(JO)
    own = account_id(portal, JO)
    path = f"/helpdesk/accounts/{own}"
    helpdesk.post(f"{path}/disable", path)
    rows = portal.rows(
        "SELECT e.who, old, new, action_id IS NOT NULL FROM evidence e LEFT JOIN audit ON action_id = request_id"
        f" WHERE kind = 'changed' AND e.objects = ARRAY['{own}'] AND outcome = 'update' ORDER BY at DESC"
    )
    who, old, new, is_of_action = rows[0]
    assert who == account_id(portal, "help@council.example")
    assert is_of_action
    assert old["disabled_at"] is None
    assert new["disabled_at"] is not None
    made = str(portal.rows("SELECT old, new FROM evidence WHERE kind = 'changed'"))
    assert "password_hash" in made
    assert not [secret for secret in ("$argon2", JO, "position") if secret in made]


# The chain


@pytest.fixture
def fresh(schemas: Callable[[], Schemas]) -> Schemas:
    return schemas()


@pytest.fixture
def appender(fresh: Schemas) -> Iterator[store.Connection]:
    with store.connected(fresh.url_of(APPENDER)) as connection:
        yield connection


@pytest.fixture
def owner(fresh: Schemas) -> Iterator[store.Connection]:
    """Whoever can do all: what they change must show."""
    with store.connected(fresh.admin_url) as connection:
        yield connection


def add(connection: store.Connection, count: int = 1) -> None:
    connection.execute(
        "INSERT INTO evidence (event_id, kind, who, kinds, objects, clients, new)"
        " SELECT gen_random_uuid(), 'read', 'w' || n, '{client}', '{SS1}', '{SS1}', '{\"a\": 1.50}'"
        " FROM generate_series(1, %s) n",
        (count,),
    )


def add_to_trail(connection: store.Connection) -> None:
    connection.execute(
        "INSERT INTO audit VALUES (%s, now(), 'w', 'finance', NULL, 'runs.approve', '{}', '{}')",
        (uuid.uuid4(),),
    )


def test_rows_are_chained_in_batches_and_hold(
    appender: store.Connection, owner: store.Connection, fresh: Schemas
) -> None:
    assert append(appender) == 0
    add(owner, 3)
    add_to_trail(owner)
    assert append(appender) == 4
    add(owner, 2)
    assert [append(appender, most=1), append(appender), append(appender)] == [1, 1, 0]
    _, anchor = store.last_batch(appender)
    with store.connected(fresh.url_of("portal_rpc")) as portal:
        assert verify(portal) == Verified(3, 6, 0)
        assert verify(portal, 2, anchor) == Verified(2, 2, 0)
        with pytest.raises(Broken, match="made anew, or cut"):
            verify(portal, 1, bytes(32))


def test_a_row_that_is_committed_late_comes_into_a_later_batch(
    appender: store.Connection, owner: store.Connection, fresh: Schemas
) -> None:
    with store.connected(fresh.url_of("portal_rpc")) as late:
        with late.transaction():
            add(late)
            with owner.transaction(force_rollback=True):
                add(owner, 2)
            add(owner)
            assert append(appender) == 1
        assert append(appender) == 1
    assert verify(owner) == Verified(2, 2, 0)
    places = owner.execute("SELECT batch FROM chain_places ORDER BY place").fetchall()
    assert places == [(2,), (1,)]


@pytest.mark.parametrize(
    ("attack", "says"),
    [
        ("UPDATE evidence SET who = 'x' WHERE who = 'w2'", "Batch 1: the row .* of evidence was changed"),
        ("UPDATE evidence SET new = '{\"a\": 1.5}' WHERE who = 'w2'", "Batch 1: .* was changed"),
        ("UPDATE audit SET action = 'x'", "Batch 2: the row .* of audit was changed"),
        ("DELETE FROM evidence WHERE who = 'w2'", "Batch 1: the row .* of evidence is missing"),
        ("DELETE FROM audit", "Batch 2: the row .* of audit is missing"),
        (
            "WITH gone AS (DELETE FROM evidence WHERE who = 'w2' RETURNING event_id)"
            " DELETE FROM chain_places USING gone WHERE row_id = event_id",
            "Batch 1: 1 rows are missing from the chain",
        ),
        ("DELETE FROM chain_places WHERE batch = 2", "Batch 2: all its 1 rows are missing"),
        ("DELETE FROM chain_batches WHERE number = 2", "Batch 2 is missing"),
        ("DELETE FROM chain_batches WHERE number = 3", "Batch 3 is missing: rows say"),
        (
            "UPDATE chain_batches SET made_at = made_at - interval '1 day' WHERE number = 2",
            "Batch 2 was changed",
        ),
        ("UPDATE chain_batches SET before = hash WHERE number = 2", "Batch 2 does not follow"),
        ("UPDATE chain_places SET batch = 1 WHERE batch = 2", "Batch 1: 1 rows are added to|Batch 2: all"),
        (
            "UPDATE chain_places SET digest = decode('00', 'hex') WHERE batch = 3",
            "Batch 3: the row .* was changed",
        ),
        (
            "UPDATE chain_batches SET disposed_at = now(); DELETE FROM evidence",
            "Batch 1 says that its rows were disposed of before their time",
        ),
        (
            "UPDATE chain_batches SET disposed_at = now() + interval '3 years'; DELETE FROM evidence",
            "Batch 1 says that its rows were disposed of before their time",
        ),
        (
            "ALTER TABLE evidence DISABLE TRIGGER has_a_place; INSERT INTO evidence"
            " (event_id, kind, kinds, objects, clients) VALUES (gen_random_uuid(), 'read', '{}', '{}', '{}')",
            "A row was added to evidence that has no place",
        ),
    ],
)
def test_whatever_is_changed_missing_or_added_is_said(
    appender: store.Connection, owner: store.Connection, attack: str, says: str
) -> None:
    add(owner, 3)
    append(appender)
    add_to_trail(owner)
    append(appender)
    add(owner)
    append(appender)
    assert verify(owner) == Verified(3, 5, 0)
    owner.execute(attack)  # type: ignore[arg-type]
    with pytest.raises(Broken, match=says):
        verify(owner)


def test_a_chain_that_was_made_anew_has_another_hash_than_was_noted(
    appender: store.Connection, owner: store.Connection
) -> None:
    add(owner, 3)
    append(appender)
    _, anchor = store.last_batch(appender)
    owner.execute(
        "UPDATE evidence SET who = 'x'; DELETE FROM chain_batches; UPDATE chain_places SET batch = NULL"
    )
    append(appender)
    assert verify(owner) == Verified(1, 3, 0)
    with pytest.raises(Broken, match="made anew"):
        verify(owner, 1, anchor)


def test_old_evidence_is_disposed_of_and_the_chain_still_holds(
    appender: store.Connection, owner: store.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(owner, 3)
    add_to_trail(owner)
    append(appender)
    until = store.now_of(owner)
    add(owner)
    append(appender)
    last = store.last_to_dispose(owner, until)
    assert last == 1
    monkeypatch.setattr("services.portal.evidence.verifying.KEPT_DAYS", 0)
    assert store.dispose(owner, last) == 3
    assert verify(owner) == Verified(2, 5, 3)
    owner.execute("DELETE FROM audit")
    with pytest.raises(Broken, match="of audit is missing"):
        verify(owner)


def test_two_appenders_at_once_make_one_chain(fresh: Schemas, owner: store.Connection) -> None:
    add(owner, 200)

    def work() -> None:
        with store.connected(fresh.url_of(APPENDER)) as connection:
            while owner_sees() and append(connection, most=10) is not None:
                pass

    def owner_sees() -> bool:
        with store.connected(fresh.admin_url) as connection:
            found = connection.execute("SELECT 1 FROM chain_places WHERE batch IS NULL LIMIT 1").fetchone()
        return found is not None

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert verify(owner) == Verified(20, 200, 0)


def test_no_role_of_a_service_reaches_the_chain(fresh: Schemas) -> None:
    for role in ("portal_rpc", "portal_work", "payments_work"):
        with psycopg.connect(fresh.url_of(role), autocommit=True) as session:
            for statement in (
                "UPDATE portal.chain_places SET batch = NULL",
                "DELETE FROM portal.chain_places",
                "DELETE FROM portal.chain_batches",
                "DELETE FROM portal.evidence",
                "UPDATE portal.evidence SET who = NULL",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute(statement)  # type: ignore[arg-type]
