"""Does the broker take messages? One that is short of memory or disk lets everybody in, and takes none."""

from __future__ import annotations

from collections.abc import Callable

import pika
from pika.exceptions import AMQPError, ConnectionBlockedTimeout, UnroutableError

from libs.common.messaging.amqp import a_channel

PROBE_SECONDS = 1.5
NOBODY = "caretally.nobody"
"""No queue has this name: the broker hands the message back."""
BLOCKED = "RabbitMQ takes no messages: it is short of memory or disk"


def takes_messages(amqp_url: str) -> Callable[[], str | None]:
    """A health check."""

    def check() -> str | None:
        try:
            with a_channel(amqp_url, "a health check", PROBE_SECONDS) as channel:
                channel.confirm_delivery()
                channel.basic_publish("", NOBODY, b"", pika.BasicProperties(), mandatory=True)
        except UnroutableError:
            return None
        except ConnectionBlockedTimeout:
            return BLOCKED
        except (AMQPError, OSError):
            return "RabbitMQ can't be reached"
        return None

    return check
