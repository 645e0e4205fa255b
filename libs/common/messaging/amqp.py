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
COMMAND_SECONDS = 4.0
"""How long a command waits for a broker that hangs, or takes no messages."""
TCP_OPTIONS = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 15_000}
"""A broker whose machine vanished without a word is noticed within half a minute."""


def parameters(amqp_url: str, name: str, patience_seconds: float | None = None) -> pika.URLParameters:
    """Connection parameters, with the password of now; ``name`` is what the broker's own list of connections shows.

    patience_seconds: of whoever waits; None for a process that has time.
    """
    found = pika.URLParameters(without_parameters(with_password(amqp_url), CA_FILE))
    if amqp_url.startswith("amqps:"):
        context = ssl.create_default_context(cafile=parameters_of(amqp_url).get(CA_FILE))
        found.ssl_options = pika.SSLOptions(context, found.host)
    found.heartbeat = HEARTBEAT_SECONDS
    # A broker short of memory or disk blocks publishers; after this long the connection is given up.
    found.blocked_connection_timeout = BLOCKED_SECONDS
    found.socket_timeout = 10
    found.stack_timeout = 15
    found.tcp_options = TCP_OPTIONS
    if patience_seconds is not None:
        found.blocked_connection_timeout = found.socket_timeout = patience_seconds
        found.stack_timeout = patience_seconds
    found.client_properties = {"connection_name": name}
    return found


@contextmanager
def a_channel(amqp_url: str, name: str, patience_seconds: float | None = None) -> Iterator[BlockingChannel]:
    """A channel on a connection of its own, both closed at the end. Raises pika's AMQPError."""
    connection = pika.BlockingConnection(parameters(amqp_url, name, patience_seconds))
    try:
        yield connection.channel()
    finally:
        if connection.is_open:
            connection.close()
