"""How a process reaches the broker."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import pika
from pika.adapters.blocking_connection import BlockingChannel

from libs.common.process.given import CA_FILE, parameters_of, with_password, without_parameters

HEARTBEAT_SECONDS = 30
BLOCKED_SECONDS = 300


def parameters(amqp_url: str, name: str) -> pika.URLParameters:
    """Connection parameters, with the password of now; ``name`` is what the broker's own list of connections shows."""
    found = pika.URLParameters(without_parameters(with_password(amqp_url), CA_FILE))
    if amqp_url.startswith("amqps:"):
        context = ssl.create_default_context(cafile=parameters_of(amqp_url).get(CA_FILE))
        found.ssl_options = pika.SSLOptions(context, found.host)
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
