"""What the command line did reaches the audit trail: by the broker, whether a portal is up or not, and once."""

from __future__ import annotations

import base64
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pika
import pytest

from libs.common.messaging.amqp import a_channel
from libs.common.messaging.commands import EVENT, LANE, say_command
from libs.common.messaging.topology import EVENTS, declare, routing_key
from libs.common.operations.dead_letters import list_dead_letters
from libs.common.rpc.signing import Trust, public_of, signer_of, trust_of
from libs.common.seams.commands import CommandBegun, CommandEnded
from services.portal.audit.hearing import CommandsListener
from tests.support.portal.accounts import Browser, Portal
from tests.support.run.waiting import wait_until

WHO = "command line (root)"


@pytest.fixture
def finance(portal: Portal) -> Browser:
    browser = portal.browser()
    browser.signs_in(portal.a_holder("finance@council.example", "finance"))
    return browser


def begun(action_id: str, **changes: Any) -> CommandBegun:
    about = [("cpli_id", "156017"), ("week", "2022-10-03")]
    said: Any = {"part": "begun", "action_id": action_id, "at": "2022-10-04T10:00:00+00:00", "who": WHO}
    return said | {"action": "payments_holds.place", "about": about} | changes


def ended(action_id: str, **changes: Any) -> CommandEnded:
    said: Any = {"part": "ended", "action_id": action_id, "at": "2022-10-04T10:00:01+00:00", "about": []}
    facts = {"amount": "162.58", "organisation": "Diamond Home Care Ltd", "contract": "DAPL"}
    return said | {"status": 200, "outcome": "suspend"} | facts | changes


@contextmanager
def listening(portal: Portal, amqp_url: str, trust: Trust | None = None) -> Iterator[None]:
    """As long as a portal is up."""
    listener, stop = (
        CommandsListener(portal.parts.sessions, portal.app.extensions["gateway"], amqp_url, trust),
        threading.Event(),
    )
    thread = threading.Thread(target=listener.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        listener.wake()
        thread.join()


def ends_of_commands(portal: Portal) -> int:
    query = "SELECT count(*) FROM audit_ends JOIN audit USING (action_id) WHERE role = 'system'"
    found: int = portal.scalar(query)
    return found


def test_a_command_waits_for_the_portal_and_is_shown_with_money_provider_and_contract(
    portal: Portal, finance: Browser, vhost: str
) -> None:
    action_id = str(uuid.uuid4())
    say_command(vhost, begun(action_id))  # nobody has declared anything yet, and no portal is up
    say_command(vhost, ended(action_id))
    with listening(portal, vhost):
        wait_until(lambda: ends_of_commands(portal) == 1, 20)
    page = finance.get("/audit?person=command line").text
    for words in (
        WHO,
        "Held a week of care",
        "CPLI 156017, Mon 3 to Sun 9 Oct 2022",
        'href="/payments/holds/156017/2022-10-03"',
        "£162.58",
        "Diamond Home Care Ltd",
        "DAPL",
        "Suspend",
    ):
        assert words in page, words


def test_what_is_told_twice_is_kept_once_and_the_end_may_come_first(
    portal: Portal, finance: Browser, vhost: str
) -> None:
    action_id = str(uuid.uuid4())
    with listening(portal, vhost):
        for said in (ended(action_id), begun(action_id), begun(action_id), ended(action_id)):
            say_command(vhost, said)
        last = str(uuid.uuid4())
        say_command(vhost, begun(last, action="command.resync", about=[("state", "visits")]))
        say_command(vhost, ended(last, amount=None, organisation=None, contract=None, outcome=None))
        wait_until(lambda: ends_of_commands(portal) == 2, 20)
    assert portal.scalar("SELECT count(*) FROM audit WHERE role = 'system'") == 2
    page = finance.get("/audit?what=operations").text
    assert "Had the current state said again" in page
    assert "Held a week of care" not in page


def test_a_command_that_was_cut_short_is_not_known_and_a_refused_one_says_why(
    portal: Portal, finance: Browser, vhost: str
) -> None:
    refused = str(uuid.uuid4())
    with listening(portal, vhost):
        say_command(vhost, begun(str(uuid.uuid4())))
        say_command(
            vhost, begun(refused, action="payments_posting.finalise", about=[("start", "2022-10-03")])
        )
        say_command(vhost, ended(refused, status=409, amount=None, outcome="It is finalised already."))
        wait_until(lambda: ends_of_commands(portal) == 1, 20)
    unknown = finance.get("/audit?ending=unknown&person=command line").text
    assert "Not known" in unknown
    assert "Finalised a payment period" not in unknown
    page = finance.get("/audit?ending=refused").text
    assert "It is finalised already." in page
    assert "Payment period 3 Oct 2022 to 30 Oct 2022" in page


def test_what_can_not_be_kept_lies_in_the_dead_letters_and_stops_no_other(portal: Portal, vhost: str) -> None:
    action_id = str(uuid.uuid4())
    with a_channel(vhost, "a test") as channel:
        declare(channel)
        for body in (b"{}", b"[", b'{"part": "ended", "action_id": 1}'):
            channel.basic_publish(EVENTS, routing_key(EVENT, LANE), body, pika.BasicProperties())
    say_command(vhost, begun(str(uuid.uuid4()), at="yesterday"))
    say_command(vhost, ended(action_id, amount="a lot"))
    say_command(vhost, begun(action_id))
    say_command(vhost, ended(action_id))
    with listening(portal, vhost):
        wait_until(lambda: ends_of_commands(portal) == 1, 20)
        wait_until(lambda: len(list_dead_letters(vhost)) == 5, 20)
    assert {letter.queue for letter in list_dead_letters(vhost)} == {"portal.command_done.single.v1"}


def test_what_somebody_else_says_in_the_command_line_s_name_is_evidence_of_that(
    portal: Portal, vhost: str
) -> None:
    own_key, strange_key = (f"command:{base64.b64encode(letter * 32).decode()}" for letter in (b"c", b"x"))
    command, stranger, trust = signer_of(own_key), signer_of(strange_key), trust_of(public_of(own_key))
    own = str(uuid.uuid4())
    say_command(vhost, begun(str(uuid.uuid4())))
    say_command(vhost, begun(str(uuid.uuid4())), stranger.headers)
    say_command(vhost, begun(own), command.headers)
    with listening(portal, vhost, trust):
        wait_until(lambda: portal.scalar("SELECT count(*) FROM audit") == 1, 30)
        wait_until(lambda: portal.scalar("SELECT count(*) FROM evidence WHERE kind = 'forged'") == 2, 30)
    assert str(portal.scalar("SELECT action_id FROM audit")) == own
    assert not list_dead_letters(vhost)
