"""How a process reaches the broker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pika
from pika.adapters.blocking_connection import BlockingChannel

HEARTBEAT_SECONDS = 30
BLOCKED_SECONDS = 300


def parameters(amqp_url: str, name: str) -> pika.URLParameters:
    """Connection parameters; ``name`` is what the broker's own list of connections shows."""
    found = pika.URLParameters(amqp_url)
    found.heartbeat = HEARTBEAT_SECONDS
    # A broker short of memory or disk blocks publishers; after this long the connection is given up.
    found.blocked_connection_timeout = BLOCKED_SECONDS
    found.socket_timeout = 10
    found.stack_timeout = 15
    found.client_properties = {"connection_name": name}
    return found


@contextmanager
def a_channel(amqp_url: str, name: str) -> Iterator[BlockingChannel]:
    """A channel on a connection of its own, both closed at the end. Raises pika's AMQPError."""
    connection = pika.BlockingConnection(parameters(amqp_url, name))
    try:
        yield connection.channel()
    finally:
        if connection.is_open:
            connection.close()
