"""What the command line does stands in the audit trail of the portal, refused or done (DESIGN 4.1)."""

from __future__ import annotations

import getpass
import uuid
from typing import Any

import psycopg
import pytest

from tests.support.run.waiting import wait_until
from tests.support.stack.one_provider import Provider, a_provider
from tests.support.stack.stack import Stack

WEEK = "2022-08-01"
WHY = ("--reason", "The rate is looked into", "--owner", "finance@council.example")
FACTS = "status, outcome, amount, organisation, contract"


@pytest.fixture(scope="module")
def provider(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Provider:
    """A provider with a visit, £10.00."""
    found = a_provider(tmp_path_factory.mktemp("provider"))
    found.import_care(stack)
    found.pay(stack)
    stack.books()
    return found


def rows(stack: Stack, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(stack.notes().admin_url) as connection:
        return connection.execute(query, values).fetchall()  # type: ignore[arg-type]


def recorded(stack: Stack, action: str, named: str) -> list[tuple[Any, ...]]:
    """How the doings of a kind with something ended, the oldest first; once the portal has heard of their ends."""
    asked = (
        "FROM portal.audit LEFT JOIN portal.audit_ends USING (action_id) WHERE action = %s"
        " AND (%s = ANY (objects) OR %s = ANY (made))"
    )

    def found() -> list[tuple[Any, ...]]:
        return rows(stack, f"SELECT {FACTS} {asked} ORDER BY asked_at", action, named, named)

    wait_until(lambda: bool(found()) and all(row[0] is not None for row in found()), 30)
    return found()


def as_text(row: tuple[Any, ...]) -> tuple[str | None, ...]:
    return tuple(None if one is None else str(one) for one in row)


def test_files_that_are_imported_say_whose_they_are_and_what_they_pay(
    stack: Stack, provider: Provider
) -> None:
    document = provider.import_visits(stack, provider.visits(provider.row(VisitRef="V2")))
    (row,) = recorded(stack, "visits_files.send", document["id"])
    assert as_text(row) == ("200", "checked", "10.00", provider.name, None)
    care = provider.import_care(stack)
    (row,) = recorded(stack, "care_imports.confirm", care["id"])
    assert as_text(row) == ("200", "new 0, changed 0, unchanged 1, rejected 0", None, None, None)
    refused = provider.file("no visits file", "no.csv")
    stack.expect_refusal("visits", "import", refused, "--organisation", provider.name)
    refusals = "SELECT status, outcome FROM portal.audit_ends WHERE organisation = %s AND status >= 400"
    wait_until(lambda: bool(rows(stack, refusals, provider.name)), 30)  # the portal hears of it by the broker
    ((status, outcome),) = rows(stack, refusals, provider.name)
    assert status == 409
    assert outcome.startswith("no.csv is refused:")


def test_a_hold_says_money_provider_and_contract_also_where_it_is_refused(
    stack: Stack, provider: Provider
) -> None:
    cpli = str(provider.cpli_id)
    stack.tell("holds", "place", cpli, WEEK, "--kind", "suspend", *WHY)
    stack.tell("holds", "release", cpli, WEEK)
    stack.expect_refusal("holds", "release", cpli, WEEK)
    (placed,) = recorded(stack, "payments_holds.place", cpli)
    assert as_text(placed) == ("200", "suspend", "10.00", provider.name, "DAPL")
    released, refused = recorded(stack, "payments_holds.release", cpli)
    assert as_text(released) == ("200", "released", "10.00", provider.name, "DAPL")
    assert (refused[0], refused[3]) == (409, provider.name)
    assert refused[1].endswith(".")
    ((who, kinds),) = rows(
        stack,
        "SELECT who, kinds FROM portal.audit WHERE action = 'payments_holds.place' AND %s = ANY (objects)",
        cpli,
    )
    assert who.startswith("command line (")
    assert getpass.getuser() in who
    assert kinds == ["cpli_id", "week"]


def test_accounts_and_tokens_are_recorded_without_what_opens_them(stack: Stack, provider: Provider) -> None:
    email = f"{uuid.uuid4().hex}@diamond.example"
    whose = ("--organisation", provider.name)
    made = stack.ask("user", "add", "--email", email, "--role", "home_manager", *whose)
    token = stack.ask("token", "add", *whose)["token"]
    link = stack.ask("user", "reset", "--email", email)["link"]
    stack.tell("user", "disable", "--email", email)
    ((account_id,),) = rows(stack, "SELECT account_id::text FROM portal.accounts WHERE email = %s", email)
    for action in ("command.add_account", "helpdesk.send_link", "helpdesk.disable"):
        (row,) = recorded(stack, action, account_id)
        assert (row[0], row[3]) == (200, provider.name)
    (issued,) = recorded(stack, "tokens.issued", token.split("_")[1])
    assert (issued[0], issued[3]) == (200, provider.name)
    kept = str(rows(stack, "SELECT * FROM portal.audit NATURAL LEFT JOIN portal.audit_ends"))
    secrets = (made["password"], token.split("_")[2], link.rpartition("/")[2], email)
    assert [secret for secret in secrets if secret in kept] == []


def test_operations_are_recorded_and_a_look_is_not(stack: Stack) -> None:
    before = rows(stack, "SELECT count(*) FROM portal.audit")
    for command in (("periods", "list"), ("holds", "list"), ("dead-letters", "list"), ("user", "list")):
        stack.tell(*command)
    assert rows(stack, "SELECT count(*) FROM portal.audit") == before
    stack.tell("resync", "care")
    assert recorded(stack, "command.resync", "care")[-1][0] == 200
    nothing = str(uuid.uuid4())
    stack.expect_refusal("set-apart", "retry", nothing)
    assert recorded(stack, "set_apart.retry", nothing)[-1][0] == 409
    stack.expect_refusal("dead-letters", "replay", nothing)
    assert recorded(stack, "command.replay_letters", nothing)[-1][0] == 409
    stack.books()
