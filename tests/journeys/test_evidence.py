"""Evidence with everything running: who looked at which client by page and API, and what a stack's own command says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy.ops.roles import APPENDER
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.client import RpcClient
from services.portal.evidence import store
from services.portal.evidence.appender import append
from services.portal.evidence.verifying import verify
from tests.journeys.api_council import COUNCIL, DIAMOND, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, an_undelivered_row
from tests.support.run.waiting import wait_until
from tests.support.stack.one_provider import a_provider
from tests.support.stack.stack import Stack

__all__ = ["shared"]

A_DAY = {"PlannedVisitDate": "03/10/2022", "VisitType": "C", "Comments": "", "SSRef": "A100"}
FINANCE: Caller = {"who": "finance", "role": "council", "organisation": None}


def readings(connection: psycopg.Connection, action: str) -> list[tuple[Any, ...]]:
    """(who, clients) of what was read by this endpoint."""
    return connection.execute(
        "SELECT who, clients FROM portal.evidence WHERE kind = 'read' AND action = %s", (action,)
    ).fetchall()


def test_who_looks_at_a_client_by_page_search_or_api_is_told_and_chained(shared: ApiCouncil) -> None:
    shared.start_anew()
    council, schemas = shared.council, shared.council.schemas
    council.import_care(a_care_file(a_care_row(1, Quantity="1.00")))
    council.books()
    council.import_visits(DIAMOND, a_file(an_undelivered_row(VisitRef="V1", **A_DAY)))
    council.books()
    account = shared.account("finance")
    browser = shared.browser_of(account)
    page = browser.client.get("/clients/A100")
    assert page.status_code == 302
    client_id = page.location.rpartition("/")[2]
    assert browser.get(page.location).status_code == 200
    assert browser.get("/search?q=A100").status_code == 200
    assert shared.api(DIAMOND).get("/visits").status_code == 200
    with psycopg.connect(schemas.admin_url) as connection:
        ((who, clients),) = readings(connection, "clients.one")
        assert who == str(account.account_id)
        assert {client_id, "A100"} <= set(clients)
        assert "A100" in readings(connection, "search.search")[0][1]
        ((who, clients),) = readings(connection, "api.visits")
        assert who.startswith("token ")
        assert "A100" in clients
        assert "api.visits" not in str(readings(connection, "clients.one"))
    with store.connected(schemas.url_of(APPENDER)) as appender:
        assert append(appender) > 3
    with store.connected(schemas.url_of("portal_rpc")) as reader:
        assert verify(reader).batches == 1
    assert shared.api(COUNCIL).get("/visits", organisation=DIAMOND).status_code == 200


def test_a_stack_verifies_its_chain_and_refuses_who_asks_in_another_s_name(
    stack: Stack, tmp_path: Path
) -> None:
    provider = a_provider(tmp_path)
    provider.import_care(stack, provider.care_row())
    wait_until(lambda: stack.run("audit", "anchor").returncode == 0, 60)
    anchor = stack.tell("audit", "anchor").strip()
    found = stack.ask("audit", "verify", "--anchor", anchor)
    assert found["holds"]
    assert found["rows"] > 0
    assert "The chain has no batch" in stack.expect_refusal("audit", "verify", "--anchor", "00" * 32)

    notes = stack.notes()
    forger = RpcClient(notes.amqp_url, 5)
    with pytest.raises(Refused, match="not_allowed"):
        forger.call("payments", "debts", FINANCE)
    forger.close()
    with psycopg.connect(notes.admin_url, autocommit=True) as admin:

        def is_told() -> bool:
            query = "SELECT 1 FROM portal.evidence WHERE kind = 'forged' AND action = 'payments.debts'"
            return admin.execute(query).fetchone() is not None

        wait_until(is_told, 60)
        admin.execute(
            "UPDATE portal.audit SET who = who || 'x' WHERE action_id = (SELECT row_id FROM portal.chain_places"
            " WHERE batch IS NOT NULL AND source = 'audit' ORDER BY place LIMIT 1)"
        )
        try:
            assert "of audit was changed." in stack.expect_refusal("audit", "verify")
        finally:
            admin.execute("UPDATE portal.audit SET who = left(who, -1) WHERE who LIKE %s", ("%x",))
    assert stack.ask("audit", "verify")["holds"]
