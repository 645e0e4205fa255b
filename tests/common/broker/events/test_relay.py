"""The outbox and its relay: nothing lost, nothing untrue, singles first."""

from __future__ import annotations

import signal

import pika
import pytest
import sqlalchemy as sa

from libs.common.messaging.outbox import emit_many, emit_public
from libs.common.messaging.publisher import Publisher, Sending
from libs.common.messaging.topology import EVENTS
from tests.common.broker.events.stage import REMATCH, Stage, a_rematch, wait_heard
from tests.support.events.archive import read_archive
from tests.support.run.waiting import wait_until

ANY_ID = "00000000-0000-4000-8000-00000000000a"


def test_what_was_committed_is_sent_and_what_was_rolled_back_is_not(stage: Stage) -> None:
    stage.say([1])
    with stage.sessions("matching")() as session:
        emit_many(session, "rematch_wanted", [a_rematch(2)], cause_id=ANY_ID)
        session.rollback()
    with stage.run_together(stage.relay().run, stage.consumer().run):
        wait_heard(stage, [1])
        stage.say([3])  # wakes a relay that waits
        wait_heard(stage, [1, 3])
    assert stage.outbox() == 0


def test_a_sent_message_says_what_it_is(stage: Stage) -> None:
    cause = stage.say([7])
    with stage.run_together(stage.relay().run):
        wait_until(lambda: stage.depth(REMATCH))
    with stage.channel() as channel:
        method, properties, body = channel.basic_get(REMATCH)
    assert method.routing_key == "rematch_wanted.bulk"
    assert properties.delivery_mode == 2
    assert properties.content_type == "application/json"
    assert properties.type == "rematch_wanted"
    assert (properties.headers["cause_id"], properties.headers["lane"]) == (cause, "bulk")
    assert b'"number":7' in body


def test_a_relay_killed_after_sending_sends_again_and_the_message_is_handled_once(stage: Stage) -> None:
    stage.say([1, 2])
    assert stage.start_doomed("relay").wait(30) == -signal.SIGKILL
    assert (stage.depth(REMATCH), stage.outbox()) == (2, 2)
    with stage.run_together(stage.relay().run):
        wait_until(lambda: stage.outbox() == 0)
    assert stage.depth(REMATCH) == 4
    with stage.run_together(stage.consumer().run):
        wait_until(lambda: stage.depth(REMATCH) == 0)
        wait_heard(stage, [1, 2])


def test_a_message_that_no_queue_wants_is_kept_and_holds_up_no_other(own_stage: Stage) -> None:
    relay = own_stage.relay()
    with own_stage.run_together(relay.run):
        wait_until(lambda: relay.is_active)
        with own_stage.channel() as channel:
            channel.queue_unbind(REMATCH, EVENTS, "rematch_wanted.bulk")
        own_stage.say([1, 2])
        own_stage.say([3], lane="single")
        wait_until(lambda: own_stage.depth("matching.rematch_wanted.single.v1") == 1)
        assert own_stage.outbox() == 2
        with own_stage.channel() as channel:
            channel.queue_bind(REMATCH, EVENTS, "rematch_wanted.bulk")
        wait_until(lambda: own_stage.depth(REMATCH) == 2)
        wait_until(lambda: own_stage.outbox() == 0)


def test_a_single_correction_overtakes_bulk_in_the_outbox(own_stage: Stage) -> None:
    with own_stage.channel() as channel:
        channel.queue_declare("probe")
        channel.queue_bind("probe", EVENTS, "rematch_wanted.*")
    own_stage.say(range(50))
    own_stage.say([99], lane="single")
    with own_stage.run_together(own_stage.relay().run):
        wait_until(lambda: own_stage.depth("probe") == 51)
    with own_stage.channel() as channel:
        first, _, _ = channel.basic_get("probe")
    assert first.routing_key == "rematch_wanted.single"


def test_a_batch_bounded_in_bytes_still_sends_a_message_larger_than_the_bound(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.common.messaging.relay.BATCH_BYTES", 10)
    stage.say([1, 2, 3])
    with stage.run_together(stage.relay().run):
        wait_until(lambda: stage.depth(REMATCH) == 3)


def test_public_events_reach_the_archive_and_count_in_no_progress(own_stage: Stage) -> None:
    with own_stage.sessions("payments")() as session, session.begin():
        event = ("payment.item.posted.v1", ANY_ID, '{"id":"a"}', {"sequence": 1})
        emit_public(session, [event], ANY_ID)
    with own_stage.run_together(own_stage.relay("payments").run):
        [(properties, body)] = read_archive(own_stage.amqp_url, 1)
    assert (properties.type, body) == ("payment.item.posted.v1", b'{"id":"a"}')
    assert (properties.message_id, properties.headers["sequence"]) == (ANY_ID, 1)
    with own_stage.sessions("payments")() as session:
        assert session.execute(sa.text("SELECT count(*) FROM progress")).scalar() == 0


def test_of_two_relays_one_is_active_and_the_other_takes_over(stage: Stage) -> None:
    first, second = stage.relay(), stage.relay()
    with stage.run_together(second.run):
        wait_until(lambda: second.is_active)
        with stage.run_together(first.run):
            wait_until(lambda: first.is_connected)
            stage.say([1])
            wait_until(lambda: stage.depth(REMATCH) == 1)
            assert not first.is_active
            _end_relay_sessions(stage)
            stage.say([2])
            wait_until(lambda: stage.depth(REMATCH) == 2)
            wait_until(lambda: first.is_active != second.is_active)
    assert not first.is_active


def _end_relay_sessions(stage: Stage) -> None:
    """Ends the active relay's database session, as a failing network would."""
    with stage.sessions("matching")() as session, session.begin():
        session.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        )


def _a_sending(key: int, routing_key: str) -> Sending:
    properties = pika.BasicProperties(message_id=str(key), delivery_mode=2)
    return Sending(key, EVENTS, routing_key, properties, b"{}", True)


def test_a_pipelined_batch_tells_kept_returned_and_refused_messages_apart(own_stage: Stage) -> None:
    with own_stage.channel() as channel:
        full = {"x-max-length": 1, "x-overflow": "reject-publish"}
        channel.queue_declare("full", arguments=full)
        channel.queue_bind("full", EVENTS, "full")
    keys = {3: "nobody", 7: "nobody", 11: "full", 12: "full"}
    batch = [_a_sending(key, keys.get(key, "rematch_wanted.bulk")) for key in range(1000)]
    publisher = Publisher(own_stage.amqp_url, "a test")
    try:
        outcome = publisher.publish(batch)
        again = publisher.publish([_a_sending(1, "rematch_wanted.bulk"), _a_sending(2, "nobody")])
    finally:
        publisher.close()
    assert outcome.returned == {3, 7}
    assert outcome.refused == {12}
    assert outcome.confirmed == set(range(1000)) - {3, 7, 12}
    assert (again.confirmed, again.returned) == ({1}, {2})
