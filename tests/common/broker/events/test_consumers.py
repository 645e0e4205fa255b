"""Consumers: a handler that fails, a message nobody can read, one that kills, a database that goes away."""

from __future__ import annotations

import datetime as dt
import json
import os
import pickle
import signal
import subprocess
import threading
import uuid
from functools import partial
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from libs.common.errors import ServiceUnavailable
from libs.common.messaging.consumer import REPEATED
from libs.common.messaging.failures import Again
from libs.common.messaging.messages import Message
from tests.common.broker.events.stage import REMATCH, Stage, a_rematch, note, wait_heard
from tests.support.run.waiting import wait_until

ONE_SECOND = (1,)


def _has_ended_or_heard(stage: Stage, process: subprocess.Popen[bytes], count: int) -> bool:
    return process.poll() is not None or len(stage.numbers_heard()) >= count


def _count_of(metric: Any) -> float:
    return float(metric.labels("matching", "rematch_wanted", "bulk")._value.get())


def test_a_handler_that_raises_loses_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("libs.common.messaging.consumer.RETRY_SECONDS", ONE_SECOND)
    failures = iter([KeyError("a bug"), Again("not yet")])

    def stumble(session: Session, message: Message) -> None:
        note(session, message)  # rolled back with the failure
        error = next(failures, None)
        if error is not None:
            raise error

    stage.publish_rematch(1)
    with stage.run_together(stage.consumer(stumble).run):
        wait_heard(stage, [1])
    assert stage.dead_letters() == []


