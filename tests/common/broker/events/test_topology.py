"""Whoever starts first declares what all need."""

from __future__ import annotations

from collections.abc import Callable

import pika
import pytest

from libs.common.messaging.amqp import a_channel
from libs.common.messaging.messages import HEARERS, LANES
from libs.common.messaging.topology import EVENTS, declare, event_queues, parts_of, queue_name, routing_key


def test_the_topology_may_be_declared_again(vhost: str) -> None:
    with a_channel(vhost, "a test") as channel:
        declare(channel, "ingest")
        declare(channel)
        declare(channel)


def test_every_hearer_has_a_queue_before_it_was_ever_started(vhost: str) -> None:
    with a_channel(vhost, "a test") as channel:
        declare(channel)
        channel.confirm_delivery()
        for event in HEARERS:
            for lane in LANES:
                properties = pika.BasicProperties(delivery_mode=2)
                channel.basic_publish(EVENTS, routing_key(event, lane), b"{}", properties, mandatory=True)
        for queue in event_queues():
            method, _, _ = channel.basic_get(queue, auto_ack=True)
            assert method is not None, queue


def test_a_message_waits_in_the_retry_queue_and_returns_to_its_own_queue_alone(vhost: str) -> None:
    with a_channel(vhost, "a test") as channel:
        declare(channel)
        own = queue_name("payments", "care_changed", "bulk")
        channel.basic_publish("caretally.retry.1s.v1", own, b"back", pika.BasicProperties(delivery_mode=2))
        _, _, body = next(channel.consume(own, auto_ack=True, inactivity_timeout=30))
        assert body == b"back"
        other = queue_name("ingest", "care_changed", "bulk")
        assert channel.basic_get(other)[0] is None


@pytest.mark.parametrize("name", ["a.b", "a.b.c.d", "matching.visits_changed.bulk.v2", "m.v.fast.v1"])
def test_other_names_are_no_queues_of_events(name: str) -> None:
    with pytest.raises(ValueError):
        parts_of(name)


def test_a_queue_name_is_made_of_its_parts() -> None:
    make: Callable[[str, str, str], str] = queue_name
    assert parts_of(make("matching", "visits_changed", "bulk")) == ("matching", "visits_changed", "bulk")
