"""The archive of public events, read as another council system would: from its start, and nothing is taken away."""

import json
from typing import Any

from libs.common.messaging.amqp import a_channel
from libs.common.messaging.topology import PUBLIC_ARCHIVE


def read_archive(amqp_url: str, count: int, seconds: float = 20) -> list[tuple[Any, bytes]]:
    """The first so many messages: properties and body. Fewer when no more come for so long."""
    found: list[tuple[Any, bytes]] = []
    with a_channel(amqp_url, "a test reads the archive") as channel:
        channel.basic_qos(prefetch_count=500)
        from_the_start = {"x-stream-offset": "first"}
        for method, properties, body in channel.consume(
            PUBLIC_ARCHIVE, arguments=from_the_start, inactivity_timeout=seconds
        ):
            if method is None:
                break
            found.append((properties, body))
            channel.basic_ack(method.delivery_tag)
            if len(found) == count:
                break
        channel.cancel()
    return found


def archived_events(amqp_url: str, count: int, seconds: float = 20) -> list[dict[str, Any]]:
    """The first so many events."""
    return [json.loads(body) for _, body in read_archive(amqp_url, count, seconds)]
