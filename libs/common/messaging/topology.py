"""The broker's exchanges and queues.

Every process declares all of them when it starts: a relay that says an event before its hearer was
ever started must find the hearer's queue, or the message would have nowhere to wait. A queue's
arguments can't be changed, so the names carry a version: other arguments, another version.

An event is published to `EVENTS` with the routing key ``<event>.<lane>`` and lands in a queue of each
hearer. What may pass is sent on to a retry exchange with the queue's name as routing key, waits in
the retry queue until its time is up, and goes back through the default exchange to that very queue,
and to no other hearer's.
"""

from __future__ import annotations

from typing import Any

from pika.adapters.blocking_connection import BlockingChannel

from libs.common.messaging.messages import HEARERS, LANES

EVENTS = "caretally.events.v1"
DEAD_LETTERS_EXCHANGE = "caretally.dead.v1"
DEAD_LETTERS_QUEUE = "caretally.dead-letters.v1"
PUBLIC = "caretally.payments"
PUBLIC_ARCHIVE = "caretally.payments.archive.v2"
RETRY_SECONDS = (1, 5, 30)
DELIVERY_LIMIT = 20
"""Deliveries of a message that ends its process each time, before it goes to the dead letters."""

COMMANDS_QUEUE = "portal.command_done.single.v1"
"""What the command line did, for the portal's audit trail. It is no event between services: nobody waits until it is
heard, and it counts in no service's progress."""

ARCHIVE_BYTES = 1_000_000_000
"""The archive's bound: about a million events, some two years of a council with 4,000 clients. The
oldest go first, a segment at a time."""

_ARCHIVE_SEGMENT_BYTES = 20_000_000

# At least once: the dead-lettering queue keeps the message until the target has confirmed it.
# RabbitMQ asks for reject-publish beside it.
_QUORUM = {"x-queue-type": "quorum"}
_AT_LEAST_ONCE = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


def queue_name(service: str, event: str, lane: str) -> str:
    """The queue in which ``service`` hears ``event`` on ``lane``."""
    return f"{service}.{event}.{lane}.v1"


def parts_of(queue: str) -> tuple[str, str, str]:
    """(service, event, lane) of a queue's name. Raises ValueError for other names."""
    service, event, lane, version = queue.split(".")
    if version != "v1" or lane not in LANES:
        raise ValueError(f"{queue} is not a queue of events")
    return service, event, lane


def routing_key(event: str, lane: str) -> str:
    """The key under which an event is published."""
    return f"{event}.{lane}"


def letters_queue(service: str) -> str:
    """The queue in which ``service`` hears of dead letters, its own and those of others."""
    return queue_name(service, "dead_letter", LANES[0])


def retry_name(seconds: int) -> str:
    """The exchange, and the queue, in which a message waits that many seconds."""
    return f"caretally.retry.{seconds}s.v1"


def event_queues(service: str | None = None) -> list[str]:
    """The queues of one service, or of all."""
    return [
        queue_name(hearer, event, lane)
        for event, hearers in HEARERS.items()
        for hearer in hearers
        for lane in LANES
        if service in (None, hearer)
    ]


def declare(channel: BlockingChannel, service: str | None = None) -> None:
    """Declares everything, or what ``service`` hears and what all share. May be done again.

    Raises pika's ChannelClosedByBroker when something of that name has other arguments.
    """
    _declare_dead_letters(channel)
    _declare_retries(channel)
    _declare_public(channel)
    channel.exchange_declare(EVENTS, exchange_type="topic", durable=True)
    for queue in (*event_queues(service), COMMANDS_QUEUE):
        _declare_event_queue(channel, queue)


def _declare_event_queue(channel: BlockingChannel, queue: str) -> None:
    _, event, lane = parts_of(queue)
    arguments: dict[str, Any] = {
        **_QUORUM,
        **_AT_LEAST_ONCE,
        "x-dead-letter-exchange": DEAD_LETTERS_EXCHANGE,
        "x-delivery-limit": DELIVERY_LIMIT,
    }
    channel.queue_declare(queue, durable=True, arguments=arguments)
    channel.queue_bind(queue, EVENTS, routing_key(event, lane))


def _declare_dead_letters(channel: BlockingChannel) -> None:
    # A fanout, since a dead letter arrives under its event's key or under its queue's name.
    channel.exchange_declare(DEAD_LETTERS_EXCHANGE, exchange_type="fanout", durable=True)
    # No delivery limit here: looking at the dead letters is a delivery, and must not use them up.
    channel.queue_declare(DEAD_LETTERS_QUEUE, durable=True, arguments=dict(_QUORUM))
    channel.queue_bind(DEAD_LETTERS_QUEUE, DEAD_LETTERS_EXCHANGE)
    # Copies, to be heard of: what happens to them never makes a dead letter again.
    for service in sorted({hearer for hearers in HEARERS.values() for hearer in hearers}):
        queue = letters_queue(service)
        channel.queue_declare(queue, durable=True, arguments={**_QUORUM, "x-delivery-limit": DELIVERY_LIMIT})
        channel.queue_bind(queue, DEAD_LETTERS_EXCHANGE)


def _declare_retries(channel: BlockingChannel) -> None:
    for seconds in RETRY_SECONDS:
        name = retry_name(seconds)
        channel.exchange_declare(name, exchange_type="fanout", durable=True)
        arguments: dict[str, Any] = {
            **_QUORUM,
            **_AT_LEAST_ONCE,
            "x-message-ttl": seconds * 1000,
            "x-dead-letter-exchange": "",
        }
        channel.queue_declare(name, durable=True, arguments=arguments)
        channel.queue_bind(name, name)


def _declare_public(channel: BlockingChannel) -> None:
    channel.exchange_declare(PUBLIC, exchange_type="topic", durable=True)
    # A stream: reading takes nothing away, so any number of systems catch up from it, again and again,
    # each from the offset or the moment it names, and none can empty it.
    arguments: dict[str, Any] = {
        "x-queue-type": "stream",
        "x-max-length-bytes": ARCHIVE_BYTES,
        "x-stream-max-segment-size-bytes": _ARCHIVE_SEGMENT_BYTES,
    }
    channel.queue_declare(PUBLIC_ARCHIVE, durable=True, arguments=arguments)
    channel.queue_bind(PUBLIC_ARCHIVE, PUBLIC, "#")
