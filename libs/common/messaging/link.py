"""One queue's connection to the broker, served by a thread of its own.

A handler may take longer than a heartbeat; so the handling thread never touches the connection. It
takes deliveries from `next`, and what it decides about one is done by the serving thread.
"""

from __future__ import annotations

import queue as queues
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pika
import structlog
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPConnectionError, AMQPError

from libs.common.messaging.amqp import parameters
from libs.common.messaging.topology import declare, parts_of

_log = structlog.get_logger(__name__)

BACKOFF_SECONDS = (0.1, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it came. It can be settled only on the channel that brought it."""

    channel: BlockingChannel
    tag: int
    redelivered: bool
    properties: pika.BasicProperties
    body: bytes

    @property
    def headers(self) -> dict[str, Any]:
        return dict(self.properties.headers or {})


class Link:
    """Consumes one queue. A lost connection is made again, for as long as it takes.

    What was delivered over a lost connection and not settled comes again from the broker: settling
    it does nothing then, and `is_current` says so.
    """

    def __init__(self, queue: str, amqp_url: str, prefetch: int, *, may_declare: bool = True) -> None:
        """may_declare: False for whose user of the broker may not, and waits until others have."""
        self._queue = queue
        self._may_declare = may_declare
        self._amqp_url = amqp_url
        self._prefetch = prefetch
        self._deliveries: queues.SimpleQueue[Delivery | None] = queues.SimpleQueue()
        self._closing = threading.Event()
        self._connection: Any = None
        self._channel: BlockingChannel | None = None
        self._outgoing: Any = None
        self._thread = self._new_thread()

    def start(self) -> None:
        """Begin to consume; again, where it was closed."""
        if self._thread.ident is not None:
            self._thread = self._new_thread()
        self._closing.clear()
        self._thread.start()

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._keep_serving, name=f"link {self._queue}", daemon=True)

    @property
    def is_connected(self) -> bool:
        return self._channel is not None

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def is_current(self, delivery: Delivery) -> bool:
        return delivery.channel is self._channel

    def next(self, seconds: float) -> Delivery | None:
        """The next delivery of the connection there is now, or None when none came in time."""
        try:
            delivery = self._deliveries.get(timeout=seconds)
        except queues.Empty:
            return None
        return delivery if delivery is not None and self.is_current(delivery) else None

    def wake(self) -> None:
        """Makes a waiting `next` return."""
        self._deliveries.put(None)

    def acknowledge(self, delivery: Delivery) -> None:
        """Tells the broker that the message is done with."""
        self._soon(delivery, lambda: delivery.channel.basic_ack(delivery.tag))

    def pass_on(
        self, delivery: Delivery, exchange: str, routing_key: str, headers: Mapping[str, Any]
    ) -> None:
        """Publishes the message elsewhere and acknowledges it once the broker has confirmed that."""
        came_with = delivery.properties
        properties = pika.BasicProperties(
            content_type=came_with.content_type,
            content_encoding=came_with.content_encoding,
            message_id=came_with.message_id,
            type=came_with.type,
            headers=dict(headers),
            delivery_mode=pika.DeliveryMode.Persistent,
        )

        def publish_and_acknowledge() -> None:
            # Refused or unroutable raises, ends this connection, and the message comes again.
            self._outgoing.basic_publish(exchange, routing_key, delivery.body, properties, mandatory=True)
            delivery.channel.basic_ack(delivery.tag)

        self._soon(delivery, publish_and_acknowledge)

    def close(self) -> None:
        """Does what was decided, then closes. What was not settled goes back to its queue."""
        self._closing.set()
        self._soon(None, lambda: None)
        self._thread.join(30)

    def _soon(self, delivery: Delivery | None, action: Callable[[], None]) -> None:
        """Lets the serving thread act, unless the delivery's connection is gone."""

        def act() -> None:
            if delivery is None or self.is_current(delivery):
                action()

        try:
            if self._connection is not None:
                self._connection.add_callback_threadsafe(act)
        except AMQPError:
            pass  # closed meanwhile: the broker gives the message again

    def _keep_serving(self) -> None:
        failures = 0
        while not self._closing.is_set():
            try:
                self._connect(declares=failures > 0)
                failures = 0
                self._serve()
            except (AMQPError, OSError) as error:
                pause = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
                failures += 1
                _log.warning(
                    "consumer_disconnected",
                    queue_name=self._queue,
                    error=type(error).__name__,
                    retry_in=pause,
                )
                self._closing.wait(pause)
            finally:
                self._disconnect()

    def _connect(self, declares: bool) -> None:
        connection = pika.BlockingConnection(parameters(self._amqp_url, self._queue))
        self._connection = connection
        channel = connection.channel()
        if declares and self._may_declare:  # somebody may have deleted the queue
            declare(channel, parts_of(self._queue)[0])
        self._outgoing = connection.channel()
        self._outgoing.confirm_delivery()
        channel.basic_qos(prefetch_count=self._prefetch)
        channel.add_on_cancel_callback(lambda _: channel.close())
        self._channel = channel
        channel.basic_consume(self._queue, self._on_message)

    def _serve(self) -> None:
        while not self._closing.is_set():
            self._connection.process_data_events(time_limit=1)
            self._raise_if_closed()
        self._connection.process_data_events(time_limit=0)  # what was decided last

    def _raise_if_closed(self) -> None:
        # The broker closes a channel alone when its queue is deleted or a message took too long.
        if self._channel is None or not self._channel.is_open or not self._outgoing.is_open:
            raise AMQPConnectionError("the channel was closed")

    def _disconnect(self) -> None:
        self._channel = None
        connection, self._connection = self._connection, None
        try:
            if connection is not None and connection.is_open:
                connection.close()
        except (AMQPError, OSError):
            pass

    def _on_message(self, channel: BlockingChannel, method: Any, properties: Any, body: bytes) -> None:
        self._deliveries.put(Delivery(channel, method.delivery_tag, method.redelivered, properties, body))