def test_a_handler_that_always_raises_is_tried_a_bounded_number_of_times(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.common.messaging.consumer.RETRY_SECONDS", ONE_SECOND)
    tries: list[int] = []

    def fail(session: Session, message: Message) -> None:
        tries.append(message.body["number"])
        if message.body["number"] == 1:
            raise KeyError("nobody knows why")
        note(session, message)

    bad = stage.publish_rematch(1)
    stage.publish_rematch(2)
    with stage.run_together(stage.consumer(fail).run):
        found = wait_until(stage.dead_letters)
    assert tries.count(1) == 4
    assert stage.numbers_heard() == [2]
    assert [(letter.id, letter.queue, letter.attempts) for letter in found] == [(bad, REMATCH, 4)]
    assert found[0].reason == "builtins.KeyError: 'nobody knows why'"


def test_what_passes_is_put_off_for_longer_and_in_the_end_given_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.common.messaging.failures.PASSING_ATTEMPTS", 2)
    stage.publish_rematch(1)

    def not_yet(session: Session, message: Message) -> None:
        raise Again("the care has not arrived")

    with stage.run_together(stage.consumer(not_yet).run):
        found = wait_until(stage.dead_letters)
    assert found[0].reason.endswith("Again: the care has not arrived")
    assert found[0].attempts == 2


GOOD = {"message_id": str(uuid.uuid4()), "type": "rematch_wanted", "headers": {"cause_id": str(uuid.uuid4())}}
GOOD_BODY = json.dumps(a_rematch()).encode()


HOPELESS: list[tuple[str, bytes, dict[str, Any]]] = [
    ("not_json", b"{", {}),
    ("not_json", b'{"a": NaN}', {}),
    ("not_json", b"\xff\xfe", {}),
    ("not_an_object", b"[1]", {}),
    ("schema", b"{}", {}),
    ("schema", b'{"organisation_ids": 7}', {}),
    ("content_type", pickle.dumps({}), {"content_type": "application/x-python-serialize"}),
    ("content_type", GOOD_BODY, {"content_type": None}),
    ("envelope", GOOD_BODY, {"type": "care_changed"}),
    ("envelope", GOOD_BODY, {"message_id": "seven"}),
    ("envelope", GOOD_BODY, {"headers": {}}),
]


def test_a_lock_that_somebody_holds_all_night_buries_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it use up the attempts of a failure after it."""
    monkeypatch.setattr("libs.common.messaging.consumer.RETRY_SECONDS", ONE_SECOND)
    held = [sa.exc.OperationalError("SELECT 1", {}, psycopg.errors.LockNotAvailable())] * 5
    full = [ServiceUnavailable("There is no room left where files are kept.", "full")]
    failures = iter([*held, *full, KeyError("a bug"), KeyError("a bug")])

    def stumble(session: Session, message: Message) -> None:
        note(session, message)
        error = next(failures, None)
        if error is not None:
            raise error

    stage.publish_rematch(1)
    with stage.run_together(stage.consumer(stumble).run):
        wait_heard(stage, [1])
    assert stage.dead_letters() == []


def test_what_can_never_be_handled_goes_to_the_dead_letters_at_once(stage: Stage) -> None:
    for _, body, properties in HOPELESS:
        stage.publish(REMATCH, body, **{"content_type": "application/json", **GOOD, **properties})
    stage.publish_rematch(2)
    with stage.run_together(stage.consumer().run):
        wait_heard(stage, [2])
        wait_until(lambda: len(stage.dead_letters()) == len(HOPELESS))
    found = stage.dead_letters()
    said = sorted((code, body) for code, body, _ in HOPELESS)
    assert sorted((letter.reason.partition(":")[0], letter.body) for letter in found) == said
    assert {(letter.attempts, letter.queue) for letter in found} == {(1, REMATCH)}


POISON: list[tuple[str, Any]] = [
    ("SELECT cast(:it AS text)", "a\0b"),
    ("SELECT cast(:it AS jsonb)", '"\\u0000"'),
    ("SELECT cast(:it AS text)", "\ud800"),
    ("SELECT cast(:it AS bigint)", 10**30),
    ("SELECT cast(:it AS date)", "10000000-01-01"),
    ("SELECT cast(:it AS numeric(12, 2))", "1" + "0" * 30),
]
"""What fits its schema, and no column holds."""


@pytest.mark.parametrize(("statement", "value"), POISON, ids=[str(number) for number in range(len(POISON))])
def test_what_no_database_holds_is_dead_at_once(stage: Stage, statement: str, value: Any) -> None:
    def store(session: Session, message: Message) -> None:
        if message.body["number"] == 1:
            session.execute(sa.text(statement), {"it": value})
        note(session, message)

    stage.publish_rematch(1)
    stage.publish_rematch(2)
    with stage.run_together(stage.consumer(store).run):
        wait_heard(stage, [2])
        (found,) = wait_until(stage.dead_letters)
    assert found.attempts == 1
    assert found.reason.isprintable()


def test_a_day_that_no_calendar_has_is_dead_at_once(stage: Stage) -> None:
    def reckon(_session: Session, message: Message) -> None:
        raise AssertionError(dt.date.max + dt.timedelta(days=message.body["number"]))

    stage.publish_rematch(1)
    with stage.run_together(stage.consumer(reckon).run):
        (found,) = wait_until(stage.dead_letters)
    assert found.attempts == 1


def test_a_message_that_kills_its_process_ends_in_the_dead_letters_and_the_others_are_handled(
    stage: Stage,
) -> None:
    for number in (1, 13, 2, 3):
        stage.publish_rematch(number)
    process = stage.start_doomed("consumers")
    try:
        wait_until(lambda: len(stage.numbers_heard()) == 3, 60)
        found = wait_until(stage.dead_letters)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert [(json.loads(letter.body)["number"], letter.queue) for letter in found] == [(13, REMATCH)]
    assert found[0].reason.startswith("delivery_limit")
    assert sorted(stage.numbers_heard()) == [1, 2, 3]


def test_a_message_delivered_twice_is_handled_once(stage: Stage) -> None:
    before = _count_of(REPEATED)
    twice = stage.publish_rematch(1)
    stage.publish_rematch(1, message_id=twice)
    with stage.run_together(stage.consumer().run):
        wait_until(lambda: _count_of(REPEATED) == before + 1)
    assert stage.numbers_heard() == [1]


def test_a_message_delivered_to_two_consumers_at_once_is_handled_once(stage: Stage) -> None:
    before = _count_of(REPEATED)
    both_begun = threading.Barrier(2, timeout=30)

    def slow(session: Session, message: Message) -> None:
        session.execute(sa.text("SELECT pg_sleep(0.5)"))
        note(session, message)

    class Meeting:
        """Sessions that begin together."""

        def __init__(self) -> None:
            self.make = stage.sessions("matching")

        def __call__(self) -> Session:
            both_begun.wait()
            return self.make()

    twice = stage.publish_rematch(1)
    stage.publish_rematch(1, message_id=twice)
    consumers = [stage.consumer(slow), stage.consumer(slow)]
    for consumer in consumers:
        consumer._sessions = Meeting()
    with stage.run_together(*(consumer.run for consumer in consumers)):
        wait_until(lambda: _count_of(REPEATED) == before + 1)
    assert stage.numbers_heard() == [1]


def test_a_long_handler_keeps_its_connection(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("libs.common.messaging.amqp.HEARTBEAT_SECONDS", 1)  # the broker gives up after two
    before = _count_of(REPEATED)

    def long(session: Session, message: Message) -> None:
        session.execute(sa.text("SELECT pg_sleep(5)"))
        note(session, message)

    stage.publish_rematch(1)
    with stage.run_together(stage.consumer(long).run):
        wait_heard(stage, [1])
        wait_until(lambda: stage.depth(REMATCH) == 0)
    assert _count_of(REPEATED) == before


def test_singles_overtake_bulk_that_is_being_handled(stage: Stage) -> None:
    may_go_on = threading.Event()

    def wait(session: Session, message: Message) -> None:
        assert may_go_on.wait(20)
        note(session, message)

    single = "matching.rematch_wanted.single.v1"
    for number in (1, 2):
        stage.publish_rematch(number)
    with stage.run_together(stage.consumer(wait).run, stage.consumer(queue=single).run):
        wait_until(lambda: stage.depth(REMATCH) == 1)
        stage.publish_rematch(99, queue=single)
        wait_until(lambda: stage.numbers_heard() == [99])
        may_go_on.set()
        wait_heard(stage, [99, 1, 2])


def test_a_lost_database_session_is_no_fault_of_the_message(stage: Stage) -> None:
    tries: list[int] = []

    def lose(session: Session, message: Message) -> None:
        tries.append(1)
        if len(tries) < 3:
            session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        note(session, message)

    stage.publish_rematch(1)
    with stage.run_together(stage.consumer(lose).run):
        wait_heard(stage, [1])
    assert len(tries) == 3
    assert stage.dead_letters() == []
    assert stage.depth("caretally.retry.1s.v1") == 0


def test_a_message_that_always_loses_the_session_is_put_off_so_that_others_go_on(
    stage: Stage,
) -> None:
    def lose(session: Session, message: Message) -> None:
        if message.body["number"] == 1:
            session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        note(session, message)

    stage.publish_rematch(1)
    stage.publish_rematch(2)
    with stage.run_together(stage.consumer(lose).run):
        wait_heard(stage, [2])


def test_a_stopped_consumer_finishes_the_message_in_hand_and_leaves_the_others(stage: Stage) -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def wait(session: Session, message: Message) -> None:
        begun.set()
        assert may_go_on.wait(20)
        note(session, message)

    stage.publish_rematch(1)
    stage.publish_rematch(2)
    stop = threading.Event()
    thread = threading.Thread(target=stage.consumer(wait, prefetch=2).run, args=(stop,))
    thread.start()
    assert begun.wait(20)
    stop.set()
    may_go_on.set()
    thread.join(20)
    assert stage.numbers_heard() == [1]
    wait_until(lambda: stage.depth(REMATCH) == 1)


def test_a_deleted_queue_is_declared_again_and_heard(own_stage: Stage) -> None:
    consumer = own_stage.consumer()
    with own_stage.run_together(consumer.run):
        wait_until(lambda: consumer.is_connected)
        with own_stage.channel() as channel:
            channel.queue_delete(REMATCH)
        wait_until(lambda: not consumer.is_connected)
        wait_until(lambda: consumer.is_connected)
        own_stage.publish_rematch(1)
        wait_heard(own_stage, [1])


def test_a_worker_relays_and_hears_until_it_is_told_to_end(stage: Stage) -> None:
    process = stage.start_doomed("worker")
    try:
        stage.say([1])
        stage.say([2], lane="single")
        wait_heard(stage, [1, 2])
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


def test_a_worker_killed_again_and_again_handles_each_message_once(stage: Stage) -> None:
    said = 0
    for _ in range(4):
        stage.say(range(said, said + 100))
        said += 100
        process = stage.start_doomed("worker")
        before = len(stage.numbers_heard())
        try:
            wait_until(partial(_has_ended_or_heard, stage, process, before + 20), 30)
            assert process.poll() is None
        finally:
            process.kill()
            process.wait()
    with stage.run_together(stage.relay().run, stage.consumer().run):
        wait_heard(stage, range(said), 60)
    assert stage.dead_letters() == []
