"""The command line on a whole stack: periods, dead letters and public events."""

import json
import subprocess
import sys
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pika
import psycopg

from deploy.local.home import PROJECT
from deploy.local.servers.rabbitmq import running_rabbitmq
from libs.common.messaging.amqp import a_channel
from libs.common.messaging.topology import DEAD_LETTERS_QUEUE, PUBLIC
from tests.support.run.waiting import wait_until
from tests.support.stack.one_provider import Provider
from tests.support.stack.stack import Stack

START, END, NEXT = "2022-07-11", "2022-08-07", "2022-08-08"


def items_of(stack: Stack, provider: Provider, start: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stack.ask("periods", "items", start, "--organisation", provider.name)
    return found


def period(stack: Stack, start: str) -> dict[str, Any]:
    return next(found for found in stack.ask("periods", "list") if found["start"] == start)


def checklist_of_all_services(stack: Stack, contract: str) -> dict[str, Any] | None:
    """The checklist before finalising; None while a service does not answer in time."""
    found: dict[str, Any] = stack.ask("periods", "checklist", START, "--contract", contract)
    return found if all(check["is_known"] for check in found["checks"]) else None


def test_a_period_is_listed_itemised_and_finalised_and_changes_go_into_the_next(
    stack: Stack, provider: Provider
) -> None:
    provider.import_care(
        stack, provider.care_row(cpli_id=940_000_000 + provider.number, ServiceName="Spot", Contract="Spot")
    )
    provider.pay(stack)
    stack.books()

    listed = period(stack, START)
    assert list(listed)[:4] == ["start", "end", "financial_year", "state"]
    assert (listed["end"], listed["state"]) == (END, "current")
    (item,) = items_of(stack, provider, START)
    assert (item["amount"], item["cpli_id"], item["week"]) == ("10.00", provider.cpli_id, "2022-08-01")
    assert item["organisation"] == provider.name
    assert item["explanation"]
    assert "£10.00" in stack.tell("periods", "items", START, "--organisation", provider.name)

    assert START in stack.expect_refusal("periods", "finalise", "2022-07-12")
    assert "DAPL" in stack.expect_refusal("periods", "finalise", START, "--contract", "Nobody’s")
    assert START in stack.expect_refusal("periods", "finalise", NEXT)
    assert "Nobody" in stack.expect_refusal("periods", "items", START, "--organisation", "Nobody Ltd")

    checklist = wait_until(lambda: checklist_of_all_services(stack, "dapl"))
    assert checklist is not None
    assert (checklist["freezes"], checklist["finalised_contracts"], checklist["refusal"]) == (
        ["DAPL"],
        [],
        None,
    )
    said = stack.tell("periods", "checklist", START, "--contract", "dapl")
    assert "Finalising freezes DAPL." in said
    assert "Weeks of providers without visits" in said
    partly = stack.ask("periods", "finalise", START, "--contract", "dapl")
    assert (partly["frozen_contracts"], partly["checklist"]["freezes"]) == (["DAPL"], ["DAPL"])
    assert (partly["start"], partly["end"], partly["contract"]) == (START, END, "DAPL")
    assert (partly["state"], partly["in_flight"]) == ("partially finalised", [])
    listed_lines = stack.tell("periods", "list").splitlines()
    (mark,) = [number for number, line in enumerate(listed_lines) if line.startswith(f"* {START}")]
    assert listed_lines[mark + 1].startswith("  finalised: DAPL  open: ")
    whole = stack.ask("periods", "finalise", START)
    assert (whole["state"], whole["contract"]) == ("finalised", None)
    assert "finalised already" in stack.expect_refusal("periods", "finalise", START)
    assert period(stack, START)["state"] == "finalised"

    forecast = provider.pay(stack, provider.row(DeliveredExitTime="09:15"))["forecast"]
    assert forecast == {"payable": "-5.00", "matched": 1, "unmatched": {}}
    assert stack.books()["payable"][provider.name] == "5.00"
    assert items_of(stack, provider, START) == [item]
    (adjustment,) = items_of(stack, provider, NEXT)
    assert (adjustment["amount"], adjustment["week"]) == ("-5.00", "2022-08-01")
    assert adjustment["reason"] == "Retrospective change to visits data"
    assert stack.reconcile() == {"differences": [], "in_flight": []}


def test_a_dead_letter_is_listed_shown_and_sent_back(stack: Stack) -> None:
    url, queue = stack.notes().amqp_url, "payments.weeks_matched.single.v1"
    letter_id = str(uuid.uuid4())
    with a_channel(url, "a test") as channel:
        properties = pika.BasicProperties(
            content_type="text/plain", message_id=letter_id, type="weeks_matched"
        )
        channel.basic_publish("", queue, b"not a week", properties)
    try:
        (letter,) = wait_until(lambda: stack.ask("dead-letters", "list"), 20)
        keys = ["id", "event", "cause_id", "queue", "reason", "attempts", "died_at", "bytes"]
        assert list(letter) == keys
        assert (letter["id"], letter["queue"], letter["attempts"]) == (letter_id, queue, 1)
        assert "content_type" in letter["reason"]
        assert letter_id in stack.tell("dead-letters", "list")
        (shown,) = json.loads(stack.tell("dead-letters", "show", letter_id))
        assert shown == letter | {"body": "not a week"}
        assert stack.tell("dead-letters", "replay", letter_id) == "1 sent back.\n"
        wait_until(lambda: stack.ask("dead-letters", "list"), 20)  # it is no better than before
        lying = wait_until(lambda: stack.run("books", "--wait", "5").stderr)
        assert f"1 of {queue}" in lying
        assert stack.run("dead-letters", "discard", letter_id).returncode == 2  # without a reason
        assert stack.tell("dead-letters", "discard", letter_id, "--reason", "a test") == "1 discarded.\n"
        stack.tell("books", "--wait", "30")
        assert "dead letter" in stack.expect_refusal(
            "dead-letters", "discard", letter_id, "--reason", "twice"
        )
        no_such = stack.expect_refusal("dead-letters", "show", str(uuid.uuid4()))
        assert "dead letter" in no_such
        stack.expect_refusal("dead-letters", "replay", str(uuid.uuid4()))
    finally:
        with a_channel(url, "a test") as channel:
            channel.queue_purge(DEAD_LETTERS_QUEUE)
    assert stack.tell("dead-letters", "list") == "There are no dead letters.\n"


@contextmanager
def tail(stack: Stack) -> Iterator[subprocess.Popen[str]]:
    """`events tail` at work: it hears what is sent from now on."""
    broker = running_rabbitmq(stack.home / "rabbitmq")
    assert broker is not None
    listeners = f"exchanges/%2F/{urllib.parse.quote(PUBLIC)}/bindings/source"
    before = len(broker.management.ask("GET", listeners))
    command = [sys.executable, "-m", "deploy.cli", "events", "tail", "--seconds", "120"]
    with subprocess.Popen(
        command,
        env=stack.environment(),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until(lambda: len(broker.management.ask("GET", listeners)) > before, 30)
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=20)


def test_events_tail_prints_each_payment_as_it_is_posted(stack: Stack, provider: Provider) -> None:
    with tail(stack) as process:
        provider.pay(stack)
        assert process.stdout is not None
        posted = next(
            event
            for event in map(json.loads, process.stdout)
            if event["type"] == "payment.item.posted.v1" and event["data"]["cpli_id"] == provider.cpli_id
        )
    assert posted["specversion"] == "1.0"
    assert (posted["data"]["amount"], posted["data"]["week"]) == ("10.00", "2022-08-01")
    assert posted["id"] == posted["data"]["item_id"]
    assert posted["data"]["client_reference"] == provider.ssref
    stack.tell("events", "tail", "--seconds", "0.2")  # ends by itself


def test_what_is_set_apart_is_listed_and_paid_once_it_is_mended(stack: Stack, provider: Provider) -> None:
    provider.pay(stack)
    stack.books()
    key = f"{provider.cpli_id}/2022-08-01"
    with psycopg.connect(stack.notes().admin_url) as connection:
        connection.execute("UPDATE payments.visit_types SET ref = 'DHSX' WHERE ref = 'DHS'")
    try:
        provider.pay(stack, provider.row(DeliveredExitTime="09:45"))
        done = stack.run("books", "--wait", "30", "--json")
        assert done.returncode == 0, done.stderr
        assert "1 thing is set apart" in done.stderr
        assert json.loads(done.stdout)["payable"][provider.name] == "10.00"
        (one,) = stack.ask("set-apart", "list")
        assert (one["service"], one["kind"], one["key"]) == ("payments", "week", key)
        assert "DHS" in one["reason"]
        assert key in stack.tell("set-apart", "list")
    finally:
        with psycopg.connect(stack.notes().admin_url) as connection:
            connection.execute("UPDATE payments.visit_types SET ref = 'DHS' WHERE ref = 'DHSX'")
    assert "set-apart list" in stack.expect_refusal("set-apart", "retry", str(uuid.uuid4()))
    assert "set-apart list" in stack.expect_refusal("set-apart", "retry", "seven")
    assert stack.tell("set-apart", "retry", one["id"]).startswith("1 tried again")
    assert stack.books()["payable"][provider.name] == "15.00"
    assert stack.tell("set-apart", "list") == "Nothing is set apart.\n"
    assert stack.tell("set-apart", "retry").startswith("0 tried again")
    assert stack.reconcile() == {"differences": [], "in_flight": []}
